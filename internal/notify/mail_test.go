package notify_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// wait is a little longer than notifications are collected for a mail.
const wait = 3 * time.Minute

// away lets time pass in which nobody reads.
func away(c *testkit.Community) {
	c.T.Helper()
	c.Settle()
	c.After(wait)
}

// Whoever is away reads of mentions by mail, in one mail, once, in their
// language, and can end that with one click (RFC 8058).
func TestNoticesComeByMail(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Post("alice", "Hello @bob, <b>nice</b> tail")
	c.Post("carol", "@bob come out")
	away(c)
	m := box.Only(t)
	if m.To != "bob@example.org" || m.Subject != "2 new notifications from coterie.test" {
		t.Errorf("to %s: %s", m.To, m.Subject)
	}
	for _, want := range []string{"alice mentioned you", "carol mentioned you", "> Hello @bob, <b>nice</b> tail", "http://coterie.test/@alice/", "@bob@coterie.test"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the text lacks %q: %s", want, m.Text)
		}
	}
	if strings.Contains(m.HTML, "<b>nice") || !strings.Contains(m.HTML, "&lt;b&gt;nice") {
		t.Errorf("the HTML is not escaped: %s", m.HTML)
	}
	away(c)
	if list := box.Take(); len(list) != 0 {
		t.Errorf("told twice: %+v", list)
	}
	c.As("bob").POST("/api/v1/markers", testkit.F("notifications[last_read_id]", c.Heard("bob", "mention")[0].Str("id"))).OK()
	c.Post("alice", "@bob still there?")
	c.Settle()
	c.As("bob").POST("/api/v1/markers", testkit.F("notifications[last_read_id]", c.Heard("bob", "mention")[0].Str("id"))).OK()
	away(c)
	if list := box.Take(); len(list) != 0 {
		t.Errorf("told what was read: %+v", list)
	}
	link := strings.TrimPrefix(strings.Trim(m.Header.Get("List-Unsubscribe"), "<>"), "http://coterie.test")
	if m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("headers: %v", m.Header)
	}
	c.Anonymous().GET(link).OK()
	c.Anonymous().POST(link+"x", testkit.F("List-Unsubscribe", "One-Click")).Want(http.StatusNotFound)
	c.Post("alice", "@bob one more")
	away(c)
	box.Only(t)
	c.Anonymous().POST(link, testkit.F("List-Unsubscribe", "One-Click")).OK()
	c.Post("alice", "@bob and another")
	away(c)
	if list := box.Take(); len(list) != 0 {
		t.Errorf("after the click: %+v", list)
	}
	if c.As("bob").GET("/api/coterie/v1/mail").Object().Bool("notices") {
		t.Error("the wish is not shown")
	}
}

// Wishes are kept by type; boosts and favourites come only if asked for.
func TestMailWishes(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	bob := c.As("bob")
	post := c.Post("bob", "a post")
	c.As("alice").POST("/api/v1/statuses/"+post.Str("id")+"/favourite", nil).OK()
	away(c)
	if list := box.Take(); len(list) != 0 {
		t.Errorf("a favourite: %+v", list)
	}
	w := bob.PATCH("/api/coterie/v1/mail", testkit.F("types[favourite]", "true", "types[mention]", "false")).Object()
	if types := w.Obj("types"); !w.Bool("available") || !types.Bool("favourite") || types.Bool("mention") || !types.Bool("follow") {
		t.Errorf("wishes: %v", w)
	}
	c.As("carol").POST("/api/v1/statuses/"+post.Str("id")+"/favourite", nil).OK()
	c.Post("alice", "@bob hello")
	away(c)
	if m := box.Only(t); m.Subject != "2 new notifications from coterie.test" || strings.Contains(m.Text, "mentioned") {
		t.Errorf("%s: %s", m.Subject, m.Text)
	}
}

// A provider's daily cap holds over any 24 hours; what does not fit waits, and
// what somebody waits for goes before notices.
func TestDailyCapHoldsAndUrgentMailsGoFirst(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.MailPerDay = 5 })
	names := []string{"bob", "carol", "dave", "erin", "frank", "grace"}
	for _, n := range names[4:] {
		c.Join(n, "user")
	}
	for _, n := range names {
		c.Post("alice", "@"+n+" hello")
	}
	away(c)
	if n := len(box.Take()); n != 4 {
		t.Fatalf("%d notices went out, want 4: a fifth of the cap is for what is urgent", n)
	}
	forgot := func(name string) {
		c.Anonymous().POST("/auth/password/new", testkit.F("email", name+"@example.org")).OK()
	}
	forgot("alice")
	forgot("bob")
	c.Settle()
	if m := box.Only(t); m.To != "alice@example.org" {
		t.Errorf("the fifth is for %s", m.To)
	}
	var late []testkit.Mail
	for range 26 {
		c.After(time.Hour)
		late = append(late, box.Take()...)
	}
	if len(late) != 3 || late[0].To != "bob@example.org" || !strings.Contains(late[0].Text, "/auth/password/edit") {
		t.Fatalf("a day later: %d mails, %+v", len(late), late)
	}
}

// A server that is busy gets the mail again; what it refuses for good is kept
// for a person; nothing is sent twice.
func TestDeferredAndRefusedMails(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.Configure(func(s *testkit.Settings) { s.MailPerDay = 2 })
	tries := 0
	box.Refuse(func(string) error { tries++; return testkit.MailError(451) })
	c.Anonymous().POST("/auth/password/new", testkit.F("email", "alice@example.org")).OK()
	for range 3 {
		_, _ = c.Step(context.Background())
		c.Clock.Add(2 * time.Minute)
	}
	if tries != 3 {
		t.Errorf("%d tries", tries)
	}
	box.Refuse(nil)
	c.After(10 * time.Minute)
	box.Only(t)
	box.Refuse(func(string) error { return testkit.MailError(550) })
	c.Anonymous().POST("/auth/password/new", testkit.F("email", "bob@example.org")).OK()
	_, _ = c.Step(context.Background())
	aside, err := c.JobsList(context.Background())
	if err != nil || len(aside) != 1 || aside[0].Attempts != 1 || !strings.Contains(aside[0].LastError, "550") {
		t.Errorf("set aside: %+v, %v", aside, err)
	}
	box.Refuse(nil)
	c.Anonymous().POST("/auth/password/new", testkit.F("email", "carol@example.org")).OK()
	c.Settle()
	if m := box.Only(t); m.To != "carol@example.org" { // the tries that failed do not count
		t.Errorf("to %s", m.To)
	}
}

// Without a mail server nothing is written, and people are told.
func TestWithoutMail(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("alice", "@bob hello")
	away(c)
	if c.As("bob").GET("/api/coterie/v1/mail").Object().Bool("available") {
		t.Error("mail is said to be available")
	}
	if a := c.Anonymous().GET("/auth/password/new").OK(); !strings.Contains(string(a.Body), "sends no mail") {
		t.Errorf("the page says: %s", a.Body)
	}
	c.Anonymous().POST("/auth/password/new", testkit.F("email", "alice@example.org")).Want(http.StatusServiceUnavailable)
	if _, err := c.Command(t.Context(), "mail test", []byte(`{"to":"a@example.org"}`), nil); err == nil || !strings.Contains(err.Error(), "COTERIE_MAIL_URL") {
		t.Errorf("mail test: %v", err)
	}
}

func TestMailTestCommand(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	v, err := c.Command(t.Context(), "mail test", []byte(`{"to":"ops@example.org"}`), nil)
	if err != nil || !strings.Contains(fmt.Sprint(v.(instance.MailTested).Server), "127.0.0.1") {
		t.Fatal(v, err)
	}
	if m := box.Only(t); m.To != "ops@example.org" || m.Subject != "coterie.test can send mail" {
		t.Errorf("%+v", m)
	}
	box.Refuse(func(string) error { return testkit.MailError(550) })
	if _, err := c.Command(t.Context(), "mail test", []byte(`{"to":"ops@example.org"}`), nil); err == nil || !strings.Contains(err.Error(), "550") {
		t.Errorf("a refusal: %v", err)
	}
	if _, err := c.Command(t.Context(), "mail test", []byte(`{"to":"ops@example.org\r\nBcc: x@example.org"}`), nil); err == nil {
		t.Error("two lines were taken")
	}
}

// The staff reads of reports and of who waits, and people of what was decided
// about them, in their language.
func TestMailsOfTheStaffAndAboutDecisions(t *testing.T) {
	t.Parallel()
	box, mailed := testkit.Mailed(t)
	c := testkit.NewInstance(t, mailed)
	c.As("bob").POST("/api/v1/reports", testkit.F("account_id", c.Person("carol").ID.String(), "comment", "rude")).OK()
	away(c)
	if m := box.Only(t); m.To != "alice@example.org" || m.Subject != "bob sent a report" {
		t.Errorf("%s: %s", m.To, m.Subject)
	}
	c.As("alice").POST("/api/v1/admin/accounts/"+c.Person("carol").ID.String()+"/action", testkit.F("type", "silence", "text", "Please be kind.", "send_email_notification", "true")).OK()
	c.Settle()
	m := box.Only(t)
	if m.To != "carol@example.org" || !strings.Contains(m.Text, "> Please be kind.") || !strings.Contains(m.Text, "Only your followers see your posts") || strings.Contains(m.Text, "alice") {
		t.Errorf("%s: %s", m.To, m.Text)
	}
}
