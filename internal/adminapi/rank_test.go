package adminapi_test

import (
	"strings"
	"sync"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// SEC-39: of what several of the staff do at once, each act that is taken is
// logged once; and nothing that the person concerned is told names any of them.
func TestSEC39_RacedActsAreLoggedOnceAndNamedToNobody(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		c.Join("mod2", domain.RoleModerator)
		staff := []string{"mod", "mod2", "admin"}
		report := c.As("carol").POST("/api/v1/reports", testkit.F("account_id", c.Person("bob").ID.String(), "comment", "Rude")).Object().Str("id")
		logged := func(verb string) (n int) {
			for _, e := range c.As("alice").In(t).GET(ownAdmin + "audit_log?limit=200").List() {
				if e.Str("verb") == verb {
					n++
				}
			}
			return n
		}
		race := func(verb, path string, pairs ...string) {
			t.Helper()
			before := logged(verb)
			var wg sync.WaitGroup
			taken := make([]bool, 9)
			for i := range taken {
				wg.Go(func() { taken[i] = c.As(staff[i%len(staff)]).In(t).POST(path, testkit.F(pairs...)).Status == 200 })
			}
			wg.Wait()
			want := 0
			for _, yes := range taken {
				if yes {
					want++
				}
			}
			if got := logged(verb) - before; got != want || got == 0 {
				t.Errorf("%s: %d were taken, %d are logged", verb, want, got)
			}
		}
		act(c, "mod", "bob", "sensitive", "text", "Cover it")
		race("suspend", account(c, "bob")+"/action", "type", "suspend", "text", "Enough")
		race("unsuspend", account(c, "bob")+"/unsuspend")
		race("silence", account(c, "bob")+"/action", "type", "silence", "report_id", report)
		race("assign", "/api/v1/admin/reports/"+report+"/assign_to_self")
		race("reopen", "/api/v1/admin/reports/"+report+"/reopen")
		c.Settle()

		bob, err := c.AccountToken(t.Context(), instance.AccountToken{Name: "bob", Scopes: "read"})
		if err != nil {
			t.Fatal(err)
		}
		cl := c.WithToken(bob.Token).In(t)
		for _, path := range []string{"/api/coterie/v1/strikes", "/api/v1/notifications", "/api/v2/notifications", "/api/v1/accounts/verify_credentials"} {
			body := string(cl.GET(path).OK().Body)
			for _, name := range staff {
				if strings.Contains(body, c.Person(name).ID.String()) || strings.Contains(body, `"`+name+`"`) {
					t.Errorf("%s names %s: %s", path, name, body)
				}
			}
		}
		if got := cl.GET("/api/v1/notifications?types[]=moderation_warning").List(); len(got) == 0 {
			t.Error("bob was told nothing, so this shows nothing")
		}
	})
}
