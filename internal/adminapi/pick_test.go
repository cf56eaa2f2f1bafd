package adminapi_test

import (
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// TestStaffPicks: those who run the community recommend people by handle.
func TestStaffPicks(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c, far := n.Found("one.test", options...), n.Found("two.test")
			staffed(c)
			far.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "true")).OK()
			c.FindAccount("alice", "carol@two.test")
			c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "true")).OK()

			admin, path := c.As("admin"), ownAdmin+"settings/staff_picks"
			set := func(value string) *testkit.Answer { return admin.PUT(path, testkit.F("value", value)) }
			for given, want := range map[string]string{
				"@carol@TWO.test, bob, bob@one.test, @BOB": "carol@two.test,bob",
				"":                   "",
				"bob carol@two.test": "bob,carol@two.test",
			} {
				if got := set(given).Object().Str("value"); got != want {
					t.Errorf("%q is %q, not %q", given, got, want)
				}
			}
			set("bob,@bob,carol@two.test").OK()
			for wrong, says := range map[string]string{
				"nobody": "nobody", "bob,dave@two.test": "dave@two.test", "bob@a b": "bob@a", "@": "@", "bob@-": "bob@-",
				strings.Repeat("bob,", domain.MaxStaffPicks+1): "10",
			} {
				if got := set(wrong).Error(422); !strings.Contains(got, says) {
					t.Errorf("%q is answered %q", wrong, got)
				}
			}
			c.As("mod").PUT(path, testkit.F("value", "bob")).Error(403)
			for _, s := range admin.GET(ownAdmin + "settings").List() {
				if s.Str("name") == "staff_picks" && s.Str("value") != "bob,carol@two.test" {
					t.Errorf("they stand as %q", s.Str("value"))
				}
			}
			var told []string
			for _, s := range c.As("alice").GET("/api/v2/suggestions").List() {
				told = append(told, s.Str("source")+" "+s.Obj("account").Str("acct"))
			}
			if len(told) < 2 || told[0] != "staff bob" || told[1] != "staff carol@two.test" {
				t.Errorf("alice is told of %q", told)
			}
			if log := string(admin.GET(ownAdmin + "audit_log").Body); !strings.Contains(log, `"target":"staff_picks"`) {
				t.Errorf("the log: %s", log)
			}
		})
	}
}
