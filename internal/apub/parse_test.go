package apub

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
)

func parse(t *testing.T, body string) *Document {
	t.Helper()
	d, err := Parse([]byte(body))
	if err != nil {
		t.Fatalf("Parse(%s): %v", short(body), err)
	}
	return d
}

// FuzzParse looks for panics, for JSON we read otherwise than encoding/json
// does, and for text the store would refuse.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(fixtures + "/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tr, err := parseJSON(b)
		valid := json.Valid([]byte(strings.TrimPrefix(string(b), "\ufeff")))
		if errors.Is(err, ErrSyntax) && valid || err == nil && !valid {
			t.Fatalf("valid is %v, parseJSON says %v", valid, err)
		}
		if err == nil {
			checkText(t, &tr.root)
		}
		if d, err := Parse(b); err == nil {
			_ = describe(d)
		}
		for _, read := range []func([]byte) error{
			func(b []byte) error { _, err := ParseFinger(b); return err },
			func(b []byte) error { _, err := ParseNodeInfo(b); return err },
			func(b []byte) error { _, err := ParseNodeLinks(b); return err },
			func(b []byte) error { _, err := ParseHostMeta(b); return err },
		} {
			_ = read(b)
		}
	})
}

func checkText(t *testing.T, n *node) {
	if strings.ToValidUTF8(n.text, "") != n.text || strings.ContainsRune(n.text, 0) {
		t.Fatalf("unclean text %q", n.text)
	}
	for i := range n.items {
		checkText(t, &n.items[i])
	}
	for i := range n.members {
		checkText(t, &n.members[i].value)
	}
}

func TestSEC59_Limits(t *testing.T) {
	t.Parallel()
	repeat := func(key string, n int) string {
		return `{"type":"Note",` + strings.Repeat(`"`+key+`":1,`, n) + `"x":1}`
	}
	for name, c := range map[string]struct {
		body string
		want error
	}{
		"size":      {`"` + strings.Repeat("a", MaxBody) + `"`, ErrTooLarge},
		"arrays":    {strings.Repeat("[", 100000), ErrTooDeep},
		"objects":   {strings.Repeat(`{"a":`, 100000), ErrTooDeep},
		"values":    {"[" + strings.Repeat("1,", maxValues) + "1]", ErrTooMany},
		"repeats":   {repeat("to", 100), ErrRepeated},
		"few":       {repeat("to", 3), nil},
		"members":   {repeat("to", maxMembers+1), ErrTooMany},
		"no object": {`[1]`, ErrShape},
		"words":     {`{"type":tru}`, ErrSyntax},
		"empty":     {``, ErrSyntax},
		"tail":      {`{} {}`, ErrSyntax},
		"control":   {"{\"a\":\"\x01\"}", ErrSyntax},
	} {
		if _, err := Parse([]byte(c.body)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// SEC-59: every property of the limit table, with more than it may hold.
func TestSEC59_Properties(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 30000)
	list := func(entry string, n int) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = strings.ReplaceAll(entry, "N", strings.Repeat("x", i%50)+string(rune('a'+i%26))+time.Duration(i).String())
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	a := parse(t, `{"type":"Person","id":"https://a.example/1","inbox":"https://a.example/i","preferredUsername":"a",
		"name":"`+long+`","summary":"`+long+`",
		"alsoKnownAs":`+list(`"https://a.example/N"`, 600)+`,"attributionDomains":`+list(`"N.example"`, 600)+`,
		"attachment":`+list(`{"type":"PropertyValue","name":"N","value":"`+long[:9000]+`"}`, 60)+`,
		"publicKey":`+list(`{"id":"https://a.example/N"}`, 50)+`}`).Actor
	if n := len([]rune(a.Name)); n != MaxName {
		t.Errorf("name of %d", n)
	}
	if len(a.Summary) > MaxBio || len(a.AlsoKnownAs) != MaxAliases || len(a.AttributionDomains) > MaxAliases ||
		len(a.Fields) != MaxFields || len(a.Keys) != MaxKeys || len([]rune(a.Fields[0].Value)) != MaxFieldText {
		t.Errorf("bio %d, aliases %d, domains %d, fields %d, keys %d", len(a.Summary), len(a.AlsoKnownAs), len(a.AttributionDomains), len(a.Fields), len(a.Keys))
	}
	q := parse(t, `{"type":"Question","id":"https://a.example/2","content":"`+strings.Repeat(long, 6)+`",
		"to":`+list(`"https://a.example/N"`, 3000)+`,"oneOf":`+list(`{"name":"N"}`, 900)+`,
		"attachment":[{"type":"Image","url":"https://a.example/i","name":"`+long+`"}],
		"tag":[{"type":"Emoji","name":"`+strings.Repeat("a", MaxShortcode+1)+`","icon":{"url":"https://a.example/e"}}],
		"inReplyTo":"https://a.example/`+strings.Repeat("a", MaxURI)+`"}`).Note
	if len(q.Content) > MaxContent || len(q.To) != MaxRecipients || len(q.Poll.Options) != MaxOptions ||
		len([]rune(q.Attachments[0].Description)) != MaxDescription || len(q.Emojis) != 0 || q.InReplyTo != "" {
		t.Errorf("content %d, to %d, options %d, emojis %d", len(q.Content), len(q.To), len(q.Poll.Options), len(q.Emojis))
	}
	long = strings.Repeat("u", MaxUsername+1)
	u := parse(t, `{"type":"Person","id":"https://a.example/1","inbox":"https://a.example/i","preferredUsername":"`+long+`"}`).Actor
	if !errors.Is(u.Check(), ErrNoUsername) {
		t.Error("long username is let in")
	}
}

// SEC-61: the costliest shapes, at the full size of a document, stay far
// below what quadratic work would take.
func TestSEC61_Linear(t *testing.T) {
	t.Parallel()
	fill := func(open, unit, end string) string {
		return open + strings.Repeat(unit, (MaxBody-len(open)-len(end))/len(unit)) + end
	}
	inner := strings.Repeat(`{"type":"Undo","x":[1,2,3],"object":`, 80) + `{}` + strings.Repeat(`}`, 80)
	for name, body := range map[string]string{
		"objects": `{"type":"Note","tag":[` + strings.Repeat(`{"a":0,"b":[{}],"c":{"d":"e"}},`, 9000) + `0]}`,
		"tags":    fill(`{"type":"Note","tag":[`, `{"type":"Mention","href":"https://a.example/"},`, `0]}`),
		"links":   fill(`{"type":"Note","url":[`, `"https://a.example/",`, `0]}`),
		"people":  fill(`{"type":"Note","to":[`, `"https://a.example/u/0123456789",`, `0]}`),
		"items":   fill(`{"type":"Collection","items":[`, `{"type":"Note","id":"https://a.example/"},`, `0]}`),
		"nested":  fill(`{"type":"Collection","items":[`, inner+`,`, `0]}`),
		"escapes": fill(`{"type":"Note","summary":"`, `\ud83d`, `"}`),
		"html":    fill(`{"type":"Note","name":"`, `<<a`, `"}`),
		"spaces":  fill(`{"type":"Note","name":"a`, ` `, `"}`),
		"bio":     fill(`{"type":"Person","name":"`, `\u202e`, `"}`),
	} {
		start := time.Now()
		if d, err := Parse([]byte(body)); err == nil && d.Note != nil {
			d.Note.Body()
			d.Note.Spoiler()
			d.Note.Addressed()
		} else if err != nil && !errors.Is(err, ErrTooMany) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestSEC02_Standing(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{"type":"Note","id":"https://a.example/1","attributedTo":"https://a.example/u"}`:                                                                      nil,
		`{"type":"Note","id":"https://a.example/1","attributedTo":"https://b.example/u"}`:                                                                      ErrAuthorOrigin,
		`{"type":"Note","id":"https://a.example/1","attributedTo":"http://a.example/u"}`:                                                                       ErrAuthorOrigin,
		`{"type":"Note","id":"https://a.example:8443/1","attributedTo":"https://a.example/u"}`:                                                                 ErrAuthorOrigin,
		`{"type":"Note","id":"https://a.example@b.example/1","attributedTo":"https://a.example/u"}`:                                                            ErrNoID,
		`{"type":"Note","url":"https://a.example/1","attributedTo":"https://a.example/u"}`:                                                                     ErrNoID,
		`{"type":"Note","id":"https://a.example/1"}`:                                                                                                           ErrNoAuthor,
		`{"type":"Note","id":"https://a.example/1","attributedTo":["https://b.example/u","https://a.example/u"]}`:                                              ErrAuthorOrigin,
		`{"type":"Note","id":"https://a.example/1","attributedTo":[{"type":"Group","id":"https://a.example/g"},{"type":"Person","id":"https://a.example/u"}]}`: nil,
	} {
		if err := parse(t, body).Note.Check(); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", body, err, want)
		}
	}
}

// SEC-16: who may do what to whom, as far as a document tells.
func TestSEC16_Activities(t *testing.T) {
	t.Parallel()
	const me, stranger, neighbour = "https://a.example/u", "https://b.example/u", "https://a.example/v"
	note := func(by string) string {
		return `{"type":"Note","id":"` + by + `/1","attributedTo":"` + by + `"}`
	}
	follow := func(who, whom string) string {
		return `{"type":"Follow","id":"` + who + `/f","actor":"` + who + `","object":"` + whom + `"}`
	}
	for _, c := range []struct {
		typ, object string
		want        error
	}{
		{"Create", note(me), nil},
		{"Create", note(stranger), ErrForeignObject},
		{"Create", note(neighbour), ErrForeignAuthor},
		{"Update", note(neighbour), ErrForeignAuthor},
		{"Update", `{"type":"Person","id":"` + me + `"}`, nil},
		{"Update", `{"type":"Person","id":"` + neighbour + `"}`, ErrForeignAuthor},
		{"Delete", `"` + stranger + `/1"`, ErrForeignObject},
		{"Delete", `{"type":"Tombstone","id":"` + me + `/1"}`, nil},
		{"Undo", follow(me, stranger), nil},
		{"Undo", follow(stranger, me), ErrForeignAuthor},
		{"Undo", follow(neighbour, stranger), ErrForeignAuthor},
		{"Undo", `"` + stranger + `/f"`, ErrForeignObject},
		{"Accept", follow(stranger, me), nil},
		{"Reject", follow(stranger, neighbour), ErrNotAsked},
		{"Move", `"` + neighbour + `"`, ErrForeignAuthor},
		{"Announce", note(stranger), nil},
		{"Like", `[]`, ErrNoObject},
	} {
		a := parse(t, `{"type":"`+c.typ+`","actor":"`+me+`","object":`+c.object+`}`).Activity
		if err := a.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s %s: %v, want %v", c.typ, c.object, err, c.want)
		}
	}
}

// SEC-15: contexts are never fetched, and one that gives the names of the
// structure another meaning is refused.
func TestSEC15_Contexts(t *testing.T) {
	t.Parallel()
	for context, want := range map[string]error{
		`"https://unknown.example/context"`:                                     nil,
		`[{"actor":"https://evil.example/ns#a"}]`:                               ErrContext,
		`{"object":{"@id":"as:actor"}}`:                                         ErrContext,
		`{"as":"https://evil.example/ns#"}`:                                     ErrContext,
		`{"as":"https://www.w3.org/ns/activitystreams#","actor":"as:actor"}`:    nil,
		`{"id":"@id","type":"@type","inbox":"ldp:inbox","isCat":"misskey:cat"}`: nil,
		`{"to":null}`: ErrContext,
	} {
		for _, body := range []string{
			`{"@context":` + context + `,"type":"Note"}`,
			`{"type":"Create","object":{"@context":` + context + `,"type":"Note"}}`,
		} {
			if _, err := Parse([]byte(body)); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", body, err, want)
			}
		}
	}
}

func TestSEC52_Addresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"javascript:alert(1)", "data:text/html,x", "//a.example/x", "/x", "https:a", "https://", "https:///x", "ftp://a.example/",
		"https://a.example/\x01", "https://a.example\\@b.example/", "https://u:p@a.example/", "https://a.example/ x", "HTTPS:/a.example",
		`https://a.example/"x`, "https://a.example/<x>", "bear:?t=a&u=https://a.example", "at://did:plc:a",
	} {
		b, err := json.Marshal(bad)
		if err != nil {
			t.Fatal(err)
		}
		s := string(b)
		n := parse(t, `{"type":"Note","id":"https://a.example/1","url":`+s+`,"inReplyTo":`+s+`,"quoteUrl":`+s+`,"context":`+s+`,
			"attachment":[{"type":"Image","url":`+s+`},`+s+`],"icon":`+s+`,"attributedTo":`+s+`,"to":`+s+`,
			"tag":[{"type":"Mention","href":`+s+`},{"type":"Emoji","name":"aa","icon":`+s+`},{"type":"Link","href":`+s+`}]}`).Note
		if n.URL != n.ID || n.InReplyTo != "" || n.Quote.Target != "" || n.Context != "" || len(n.Attachments) > 0 ||
			n.Icon != nil || n.Author != "" || len(n.To) > 0 || len(n.Mentions) > 0 || len(n.Emojis) > 0 || len(n.LinkTags) > 0 {
			t.Errorf("%s came through: %+v", bad, n)
		}
		a := parse(t, `{"type":"Person","id":`+s+`,"inbox":`+s+`,"endpoints":{"sharedInbox":`+s+`},"url":`+s+`,"icon":{"url":`+s+`},
			"movedTo":`+s+`,"alsoKnownAs":`+s+`,"attachment":{"type":"Link","name":"x","href":`+s+`}}`).Actor
		if a.ID+a.Inbox+a.SharedInbox+a.URL+a.MovedTo != "" || a.Icon != nil || len(a.AlsoKnownAs)+len(a.Fields) > 0 {
			t.Errorf("%s came through: %+v", bad, a)
		}
	}
}

func TestBlindRecipientsAreNeverKept(t *testing.T) {
	t.Parallel()
	n := parse(t, string(readFixture(t, "malformed/bto-bcc.json"))).Note
	if v, _ := n.Visibility(""); v != domain.Direct || len(n.Recipients()) != 0 {
		t.Errorf("%v to %v", v, n.Recipients())
	}
}

func TestAudienceIsLentByTheActivity(t *testing.T) {
	t.Parallel()
	const outer = `{"type":"Create","actor":"https://a.example/u","to":"as:Public","object":{"type":"Note","id":"https://a.example/1","attributedTo":`
	if n := parse(t, outer+`"https://a.example/u"}}`).Activity.Object().Doc.Note; len(n.To) != 1 {
		t.Error("own post without audience gets none")
	}
	for _, inner := range []string{`"https://a.example/u","to":[]}}`, `"https://a.example/v"}}`} {
		if n := parse(t, outer+inner).Activity.Object().Doc.Note; len(n.To) != 0 {
			t.Errorf("%s was widened", inner)
		}
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"peertube/video.json":              `<h2>A walk in the woods</h2><p><a href="https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1">https://peertube.example/videos/watch/e7946124-7b72-4ad7-9d22-844a84bb2de1</a></p>`,
		"lemmy/page-image-link.json":       "<h2>Post with image and link</h2><p>This is a post with both an image and a link attachment</p>\n<p><a href=\"https://example.com/some-article\">https://example.com/some-article</a></p>",
		"malformed/content-name-only.json": "<p>Title only</p>",
		"mobilizon/event.json":             `<h2>Dance class</h2><p>2022-12-11 19:00 UTC – 2022-12-11 21:00 UTC<br>The Hall</p><p>£6 each.</p><p></p><p>Dancing.</p><p><a href="https://mobilizon.example/events/b81c0531-a57c-497d-93ba-af0f8b255498">https://mobilizon.example/events/b81c0531-a57c-497d-93ba-af0f8b255498</a></p>`,
		"wordpress/article.json":           `<h2>Printing “ships”</h2>I printed 45 ships.<p><a href="https://wordpress.example/blog/an-epic-3d-printed-fan-expansion-for-last-light/">https://wordpress.example/blog/an-epic-3d-printed-fan-expansion-for-last-light/</a></p>`,
	} {
		if got, _ := parse(t, string(readFixture(t, file))).Note.Body(); got != want {
			t.Errorf("%s: %s\nwant %s", file, got, want)
		}
	}
	if text, mt := parse(t, string(readFixture(t, "malformed/mediatype-markdown.json"))).Note.Body(); text != "**bold** <b>x</b>" || mt != "text/markdown" {
		t.Errorf("markdown: %q %q", text, mt)
	}
}

func TestParseHostMeta(t *testing.T) {
	t.Parallel()
	const doc = `<?xml version="1.0"?><XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="https://a.example/.well-known/webfinger?resource={uri}"/></XRD>`
	if got, err := ParseHostMeta([]byte(doc)); err != nil || got != "https://a.example/.well-known/webfinger?resource={uri}" {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{"", "<XRD/>", `<!DOCTYPE x [<!ENTITY a "b">]><XRD><Link rel="lrdd" template="https://&a;/{uri}"/></XRD>`} {
		if got, err := ParseHostMeta([]byte(bad)); err == nil {
			t.Errorf("%s gave %q", bad, got)
		}
	}
}

// SEC-17: of what an Announce or Create embeds, only the actor's own posts
// are looked at.
func TestSEC17_EmbeddedCopies(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]int{
		"mastodon/announce-self-private.json":      1,
		"mastodon/announce.json":                   0,
		"mastodon/create-note-public.json":         1,
		"gotosocial/create-vote-array.json":        2,
		"lemmy/announce-create-page.json":          0,
		"malformed/announce-embedded-foreign.json": 0,
		"malformed/create-actor-mismatch.json":     0,
		"malformed/update-cross-origin.json":       0,
	} {
		if got := parse(t, string(readFixture(t, file))).Activity.OwnNotes(); len(got) != want {
			t.Errorf("%s: %d copies, want %d", file, len(got), want)
		}
	}
}

// A grant is sorted by the author's own addresses, and old names of a policy
// are read like the present ones.
func TestPolicy(t *testing.T) {
	t.Parallel()
	n := parse(t, `{"type":"Note","interactionPolicy":{"canQuote":{"always":"as:Public","approvalRequired":["https://a.example/f","https://b.example/u"]},
		"canReply":{"automaticApproval":"https://a.example/u","always":"as:Public"}}}`).Note
	const author, followers, following = "https://a.example/u", "https://a.example/f", "https://a.example/g"
	if g := Grants(n.Policy.Quote.Automatic, author, followers, following); g != (Grant{Public: true}) {
		t.Errorf("automatic: %+v", g)
	}
	if g := Grants(n.Policy.Quote.Manual, author, followers, following); g != (Grant{Followers: true, Others: true}) {
		t.Errorf("manual: %+v", g)
	}
	if g := Grants(n.Policy.Reply.Automatic, author, followers, following); g != (Grant{Author: true}) || n.Policy.Like != nil {
		t.Errorf("reply: %+v", g)
	}
	if !Permits(n.Policy.Quote.Automatic, "https://c.example/u") || Permits(n.Policy.Quote.Manual, "https://c.example/u") {
		t.Error("wrong permits")
	}
}
