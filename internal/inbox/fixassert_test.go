package inbox_test

import (
	"strings"
	"testing"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/inbox"
	"coterie/internal/relation"
)

// object is the id of what the activity is about.
func (p *payload) object() string { return p.doc.Activity.Object().ID }

func (p *payload) wantOutcome(o inbox.Outcome) {
	p.t.Helper()
	if p.outcome(o) == 0 {
		p.inbox.Stats().Each(func(k inbox.Outcome, n int64) {
			if n > 0 {
				p.t.Errorf("the letter was %s, want %s", k, o)
			}
		})
	}
}

// mirroredAs asserts a status of the actor with that visibility, and the rows
// that make it up.
func mirroredAs(v domain.Visibility) func(*payload) {
	return func(p *payload) {
		p.arrive()
		st := p.mirrored(p.object())
		if st.ID == 0 || st.Account != p.actor.ID || st.Visibility != v {
			p.t.Errorf("the post is %+v, want %s", st, v)
			p.wantOutcome(inbox.Applied)
			return
		}
		p.wantStored(p.describePost(st))
	}
}

// favourited asserts a favourite of our post with that reaction.
func favourited(reaction string) func(*payload) {
	return func(p *payload) {
		p.aboutOurPost()
		p.arrive()
		p.wantEvents("a favourite", domain.EventFavourited)
		f, err := p.st.Reader().FavouriteByURI(p.ctx, p.actor.ID, p.doc.ID)
		if p.doc.ID != "" && (err != nil || f.Reaction != reaction) {
			p.t.Errorf("the favourite is %+v, %v", f, err)
		}
	}
}

// aboutOurPost makes the activity be about a post of bob's, if it is not.
func (p *payload) aboutOurPost() {
	if len(p.posts) > 0 {
		return
	}
	_, uri := p.post("bob")
	p.body = strings.ReplaceAll(p.body, `"`+p.object()+`"`, `"`+uri+`"`)
	p.heard()
}

// nothing asserts that no event and no row follows.
func nothing(o inbox.Outcome) func(*payload) {
	return func(p *payload) {
		p.arrive()
		p.wantEvents("the letter")
		p.wantOutcome(o)
	}
}

// followed asserts that the actor follows bob.
func followed(p *payload) {
	p.arrive()
	if k := p.stands(p.actor.ID, p.id("bob")); !k.Following {
		p.t.Errorf("they stand %+v", k)
	}
	p.wantEvents("a follow", domain.EventFollowed)
}

// deleted asserts that a post that was here is gone and stays away.
func deleted(p *payload) {
	id := p.object()
	p.says(p.actor.URI, create(note(p.actor.URI, id)))
	if p.mirrored(id).ID == 0 {
		p.t.Fatal("the post was not kept at first")
	}
	p.arrive()
	p.says(p.actor.URI, create(note(p.actor.URI, id)))
	if p.mirrored(id).ID != 0 {
		p.t.Error("the post is there")
	}
}

// edited asserts a new version, with the old one kept.
func edited(p *payload) {
	id := p.object()
	p.says(p.actor.URI, create(note(p.actor.URI, id).with(doc{"published": "2001-01-01T00:00:00Z"})))
	p.arrive()
	st := p.mirrored(id)
	edits, err := p.st.Reader().Edits(p.ctx, st.ID)
	if err != nil || len(edits) != 2 || edits[0].Content != "<p>hi</p>" || edits[1].Content != st.Content {
		p.t.Errorf("its history is %+v, %v", edits, err)
	}
	p.wantStored(p.describePost(st))
}

// saved asserts that the actor can be taken from its own host, with the rows
// that make it up; or not.
func saved(name string) func(*payload) {
	return func(p *payload) {
		id := p.doc.ID
		p.docs[id] = p.body
		a, err := p.remote.Actor(p.ctx, id)
		if name == "" {
			if err == nil {
				p.t.Errorf("an unusable actor became %+v", a)
			}
			return
		}
		if err != nil || a.Username != name || a.URI != id {
			p.t.Errorf("the account is %+v, %v", a, err)
			return
		}
		p.wantStored(p.describeActor(a))
	}
}

// boosted asserts a boost, of a post that its own host shows.
func boosted(p *payload) {
	if id := p.object(); p.docs[id] == "" && apub.Host(id) != p.urls.Host {
		author := "http://" + apub.Host(id) + "/users/somebody"
		p.show(actor(author))
		p.show(note(author, id))
	}
	p.arrive()
	st := p.mirrored(p.doc.ID)
	if st.ReblogOf == 0 || st.Account != p.actor.ID {
		p.t.Errorf("the boost is %+v", st)
		p.wantOutcome(inbox.Applied)
		return
	}
	f := &facts{}
	f.add(st.Visibility.String(), "boost by", p.actor.Acct(), "made="+at(st.CreatedAt), "of", p.uriOf(st.ReblogOf))
	p.wantStored(f)
}

func unboosted(p *payload) {
	inner := p.doc.Activity.Inner()
	for _, st := range p.posts {
		a := p.people["bob"]
		p.says(p.actor.URI, doc{"id": inner.ID, "type": "Announce", "object": p.urls.StatusURI(&st, &a), "to": public})
	}
	if p.mirrored(inner.ID).ID == 0 {
		p.t.Fatal("not boosted at first")
	}
	p.arrive()
	if p.mirrored(inner.ID).ID != 0 {
		p.t.Error("the boost is there")
	}
}

// answered asserts what becomes of a request of bob's.
func answered(yes bool) func(*payload) {
	return func(p *payload) {
		p.must(p.relation.Unfollow(p.ctx, p.id("bob"), p.actor.ID))
		p.must(p.relation.Follow(p.ctx, p.id("bob"), p.actor.ID, relation.FollowOptions{}))
		p.arrive()
		if k := p.stands(p.id("bob"), p.actor.ID); k.Following != yes || k.Requested {
			p.t.Errorf("they stand %+v", k)
		}
	}
}

func unfollowed(p *payload) {
	p.says(p.actor.URI, doc{"id": p.object(), "type": "Follow", "object": p.uri("bob")})
	p.heard()
	p.arrive()
	p.wantEvents("the end of a follow", domain.EventUnfollowed)
}

func unblocked(p *payload) {
	p.says(p.actor.URI, doc{"id": p.object(), "type": "Block", "object": p.uri("bob")})
	p.arrive()
	if k := p.stands(p.id("bob"), p.actor.ID); k.BlockedBy || k.Following {
		p.t.Errorf("they stand %+v", k)
	}
}

func moved(p *payload) {
	p.arrive()
	to, err := p.st.Reader().AccountByURI(p.ctx, p.doc.Activity.Target.ID)
	p.must(err)
	if k := p.stands(p.id("bob"), to.ID); !k.Requested {
		p.t.Errorf("bob stands %+v", k)
	}
}

// pinned asserts how many pins the actor has then.
func pinned(n int) func(*payload) {
	return func(p *payload) {
		if n == 0 {
			p.says(p.actor.URI, doc{"type": "Add", "object": p.object(), "target": p.doc.Activity.Target.ID})
		}
		p.arrive()
		if pins, err := p.st.Reader().Pins(p.ctx, p.actor.ID); err != nil || len(pins) != n {
			p.t.Errorf("%d pins, %v", len(pins), err)
			p.wantOutcome(inbox.Applied)
		}
	}
}

// relays asserts a mirrored post and no boost.
func relays(id string) func(*payload) {
	return func(p *payload) {
		r, err := p.rules.AddRelay(p.ctx, 0, "http://relay.example/actor/inbox", "")
		p.must(err)
		p.show(actor("http://relay.example/actor"))
		p.docs[id] = noteOf(p.t, "mastodon/create-note-public.json")
		p.docs["http://mastodon.example/users/alice"] = readFixture(p.t, "mastodon/actor-person.json")
		relay, err := p.remote.Actor(p.ctx, "http://relay.example/actor")
		p.must(err)
		p.must(p.rules.RelayAnswered(p.ctx, relay.ID, r.ID, true))
		p.raw(relay, p.body, 0)
		if p.mirrored(id).ID == 0 || p.mirrored(p.doc.ID).ReblogOf != 0 {
			p.t.Error("the relayed post is missing, or boosted")
			p.wantOutcome(inbox.Applied)
		}
	}
}

// noteOf is the post that a Create carries.
func noteOf(t testing.TB, file string) string {
	t.Helper()
	d, err := apub.Parse([]byte(readFixture(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	return string(d.Activity.Object().Doc.Raw)
}

// unfavourited asserts that a like by the actor is gone.
func unfavourited(p *payload) {
	p.aboutOurInner()
	for _, st := range p.posts {
		_, err := p.house.posts.Like(p.ctx, p.actor.ID, st.ID, likeOf(p))
		p.must(err)
	}
	p.settle()
	p.heard()
	p.arrive()
	p.wantEvents("an unfavourite", domain.EventUnfavourited)
}

// reportedOn asserts a report about somebody here.
func reportedOn(p *payload) {
	if p.people["bob"].ID == 0 {
		p.t.Fatal("no bob")
	}
	p.arrive()
	r, err := p.st.Reader().ReportByURI(p.ctx, p.doc.ID)
	if err != nil || r.Target == 0 {
		p.t.Errorf("the report is %+v, %v", r, err)
		p.wantOutcome(inbox.Applied)
		return
	}
	target, err := p.st.Reader().Account(p.ctx, r.Target)
	p.must(err)
	f := &facts{}
	f.add("report about", "@"+target.Acct(), "by", p.actor.Acct(), "comment:", long(r.Comment))
	for _, id := range r.Statuses {
		f.add("post", p.uriOf(id))
	}
	p.wantStored(f)
}

// voted asserts that our poll has a voter.
func voted(p *payload) {
	p.arrive()
	for _, st := range p.posts {
		poll, err := p.st.Reader().AnyPoll(p.ctx, st.Poll)
		if err != nil || poll.VotersCount != 1 {
			p.t.Errorf("the poll is %+v, %v", poll, err)
		}
		f := &facts{}
		p.describePoll(f, st.Poll)
		p.wantStored(f)
	}
	p.wantEvents("a vote", domain.EventPollVoted)
	if id := p.object(); id != "" && p.mirrored(id).ID != 0 {
		p.t.Error("the vote became a post")
	}
}

// described asserts the account as its own server describes it now.
func described(p *payload) {
	p.arrive()
	p.wantStored(p.describeActor(p.known(p.actor.URI)))
	p.wantOutcome(inbox.Applied)
}

// undoneByID asserts that a favourite is taken back by its id alone.
func undoneByID(p *payload) {
	_, uri := p.post("bob")
	p.says(p.actor.URI, doc{"id": p.object(), "type": "Like", "object": uri})
	p.heard()
	p.arrive()
	p.wantEvents("the end of a favourite", domain.EventUnfavourited)
	if f, err := p.st.Reader().FavouriteByURI(p.ctx, p.actor.ID, p.object()); !domain.Is(err, domain.NotFound) {
		p.t.Errorf("the favourite is %+v, %v", f, err)
	}
}

// asked asserts what an actor asks for first: it is done as if it had not.
func asked(kind domain.EventKind) func(*payload) {
	return func(p *payload) {
		p.arrive()
		p.wantEvents("the request", kind)
		id := p.doc.Activity.Instrument.ID
		if kind == domain.EventFavourited {
			if _, err := p.st.Reader().FavouriteByURI(p.ctx, p.actor.ID, id); err != nil {
				p.t.Errorf("the favourite: %v", err)
			}
			return
		}
		p.wantStored(p.describePost(p.mirrored(id)))
	}
}

// actorGone asserts that the actor is out of sight.
func actorGone(p *payload) {
	p.arrive()
	a, err := p.st.Reader().Account(p.ctx, p.actor.ID)
	if err != nil || !a.Suspended() {
		p.t.Errorf("the account is %+v, %v", a, err)
	}
}

func blocked(p *payload) {
	p.arrive()
	if k := p.stands(p.id("bob"), p.actor.ID); !k.BlockedBy || k.Following {
		p.t.Errorf("they stand %+v", k)
	}
}
