package ownapi_test

import (
	"net/http"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// It is kept which terms somebody accepted by joining. Everybody is asked about
// those that hold and those to come, and the staff sees how many agree; other
// words for the same day are asked about anew.
func TestTermsAreAcceptedInVersions(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Join("admin", domain.RoleAdmin)
		c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
		admin, bob := c.As("admin").In(t), c.As("bob").In(t)
		day := func(n int) string { return c.Clock.Now().AddDate(0, 0, n).UTC().Format(time.DateOnly) }
		publish := func(text, effective string) {
			admin.POST(base+"/admin/terms", testkit.F("text", text, "effective", effective)).OK()
		}
		accept := func(who *testkit.Client, effective string) *testkit.Answer {
			return who.POST(base+"/terms/accept", testkit.F("effective_date", effective))
		}
		if got := bob.GET(base + "/terms").Object(); got["asked"] != nil || got["accepted"] != nil {
			t.Errorf("without terms: %v", got)
		}
		today, later := day(0), day(30)
		publish("Be kind.", today)
		publish("Be kinder.", later)

		client := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
		app := c.Anonymous().POST("/oauth/token", testkit.F("client_id", client.Str("client_id"), "client_secret", client.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
		nora := c.WithToken(c.WithToken(app.Str("access_token")).POST("/api/v1/accounts", testkit.F("username", "nora", "email", "nora@example.org",
			"password", testkit.Password, "agreement", "true")).Object().Str("access_token")).In(t)
		joined := c.Clock.Now()
		got := nora.GET(base + "/terms").Object()
		if a := got.Obj("accepted"); a.Str("effective_date") != today || a.Str("accepted_at") != joined.UTC().Format("2006-01-02T15:04:05Z") {
			t.Errorf("by joining was accepted %v, at %s", a, joined)
		}
		if a := got.Obj("asked"); a.Str("effective_date") != later || a.Bool("effective") {
			t.Errorf("who joined is asked about %v", a)
		}

		if a := bob.GET(base + "/terms").Object().Obj("asked"); a.Str("effective_date") != today || !a.Bool("effective") {
			t.Errorf("bob is asked about %v", a)
		}
		accept(bob, day(-1)).Error(http.StatusNotFound)
		if got := accept(bob, today).Object(); got.Obj("accepted").Str("effective_date") != today || got.Obj("asked").Str("effective_date") != later {
			t.Errorf("bob accepted: %v", got)
		}
		if got := accept(bob, later).Object(); got["asked"] != nil || got.Obj("accepted").Str("effective_date") != later {
			t.Errorf("bob accepted those to come: %v", got)
		}
		count := func(effective string) (accepted, members float64) {
			for _, v := range admin.GET(base + "/admin/terms").List() {
				if v.Str("effective") == effective {
					return v.Num("accepted"), v.Num("members")
				}
			}
			t.Fatalf("no terms of %s", effective)
			return 0, 0
		}
		n, of := count(today)
		if n != 2 {
			t.Errorf("%v accepted, not bob and nora", n)
		}
		c.Settle()
		admin.POST("/api/v1/admin/accounts/"+c.Person("bob").ID.String()+"/action", testkit.F("type", "suspend")).OK()
		if a, b := count(today); a != n-1 || b != of-1 {
			t.Errorf("without bob %v of %v accepted, before %v of %v", a, b, n, of)
		}

		publish("Be kinder.", later)
		if n, _ := count(later); n != 0 {
			t.Errorf("bob is suspended and counts: %v", n)
		}
		accept(nora, later).OK()
		publish("Be kinder.", later)
		if n, _ := count(later); n != 1 {
			t.Errorf("the same words are forgotten: %v", n)
		}
		publish("Be the kindest.", later)
		if a := nora.GET(base + "/terms").Object().Obj("asked"); a.Str("effective_date") != later {
			t.Errorf("other words of the same day are not asked about: %v", a)
		}
		c.Clock.Add(31 * 24 * time.Hour)
		if a := nora.GET(base + "/terms").Object().Obj("asked"); a.Str("effective_date") != later || !a.Bool("effective") {
			t.Errorf("a month later nora is asked about %v", a)
		}
		accept(nora, today).Error(http.StatusNotFound) // they do not hold any more
	})
}
