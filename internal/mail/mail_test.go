package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/mail"
	"coterie/internal/testkit"
)

func message() mail.Message {
	return mail.Message{
		ID: "1", From: "Larkspur", To: "alice@example.org", Subject: "Grüße", Text: "Hello.\n", HTML: "<p>Hello.</p>\n", Lang: "de",
		Date: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Unsubscribe: "https://larkspur.social/unsubscribe?ticket=1",
	}
}

func open(t *testing.T, address string, o mail.Options) *mail.Server {
	t.Helper()
	o.Domain = "larkspur.social"
	s, err := mail.Open(address, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAMailArrivesWhole(t *testing.T) {
	t.Parallel()
	box := testkit.NewMailbox(t, nil, false)
	if err := open(t, box.URL(), mail.Options{}).Send(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	got := box.Only(t)
	if got.From != "coterie@larkspur.social" || got.To != "alice@example.org" || got.Subject != "Grüße" || got.Text != "Hello.\n" || got.HTML != "<p>Hello.</p>\n" {
		t.Errorf("got %+v", got)
	}
	for name, want := range map[string]string{
		"From": `"Larkspur" <coterie@larkspur.social>`, "To": "<alice@example.org>", "Message-Id": "<1@larkspur.social>",
		"Date": "Sun, 01 Mar 2026 12:00:00 +0000", "Auto-Submitted": "auto-generated", "Content-Language": "de",
		"List-Unsubscribe": "<https://larkspur.social/unsubscribe?ticket=1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if h := got.Header.Get(name); h != want {
			t.Errorf("%s is %q, want %q", name, h, want)
		}
	}
}

// Encryption is used where it is offered, demanded where a password would be
// heard, and never given up for a certificate that is wrong.
func TestEncryptionAndPasswords(t *testing.T) {
	t.Parallel()
	helper := httptest.NewTLSServer(nil)
	t.Cleanup(helper.Close)
	cert := helper.TLS
	roots := x509.NewCertPool()
	roots.AddCert(helper.Certificate())
	trusted := mail.Options{TLS: &tls.Config{RootCAs: roots, ServerName: "example.com", MinVersion: tls.VersionTLS12}}
	for name, c := range map[string]struct {
		cert     *tls.Config
		implicit bool
		scheme   string
		user     string
		o        mail.Options
		want     string // part of the error, "" for none
	}{
		"starttls":          {cert: cert, scheme: "smtp", o: trusted},
		"starttls password": {cert: cert, scheme: "smtp", user: "burrow:dig%20deep@", o: trusted},
		"tls password":      {cert: cert, implicit: true, scheme: "smtps", user: "burrow:dig%20deep@", o: trusted},
		"wrong password":    {cert: cert, scheme: "smtp", user: "burrow:no@", o: trusted, want: "535"},
		"unknown authority": {cert: cert, scheme: "smtp", want: "certificate"},
		"here in the open":  {scheme: "smtp", user: "burrow:dig%20deep@"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := testkit.NewMailbox(t, c.cert, c.implicit)
			if c.user != "" {
				box.Admit(map[string]string{"burrow": "dig deep"})
			}
			err := open(t, c.scheme+"://"+c.user+box.Addr(), c.o).Send(t.Context(), message())
			if c.want == "" {
				if err != nil || len(box.Take()) != 1 || (c.user != "") != (box.Logins() == 1) {
					t.Errorf("not sent as it should be: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || mail.Refused(err) || len(box.Take()) != 0 {
				t.Errorf("error %v, want one with %q that may pass", err, c.want)
			}
		})
	}
}

func TestRefusalsAndWhatMayPass(t *testing.T) {
	t.Parallel()
	box := testkit.NewMailbox(t, nil, false)
	s := open(t, box.URL(), mail.Options{})
	for code, refused := range map[int]bool{450: false, 451: false, 550: true, 554: true} {
		box.Refuse(func(string) error { return testkit.MailError(code) })
		if err := s.Send(t.Context(), message()); err == nil || mail.Refused(err) != refused {
			t.Errorf("%d: %v, refused for good: %v", code, err, !refused)
		}
	}
	gone := open(t, "smtp://127.0.0.1:1", mail.Options{})
	if err := gone.Send(t.Context(), message()); err == nil || mail.Refused(err) {
		t.Errorf("nobody there: %v", err)
	}
}

// What strangers wrote starts no header and no second recipient.
func TestSEC45_MailsCannotBeInjected(t *testing.T) {
	t.Parallel()
	box := testkit.NewMailbox(t, nil, false)
	s := open(t, box.URL(), mail.Options{})
	for _, to := range []string{
		"a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", `"a b"@example.org`, "a@example.org>", "<a@example.org",
		"a@b@example.org", "", "a", "a@example.org RSET", "a\x00@example.org",
	} {
		m := message()
		m.To = to
		if err := s.Send(t.Context(), m); !mail.Refused(err) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	m := message()
	m.Subject, m.From = "Hi\r\nBcc: b@example.org\n\nbody", "Lark\"spur\r\nX-Evil: 1"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := box.Only(t)
	if got.Header.Get("Bcc") != "" || got.Header.Get("X-Evil") != "" || got.Text != m.Text {
		t.Errorf("a header got in: %v", got.Header)
	}
	if got.Subject != "Hi Bcc: b@example.org body" {
		t.Errorf("the subject is %q", got.Subject)
	}
}

func TestAddressesOfServers(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail.example.org:0", "smtp://mail.example.org:x", "smtp://mail.example.org/box",
		"smtp://mail.example.org?from=nobody", "smtp://mail.example.org?from=a%0d%0ab@example.org", "smtp://%",
	} {
		if _, err := mail.Open(bad, mail.Options{Domain: "coterie.test"}); !domain.Is(err, domain.Invalid) || !strings.Contains(err.Error(), "COTERIE_MAIL_URL") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	s := open(t, "smtps://mail.example.org?from=hello@example.org", mail.Options{})
	if s.Name() != "mail.example.org as hello@example.org" {
		t.Errorf("name: %s", s.Name())
	}
}
