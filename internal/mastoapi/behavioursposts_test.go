package mastoapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// The tests of this file hold sentences about posts, their text and quotes
// (behaviours 8, 9, 17).

// TestWhatAPostMayLack: its text, where it has something else (behaviours 8.2).
func TestWhatAPostMayLack(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	if o := alice.POST("/api/v1/statuses", testkit.F("spoiler_text", "Only a warning")).Object(); o.Str("content") != "<p>Only a warning</p>" || o.Str("spoiler_text") != "" {
		t.Errorf("a warning without text: %v, %v", o["content"], o["spoiler_text"])
	}
	m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)))
	if o := alice.POST("/api/v1/statuses", testkit.F("media_ids[]", m.Str("id"))).Object(); o.Str("content") != "" || len(media(o)) != 1 {
		t.Errorf("a picture alone: %v", o)
	}
	for what, f := range map[string]testkit.Form{
		"nothing": {}, "spaces": testkit.F("status", " \n"),
		"a poll alone": {"poll[options][]": {"a", "b"}, "poll[expires_in]": {"300"}},
	} {
		if e := alice.POST("/api/v1/statuses", f).Error(http.StatusUnprocessableEntity); !strings.HasPrefix(e, "Validation failed: ") {
			t.Errorf("%s: %s", what, e)
		}
	}
	// Media together with a poll (behaviours 8.13).
	m = c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 5)))
	both := alice.POST("/api/v1/statuses", testkit.Form{
		"status": {"which?"}, "media_ids[]": {m.Str("id")}, "poll[options][]": {"a", "b"}, "poll[expires_in]": {"300"},
	}).Object()
	if len(media(both)) != 1 || both["poll"] == nil {
		t.Errorf("a picture and a poll: %v", both)
	}
}

// TestWhatAPostTakesFromItsAuthor is behaviours 8.3.
func TestWhatAPostTakesFromItsAuthor(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	bob := c.As("bob")
	bob.PATCH("/api/v1/accounts/update_credentials", testkit.F("source[privacy]", "unlisted", "source[sensitive]", "true", "source[language]", "de", "source[quote_policy]", "nobody")).OK()
	o := c.Post("bob", "hallo")
	if o.Str("visibility") != "unlisted" || !o.Bool("sensitive") || o.Str("language") != "de" || fmt.Sprint(o.Obj("quote_approval")["automatic"]) != "[]" {
		t.Errorf("by the settings: %v %v %v %v", o["visibility"], o["sensitive"], o["language"], o["quote_approval"])
	}
	if o := c.Post("bob", "hello", "visibility", "public", "sensitive", "false", "language", "en", "spoiler_text", "careful"); o.Str("visibility") != "public" || !o.Bool("sensitive") || o.Str("language") != "en" {
		t.Errorf("as said, but for the warning: %v %v %v", o["visibility"], o["sensitive"], o["language"])
	}
	c.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
	if o := c.Post("carol", "hello"); o.Str("visibility") != "private" {
		t.Errorf("of somebody locked: %v", o["visibility"])
	}
	c.As("alice").POST("/api/v1/admin/accounts/"+c.Person("dave").ID.String()+"/action", testkit.F("type", "silence")).OK()
	if o := c.Post("dave", "hello", "visibility", "public"); o.Str("visibility") != "unlisted" {
		t.Errorf("of somebody limited: %v", o["visibility"])
	}
}

// TestMentionsInAPost is behaviours 8.5, 9.3 and 9.4: who is named, and how it is
// linked.
func TestMentionsInAPost(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	o := c.Post("alice", "@Bob and @carol@coterie.test, #Prairie_Dogs and @nobody_at_all", "spoiler_text", "x")
	if got := names(list(o, "mentions")); !slices.Equal(got, []string{"bob", "carol"}) {
		t.Errorf("mentions: %v", got)
	}
	for _, m := range list(o, "mentions") {
		if want := `<span class="h-card" translate="no"><a href="` + m.Str("url") + `" class="u-url mention">@<span>` + m.Str("username") + `</span></a></span>`; !strings.Contains(o.Str("content"), want) {
			t.Errorf("no %s in %s", want, o.Str("content"))
		}
	}
	tag := list(o, "tags")[0]
	if tag.Str("name") != "prairie_dogs" || !strings.Contains(strings.ToLower(o.Str("content")), `<a href="`+tag.Str("url")+`" class="mention hashtag" rel="tag">#<span>prairie_dogs</span></a>`) ||
		!strings.Contains(o.Str("content"), "#<span>Prairie_Dogs</span>") {
		t.Errorf("tag %v in %s", tag, o.Str("content"))
	}
	if !strings.Contains(o.Str("content"), "@nobody_at_all") || strings.Contains(o.Str("content"), "/@nobody_at_all") {
		t.Errorf("nobody: %s", o.Str("content"))
	}
	// An answer names nobody by itself.
	if o := c.Post("bob", "indeed", "in_reply_to_id", o.Str("id")); len(list(o, "mentions")) != 0 {
		t.Errorf("an answer mentions %v", o["mentions"])
	}
	// Whom one blocks is not named.
	alice.POST(account(c, "bob", "block"), nil).OK()
	if o := c.Post("alice", "@bob and @carol"); !slices.Equal(names(list(o, "mentions")), []string{"carol"}) {
		t.Errorf("with bob blocked: %v", o["mentions"])
	}
}

// TestEditsAreHeard: by whoever boosted, and by who is newly named; a changed poll
// forgets its votes (behaviours 8.9).
func TestEditsAreHeard(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	p := c.As("alice").POST("/api/v1/statuses", testkit.Form{"status": {"which? @erin"}, "poll[options][]": {"a", "b"}, "poll[expires_in]": {"600"}}).Object()
	path := "/api/v1/statuses/" + p.Str("id")
	c.As("bob").POST(status(p, "reblog"), nil).OK()
	c.As("carol").POST("/api/v1/polls/"+p.Obj("poll").Str("id")+"/votes", testkit.F("choices[]", "0")).OK()
	c.Settle()
	c.Clock.Add(time.Minute)
	edited := c.As("alice").PUT(path, testkit.Form{"status": {"which? @erin @dave"}, "poll[options][]": {"a", "c"}, "poll[expires_in]": {"1200"}}).Object()
	if poll := edited.Obj("poll"); poll.Num("votes_count") != 0 || poll.Str("expires_at") != c.Clock.Now().Add(20*time.Minute).UTC().Format("2006-01-02T15:04:05.000Z") {
		t.Errorf("the poll: %v", poll)
	}
	for name, want := range map[string][]string{"bob": {"update alice"}, "dave": {"mention alice"}, "erin": {"mention alice"}, "carol": {}} {
		if got := heard(c, name, "exclude_types[]=poll"); !slices.Equal(got, want) {
			t.Errorf("%s hears %v, want %v", name, got, want)
		}
	}
	history := c.Anonymous().GET(path + "/history").List()
	titles := func(o testkit.Object) (out []string) {
		for _, x := range list(o.Obj("poll"), "options") {
			out = append(out, x.Str("title"))
			if len(x) != 1 {
				t.Errorf("an option of a revision: %v", x)
			}
		}
		return out
	}
	if len(history) != 2 || !slices.Equal(titles(history[0]), []string{"a", "b"}) || !slices.Equal(titles(history[1]), []string{"a", "c"}) {
		t.Fatalf("history: %v", history)
	}
	for _, key := range []string{"content", "spoiler_text", "sensitive", "created_at", "account", "media_attachments", "emojis"} {
		if _, there := history[0][key]; !there {
			t.Errorf("a revision has no %s", key)
		}
	}
}

// TestThreadsLeaveOut: whoever is blocked, blocks, is muted, or is limited and not
// followed (behaviours 8.14); filters mark, and hide nothing.
func TestThreadsLeaveOut(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Join("frank", domain.RoleUser)
	root := c.Post("alice", "root")
	for _, name := range []string{"bob", "carol", "dave", "frank"} {
		c.Post(name, "by "+name, "in_reply_to_id", root.Str("id"))
	}
	see := func(name string) []string {
		var out []string
		for _, o := range list(c.As(name).GET(status(root, "context")).Object(), "descendants") {
			out = append(out, o.Obj("account").Str("username"))
		}
		return out
	}
	erin := c.As("erin")
	erin.POST(account(c, "bob", "block"), nil).OK()
	erin.POST(account(c, "carol", "mute"), nil).OK()
	c.As("dave").POST(account(c, "erin", "block"), nil).OK()
	erin.POST("/api/v2/filters", map[string]any{"title": "f", "context": []string{"thread"}, "filter_action": "hide", "keywords_attributes": []any{map[string]any{"keyword": "frank"}}}).OK()
	if got := see("erin"); !slices.Equal(got, []string{"frank"}) {
		t.Errorf("erin sees %v", got)
	}
	c.As("alice").POST("/api/v1/admin/accounts/"+c.Person("frank").ID.String()+"/action", testkit.F("type", "silence")).OK()
	if got := see("erin"); len(got) != 0 {
		t.Errorf("erin sees %v, of whom frank is limited", got)
	}
	c.Follow("erin", "frank")
	if got := see("erin"); !slices.Equal(got, []string{"frank"}) {
		t.Errorf("erin, who follows frank, sees %v", got)
	}
	if got := see("alice"); len(got) != 3 {
		t.Errorf("alice sees %v", got)
	}
}

// TestStatesOfQuotes: what a viewer is told of a quote that stands (behaviours
// 17.2), and what cannot be quoted (17.3).
func TestStatesOfQuotes(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	said := c.Post("alice", "said")
	quoting := c.Post("bob", "look", "quoted_status_id", said.Str("id"))
	state := func(name string) string {
		q := c.As(name).GET("/api/v1/statuses/" + quoting.Str("id")).Object().Obj("quote")
		_, shown := q["quoted_status"].(map[string]any)
		return fmt.Sprint(q.Str("state"), " ", shown)
	}
	c.As("carol").POST(account(c, "alice", "block"), nil).OK()
	c.As("dave").POST(account(c, "alice", "mute"), nil).OK()
	c.As("alice").POST(account(c, "erin", "block"), nil).OK()
	for name, want := range map[string]string{"bob": "accepted true", "carol": "blocked_account true", "dave": "muted_account true", "erin": "unauthorized false"} {
		if got := state(name); got != want {
			t.Errorf("to %s it is %s, want %s", name, got, want)
		}
	}
	c.As("alice").POST(status(said, "quotes/"+quoting.Str("id")+"/revoke"), nil).OK()
	if got := state("bob"); got != "revoked false" {
		t.Errorf("taken back it is %s", got)
	}
	other := c.Post("alice", "said, too")
	quoting = c.Post("bob", "look", "quoted_status_id", other.Str("id"))
	c.As("alice").PUT(status(other, "interaction_policy"), testkit.F("quote_approval_policy", "nobody")).OK()
	if got := state("bob"); got != "accepted true" {
		t.Errorf("a policy that changed later made it %s", got)
	}
	c.As("alice").DELETE("/api/v1/statuses/"+other.Str("id"), nil).OK()
	c.Settle()
	if got := state("bob"); got != "deleted false" {
		t.Errorf("of a post that is gone it is %s", got)
	}
	letter := c.Post("alice", "@bob psst", "visibility", "direct")
	for _, name := range []string{"bob", "alice"} {
		a := c.As(name).POST("/api/v1/statuses", testkit.F("status", "x", "quoted_status_id", letter.Str("id")))
		if a.Status != http.StatusNotFound && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s quotes a letter: %d", name, a.Status)
		}
	}
	boost := c.As("carol").POST(status(c.Post("dave", "boosted"), "reblog"), nil).Object()
	if got := c.As("erin").GET("/api/v1/statuses/" + boost.Str("id")).Object(); got.Obj("reblog")["quotes_count"] == nil {
		t.Errorf("quotes_count is missing: %v", got)
	}
}

// TestWhatIsDeletedCanBeDraftedAnew: the answer to a deletion holds what was typed,
// its boosts go, and what it held can be used again (behaviours 8.11).
func TestWhatIsDeletedCanBeDraftedAnew(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	said := c.Post("bob", "said")
	m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)))
	p := c.Post("alice", "one *two* @bob", "media_ids[]", m.Str("id"), "quoted_status_id", said.Str("id"))
	boost := c.As("carol").POST(status(p, "reblog"), nil).Object()
	gone := alice.DELETE("/api/v1/statuses/"+p.Str("id"), nil).Object()
	if gone.Str("text") != "one *two* @bob" || len(media(gone)) != 1 || gone.Obj("quote").Obj("quoted_status").Str("id") != said.Str("id") {
		t.Errorf("to draft anew: %v", gone)
	}
	c.Settle()
	c.Anonymous().GET("/api/v1/statuses/" + boost.Str("id")).Error(http.StatusNotFound)
	if again := alice.POST("/api/v1/statuses", testkit.F("status", "anew", "media_ids[]", m.Str("id"))).Object(); len(media(again)) != 1 {
		t.Errorf("drafted anew: %v", again)
	}
}

// TestNamesOfEmojisAreComplete: an entity lists the custom emoji that it uses in
// every text, and no other (behaviours 9.5).
func TestNamesOfEmojisAreComplete(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for _, name := range []string{"inbody", "incw", "inpoll", "inname", "innote", "infield", "unused"} {
		add := instance.EmojiAdd{Shortcode: name, File: fileWith(t, name+".png", testkit.PNG(t, testkit.Gradient(8, 8)))}
		if _, err := c.EmojiAdd(t.Context(), add); err != nil {
			t.Fatal(err)
		}
	}
	p := c.As("alice").POST("/api/v1/statuses", testkit.Form{
		"status": {"a :inbody: and:unused:and x:unused:"}, "spoiler_text": {":incw:"}, "poll[options][]": {"a :inpoll:", "b"}, "poll[expires_in]": {"300"},
	}).Object()
	codes := func(o testkit.Object) string {
		got := pluck(list(o, "emojis"), "shortcode")
		slices.Sort(got)
		return strings.Join(got, " ")
	}
	if got := codes(p); got != "inbody incw inpoll" && got != "inbody incw" {
		t.Errorf("of the post: %s", got)
	}
	if got := codes(p.Obj("poll")); got != "inpoll" {
		t.Errorf("of the poll: %s", got)
	}
	me := c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "A :inname:", "note", ":innote:",
		"fields_attributes[0][name]", ":infield:", "fields_attributes[0][value]", "x")).Object()
	if got := codes(me); got != "infield inname innote" {
		t.Errorf("of the account: %s", got)
	}
}
