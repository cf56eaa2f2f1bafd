package mastoapi_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/render"
	"coterie/internal/testkit"
)

// TestHealth is what watchers of a Mastodon ask for.
func TestHealth(t *testing.T) {
	t.Parallel()
	if a := testkit.NewInstance(t, testkit.Bare()).Anonymous().GET("/health"); a.Status != http.StatusOK || string(a.Body) != `{"status":"OK"}` {
		t.Errorf("%d %q", a.Status, a.Body)
	}
}

// TestInstanceSaysWhatClientsNeed holds both forms to behaviours 19 and 20.
func TestInstanceSaysWhatClientsNeed(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		if _, err := c.RuleAdd(t.Context(), instance.RuleAdd{Text: "Be kind.", Hint: "Always."}); err != nil {
			t.Fatal(err)
		}
		in := c.Anonymous().GET("/api/v2/instance").Object()
		for key, want := range map[string]string{
			"domain": "coterie.test", "title": "coterie.test", "version": "4.6.5 (compatible; Coterie test)",
		} {
			if got := in.Str(key); got != want {
				t.Errorf("%s: got %q, want %q", key, got, want)
			}
		}
		if got := in.Obj("contact").Obj("account").Str("username"); got != "alice" {
			t.Errorf("contact: got %q, want the owner", got)
		}
		conf := in.Obj("configuration")
		if got := conf.Obj("urls").Str("streaming"); got != "ws://coterie.test" {
			t.Errorf("streaming: got %q", got)
		}
		if got := conf.Obj("polls").Num("min_expiration"); got != 2 {
			t.Errorf("polls.min_expiration: got %v, want the shorter minimum", got)
		}
		key, err := base64.URLEncoding.DecodeString(conf.Obj("vapid").Str("public_key"))
		if err != nil || len(key) != 65 || key[0] != 4 {
			t.Errorf("vapid: %d bytes, %v; want an uncompressed point", len(key), err)
		}
		if n, ok := in.Obj("api_versions")["mastodon"].(float64); !ok || int(n) != render.APIVersion {
			t.Errorf("api_versions: got %v", in["api_versions"])
		}

		old := c.Anonymous().GET("/api/v1/instance")
		if got := old.Header.Get("Deprecation"); got != "@1668384000" {
			t.Errorf("Deprecation: got %q", got)
		}
		v1 := old.Object()
		if v1.Obj("stats").Num("user_count") != 5 || v1.Str("uri") != "coterie.test" || v1.Num("max_toot_chars") != 500 {
			t.Errorf("v1: got %v", v1)
		}
		rules := c.Anonymous().GET("/api/v1/instance/rules").List()
		if len(rules) != 1 || rules[0].Str("text") != "Be kind." || rules[0].Str("hint") != "Always." {
			t.Errorf("rules: got %v", rules)
		}
		again := c.Anonymous().GET("/api/v2/instance")
		if got := again.Object().Obj("configuration").Obj("vapid").Str("public_key"); got != conf.Obj("vapid").Str("public_key") {
			t.Error("the push key changed")
		}
		if got := again.Header.Get("Cache-Control"); !strings.Contains(got, "max-age=300") {
			t.Errorf("Cache-Control: got %q", got)
		}
	}, testkit.With(func(cfg *instance.Config) { cfg.PollMin = 2 * time.Second }))
}

func TestSettingsShowInTheInstanceAtOnce(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	if v1 := c.Anonymous().GET("/api/v1/instance").Object(); v1.Bool("registrations") {
		t.Error("a new community takes members by itself")
	}
	c.Configure(func(s *testkit.Settings) {
		s.Title, s.ShortDescription, s.Registrations = "Burrow", "A place to meet", "open"
		s.Description = "First line\n\nSee https://example.org/ & <b>enjoy</b>"
		s.ContactEmail, s.Languages = "alice@example.org", []string{"de", "en"}
	})
	in := c.Anonymous().GET("/api/v2/instance").Object()
	if in.Str("title") != "Burrow" || in.Str("description") != "A place to meet" || !in.Obj("registrations").Bool("enabled") {
		t.Errorf("got %v", in)
	}
	about := c.Anonymous().GET("/api/v1/instance/extended_description").Object().Str("content")
	if !strings.Contains(about, `<a href="https://example.org/"`) || !strings.Contains(about, "&lt;b&gt;") {
		t.Errorf("description: got %s", about)
	}
	privacy := c.Anonymous().GET("/api/v1/instance/privacy_policy").Object().Str("content")
	if !strings.Contains(privacy, "alice@example.org") {
		t.Errorf("privacy policy: got %s", privacy)
	}
}

// TestInvitesFollowTheRoleOfEverybody: who may invite is a matter of roles.
func TestInvitesFollowTheRoleOfEverybody(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, permissions := range []string{"invite_users", ""} {
		if _, err := c.RoleSet(t.Context(), instance.RoleSet{Name: "user", Permissions: permissions}); err != nil {
			t.Fatal(err)
		}
		if got := c.Anonymous().GET("/api/v1/instance").Object().Bool("invites_enabled"); got != (permissions != "") {
			t.Errorf("everybody may %q: invites_enabled is %v", permissions, got)
		}
	}
}

// TestWhatIsTrulyEmptyAnswersAnEmptyList is a promise to apps that show an
// error otherwise (behaviours 20.5).
func TestWhatIsTrulyEmptyAnswersAnEmptyList(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, path := range []string{
		"/api/v1/custom_emojis", "/api/v1/announcements", "/api/v1/trends", "/api/v1/trends/tags",
		"/api/v1/trends/statuses", "/api/v1/trends/links", "/api/v2/suggestions", "/api/v1/suggestions",
	} {
		if got := string(c.As("bob").GET(path).OK().Body); got != "[]" {
			t.Errorf("%s: got %s", path, got)
		}
	}
	c.Anonymous().GET("/api/v1/announcements").Want(401)
	if got := string(c.Anonymous().GET("/api/v1/instance/translation_languages").OK().Body); got != "{}" {
		t.Errorf("translation_languages: got %s", got)
	}
	for _, path := range []string{"/api/v1/instance/terms_of_service"} {
		c.As("bob").GET(path).Want(404)
	}
}
