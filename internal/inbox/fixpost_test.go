package inbox_test

import (
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/inbox"
)

// createOf is the payload, a post, as its author sends it out.
func (p *payload) createOf(by string) string {
	return `{"id":"` + p.doc.ID + `#create","type":"Create","actor":"` + by + `","object":` + string(p.doc.Raw) + `}`
}

// dropped asserts that a post of unknown type is passed over.
func dropped(by string) func(*payload) {
	return func(p *payload) {
		p.signs(by)
		unread(p)
		p.raw(p.actor, p.createOf(by), 0)
		p.wantOutcome(inbox.Ignored)
		p.wantEvents("the letter")
		p.nothingOf(p.doc.ID)
	}
}

// quotedText asserts that a quotation, which BookWyrm alone understands, is
// dropped; and where it is sent as a Note, that its text makes it no quote.
func quotedText(p *payload) {
	by := "http://bookwyrm.example/user/mouse"
	dropped(by)(p)
	p.raw(p.actor, strings.Replace(p.createOf(by), `"Quotation"`, `"Note"`, 1), 0)
	st := p.mirrored(p.doc.ID)
	if st.Visibility != domain.Public || st.Content != "I really like this quote" || st.Quote != 0 {
		p.t.Errorf("the post is %+v", st)
	}
	if q, err := p.st.Reader().Quote(p.ctx, st.ID); !domain.Is(err, domain.NotFound) {
		p.t.Errorf("it quotes %+v, %v", q, err)
	}
}

// repaired asserts the text that is stored of a document with bytes that no
// database takes.
func repaired(p *payload) {
	id := p.object()
	found, err := p.remote.Resolve(p.ctx, id)
	st := p.mirrored(id)
	if err != nil || found.Status != st.ID || st.Content != "<p>x\ufffdyz</p>" {
		p.t.Errorf("found %+v, %v; the post is %+v", found, err, st)
	}
}

// deeplyNested asserts that what is unknown does not keep the rest from being
// read.
func deeplyNested(p *payload) {
	mirroredAs(domain.Public)(p)
	if st := p.mirrored(p.object()); st.Content != "<p>odd</p>" {
		p.t.Errorf("the post is %+v", st)
	}
}

// spoofed asserts that a post is not taken of an author who is on another host
// than its id, by the letter or from its host.
func spoofed(p *payload) {
	id := p.object()
	p.arrive()
	p.wantOutcome(inbox.Refused)
	if n := p.hits(id); n > 1 {
		p.t.Errorf("its host was asked %d times", n)
	}
	if found, err := p.remote.Resolve(p.ctx, id); err == nil {
		p.t.Errorf("found %+v", found)
	}
	p.wantEvents("the letter")
	p.nothingOf(id)
}

// retallied asserts new counts, and that they are no edit.
func retallied(p *payload) {
	id := p.object()
	p.docs[id] = noteOf(p.t, "mastodon/create-question-single.json")
	was, err := p.remote.Status(p.ctx, id)
	p.must(err)
	before, err := p.st.Reader().AnyPoll(p.ctx, was.Poll)
	p.must(err)
	p.settle()
	p.heard()
	p.arrive()
	p.wantEvents("new counts", domain.EventStatusRefreshed)
	want := p.doc.Activity.Object().Doc.Note.Poll
	poll, err := p.st.Reader().AnyPoll(p.ctx, was.Poll)
	p.must(err)
	if poll.VotersCount != want.Voters || poll.VotersCount == before.VotersCount || len(poll.Options) != len(want.Options) {
		p.t.Errorf("the poll is %+v, was %+v", poll, before)
	}
	for i, o := range want.Options {
		if poll.Options[i].Title != o.Title || poll.Options[i].Votes != o.Votes {
			p.t.Errorf("option %d is %+v, want %+v", i, poll.Options[i], o)
		}
	}
	edits, err := p.st.Reader().Edits(p.ctx, was.ID)
	if now := p.mirrored(id); err != nil || len(edits) != 0 || !now.EditedAt.IsZero() || poll.Expired(p.clock.Now()) != want.Closed {
		p.t.Errorf("%d versions, %v; edited at %s", len(edits), err, now.EditedAt)
	}
}

// articled asserts what is shown of an article.
func articled(p *payload) {
	mirroredAs(domain.Public)(p)
	st := p.mirrored(p.object())
	link := "http://wordpress.example/blog/an-epic-3d-printed-fan-expansion-for-last-light/"
	if want := "<p><strong>Printing “ships”</strong></p>I printed 45 ships."; !strings.Contains(st.Content, want) || !strings.Contains(st.Content, `href="`+link+`"`) {
		p.t.Errorf("it says %s", st.Content)
	}
	if st.URL != link || st.Spoiler != "" || st.Sensitive || st.Language != "en" || st.EditedAt.IsZero() {
		p.t.Errorf("the article is %+v", st)
	}
	list, err := p.st.Reader().Attachments(p.ctx, []domain.ID{st.ID})
	if err != nil || len(list) != 2 || list[1].RemoteURL != "http://wordpress.example/i.png" || list[1].Description != "ships" {
		p.t.Errorf("its media are %+v, %v", list, err)
	}
	p.wantTags(st, "3dprinting", "ai", "boardgames", "genai", "lastlight")
}

// ownedOnly asserts that a post which names nobody is dropped, unless it came
// to somebody's own inbox: then that one alone may read it.
func ownedOnly(p *payload) {
	id := p.object()
	p.arrive()
	p.wantOutcome(inbox.Unwanted)
	p.nothingOf(id)
	p.raw(p.actor, p.body, p.id("bob"))
	st := p.mirrored(id)
	if st.Account != p.actor.ID || st.Visibility != domain.Direct {
		p.t.Errorf("the post is %+v", st)
	}
	for _, name := range []string{"bob", "carol"} {
		if _, err := p.st.Reader().Status(p.ctx, p.id(name), st.ID); (err == nil) != (name == "bob") {
			p.t.Errorf("shown to %s: %v", name, err)
		}
	}
	list, err := p.st.Reader().Mentions(p.ctx, []domain.ID{st.ID})
	if err != nil || len(list) != 1 || !list[0].Silent || list[0].Account != p.id("bob") {
		p.t.Errorf("it names %+v, %v", list, err)
	}
}

// shownByGroup asserts that a post which names nobody is dropped, and shown
// once the group that it is for announces it.
func shownByGroup(p *payload) {
	id, group := p.object(), p.doc.Activity.Object().Doc.Note.Audience[0]
	p.arrive()
	p.wantOutcome(inbox.Unwanted)
	p.nothingOf(id)
	p.show(actor(group).with(doc{"type": "Group"}))
	g, err := p.remote.Actor(p.ctx, group)
	p.must(err)
	p.follow("bob", g)
	p.says(group, doc{"id": group + "#announce", "type": "Announce", "object": id, "to": []string{public}})
	st := p.mirrored(id)
	if st.Account != p.actor.ID || st.Visibility != domain.Public || !strings.Contains(st.Content, "Notes.") {
		p.t.Errorf("the post is %+v", st)
	}
	if b := p.mirrored(group + "#announce"); b.ReblogOf != st.ID || b.Account != g.ID {
		p.t.Errorf("the boost is %+v", b)
	}
}

func TestOnlyItsGroupShowsAPostThatNamesNobody(t *testing.T) {
	t.Parallel()
	p := openPayload(t, "discourse/note-with-name.json")
	other := p.actor.URI + "0"
	p.show(actor(other).with(doc{"type": "Group"}))
	g, err := p.remote.Actor(p.ctx, other)
	p.must(err)
	p.follow("bob", g)
	p.says(other, doc{"id": other + "#announce", "type": "Announce", "object": p.object(), "to": []string{public}})
	if st := p.mirrored(p.object()); st.ID != 0 && st.Visibility != domain.Direct || p.mirrored(other+"#announce").ID != 0 {
		t.Errorf("the post is %+v", st)
	}
}
