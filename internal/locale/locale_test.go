package locale_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/locale"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func catalogue(t *testing.T, tag string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("catalogues/" + tag + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]string
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

var pluralKey = regexp.MustCompile(`^(.*)\.(zero|one|two|few|many|other)$`)

// Every catalogue has English's keys, with the same placeholders; plural forms
// are the language's own, ".other" always among them.
func TestCataloguesAreComplete(t *testing.T) {
	t.Parallel()
	en := catalogue(t, "en")
	for _, l := range locale.All() {
		c := catalogue(t, l.Tag())
		for key, text := range en {
			if m := pluralKey.FindStringSubmatch(key); m != nil && m[2] != "other" {
				continue
			}
			got, ok := c[key]
			if !ok {
				t.Errorf("%s lacks %q", l.Tag(), key)
				continue
			}
			if want, have := words(text), words(got); !slices.Equal(want, have) {
				t.Errorf("%s: %q has placeholders %v, want %v", l.Tag(), key, have, want)
			}
		}
		for key := range c {
			base := key
			if m := pluralKey.FindStringSubmatch(key); m != nil {
				base = m[1] + ".other"
			}
			if _, ok := en[base]; !ok {
				t.Errorf("%s has %q, which English lacks", l.Tag(), key)
			}
		}
	}
}

func words(s string) []string {
	w := placeholder.FindAllString(s, -1)
	slices.Sort(w)
	return slices.Compact(w)
}

// Every key named in templates and code of package page is a text.
func TestEveryKeyUsedExists(t *testing.T) {
	t.Parallel()
	used := regexp.MustCompile(`(?:\{\{|\(|\s)(t|n) "([a-z][a-z0-9_.]+)"|\.(T|N)\("([a-z][a-z0-9_.]+)"`)
	var files []string
	for _, pattern := range []string{"../page/*.go", "../page/templates/*.html", "../oauth/*.go", "../webui/*.go"} {
		m, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, m...)
	}
	en, seen := locale.Match("", "en"), 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(b), -1) {
			key := m[2] + m[4]
			if m[1] == "n" || m[3] == "N" {
				key += ".other"
			}
			seen++
			if !strings.HasSuffix(key, ".") && !en.Has(key) {
				t.Errorf("%s uses %q, which is no text", f, key)
			}
		}
	}
	if seen < 100 {
		t.Errorf("found only %d uses of keys", seen)
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	en := locale.Match("", "en")
	for d, want := range map[time.Duration]string{
		-time.Hour: "now", 59 * time.Second: "now", 12 * time.Minute: "12 min", 3 * time.Hour: "3 h",
		6 * 24 * time.Hour: "6 d", 7 * 24 * time.Hour: "25 February 2026",
	} {
		if got := en.Ago(now, now.Add(-d)); got != want {
			t.Errorf("%v ago is %q, want %q", d, got, want)
		}
	}
	if got := en.DateTime(now); got != "4 March 2026, 12:00 UTC" {
		t.Errorf("DateTime is %q", got)
	}
}

func TestNumberAndMissingKeys(t *testing.T) {
	t.Parallel()
	en := locale.Match("", "en")
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567"} {
		if got := en.Number(n); got != want {
			t.Errorf("Number(%d) is %q, want %q", n, got, want)
		}
	}
	if got := en.T("no.such.key"); got != "no.such.key" {
		t.Errorf("unknown key gives %q", got)
	}
	if got := en.Error("No translation"); got != "No translation" {
		t.Errorf("unknown sentence gives %q", got)
	}
	if got := (locale.Locale{}).N("count.posts", 1); got != "1 post" {
		t.Errorf("zero locale gives %q", got)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ accept, want, tag string }{
		{"", "", "en"},
		{"de-AT,de;q=0.9,en;q=0.5", "", "de"},
		{"en;q=0.1, FR_ca;q=0.8", "", "fr"},
		{"pt, ja;q=0.2", "", "ja"},
		{"de", "ar", "ar"},
		{"de", "tlh", "de"},
		{"de;q=0, es", "", "es"},
		{"de;q=7", "", "en"},
	} {
		if got := locale.Match(c.accept, c.want).Tag(); got != c.tag {
			t.Errorf("Match(%q, %q) is %s, want %s", c.accept, c.want, got, c.tag)
		}
	}
}

func TestPluralsFollowTheLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tag  string
		n    int64
		want string
	}{
		{"de", 1, "1 Beitrag"},
		{"de", 12345, "12.345 Beiträge"},
		{"fr", 0, "0 message"},
		{"fr", 2, "2 messages"},
		{"ja", 1, "投稿 1件"},
		{"es", 1234, "1234 publicaciones"},
		{"ar", 2, "منشوران"},
		{"ar", 105, "105 منشورات"},
		{"ar", 11, "11 منشورًا"},
		{"ar", 100, "100 منشور"},
	} {
		if got := locale.Match("", c.tag).N("count.posts", c.n); got != c.want {
			t.Errorf("%s, %d: %q, want %q", c.tag, c.n, got, c.want)
		}
	}
	if ar := locale.Match("", "ar"); ar.Dir() != "rtl" || ar.Error("Record not found") == "Record not found" {
		t.Error("Arabic is not Arabic")
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"", "de-AT;q=0.8, en", "fr;q=1.5", "ar;q=NaN", "*", strings.Repeat("ja,", 500)} {
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, accept, want string) {
		if l := locale.Match(accept, want); l.Name() == "" {
			t.Errorf("Match(%q, %q) has no catalogue", accept, want)
		}
	})
}
