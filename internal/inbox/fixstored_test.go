package inbox_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
)

var (
	ourIDs     = regexp.MustCompile(`(coterie\.example/users/[a-z]+/statuses/)[0-9]+`)
	shortcodes = regexp.MustCompile(`:([A-Za-z0-9_]+):`)
)

// stored are the reviewed facts of testdata/stored.txt: a line for the payload,
// what is stored of it below, an empty line.
var stored = sync.OnceValues(func() (map[string]string, error) {
	b, err := os.ReadFile("testdata/stored.txt")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, block := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
		name, rows, _ := strings.Cut(block, "\n")
		if out[name] != "" {
			return nil, fmt.Errorf("%s stands twice in stored.txt", name)
		}
		out[name] = rows
	}
	return out, nil
})

// wantStored compares rows with those that were reviewed.
func (p *payload) wantStored(f *facts) {
	p.t.Helper()
	want, err := stored()
	p.must(err)
	if got := f.String(); got != want[p.file] {
		p.t.Errorf("it is stored as\n%s\n\nwant\n%s", got, want[p.file])
	}
}

func TestStoredFactsAreOfPayloads(t *testing.T) {
	t.Parallel()
	list, err := stored()
	if err != nil {
		t.Fatal(err)
	}
	for file := range list {
		if expected[file] == nil {
			t.Errorf("%s is no payload", file)
		}
	}
}

// facts collects what is worth knowing of some rows, a line for each.
type facts struct{ lines []string }

func (f *facts) String() string { return ourIDs.ReplaceAllString(strings.Join(f.lines, "\n"), "${1}N") }

// add writes a line of words, empty ones left out; none if only the first is
// there.
func (f *facts) add(what string, words ...string) {
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	if len(words) > 0 {
		f.lines = append(f.lines, what+" "+strings.Join(words, " "))
	}
}

// say is a value with its name, "" for the zero value.
func say[T comparable](name string, v T) string {
	var zero T
	if v == zero {
		return ""
	}
	if b, ok := any(v).(bool); ok && b {
		return name
	}
	return fmt.Sprintf("%s=%v", name, v)
}

// long is a text on one line, cut.
func long(s string) string {
	s = strings.ReplaceAll(s, "\n", `\n`)
	if r := []rune(s); len(r) > 600 {
		return fmt.Sprintf("%s… (%d)", string(r[:600]), len(r))
	}
	return s
}

func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.999Z")
}

// describePost is a status with everything that hangs on it.
func (p *payload) describePost(st domain.Status) *facts {
	r, id, f := p.st.Reader(), []domain.ID{st.ID}, &facts{}
	author, err := r.Account(p.ctx, st.Account)
	p.must(err)
	f.add(st.Visibility.String(), "by", author.Acct(), "made="+at(st.CreatedAt), say("edited", at(st.EditedAt)), say("lang", st.Language),
		say("sensitive", st.Sensitive), say("replies", st.RepliesCount), say("boosts", st.ReblogsCount), say("likes", st.FavouritesCount),
		"quoting="+st.QuotePolicy.String())
	f.add("url", st.URL)
	f.add("warning", long(st.Spoiler))
	f.add("content", long(st.Content))
	f.add("answers", p.uriOf(st.InReplyTo), say("waiting", st.InReplyToURI))
	mentions, err := r.Mentions(p.ctx, id)
	p.must(err)
	for _, m := range mentions {
		a, err := r.Account(p.ctx, m.Account)
		p.must(err)
		f.add("names", "@"+a.Acct(), say("silently", m.Silent))
	}
	tags, err := r.StatusTags(p.ctx, id)
	p.must(err)
	for _, t := range tags {
		f.add("tag", "#"+t.Tag.Display)
	}
	p.describeMedia(f, st.ID)
	p.describePoll(f, st.Poll)
	if q, err := r.Quote(p.ctx, st.ID); err == nil {
		f.add("quotes", q.QuotedURI, p.uriOf(q.Quoted), string(q.State), say("legacy", q.Legacy))
	}
	p.describeEmoji(f, author.Domain, st.Spoiler+st.Content)
	return f
}

// uriOf is the address of a status, "" for none.
func (p *payload) uriOf(id domain.ID) string {
	if id == 0 {
		return ""
	}
	r := p.st.Reader()
	st, err := r.AnyStatus(p.ctx, id)
	p.must(err)
	author, err := r.Account(p.ctx, st.Account)
	p.must(err)
	return p.urls.StatusURI(&st, &author)
}

func (p *payload) describeMedia(f *facts, status domain.ID) {
	media, err := p.st.Reader().Attachments(p.ctx, []domain.ID{status})
	p.must(err)
	for _, m := range media {
		size := ""
		if m.Width != 0 {
			size = fmt.Sprintf("%dx%d", m.Width, m.Height)
		}
		f.add(string(m.Kind), m.RemoteURL, say("type", m.MediaType), size, say("lasts", m.Duration), say("focus", m.Focus),
			say("blurhash", m.Blurhash != ""), say("preview", m.PreviewURL), say("alt", long(m.Description)))
	}
}

func (p *payload) describePoll(f *facts, id domain.ID) {
	if id == 0 {
		return
	}
	poll, err := p.st.Reader().AnyPoll(p.ctx, id)
	p.must(err)
	kind := "single"
	if poll.Multiple {
		kind = "multiple"
	}
	f.add("poll", kind, fmt.Sprintf("votes=%d voters=%d", poll.VotesCount, poll.VotersCount), say("ends", at(poll.ExpiresAt)),
		say("over", poll.Expired(p.clock.Now())))
	for _, o := range poll.Options {
		f.add("option", fmt.Sprintf("%s: %d", o.Title, o.Votes))
	}
}

func (p *payload) describeEmoji(f *facts, host, text string) {
	var codes []string
	for _, m := range shortcodes.FindAllStringSubmatch(text, -1) {
		codes = append(codes, m[1])
	}
	if len(codes) == 0 {
		return
	}
	list, err := p.st.Reader().Emojis(p.ctx, []string{host}, codes)
	p.must(err)
	for _, e := range list {
		f.add("emoji", e.Shortcode, e.URL)
	}
}

// describeActor is an account with what federation knows of it.
func (p *payload) describeActor(a domain.Account) *facts {
	r, f := p.st.Reader(), &facts{}
	x, err := r.Actor(p.ctx, a.ID)
	p.must(err)
	kind := "person"
	switch {
	case a.Group:
		kind = "group"
	case a.Bot:
		kind = "bot"
	}
	f.add(kind, a.Acct(), say("since", at(a.CreatedAt)), say("locked", a.Locked), say("discoverable", a.Discoverable),
		say("indexable", a.Indexable), say("memorial", a.Memorial), say("suspended", x.Suspended))
	f.add("name", a.DisplayName)
	f.add("url", a.URL)
	f.add("bio", long(a.NoteHTML))
	for _, field := range a.Fields {
		f.add("field", field.Name+":", field.Value)
	}
	f.add("avatar", x.Avatar)
	f.add("header", x.Header)
	f.add("inbox", x.Inbox, say("shared", x.SharedInbox))
	f.add("collections", x.Outbox, x.Followers, x.Following, x.Featured, x.FeaturedTags)
	f.add("aliases", x.AlsoKnownAs...)
	f.add("attributes", a.AttributionDomains...)
	keys, err := r.ActorKeys(p.ctx, a.ID)
	p.must(err)
	for _, k := range keys {
		f.add("key", k.URI, string(k.Kind))
	}
	p.describeEmoji(f, a.Domain, a.DisplayName+a.NoteHTML)
	return f
}
