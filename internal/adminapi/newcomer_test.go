package adminapi_test

import (
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// Newcomers are let in and turned away several at once, with a text that the
// staff shares.
func TestNewcomersInABatch(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	staffed(c)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsApproval })
	app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
	client := c.Anonymous().POST("/oauth/token", testkit.F("client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
	tokens := map[string]string{}
	for _, name := range []string{"frank", "grace", "heidi", "ivan"} {
		tokens[name] = c.WithToken(client.Str("access_token")).POST("/api/v1/accounts", testkit.F("username", name, "email", name+"@mail.example.org",
			"password", testkit.Password, "agreement", "true", "reason", "I dig.")).Object().Str("access_token")
	}
	c.Settle()
	mod := c.As("mod")
	id := func(name string) string {
		return mod.GET("/api/v1/admin/accounts?username=" + name).List()[0].Str("id")
	}
	const batch = "/api/coterie/v1/admin/accounts/batch"
	do := func(pairs ...string) (done, failed int) {
		var got struct {
			Done   []string
			Failed []struct{ ID, Error string }
		}
		mod.POST(batch, testkit.F(pairs...)).Into(&got)
		return len(got.Done), len(got.Failed)
	}

	// Where no mail goes out any more, nobody can follow a link.
	if e := c.WithToken(tokens["frank"]).GET("/api/v1/accounts/verify_credentials").Error(403); !strings.Contains(e, "confirmed") && !strings.Contains(e, "pending") {
		t.Errorf("frank: %s", e)
	}
	frank, grace, heidi, ivan := id("frank"), id("grace"), id("heidi"), id("ivan")
	if done, failed := do("do", "confirm", "ids[]", frank, "ids[]", grace, "ids[]", heidi, "ids[]", "17"); done != 3 || failed != 1 {
		t.Errorf("confirmed: %d, %d failed", done, failed)
	}
	if made, err := c.AccountConfirm(t.Context(), instance.AccountConfirm{Name: "ivan"}); err != nil || made.Name != "ivan" {
		t.Errorf("ivan: %+v, %v", made, err)
	}
	mod.POST("/api/coterie/v1/admin/accounts/"+frank+"/confirm", nil).OK()
	mod.POST("/api/coterie/v1/admin/accounts/"+c.Person("alice").ID.String()+"/confirm", nil).Error(403)

	texts := "/api/coterie/v1/admin/texts"
	canned := mod.POST(texts, testkit.F("kind", "rejection", "title", "Full", "text", "There is no room for more at the moment.")).Object().Str("id")
	if done, failed := do("do", "approve", "ids[]", frank, "ids[]", grace); done != 2 || failed != 0 {
		t.Errorf("approved: %d, %d failed", done, failed)
	}
	if done, failed := do("do", "reject", "ids[]", heidi, "ids[]", ivan, "ids[]", frank, "text_id", canned, "text", "Sorry!"); done != 2 || failed != 1 {
		t.Errorf("rejected: %d, %d failed", done, failed)
	}
	c.WithToken(tokens["frank"]).GET("/api/v1/accounts/verify_credentials").OK()
	c.WithToken(tokens["heidi"]).GET("/api/v1/accounts/verify_credentials").Error(401)
	box.Take()
	c.After(time.Minute)
	told := 0
	for _, m := range box.Take() {
		if strings.Contains(m.Subject, "wish to join") && strings.Contains(m.Text, "> There is no room for more at the moment.") && strings.Contains(m.Text, "> Sorry!") {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d heard why", told)
	}
}

// Texts are shared by the staff, and go with what it decides.
func TestCannedTexts(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		const texts = "/api/coterie/v1/admin/texts"
		mod := c.As("mod")
		made := mod.POST(texts, testkit.F("kind", "warning", "title", "Tone", "text", "Please mind your tone.")).Object()
		mod.POST(texts, testkit.F("kind", "rejection", "title", "Full", "text", "No room.")).OK()
		for what, form := range map[string]testkit.Form{
			"an odd kind": testkit.F("kind", "song", "title", "x", "text", "x"), "no title": testkit.F("kind", "warning", "text", "x"),
			"no text": testkit.F("kind", "warning", "title", "x"), "too long": testkit.F("kind", "warning", "title", "x", "text", strings.Repeat("x", domain.MaxStrikeText+1)),
		} {
			if mod.POST(texts, form).Error(422) == "" {
				t.Errorf("%s: no word", what)
			}
		}
		path := texts + "/" + made.Str("id")
		if got := mod.PUT(path, testkit.F("text", "Mind your tone.")).Object(); got.Str("title") != "Tone" || got.Str("text") != "Mind your tone." {
			t.Errorf("changed: %v", got)
		}
		if got := c.As("admin").GET(texts + "?kind=warning").List(); len(got) != 1 || got[0].Str("id") != made.Str("id") {
			t.Errorf("warnings: %v", got)
		}
		act(c, "mod", "bob", "none", "warning_preset_id", made.Str("id"), "text", "This time it is a word.")
		strike := c.As("bob").GET("/api/coterie/v1/strikes").List()[0]
		if strike.Str("text") != "Mind your tone.\n\nThis time it is a word." {
			t.Errorf("the strike: %v", strike)
		}
		mod.POST(account(c, "carol")+"/action", testkit.F("type", "none", "text_id", "17")).Error(404)
		mod.DELETE(path, nil).OK()
		mod.PUT(path, testkit.F("text", "x")).Error(404)
		if got := mod.GET(texts).List(); len(got) != 1 {
			t.Errorf("left: %v", got)
		}
	})
}

// A community that sends no mail any more can still let in who waits for a link.
func TestNewcomersAreLetInOnceMailIsLost(t *testing.T) {
	t.Parallel()
	_, mailed := testkit.Mailed(t)
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		staffed(c)
		app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
		client := c.Anonymous().POST("/oauth/token", testkit.F("client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
		join := func(name string, how domain.Registrations) string {
			c.Configure(func(s *testkit.Settings) { s.Registrations = how })
			token := c.WithToken(client.Str("access_token")).POST("/api/v1/accounts", testkit.F("username", name, "email", name+"@mail.example.org",
				"password", testkit.Password, "agreement", "true", "reason", "I dig.")).Object().Str("access_token")
			c.Settle()
			return token
		}
		frank, grace := join("frank", domain.RegistrationsOpen), join("grace", domain.RegistrationsApproval)
		in := func(token string) int {
			return c.WithToken(token).GET("/api/v1/accounts/verify_credentials").Status
		}
		c.Config.MailURL = ""
		c.Restart()
		c.After(time.Hour)
		if in(frank) != 403 || in(grace) != 403 {
			t.Fatalf("let in without a link: %d, %d", in(frank), in(grace))
		}
		c.WithToken(frank).POST("/api/v1/emails/confirmations", nil).Error(503)
		mod := c.As("mod")
		path := func(name string) string {
			a := mod.GET("/api/v1/admin/accounts?username=" + name).List()[0]
			if a.Bool("confirmed") {
				t.Errorf("%s is confirmed", name)
			}
			return "admin/accounts/" + a.Str("id")
		}
		mod.POST("/api/coterie/v1/"+path("frank")+"/confirm", nil).OK()
		theirs := path("grace")
		mod.POST("/api/v1/"+theirs+"/approve", nil).OK()
		mod.POST("/api/coterie/v1/"+theirs+"/confirm", nil).OK()
		if in(frank) != 200 || in(grace) != 200 {
			t.Errorf("not let in: %d, %d", in(frank), in(grace))
		}
		c.Anonymous().POST("/auth/sign_in", testkit.F("login", "frank@mail.example.org", "password", testkit.Password)).Want(303)
	}, mailed)
}
