package instance_test

import (
	"encoding/json"
	"slices"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

func TestSettingsCommands(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		list := func() map[string]string {
			t.Helper()
			v, err := c.Command(t.Context(), "settings show", json.RawMessage(`{}`), nil)
			if err != nil {
				t.Fatal(err)
			}
			out, names := map[string]string{}, []string{}
			for _, s := range v.([]instance.Setting) {
				out[s.Name] = s.Value
				names = append(names, s.Name)
			}
			if !slices.IsSorted(names) {
				t.Errorf("not in order: %v", names)
			}
			return out
		}
		set := func(name, value string) (instance.Setting, error) {
			args, _ := json.Marshal(instance.SettingSet{Name: name, Value: value})
			v, err := c.Command(t.Context(), "settings set", args, nil)
			if err != nil {
				return instance.Setting{}, err
			}
			return v.(instance.Setting), nil
		}
		if now := list(); now["markdown"] != "off" || now["local_only"] != "off" || now["max_characters"] != "500" || now["max_media"] != "4" {
			t.Errorf("at first: %v", now)
		}
		for name, value := range map[string]string{
			"markdown": "on", "local_only": "on", "max_characters": "1000", "max_media": "8", "annual_reports": "off", "translation_url": "https://translate.example.org/", "title": "The burrow",
			"languages": "en,de", "registrations": "open", "contact_email": "us@example.org",
		} {
			if now, err := set(name, value); err != nil || now.Value != value {
				t.Errorf("%s is %q, %v", name, now.Value, err)
			}
			if now := list()[name]; now != value {
				t.Errorf("%s shows %q", name, now)
			}
		}
		if now, err := set("max_characters", ""); err != nil || now.Value != "500" {
			t.Errorf("the usual length is %q, %v", now.Value, err)
		}
		for name, value := range map[string]string{
			"markdown": "yes", "max_characters": "99", "max_media": "33", "title": "", "registrations": "ajar", "languages ": "en", "annual_reports": "no", "translation_url": "ftp://x",
		} {
			if _, err := set(name, value); !domain.Is(err, domain.Invalid) && !domain.Is(err, domain.NotFound) {
				t.Errorf("%s may be %q: %v", name, value, err)
			}
		}
		if _, err := set("max_characters", "many"); !domain.Is(err, domain.Invalid) {
			t.Errorf("many characters: %v", err)
		}
	})
}
