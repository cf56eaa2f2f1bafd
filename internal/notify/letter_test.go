package notify

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/locale"
)

// Every kind of mail is said in every language, with nothing left unfilled.
func TestLettersInEveryLanguage(t *testing.T) {
	t.Parallel()
	kinds := []domain.MailKind{
		domain.MailConfirm, "confirm_new", "taken", domain.MailReset, domain.MailPassword, domain.MailAddress, domain.MailFactors, domain.MailSignIn,
		domain.MailWelcome, domain.MailApproved, domain.MailRejected, domain.MailStrike, domain.MailAppealed, domain.MailDecided, domain.MailArchive, domain.MailTerms, domain.MailTest,
	}
	unfilled := regexp.MustCompile(`\{[a-z]+\}|mail\.[a-z_]+\.`)
	for _, l := range locale.All() {
		for _, kind := range kinds {
			m := &letter{l: l, Site: "Larkspur"}
			m.text("mail."+string(kind), &reader{Account: domain.Account{Username: "ines"}, user: domain.User{Email: "ines@example.org"}}, domain.MailTask{}, "day", l.Date(time.Unix(0, 0)))
			m.Button, m.Link, m.Quote = l.T("nav.signin"), "https://larkspur.social/auth/sign_in", "one\ntwo"
			m.Unsubscribe, m.Wishes = "https://larkspur.social/unsubscribe", "https://larkspur.social/settings"
			for _, c := range []struct {
				form string
				run  func() (string, error)
			}{
				{"text", func() (string, error) {
					var b strings.Builder
					err := letterText.Execute(&b, m)
					return b.String(), err
				}},
				{"html", func() (string, error) {
					var b strings.Builder
					err := letterHTML.Execute(&b, m)
					return b.String(), err
				}},
			} {
				got, err := c.run()
				if err != nil {
					t.Fatal(err)
				}
				if at := unfilled.FindString(got); at != "" {
					t.Errorf("%s, %s, %s: %q is left in %s", l.Tag(), kind, c.form, at, got)
				}
			}
			if m.Subject == "" || strings.HasPrefix(m.Subject, "mail.") {
				t.Errorf("%s, %s: subject %q", l.Tag(), kind, m.Subject)
			}
		}
	}
}
