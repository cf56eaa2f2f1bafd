package adminapi_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// towards are the people whom mails went to, by name.
func towards(mails []testkit.Mail) []string {
	names := map[string]bool{}
	for _, m := range mails {
		names[strings.TrimSuffix(m.To, "@example.org")] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// termsMails is how far the mails about a version are: waiting, sent, refused.
func termsMails(t *testing.T, c *testkit.Community, day string) [3]float64 {
	t.Helper()
	for _, v := range c.As("admin").In(t).GET(ownAdmin + "terms").List() {
		if m, ok := v["mails"].(map[string]any); ok && v.Str("effective") == day {
			return [3]float64{m["waiting"].(float64), m["sent"].(float64), m["refused"].(float64)}
		}
	}
	return [3]float64{-1}
}

// Where the staff chooses so, a new version of the terms is told by mail to every
// member who has not accepted it, once, in their language, whatever they
// wished to read by mail.
func TestTermsAreToldByMail(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, mailed := testkit.Mailed(t)
			c := testkit.NewInstance(t, append(engine, mailed)...)
			staffed(c)
			termsToldByMail(t, c, box)
		})
	}
}

func termsToldByMail(t *testing.T, c *testkit.Community, box *testkit.Mailbox) {
	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsOpen })
	admin, path := c.As("admin"), ownAdmin+"terms"
	day := func(n int) string { return c.Clock.Now().AddDate(0, 0, n).UTC().Format(time.DateOnly) }
	client := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
	app := c.Anonymous().POST("/oauth/token", testkit.F("client_id", client.Str("client_id"), "client_secret", client.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
	join := func(name, language string) {
		c.WithToken(app.Str("access_token")).POST("/api/v1/accounts", testkit.F("username", name, "email", name+"@example.org", "password", testkit.Password,
			"agreement", "true", "locale", language)).Object()
		c.Settle()
	}
	join("nora", "de")
	_, token, _ := strings.Cut(box.Only(t).Link(t, "/auth/confirmation"), "token=")
	c.Anonymous().POST("/auth/confirmation", testkit.F("token", token)).Want(http.StatusOK)
	join("olga", "en") // never confirms
	box.Take()
	for _, name := range []string{"frank", "grace", "heidi"} {
		c.Join(name, "user")
	}
	act(c, "admin", "frank", "disable")
	act(c, "admin", "grace", "suspend")
	c.As("carol").PATCH("/api/coterie/v1/mail", testkit.F("notices", "false")).OK()
	c.Settle()
	box.Take()

	later := day(30)
	admin.POST(path, testkit.F("text", "Be kinder.", "effective", later)).OK()
	c.Settle()
	if m := box.Take(); len(m) != 0 || termsMails(t, c, later)[0] != -1 {
		t.Fatalf("told without being asked to: %v", m)
	}
	c.As("heidi").POST("/api/coterie/v1/terms/accept", testkit.F("effective_date", later)).OK()
	admin.POST(path+"/"+day(3)+"/notify", nil).Error(http.StatusNotFound)
	c.As("mod").POST(path+"/"+later+"/notify", nil).Error(http.StatusForbidden)
	admin.POST(path+"/"+later+"/notify", nil).OK()
	c.Settle()
	mails := box.Take()
	want := []string{"admin", "alice", "bob", "carol", "dave", "erin", "frank", "mod", "nora"}
	if got := towards(mails); !slices.Equal(got, want) || len(mails) != len(want) {
		t.Fatalf("told %v (%d mails), want %v", got, len(mails), want)
	}
	if got := termsMails(t, c, later); got != [3]float64{0, 9, 0} {
		t.Errorf("so far: %v", got)
	}
	for _, m := range mails {
		link := "http://coterie.test/terms-of-service/" + later
		if !strings.Contains(m.Text, link) || !strings.Contains(m.HTML, link) || m.Header.Get("List-Unsubscribe") != "" {
			t.Errorf("to %s: %v\n%s", m.To, m.Header, m.Text)
		}
		if german := strings.Contains(m.Subject, "Neue Nutzungsbedingungen") && strings.Contains(m.Text, "Ab dem ") && strings.Contains(m.HTML, `lang="de"`); german != (m.To == "nora@example.org") {
			t.Errorf("to %s: %s", m.To, m.Subject)
		}
	}
	admin.POST(path+"/"+later+"/notify", nil).OK()
	c.Settle()
	if m := box.Take(); len(m) != 0 {
		t.Errorf("told twice: %v", towards(m))
	}

	// Whom the mail server does not take is counted, and told when asked again.
	box.Refuse(func(to string) error {
		if to == "bob@example.org" {
			return testkit.MailError(550)
		}
		return nil
	})
	today := day(0)
	admin.POST(path, testkit.F("text", "Be kind.", "effective", today, "notify", "true")).OK()
	for range 10 {
		_, _ = c.Step(t.Context()) // a refusal is an error
	}
	mails = box.Take()
	if got := towards(mails); slices.Contains(got, "bob") || !slices.Contains(got, "heidi") {
		t.Errorf("today's: %v", got)
	}
	if i := slices.IndexFunc(mails, func(m testkit.Mail) bool { return m.To == "carol@example.org" }); i < 0 || !strings.Contains(mails[i].Text, "hold on coterie.test since") {
		t.Errorf("today's: %+v", mails)
	}
	if got := termsMails(t, c, today); got != [3]float64{0, 9, 1} {
		t.Errorf("with one refused: %v", got)
	}
	box.Refuse(nil)
	admin.POST(path+"/"+today+"/notify", nil).OK()
	c.Settle()
	if m := box.Only(t); m.To != "bob@example.org" {
		t.Errorf("told again: %s", m.To)
	}

	// Other words for the same day are another thing to tell.
	admin.POST(path, testkit.F("text", "Be kind, please.", "effective", today)).OK()
	if got := termsMails(t, c, today); got[0] != -1 {
		t.Errorf("of other words: %v", got)
	}
}

// The daily cap holds for mails about terms, and a fifth of it stays for what
// somebody waits for; who accepts or goes while the mail waits gets none.
func TestTermsByMailKeepToTheCap(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	staffed(c)
	for _, name := range []string{"frank", "grace", "heidi", "ivan", "judy"} {
		c.Join(name, "user")
	}
	c.Configure(func(s *testkit.Settings) { s.MailPerDay = 5 })
	day := c.Clock.Now().AddDate(0, 0, 10).UTC().Format(time.DateOnly)
	c.As("admin").POST(ownAdmin+"terms", testkit.F("text", "Be kind.", "effective", day, "notify", "true")).OK()
	c.Settle()
	first := box.Take()
	if got := termsMails(t, c, day); len(first) != 4 || got != [3]float64{8, 4, 0} {
		t.Fatalf("%d mails on the first day, %v", len(first), got)
	}
	told := towards(first)
	var left []string
	for _, name := range []string{"frank", "grace", "heidi", "ivan", "judy"} {
		if !slices.Contains(told, name) {
			left = append(left, name)
		}
	}
	c.As(left[0]).POST("/api/coterie/v1/terms/accept", testkit.F("effective_date", day)).OK()
	act(c, "admin", left[1], "suspend")
	c.Settle()
	var late []testkit.Mail
	for range 60 {
		c.After(time.Hour)
		late = append(late, box.Take()...)
	}
	about := slices.DeleteFunc(late, func(m testkit.Mail) bool { return !strings.Contains(m.Text, "/terms-of-service/") })
	if got := towards(about); len(about) != 6 || slices.Contains(got, left[0]) || slices.Contains(got, left[1]) {
		t.Errorf("later: %v, though %s accepted and %s is suspended", got, left[0], left[1])
	}
	if got := termsMails(t, c, day); got != [3]float64{0, 10, 0} {
		t.Errorf("in the end: %v", got)
	}
}

// Without a mail server nothing is told, nor published as if it were.
func TestTermsWithoutMail(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	staffed(c)
	c.As("admin").POST(ownAdmin+"terms", testkit.F("text", "Be kind.", "notify", "true")).Error(http.StatusServiceUnavailable)
	if got := c.As("admin").GET(ownAdmin + "terms").List(); len(got) != 0 {
		t.Errorf("published: %v", got)
	}
}
