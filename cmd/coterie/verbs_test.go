package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"coterie/internal/instance"
)

// shell runs verbs one after the other, against a running server.
type shell struct {
	t *testing.T
	p *place
}

// says runs a verb and wants each of the words in what it prints, which it
// returns.
func (s *shell) says(words string, args ...string) string {
	s.t.Helper()
	out := s.p.run(s.t, args...)
	for word := range strings.SplitSeq(words, "|") {
		if !strings.Contains(out, word) {
			s.t.Errorf("coterie %s says %q, want %q", strings.Join(args, " "), out, word)
		}
	}
	return out
}

// becomes runs a verb again and again until it prints the words: what follows
// from another is done by the server in the background.
func (s *shell) becomes(words string, args ...string) {
	s.t.Helper()
	var out string
	for range 200 {
		if out = s.p.run(s.t, args...); strings.Contains(out, words) {
			return
		}
	}
	s.t.Errorf("coterie %s says %q at last, want %q", strings.Join(args, " "), out, words)
}

// refuses wants a verb to fail with these words.
func (s *shell) refuses(words string, args ...string) {
	s.t.Helper()
	out, err := s.p.command(args...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), words) {
		s.t.Errorf("coterie %s: %v, %q, want %q", strings.Join(args, " "), err, out, words)
	}
}

var number = regexp.MustCompile(`\d{10,}`)

// id is the first id in what a verb printed.
func (s *shell) id(out string) string {
	s.t.Helper()
	id := number.FindString(out)
	if id == "" {
		s.t.Fatalf("no id in %q", out)
	}
	return id
}

// TestVerbsOfTheStaff does in a shell what the admin API does, and looks
// whether it holds.
func TestVerbsOfTheStaff(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "COTERIE_REGISTRATIONS=approval")
	s := &shell{t, p}
	p.person(t, "alice", "owner")
	p.person(t, "mod", "moderator")
	bob, carol := p.person(t, "bob", "user"), p.person(t, "carol", "user")
	server := p.serve(t)
	post := func(token, path string, form url.Values) map[string]any {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.base+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		res, err := server.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode >= 400 {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
		var out map[string]any
		_ = json.NewDecoder(res.Body).Decode(&out)
		return out
	}

	t.Run("people", func(t *testing.T) {
		s := &shell{t, p}
		for _, name := range []string{"frank", "grace"} {
			post("", "/auth/sign_up", url.Values{"username": {name}, "email": {name + "@example.org"}, "password": {"prairie dogs at dusk"}, "agreement": {"1"}, "reason": {"I dig"}})
		}
		s.says("frank|grace|I dig|pending", "account", "list", "--status", "pending")
		s.says("frank@example.org", "account", "list", "fra")
		s.says("@frank is let in", "account", "approve", "frank")
		s.says("@grace is turned away", "account", "reject", "grace", "--text", "No room")
		s.says("There is nobody like that", "account", "list", "--status", "pending")
		s.says("mod|Moderator", "account", "list", "--staff")
		s.refuses("Nobody called", "account", "show", "grace")
		s.says("One to watch", "account", "note", "frank", "One to watch")
		s.says("the command line: One to watch", "account", "note", "frank")
		p.run(t, "account", "create", "heidi", "--email", "heidi@example.org", "--password", "prairie dogs at dusk")
		s.says("unconfirmed", "account", "show", "heidi")
		s.says("cannot sign in", "account", "freeze", "heidi")
		s.says("can sign in", "account", "unfreeze", "heidi")
		s.says("The address of @heidi is theirs", "account", "confirm", "heidi")
		if out := s.says("heidi", "account", "show", "heidi"); strings.Contains(out, "unconfirmed") {
			t.Error(out)
		}
		s.refuses("no account called", "account", "confirm", "nobody")
		s.says("was warned", "account", "warn", "frank", "--text", "Dig less")
		s.says("none|Dig less", "account", "strikes", "frank")
	})

	t.Run("reports", func(t *testing.T) {
		s := &shell{t, p}
		his := post(bob, "/api/v1/statuses", url.Values{"status": {"rude"}})
		account := his["account"].(map[string]any)["id"].(string)
		post(carol, "/api/v1/reports", url.Values{"account_id": {account}, "status_ids[]": {his["id"].(string)}, "comment": {"Too rude"}})
		id := s.id(s.says("@bob by @carol|Too rude|1 posts", "report", "list"))
		s.says("Too rude", "report", "show", id)
		s.says("with @mod", "report", "assign", id, "mod")
		s.refuses("may not manage reports", "report", "assign", id, "carol")
		if out := s.says("", "report", "unassign", id); strings.Contains(out, "with @") {
			t.Error(out)
		}
		s.says("spam", "report", "sort", id, "--category", "spam")
		s.says("spam", "report", "list", "--category", "spam", "--of", "bob")
		s.says("no such reports", "report", "list", "--category", "legal")
		s.says("Known for it", "report", "note", id, "Known for it")
		s.says("resolved", "report", "resolve", id)
		s.says("no such reports", "report", "list")
		s.says(id, "report", "list", "--resolved")
		s.says("Too rude", "report", "reopen", id)
		s.refuses("no report", "report", "show", "4711")
		s.refuses("is no id", "report", "resolve", "x")

		s.says("is seen by followers only", "account", "limit", "bob", "--text", "Be kind")
		strike := s.id(s.says("silence|Be kind", "account", "strikes", "bob"))
		post(bob, "/api/coterie/v1/strikes/"+strike+"/appeal", url.Values{"text": {"I am kind"}})
		s.says("I am kind|pending", "appeal", "list")
		s.says("taken back|approved", "appeal", "approve", strike)
		s.says("No appeal waits", "appeal", "list")
		if out := s.says("bob", "account", "show", "bob"); strings.Contains(out, "silenced") {
			t.Error(out)
		}
		s.says("cannot sign in", "account", "freeze", "frank")
		s.refuses("", "appeal", "reject", strike)
	})

	t.Run("who may join", func(t *testing.T) {
		s := &shell{t, p}
		s.says("Nothing is blocked", "email", "list")
		s.says("is blocked", "email", "block", "bad.example", "--approval")
		s.says("is blocked", "email", "block", "Some.One+x@example.org")
		s.refuses("Only a domain", "email", "block", "a@example.org", "--approval")
		s.says("bad.example, by approval", "email", "list")
		s.says("bad.example", "email", "test", "x@mail.bad.example")
		s.says("meets nothing", "email", "test", "x@example.org")
		if out := s.says("", "email", "test", "someone@example.org"); strings.Contains(out, "nothing") {
			t.Error("another spelling of the address meets nothing")
		}
		s.says("not blocked any more", "email", "unblock", "BAD.example")
		s.says("not blocked any more", "email", "unblock", "someone@example.org")
		s.refuses("is not blocked", "email", "unblock", "bad.example")
		s.says("Nothing is blocked", "email", "list")

		s.says("192.0.2.0/24|no_access|Floods", "network", "block", "192.0.2.0/24", "--severity", "no_access", "--comment", "Floods", "--for", "72h")
		s.says("sign_up_block", "network", "block", "192.0.2.0/24")
		if out := s.says("192.0.2.0/24", "network", "list"); strings.Count(out, "\n") != 1 || strings.Contains(out, "no_access") {
			t.Errorf("decided anew: %s", out)
		}
		s.says("free again", "network", "unblock", "192.0.2.0/24")
		s.refuses("Nothing was decided", "network", "unblock", "192.0.2.0/24")
		s.says("Nothing was decided", "network", "list")

		link := strings.TrimSpace(s.says("/invite/", "invite", "add", "alice", "--note", "choir", "--uses", "2", "--for", "72h"))
		s.says(link+"|choir|used 0 times", "invite", "list", "alice")
		s.says("closed", "invite", "revoke", link)
		s.says("closed", "invite", "list", "alice")
		s.refuses("no invitation", "invite", "revoke", "nonsense")
	})

	t.Run("words", func(t *testing.T) {
		s := &shell{t, p}
		rule := s.id(s.says("Added rule", "rule", "add", "Be kind."))
		s.says("Be kind.|always", "rule", "change", rule, "--hint", "always")
		s.says("Be kind.|always", "rule", "list")
		s.says("Removed", "rule", "remove", rule)
		s.says("There are no rules", "rule", "list")
		s.refuses("no rule", "rule", "change", rule, "--text", "x")
		text := s.id(s.says("warning|Tone", "text", "add", "warning", "Tone", "Please mind your tone."))
		s.says("rejection", "text", "change", text, "rejection", "Room", "We are full.")
		s.says("Room|We are full.", "text", "list")
		s.says("Removed", "text", "remove", text)
		s.says("There are no texts", "text", "list")
		post(bob, "/api/v1/statuses", url.Values{"status": {"about #minerals"}})
		s.says("usable off|listable on", "tag", "set", "#minerals", "--usable", "off")
		s.says("#Minerals: usable on", "tag", "set", "minerals", "--usable", "on", "--display", "Minerals")
		s.refuses("Nobody used", "tag", "set", "neverever")
		s.says("6", "figures", "count", "new_users")
		s.refuses("Nothing is counted", "figures", "count", "wishes")
		s.refuses("is not a day", "figures", "count", "new_users", "--since", "tomorrow")
		s.says("en", "figures", "kinds", "languages")
		s.says("joined on|a week later|20", "figures", "stays")
		s.says(`"seen":"20`, "figures", "stays", "--json")
		s.says("Nobody joined", "figures", "stays", "--until", "2020-01-02", "--since", "2020-01-01")
		words := filepath.Join(t.TempDir(), "welcome.txt")
		if err := os.WriteFile(words, []byte("Bring boots.\n\nAnd a spade.\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.says("No mail has words", "mail", "texts", "show")
		s.says("welcome, de|    Bring boots.|    And a spade.", "mail", "texts", "set", "welcome", "de", words)
		s.says("Bring boots.", "mail", "texts", "show")
		s.refuses("No mails are written", "mail", "texts", "set", "welcome", "pt", words)
		s.refuses("of the kinds welcome", "mail", "texts", "set", "reset", "de", words)
		s.refuses("is empty", "mail", "texts", "set", "welcome", "de", "-")
		s.says("No mail has words", "mail", "texts", "remove", "welcome", "de")
	})

	t.Run("emoji and relays", func(t *testing.T) {
		s := &shell{t, p}
		picture := filepath.Join(t.TempDir(), "dog.png")
		dot, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(picture, dot, 0o600); err != nil {
			t.Fatal(err)
		}
		usual := instancePicture(t, server)
		s.says("is changed", "settings", "picture", picture)
		if now := instancePicture(t, server); now == usual {
			t.Errorf("the picture is still %s", now)
		}
		s.refuses("Name a file", "settings", "picture")
		s.refuses("cannot be read", "settings", "picture", picture+"x")
		s.refuses("it is no file", "settings", "picture", t.TempDir())
		s.says("is changed", "settings", "picture", "--usual")
		if now := instancePicture(t, server); now != usual {
			t.Errorf("the usual picture is %s, not %s", usual, now)
		}
		s.refuses("192 by 192", "settings", "icon", picture)
		var drawn bytes.Buffer
		if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
			t.Fatal(err)
		}
		icon := filepath.Join(t.TempDir(), "icon.png")
		if err := os.WriteFile(icon, drawn.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		favicon := func() string { // where it is
			t.Helper()
			res, err := server.http.Get(server.base + "/favicon.ico")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("the icon is answered %d", res.StatusCode)
			}
			return res.Request.URL.Path
		}
		s.says("is changed", "settings", "icon", icon)
		if at := favicon(); !strings.HasPrefix(at, "/media/") {
			t.Errorf("the icon is still at %s", at)
		}
		s.refuses("Name a file", "settings", "icon")
		s.refuses("Name a file", "settings", "icon", icon, "--usual")
		s.refuses("cannot be read", "settings", "icon", icon+"x")
		s.says("is changed", "settings", "icon", "--usual")
		if at := favicon(); at != "/favicon.ico" {
			t.Errorf("the usual icon is at %s", at)
		}
		s.says("Added :dog:", "emoji", "add", "dog", picture)
		s.says(":dog:", "emoji", "list", "do")
		s.says("shown nowhere", "emoji", "disable", ":dog:")
		s.says("disabled", "emoji", "list")
		s.says("is shown", "emoji", "enable", "dog")
		s.refuses("Name the server", "emoji", "copy", "dog")
		s.refuses("no emoji", "emoji", "copy", "dog@far.example")
		s.says("Removed dog", "emoji", "delete", "dog")
		s.says("no such emoji", "emoji", "list")

		relay := "https://relay.invalid/inbox"
		s.says("Asked", "relay", "add", relay)
		s.says("Left", "relay", "pause", relay)
		s.says("disabled", "relay", "list")
		s.says("again", "relay", "resume", relay)
		s.says("pending", "relay", "list")
		s.refuses("is not followed", "relay", "pause", "https://other.invalid/inbox")
		s.says("Removed", "relay", "remove", relay)
	})

	t.Run("lists and webhooks", func(t *testing.T) {
		s := &shell{t, p}
		list := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("#domain,#severity,#public_comment\nspam.example,suspend,Spam\n"))
		}))
		t.Cleanup(list.Close)
		s.says("", "domain", "lists", "add", list.URL+"/list.csv", "--title", "Friends")
		out := s.says("Friends", "domain", "lists", "show")
		id := s.id(out)
		s.says("", "domain", "lists", "refresh")
		s.becomes("spam.example", "domain", "lists", "plan", id)
		s.says("", "domain", "lists", "count", id)
		s.becomes("spam.example, by lists", "domain", "list")
		s.says("", "domain", "lists", "except", "spam.example")
		s.becomes("Nothing was decided", "domain", "list")
		s.says("", "domain", "lists", "remove", id)

		hook := s.says("Secret:|https://hook.example/x|account.created", "webhook", "add", "https://hook.example/x", "account.created")
		id = s.id(hook)
		s.says("on   https://hook.example/x", "webhook", "list")
		s.says("off", "webhook", "disable", id)
		s.says("on ", "webhook", "enable", id)
		again := s.says("Secret:", "webhook", "rotate", id)
		if _, secret, _ := strings.Cut(hook, "Secret:"); strings.Contains(again, strings.TrimSpace(secret)) {
			t.Error("the secret stays the same")
		}
		if out := s.says("hook.example", "webhook", "list"); strings.Contains(out, "Secret") {
			t.Error("the list tells secrets")
		}
		s.refuses("", "webhook", "add", "https://hook.example/y", "account.eaten")
		s.says("Removed", "webhook", "remove", id)
		s.says("There are no webhooks", "webhook", "list")
	})
	s.says("create|rule", "audit")
}

// instancePicture is the address of the community's picture, as apps read it.
func instancePicture(t *testing.T, server *process) string {
	t.Helper()
	res, err := server.http.Get(server.base + "/api/v2/instance")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var in struct{ Thumbnail struct{ URL string } }
	if err := json.NewDecoder(res.Body).Decode(&in); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the community: %d, %v", res.StatusCode, err)
	}
	return in.Thumbnail.URL
}

// Who stays is told by the days on which people joined.
func TestStaysAreATable(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	got := stays([]instance.FigureLine{
		{Day: "2026-10-01", Seen: "2026-10-01", Count: 2},
		{Day: "2026-10-01", Seen: "2026-10-02", Count: 1},
		{Day: "2026-10-01", Seen: "2026-11-20", Count: 3},
		{Day: "2026-11-20", Seen: "2026-11-28", Count: 1},
		{Day: "2026-11-28", Seen: "2026-11-28", Count: 4},
	}, now)
	want := `joined on   people    a day later   a week later  a month later
2026-10-01       6              4              3              3
2026-11-20       1              1              1              -
2026-11-28       4              -              -              -
`
	if got != want {
		t.Errorf("the table:\n%s", got)
	}
}
