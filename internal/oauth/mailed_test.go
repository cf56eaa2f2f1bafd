package oauth_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// opened is the text in a mailed link.
func opened(t *testing.T, m testkit.Mail, part string) string {
	t.Helper()
	u, err := url.Parse(m.Link(t, part))
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("token")
}

func newcomer(name, email string) testkit.Form {
	return testkit.F("username", name, "email", email, "password", testkit.Password, "agreement", "1")
}

func signsIn(t *testing.T, c *testkit.Community, login, password string, status int) *testkit.Answer {
	t.Helper()
	return c.Anonymous().In(t).With("User-Agent", "old browser").POST("/auth/sign_in", testkit.F("login", login, "password", password)).Want(status)
}

// Where mail is set up a newcomer opens a link first; looking at it does
// nothing, and it works once.
func TestNewcomersConfirmTheirAddress(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	page := c.Anonymous().With("Accept-Language", "de").POST("/auth/sign_up", newcomer("frank", "Frank@Example.org")).OK()
	if !strings.Contains(string(page.Body), "Frank@Example.org") || page.Header.Get("Set-Cookie") == "" {
		t.Errorf("the page: %s", page.Body)
	}
	c.Settle()
	m := box.Only(t)
	if m.To != "Frank@example.org" || !strings.HasPrefix(m.Subject, "Bestätige") {
		t.Errorf("to %s: %s", m.To, m.Subject)
	}
	signsIn(t, c, "frank", testkit.Password, http.StatusUnprocessableEntity)
	signsIn(t, c, "frank@example.org", testkit.Password, http.StatusUnprocessableEntity)
	token := opened(t, m, "/auth/confirmation")
	c.Anonymous().GET("/auth/confirmation?token=" + token).OK()
	signsIn(t, c, "frank", testkit.Password, http.StatusUnprocessableEntity)
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", token+"x")).Want(http.StatusForbidden)
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", token)).OK()
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", token)).Want(http.StatusForbidden)
	signsIn(t, c, "frank@example.org", testkit.Password, http.StatusSeeOther)
	c.Settle()
	if list := box.Take(); len(list) != 0 {
		t.Errorf("the first sign-in is told: %+v", list)
	}
}

// Whoever joins on the way to an app is led on there once the address is
// confirmed (behaviours 6.3).
func TestAuthorizingSurvivesConfirmation(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	b := newBrowser(t, c)
	way := register(t, c, scheme, "read").authorize()
	b.open("/auth/sign_up?" + url.Values{"return_to": {way}}.Encode()).OK()
	b.submit("username", "frank", "email", "frank@example.org", "password", testkit.Password, "agreement", "1").OK()
	c.Settle()
	b.open("/auth/confirmation?token=" + opened(t, box.Only(t), "/auth/confirmation")).OK()
	if got := b.submit().OK(); !strings.Contains(html.UnescapeString(string(got.Body)), url.Values{"return_to": {way}}.Encode()) {
		t.Errorf("nothing leads on to the app: %s", got.Body)
	}
}

// By the API a newcomer gets a token that does nothing but ask for the link
// again, perhaps at another address (behaviours 18.1).
func TestNewcomersByTheAPI(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", "urn:ietf:wg:oauth:2.0:oob", "scopes", "read write")).Object()
	client := c.Anonymous().POST("/oauth/token", testkit.F("grant_type", "client_credentials", "client_id", app.Str("client_id"), "client_secret", app.Str("client_secret"), "scope", "read write")).Object()
	form := newcomer("frank", "wrong@example.org")
	form.Set("agreement", "true")
	frank := c.WithToken(c.WithToken(client.Str("access_token")).POST("/api/v1/accounts", form).Object().Str("access_token"))
	if e := frank.GET("/api/v1/accounts/verify_credentials").Error(http.StatusForbidden); !strings.Contains(e, "confirmed e-mail") {
		t.Errorf("refused with %q", e)
	}
	c.Settle()
	old := opened(t, box.Only(t), "/auth/confirmation")
	frank.POST("/api/v1/emails/confirmations", testkit.F("email", "frank@example.org, x@example.org")).Error(http.StatusUnprocessableEntity)
	frank.POST("/api/v1/emails/confirmations", testkit.F("email", "frank@example.org")).OK()
	c.Settle()
	m := box.Only(t)
	if m.To != "frank@example.org" {
		t.Errorf("sent to %s", m.To)
	}
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", old)).Want(http.StatusForbidden)
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", opened(t, m, "/auth/confirmation"))).OK()
	frank.GET("/api/v1/accounts/verify_credentials").OK()
	if b := string(frank.GET("/api/v1/emails/check_confirmation").OK().Body); b != "true" {
		t.Errorf("confirmed: %s", b)
	}
}

// Who never confirms goes after a week, and the name is free again; an
// invitation needs no address at all.
func TestNewcomersWhoNeverConfirm(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
		c.Anonymous().In(t).POST("/auth/sign_up", newcomer("frank", "frank@example.org")).OK()
		c.Settle()
		c.After(6 * 24 * time.Hour)
		c.Anonymous().In(t).POST("/auth/sign_up", newcomer("frank", "f@example.org")).Want(http.StatusUnprocessableEntity)
		c.After(2 * 24 * time.Hour)
		code := c.As("alice").In(t).POST("/api/coterie/v1/invites", nil).Object().Str("url")
		_, code, _ = strings.Cut(code, "/invite/")
		form := newcomer("frank", "")
		form.Set("invite_code", code)
		c.Anonymous().In(t).POST("/auth/sign_up", form).Want(http.StatusSeeOther)
		c.Anonymous().In(t).POST("/auth/sign_up", newcomer("grace", "")).Want(http.StatusUnprocessableEntity)
	}, mailed)
	_ = box
}

// A forgotten password: the link works once and for an hour, all sessions and
// tokens end, and a second factor is still asked for.
func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	forgot := func() string {
		c.Anonymous().POST("/auth/password/new", testkit.F("email", "Alice@Example.ORG")).OK()
		c.Settle()
		return opened(t, box.Only(t), "/auth/password/edit")
	}
	late := forgot()
	c.Clock.Add(61 * time.Minute)
	c.Anonymous().GET("/auth/password/edit?token=" + late).Want(http.StatusForbidden)
	c.Anonymous().POST("/auth/password/edit", testkit.F("token", late, "password", "another burrow")).Want(http.StatusForbidden)
	other, token := forgot(), forgot()
	c.Anonymous().GET("/auth/password/edit?token=" + token).OK()
	c.Anonymous().POST("/auth/password/edit", testkit.F("token", token, "password", "short")).Want(http.StatusUnprocessableEntity)
	c.Anonymous().POST("/auth/password/edit", testkit.F("token", token, "password", "another burrow")).OK()
	for _, spent := range []string{token, other} {
		c.Anonymous().POST("/auth/password/edit", testkit.F("token", spent, "password", "a third burrow")).Want(http.StatusForbidden)
	}
	c.As("alice").GET("/api/v1/accounts/verify_credentials").Error(http.StatusUnauthorized)
	signsIn(t, c, "alice", testkit.Password, http.StatusUnprocessableEntity)
	signsIn(t, c, "alice", "another burrow", http.StatusSeeOther)
	c.Settle()
	if m := box.Only(t); !strings.Contains(m.Subject, "password") || m.To != "alice@example.org" {
		t.Errorf("not told: %+v", m)
	}
}

// SEC-48: known and unknown addresses get the same answer at the same work, on
// asking for a new password and on joining; only the owner is told.
func TestSEC48_AddressesAreNotEnumerated(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	same := func(what string, a, b *testkit.Answer, x, y string) {
		t.Helper()
		if a.Status != b.Status || strings.ReplaceAll(string(a.Body), x, y) != string(b.Body) {
			t.Errorf("%s: %d and %d, %s and %s", what, a.Status, b.Status, a.Body, b.Body)
		}
	}
	forgot := func(email string) *testkit.Answer {
		return c.Anonymous().POST("/auth/password/new", testkit.F("email", email))
	}
	same("forgot", forgot("alice@example.org"), forgot("nobody@example.org"), "alice", "nobody")
	c.Settle()
	if m := box.Only(t); m.To != "alice@example.org" {
		t.Errorf("mailed %s", m.To)
	}
	same("joining", c.Anonymous().POST("/auth/sign_up", newcomer("frank", "alice@example.org")),
		c.Anonymous().POST("/auth/sign_up", newcomer("grace", "nobody@example.org")), "alice", "nobody")
	c.Settle()
	var taken, fresh testkit.Mail
	for _, m := range box.Take() {
		if m.To == "alice@example.org" {
			taken = m
		} else {
			fresh = m
		}
	}
	if !strings.Contains(taken.Text, "@alice") || strings.Contains(taken.Text, "/auth/confirmation") || !strings.Contains(fresh.Text, "/auth/confirmation") {
		t.Errorf("told %q and %q", taken.Text, fresh.Text)
	}
	bob := c.As("bob")
	bob.POST("/api/coterie/v1/security/email", testkit.F("email", "alice@example.org", "current_password", testkit.Password)).OK()
	c.Settle()
	if m := box.Only(t); m.To != "alice@example.org" || strings.Contains(m.Text, "/auth/confirmation") {
		t.Errorf("bob takes alice's address: %+v", m)
	}
}

// SEC-47: what sends mail is limited by address asked for and by who asks.
func TestSEC47_MailsAreLimited(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed, testkit.Limited())
	forgot := func(from, email string) int {
		return c.Anonymous().With("X-Forwarded-For", from).POST("/auth/password/new", testkit.F("email", email)).Status
	}
	for i := range 5 {
		email := []string{"alice@example.org", "ALICE@example.org", " alice@EXAMPLE.org"}[i%3]
		if got := forgot("192.0.2."+string(rune('1'+i)), email); got != http.StatusOK {
			t.Fatalf("%d: %d", i, got)
		}
	}
	if got := forgot("192.0.2.99", "Alice@example.org"); got != http.StatusTooManyRequests {
		t.Errorf("a sixth mail to one address: %d", got)
	}
	for i := range 26 {
		want := http.StatusOK
		if i == 25 {
			want = http.StatusTooManyRequests
		}
		if got := forgot("2001:db8:1:2::"+string(rune('a'+i%6)), "x"+string(rune('a'+i))+"@example.org"); got != want {
			t.Errorf("%d of one network: %d", i, got)
		}
	}
	c.Settle()
	if n := len(box.Take()); n != 5 {
		t.Errorf("%d mails", n)
	}
}

// SEC-45: addresses mean one thing, in one spelling, blocks hold on every
// change, and nothing a client sends confirms one.
func TestSEC45_AddressesMeanOneThing(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	c.As("alice").POST("/api/v1/admin/email_domain_blocks", testkit.F("domain", "bad.example")).OK()
	change := func(email string) *testkit.Answer {
		return c.As("bob").POST("/api/coterie/v1/security/email", testkit.F("email", email, "current_password", testkit.Password, "confirmed", "true", "confirmed_at", "2026-01-01"))
	}
	for _, bad := range []string{
		"bob%x@example.org", `"bob x"@example.org`, "bob,x@example.org", "bob(x)@example.org", "bob\r\nBcc: x@example.org", "bob@x@example.org",
		strings.Repeat("b", 65) + "@example.org", "bob@" + strings.Repeat("b", 64) + ".org", "bob@bad.example", "bob@BAD.example", "bob@mail.bad.example", "bob@.example.org", "bob", "",
	} {
		change(bad).Error(http.StatusUnprocessableEntity)
		if c.Anonymous().POST("/auth/sign_up", newcomer("mallory", bad)).Status != http.StatusUnprocessableEntity {
			t.Errorf("joined with %q", bad)
		}
	}
	change("robert@example.org").OK()
	c.Settle()
	m := box.Only(t)
	if m.To != "robert@example.org" {
		t.Errorf("sent to %s", m.To)
	}
	signsIn(t, c, "robert@example.org", testkit.Password, http.StatusUnprocessableEntity)
	signsIn(t, c, "bob@example.org", testkit.Password, http.StatusSeeOther)
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", opened(t, m, "/auth/confirmation"))).OK()
	c.As("bob").GET("/api/v1/accounts/verify_credentials").Error(http.StatusUnauthorized)
	signsIn(t, c, "robert@example.org", testkit.Password, http.StatusSeeOther)
	c.Settle()
	if m := box.Only(t); m.To != "bob@example.org" || !strings.Contains(m.Subject, "address") {
		t.Errorf("the old address hears: %+v", m)
	}
}

// SEC-45: a blocked provider is blocked however the staff writes its name, and
// however a newcomer or a member writes an address there or beneath it; what
// only looks like it is not.
func TestSEC45_BlockedProvidersInEverySpelling(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
		alice := c.As("alice").In(t)
		const path = "/api/v1/admin/email_domain_blocks"
		change := func(email string) int {
			return c.As("bob").In(t).POST("/api/coterie/v1/security/email", testkit.F("email", email, "current_password", testkit.Password)).Status
		}
		inside := []string{
			"x@münchen.example", "x@MÜNCHEN.Example", "x@mu\u0308nchen.example", "x@xn--mnchen-3ya.example", "x@XN--MNCHEN-3YA.EXAMPLE", "x@münchen。example",
			"x@mail.münchen.example", "x@Mail.Deep.xn--mnchen-3ya.example", "x@münchen.example.", "x@münchen.example。", " x@münchen.example ", "x@ｍünchen.example",
		}
		outside := []string{"x%d@munchen.example", "x%d@münchen.example.org", "x%d@oldmünchen.example", "x%d@example", "x%d@xn--mnchen-3ya.example.net"}
		n := 0
		for _, said := range []string{"xn--mnchen-3ya.example", "XN--mnchen-3YA.example", "münchen.example", "MÜNCHEN.EXAMPLE", "mu\u0308nchen.example", "münchen.example.", "münchen。example。", " münchen.example "} {
			rule := alice.POST(path, testkit.F("domain", said)).Object()
			if rule.Str("domain") != "xn--mnchen-3ya.example" {
				t.Errorf("%q is a rule for %q", said, rule.Str("domain"))
			}
			for _, email := range inside {
				n++
				if got := c.Anonymous().In(t).POST("/auth/sign_up", newcomer(fmt.Sprint("mallory", n), email)).Status; got != http.StatusUnprocessableEntity {
					t.Errorf("%q blocks, %q joined: %d", said, email, got)
				}
				if got := change(email); got != http.StatusUnprocessableEntity {
					t.Errorf("%q blocks, the address became %q: %d", said, email, got)
				}
			}
			for _, email := range outside {
				n++
				if got := c.Anonymous().In(t).POST("/auth/sign_up", newcomer(fmt.Sprint("mallory", n), fmt.Sprintf(email, n))).Status; got == http.StatusUnprocessableEntity {
					t.Errorf("%q blocks %q too", said, email)
				}
			}
			alice.DELETE(path+"/"+rule.Str("id"), nil).OK()
		}
		if got := change("x@MÜNCHEN.example"); got != http.StatusOK {
			t.Errorf("after all rules: %d", got)
		}
	})
}

// A sign-in from a browser and a network that are both new is told; all are
// listed.
func TestNewSignInsAreTold(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		from := func(ip, agent string) {
			c.Anonymous().In(t).With("X-Forwarded-For", ip).With("User-Agent", agent).
				POST("/auth/sign_in", testkit.F("login", "bob", "password", testkit.Password)).Want(http.StatusSeeOther)
			c.Settle()
		}
		from("192.0.2.1", "Firefox")
		from("192.0.2.200", "Safari")  // another browser at the same place
		from("203.0.113.7", "Firefox") // the same browser elsewhere
		from("198.51.100.7", "Evil\r\nBrowser")
		c.Configure(func(s *testkit.Settings) { s.NoSignInNotices = true })
		from("198.51.100.250", "Quiet") // is listed, and told nobody
		list := c.As("bob").In(t).GET("/api/coterie/v1/sign_ins").List()
		if len(list) != 5 || list[1].Bool("known") || !list[2].Bool("known") || !list[3].Bool("known") || list[0].Str("method") != "password" {
			t.Errorf("listed: %v", list)
		}
	}, mailed)
	t.Cleanup(func() {
		list := box.Take()
		if len(list) != 2 { // one on each engine
			t.Fatalf("%d mails: %+v", len(list), list)
		}
		if m := list[0]; m.To != "bob@example.org" || !strings.Contains(m.Text, "198.51.100.7") || !strings.Contains(m.Text, "1 March 2026") {
			t.Errorf("told: %s", m.Text)
		}
	})
}

// Who waited hears how it was decided.
func TestNewcomersHearOfTheDecision(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsApproval })
	for _, name := range []string{"frank", "grace"} {
		form := newcomer(name, name+"@example.org")
		form.Set("reason", "I dig.")
		c.Anonymous().POST("/auth/sign_up", form).OK()
		c.Settle()
		c.Anonymous().POST("/auth/confirmation", testkit.F("token", opened(t, box.Only(t), "/auth/confirmation"))).OK()
	}
	id := func(name string) string {
		return c.As("alice").GET("/api/v1/admin/accounts?username=" + name).List()[0].Str("id")
	}
	c.After(3 * time.Minute)
	if m := box.Only(t); m.To != "alice@example.org" || !strings.Contains(m.Text, "@frank would like to join") || !strings.Contains(m.Text, "> I dig.") {
		t.Errorf("the staff hears: %s", m.Text)
	}
	c.As("alice").POST("/api/v1/admin/accounts/"+id("frank")+"/approve", nil).OK()
	c.As("alice").POST("/api/v1/admin/accounts/"+id("grace")+"/reject", nil).OK()
	c.Settle()
	for _, m := range box.Take() {
		if m.To == "frank@example.org" && !strings.HasPrefix(m.Subject, "Welcome") || m.To == "grace@example.org" && !strings.Contains(m.Subject, "wish to join") {
			t.Errorf("%s hears %q", m.To, m.Subject)
		}
	}
	signsIn(t, c, "frank", testkit.Password, http.StatusSeeOther)
}
