package adminapi_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

func TestEmailBlocks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		if err := c.ChangeSettings(t.Context(), func(set *domain.Settings) { set.Registrations = domain.RegistrationsOpen }); err != nil {
			t.Fatal(err)
		}
		app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
		token := c.Anonymous().POST("/oauth/token", testkit.F("client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
		join := func(name, email string) *testkit.Answer {
			return c.WithToken(token.Str("access_token")).POST("/api/v1/accounts", testkit.F("username", name, "email", email, "password", testkit.Password, "agreement", "true"))
		}
		const path = "/api/v1/admin/email_domain_blocks"
		made := admin.POST(path, testkit.F("domain", "Trash.test")).Object()
		if made.Str("domain") != "trash.test" || len(made["history"].([]any)) != 7 {
			t.Errorf("made: %v", made)
		}
		admin.POST(path, testkit.F("domain", "trash.test")).Error(422)
		admin.POST(path, testkit.F("domain", "")).Error(422)
		admin.GET(path + "/" + made.Str("id")).OK()
		if got := idsOf(admin.GET(path)); got != made.Str("id") {
			t.Errorf("the list: %s", got)
		}
		join("frank", "frank@mail.trash.test").Error(422)
		admin.DELETE(path+"/"+made.Str("id"), nil).OK()
		join("frank", "frank@mail.trash.test").OK()
		admin.POST(path, testkit.F("domain", "trash.test", "allow_with_approval", "true")).OK()
		asking := join("ivan", "ivan@mail.trash.test").Object().Str("access_token")
		c.WithToken(asking).GET("/api/v1/accounts/verify_credentials").Error(403) // until somebody lets him in

		const canonical = "/api/v1/admin/canonical_email_blocks"
		one := admin.POST(canonical, testkit.F("email", "G.race+spam@Example.org")).Object()
		if got := idsOf(admin.POST(canonical+"/test", testkit.F("email", "grace@example.org"))); got != one.Str("id") {
			t.Errorf("test: %s", got)
		}
		if got := idsOf(admin.POST(canonical+"/test", testkit.F("email", "heidi@example.org"))); got != "" {
			t.Errorf("test of another: %s", got)
		}
		admin.POST(canonical+"/test", nil).Error(400)
		admin.POST(canonical, testkit.F("canonical_email_hash", one.Str("canonical_email_hash"))).Error(422)
		admin.POST(canonical, testkit.F("canonical_email_hash", "7")).Error(422)
		admin.GET(canonical + "/" + one.Str("id")).OK()
		join("grace", "gr.ace@example.org").Error(422)
		admin.DELETE(canonical+"/"+one.Str("id"), nil).OK()
		join("grace", "gr.ace@example.org").OK()
	})
}

func TestIPBlocks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		const path = "/api/v1/admin/ip_blocks"
		made := admin.POST(path, testkit.F("ip", "203.0.113.77/24", "severity", "no_access", "comment", "noise", "expires_in", "3600")).Object()
		if made.Str("ip") != "203.0.113.0/24" || made.Str("severity") != "no_access" || made["expires_at"] == nil {
			t.Errorf("made: %v", made)
		}
		from := func(ip string) *testkit.Answer {
			return c.Anonymous().With("X-Forwarded-For", ip).GET("/api/v1/instance")
		}
		from("203.0.113.9").Error(403)
		from("198.51.100.9").OK()
		c.Clock.Add(2 * time.Hour)
		from("203.0.113.9").OK()
		changed := admin.PUT(path+"/"+made.Str("id"), testkit.F("severity", "sign_up_block", "expires_in", "")).Object()
		if changed.Str("severity") != "sign_up_block" || changed["expires_at"] != nil || changed.Str("comment") != "noise" {
			t.Errorf("changed: %v", changed)
		}
		from("203.0.113.9").OK()
		for what, form := range map[string]testkit.Form{
			"nothing": nil, "no address": testkit.F("ip", "x", "severity", "no_access"), "everybody": testkit.F("ip", "0.0.0.0/0", "severity", "no_access"),
			"an odd severity": testkit.F("ip", "10.0.0.1", "severity", "harsh"), "twice": testkit.F("ip", "203.0.113.0/24", "severity", "no_access"),
			"oneself": testkit.F("ip", "127.0.0.1", "severity", "no_access"),
		} {
			if admin.POST(path, form).Error(422) == "" {
				t.Errorf("%s: no word", what)
			}
		}
		if got := admin.GET(path).List(); len(got) != 1 {
			t.Errorf("the list: %v", got)
		}
		admin.GET(path + "/" + made.Str("id")).OK()
		admin.DELETE(path+"/"+made.Str("id"), nil).OK()
		admin.GET(path + "/" + made.Str("id")).Error(404)
	})
}
