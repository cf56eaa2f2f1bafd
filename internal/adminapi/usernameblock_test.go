package adminapi_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// Blocked names are refused however they are spelt, alone or within others, or
// have to be asked for; who runs the community may give them.
func TestUsernameBlocks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		admin := c.As("admin")
		c.Configure(func(set *testkit.Settings) { set.Registrations = domain.RegistrationsOpen })
		app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
		token := c.Anonymous().POST("/oauth/token", testkit.F("client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
		n := 0
		join := func(name string) *testkit.Answer {
			n++
			return c.WithToken(token.Str("access_token")).With("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n)).POST("/api/v1/accounts",
				testkit.F("username", name, "email", fmt.Sprintf("n%d@example.org", n), "password", testkit.Password, "agreement", "true"))
		}
		const path = ownAdmin + "username_blocks"
		made := admin.POST(path, testkit.F("username", "@Paypal", "comparison", "contains")).Object()
		if made.Str("username") != "Paypal" || made.Str("comparison") != "contains" || made.Bool("allow_with_approval") || made.Str("created_at") == "" {
			t.Errorf("made: %v", made)
		}
		exact := admin.POST(path, testkit.F("username", "mayor")).Object()
		admin.POST(path, testkit.F("username", "curator", "allow_with_approval", "true")).OK()
		for what, form := range map[string]testkit.Form{
			"one that is there": testkit.F("username", "paypa1", "comparison", "contains"), "nothing": testkit.F("username", ""), "no name": testkit.F("username", "a b"),
			"nothing but lines": testkit.F("username", "___"), "too short": testkit.F("username", "a_l", "comparison", "contains"), "odd": testkit.F("username", "x", "comparison", "like"),
		} {
			if a := admin.POST(path, form); a.Status != 422 {
				t.Errorf("%s: %d", what, a.Status)
			}
		}
		admin.GET(path + "/" + made.Str("id")).OK()
		if got := idsOf(admin.GET(path)); !strings.HasSuffix(got, exact.Str("id")+" "+made.Str("id")) {
			t.Errorf("the list: %s", got)
		}

		for _, name := range []string{"paypal", "PayPa1_support", "my_pay_pal", "Mayor", "m4y0r"} {
			if e := join(name).Error(422); !strings.Contains(e, "Username is reserved") {
				t.Errorf("%s: %s", name, e)
			}
		}
		join("mayor_of_town").OK()
		asking := join("cur4tor").Object().Str("access_token")
		c.WithToken(asking).GET("/api/v1/accounts/verify_credentials").Error(403) // until somebody lets them in
		c.Join("paypal", domain.RoleUser)

		command := func(verb string, args any) string {
			raw, _ := json.Marshal(args)
			out, err := c.Command(t.Context(), verb, raw, nil)
			if err != nil {
				t.Fatalf("%s: %v", verb, err)
			}
			shown, _ := json.Marshal(out)
			return string(shown)
		}
		command("name unblock", instance.UsernameBlockOne{Name: "@PAYPAL"})
		join("my_paypal").OK()
		command("name block", instance.UsernameBlockAdd{Name: "teller", Contains: true, Approval: true})
		if got := command("name list", struct{}{}); got != `[{"name":"teller","contains":true,"approval":true},{"name":"curator","contains":false,"approval":true},{"name":"mayor","contains":false,"approval":false}]` {
			t.Errorf("the list by command: %s", got)
		}
		if _, err := c.Command(t.Context(), "name unblock", []byte(`{"name":"nobody"}`), nil); !domain.Is(err, domain.NotFound) {
			t.Errorf("what is not blocked: %v", err)
		}
		admin.DELETE(path+"/"+exact.Str("id"), nil).OK()
		join("mayor").OK()
		log := string(c.As("alice").GET(ownAdmin + "audit_log").Body)
		if !strings.Contains(log, `"target_type":"username_block"`) {
			t.Error("the log says nothing")
		}
	})
}
