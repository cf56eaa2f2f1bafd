package inbox_test

import (
	"encoding/json"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/inbox"
)

const alicesPost = "http://mastodon.example/users/alice/statuses/116000000000000001"

// wantQuote asserts how the quote of a status stands.
func (p *payload) wantQuote(what string, status domain.ID, state domain.QuoteState) domain.Quote {
	p.t.Helper()
	q, err := p.st.Reader().Quote(p.ctx, status)
	if err != nil || q.State != state {
		p.t.Errorf("%s: the quote is %+v, %v, want %s", what, q, err, state)
	}
	return q
}

// ourQuote is a quote by bob of alice's post that waits for her leave, put in
// place of the one that the payload names.
func (p *payload) ourQuote(named string) domain.Status {
	p.t.Helper()
	p.docs[alicesPost] = noteOf(p.t, "mastodon/create-note-public.json")
	quoted, err := p.remote.Status(p.ctx, alicesPost)
	p.must(err)
	st, uri := p.post("bob", func(c *domain.Compose) { c.Quote = quoted.ID })
	p.wantQuote("at first", st.ID, domain.QuotePending)
	bob := p.people["bob"]
	if old, ok := p.posts[named]; ok {
		p.body = strings.ReplaceAll(p.body, p.urls.StatusURI(&old, &bob), uri)
	}
	i := strings.Index(p.body, p.uri("bob")+"#quote_requests/")
	if i >= 0 {
		end := i + strings.IndexByte(p.body[i:], '"')
		p.body = strings.ReplaceAll(p.body, p.body[i:end], p.urls.DeedURI(&bob, domain.DeedQuote, st.ID))
	}
	p.heard()
	return st
}

// quoteAnswered asserts what becomes of our request.
func quoteAnswered(named string, state domain.QuoteState, kind domain.EventKind) func(*payload) {
	return func(p *payload) {
		st := p.ourQuote(named)
		bob := p.people["bob"]
		stamp := readFixture(p.t, "mastodon/quote-authorization.json")
		p.docs["http://mastodon.example/users/alice/quote_authorizations/5"] = strings.ReplaceAll(stamp, "http://coterie.example/notes/90", p.urls.StatusURI(&st, &bob))
		p.arrive()
		q := p.wantQuote("answered", st.ID, state)
		if state == domain.QuoteAccepted && q.ApprovalURI != p.doc.Activity.Result.ID {
			p.t.Errorf("the authorization is %q", q.ApprovalURI)
		}
		// By it the fan-out tells the audience of the quote.
		p.wantEvents("the answer", kind)
	}
}

// quoteTakenBack asserts the end of a leave, and that the audience hears it.
func quoteTakenBack(p *payload) {
	st := p.ourQuote("")
	p.must(p.house.posts.QuoteAccepted(p.ctx, p.actor.ID, st.ID, p.object()))
	p.settle()
	p.heard()
	p.arrive()
	p.wantQuote("taken back", st.ID, domain.QuoteRevoked)
	p.wantEvents("the end of a leave", domain.EventQuoteRevoked)
}

// quoteStamped asserts that a stamp counts where it names both posts and is on
// the host of who is quoted.
func quoteStamped(p *payload) {
	p.docs[alicesPost] = noteOf(p.t, "mastodon/create-note-public.json")
	p.signs("http://other.example/users/carol")
	id := p.actor.URI + "/statuses/90"
	stamp := strings.ReplaceAll(p.body, p.doc.Consent.Object, id)
	for i, c := range []struct {
		what, at, stamp string
		want            domain.QuoteState
	}{
		{"for another quote", p.doc.ID, p.body, domain.QuotePending},
		{"of another host", "http://other.example/stamp", strings.ReplaceAll(stamp, p.doc.ID, "http://other.example/stamp"), domain.QuotePending},
		{"of another author", p.doc.ID, strings.ReplaceAll(stamp, `"http://mastodon.example/users/alice"`, `"http://mastodon.example/users/eve"`), domain.QuotePending},
		{"for another post", p.doc.ID, strings.ReplaceAll(stamp, alicesPost, alicesPost+"0"), domain.QuotePending},
		{"as it is", p.doc.ID, stamp, domain.QuoteAccepted},
	} {
		n := id + strings.Repeat("0", i)
		p.docs[c.at] = strings.ReplaceAll(c.stamp, id, n)
		p.says(p.actor.URI, create(note(p.actor.URI, n).with(doc{"quote": alicesPost, "quoteAuthorization": c.at})))
		p.wantQuote(c.what, p.mirrored(n).ID, c.want)
	}
}

// quoteOfOurs asserts that a quote of ours counts by our own leave, whatever
// it says itself, and no longer than that.
func quoteOfOurs(p *payload) {
	p.arrive()
	st := p.mirrored(p.object())
	p.wantQuote("not asked for", st.ID, domain.QuotePending)
	if !strings.Contains(st.Content, `class="quote-inline"`) {
		p.t.Errorf("what clients hide is not marked: %s", st.Content)
	}
	var ours domain.Status
	for _, post := range p.posts {
		ours = post
	}
	bob := p.people["bob"]
	p.says(p.actor.URI, doc{
		"id": p.actor.URI + "#quote_requests/6", "type": "QuoteRequest", "object": p.urls.StatusURI(&ours, &bob),
		"instrument": json.RawMessage(p.doc.Activity.Object().Doc.Raw),
	})
	p.arrive()
	p.wantQuote("asked for", st.ID, domain.QuoteAccepted)
	if now, err := p.st.Reader().AnyStatus(p.ctx, ours.ID); err != nil || now.QuotesCount != 1 {
		p.t.Errorf("%d quotes, %v", now.QuotesCount, err)
	}
	p.must(p.house.posts.RevokeQuote(p.ctx, bob.ID, ours.ID, st.ID))
	p.says(p.actor.URI, doc{"id": p.actor.URI + "#u/1", "type": "Update", "object": json.RawMessage(p.doc.Activity.Object().Doc.Raw)})
	p.wantQuote("taken back", st.ID, domain.QuoteRevoked)
}

// quoteAsked asserts that the request is answered with yes, and the row by
// which the quote counts.
func quoteAsked(p *payload) {
	id := p.doc.Activity.Instrument.ID
	if p.doc.Activity.Instrument.Doc == nil {
		p.docs[id] = encode(note(p.actor.URI, id).with(doc{"quote": p.object()}))
	}
	p.arrive()
	if got := p.heard(); !slices.Contains(got, domain.EventQuoteAccepted) {
		p.t.Errorf("events %v", got)
		p.wantOutcome(inbox.Applied)
	}
	q := p.wantQuote("asked for", p.mirrored(id).ID, domain.QuoteAccepted)
	for _, ours := range p.posts {
		if q.Quoted != ours.ID || q.Account != p.actor.ID || q.RequestURI != p.doc.ID {
			p.t.Errorf("the quote is %+v", q)
		}
	}
}

// quoteAskedBare asserts that what quotes is read from its own host, where its
// author must be who asks.
func quoteAskedBare(p *payload) {
	id := p.doc.Activity.Instrument.ID
	eve := "http://mastodon.example/users/eve"
	p.show(actor(eve))
	p.docs[id] = encode(note(eve, id).with(doc{"quote": p.object()}))
	p.arrive()
	if got := p.heard(); slices.Contains(got, domain.EventQuoteAccepted) {
		p.t.Error("a quote of another's was granted")
	}
	p.wantQuote("by another", p.mirrored(id).ID, domain.QuotePending)
	next := id + "0"
	p.body = strings.ReplaceAll(p.body, id, next)
	p.doc.Activity.Instrument.ID = next
	quoteAsked(p)
}
