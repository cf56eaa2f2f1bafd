package adminapi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// Words of the community's own stand in mails to newcomers, as plain text and in
// their language, else in one of the community's; the sender's name is a setting.
func TestMailTexts(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, mailed := testkit.Mailed(t)
			mailTexts(t, testkit.NewInstance(t, append(engine, mailed)...), box)
		})
	}
}

func mailTexts(t *testing.T, c *testkit.Community, box *testkit.Mailbox) {
	staffed(c)
	c.Configure(func(s *testkit.Settings) {
		s.Registrations, s.Languages = domain.RegistrationsOpen, []string{"de", "pt"}
	})
	admin := c.As("admin")
	const path = ownAdmin + "mail_texts"
	put := func(kind, language, text string) *testkit.Answer {
		return admin.PUT(path+"/"+kind+"/"+language, testkit.F("text", text))
	}
	put("reset", "en", "x").Error(422)
	put("welcome", "pt", "x").Error(422)
	put("welcome", "en", strings.Repeat("x", domain.MaxMailText+1)).Error(422)
	list := admin.GET(path).List()
	if len(list) != 18 || list[0].Str("language") != "de" || !list[0].Bool("spoken") || list[1].Bool("spoken") {
		t.Errorf("the texts: %v", list)
	}
	admin.PUT(ownAdmin+"settings/mail_sender", testkit.F("value", "The gardeners\nBcc: x@example.org")).OK()

	client := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "x", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
	app := c.Anonymous().POST("/oauth/token", testkit.F("client_id", client.Str("client_id"), "client_secret", client.Str("client_secret"), "grant_type", "client_credentials", "scope", "read write")).Object()
	n := 0
	join := func(name, language string) {
		n++
		c.WithToken(app.Str("access_token")).With("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n)).POST("/api/v1/accounts", testkit.F("username", name, "email", name+"@mail.example.org",
			"password", testkit.Password, "agreement", "true", "reason", "I dig.", "locale", language)).OK()
		c.Settle()
	}
	only := func() testkit.Mail {
		c.Settle()
		var m []testkit.Mail
		for _, one := range box.Take() {
			if strings.HasSuffix(one.To, "@mail.example.org") {
				m = append(m, one)
			}
		}
		if len(m) != 1 {
			t.Fatalf("%d mails: %+v", len(m), m)
		}
		return m[0]
	}
	link := regexp.MustCompile(`token=(\S+)`)
	confirm := func() {
		m := only()
		if !strings.HasPrefix(m.Header.Get("From"), `"The gardeners`) || strings.Contains(m.Header.Get("From"), "\n") || m.Header.Get("Bcc") != "" {
			t.Errorf("from %q", m.Header.Get("From"))
		}
		c.Anonymous().POST("/auth/confirmation", testkit.F("token", link.FindStringSubmatch(m.Text)[1])).Want(http.StatusOK)
	}
	join("frank", "en")
	confirm()
	c.Settle()
	if m := box.Take(); len(m) != 0 {
		t.Errorf("welcomed without words: %+v", m)
	}
	put("welcome", "de", "Das Beet am Tor\r\nist <b>deins</b>.\x07").OK()
	join("grace", "ja")
	confirm()
	m := only()
	if !strings.Contains(m.Text, "Das Beet am Tor\n\nist <b>deins</b>.\n") || !strings.Contains(m.HTML, "ist &lt;b&gt;deins") || !strings.Contains(m.Subject, "ようこそ") {
		t.Errorf("%s: %s\n%s", m.Subject, m.Text, m.HTML)
	}
	if got := admin.GET(path).List()[0].Str("text"); got != "Das Beet am Tor\nist <b>deins</b>." {
		t.Errorf("kept: %q", got)
	}

	c.Configure(func(s *testkit.Settings) { s.Registrations = domain.RegistrationsApproval })
	put("approved", "en", "Bring boots.").OK()
	put("rejected", "en", "Try the meadow.").OK()
	id := func(name string) string {
		return admin.GET("/api/v1/admin/accounts?username=" + name).List()[0].Str("id")
	}
	join("heidi", "en")
	confirm()
	admin.POST("/api/v1/admin/accounts/"+id("heidi")+"/approve", nil).OK()
	if m := only(); !strings.Contains(m.Text, "Bring boots.") || strings.Contains(m.Text, "Beet") {
		t.Errorf("let in: %s", m.Text)
	}
	join("ivan", "en")
	confirm()
	admin.POST("/api/v1/admin/accounts/"+id("ivan")+"/reject", testkit.F("text", "Sorry, Ivan.")).OK()
	if m := only(); !strings.Contains(m.Text, "Try the meadow.") || !strings.Contains(m.Text, "> Sorry, Ivan.") {
		t.Errorf("turned away: %s", m.Text)
	}
	put("approved", "en", "").OK()
	join("judy", "en")
	confirm()
	admin.POST("/api/v1/admin/accounts/"+id("judy")+"/approve", nil).OK()
	if m := only(); strings.Contains(m.Text, "boots") {
		t.Errorf("taken out: %s", m.Text)
	}
}
