package inbox_test

import (
	"net/url"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/store"
)

// known is the account with that actor id, its zero value if there is none.
func (p *payload) known(uri string) domain.Account {
	p.t.Helper()
	a, err := p.st.Reader().AccountByURI(p.ctx, uri)
	if err != nil && !domain.Is(err, domain.NotFound) {
		p.t.Fatal(err)
	}
	return a
}

// fingerAt is where a host answers who has a handle.
func fingerAt(user, handleHost, host string) string {
	return "http://" + host + "/.well-known/webfinger?resource=acct%3A" + url.QueryEscape(user) + "%40" + handleHost
}

// nothingOf asserts that neither a post nor an account has that id.
func (p *payload) nothingOf(uri string) {
	p.t.Helper()
	if st, a := p.mirrored(uri), p.known(uri); st.ID != 0 || a.ID != 0 {
		p.t.Errorf("of %s there is the post %d and the account %d", uri, st.ID, a.ID)
	}
}

// unread asserts that a search for the document finds nothing, and that
// nothing is kept of it.
func unread(p *payload) {
	p.docs[p.doc.ID] = p.body
	if found, err := p.remote.Resolve(p.ctx, p.doc.ID); !domain.Is(err, domain.NotFound) {
		p.t.Errorf("it is %+v, %v", found, err)
	}
	p.nothingOf(p.doc.ID)
	p.wantEvents("the look-up")
}

// learnt has bob follow the actor of the payload as another fixture shows it,
// then what the payload says of it is fetched.
func (p *payload) learnt(before string) (was, now domain.Account) {
	p.t.Helper()
	p.docs[p.doc.ID] = readFixture(p.t, before)
	was, err := p.remote.Actor(p.ctx, p.doc.ID)
	p.must(err)
	p.follow("bob", was)
	p.docs[p.doc.ID] = p.body
	_, err = p.remote.Refresh(p.ctx, p.doc.ID)
	p.must(err)
	p.settle()
	p.heard()
	return was, p.known(p.doc.ID)
}

// redirected asserts that the account names its new one, and that nobody was
// moved by that alone.
func redirected(p *payload) {
	_, now := p.learnt("mastodon/actor-person.json")
	to := p.known("http://elsewhere.example/users/alice")
	if now.MovedTo == 0 || now.MovedTo != to.ID {
		p.t.Errorf("it moved to %d, want %d", now.MovedTo, to.ID)
	}
	if !p.stands(p.id("bob"), now.ID).Following || p.stands(p.id("bob"), to.ID).Requested {
		p.t.Error("bob was moved without a Move")
	}
	if err := p.relation.Follow(p.ctx, p.id("carol"), now.ID, relation.FollowOptions{}); !domain.Is(err, domain.Forbidden) {
		p.t.Errorf("a follow of an account that moved away: %v", err)
	}
}

// suspendedThere asserts that its own server alone suspends it and lets it go.
func suspendedThere(p *payload) {
	p.docs[p.doc.ID] = readFixture(p.t, "mastodon/actor-person.json")
	_, err := p.remote.Actor(p.ctx, p.doc.ID)
	p.must(err)
	id := p.doc.ID + "/statuses/1"
	p.says(p.doc.ID, create(note(p.doc.ID, id).with(doc{"tag": []doc{{"type": "Mention", "href": p.uri("bob")}}, "cc": []string{p.uri("bob")}})))
	seen := func() bool {
		_, err := p.st.Reader().Status(p.ctx, p.id("bob"), p.mirrored(id).ID)
		return err == nil
	}
	if !seen() {
		p.t.Fatal("the post is not there")
	}
	_, now := p.learnt("mastodon/actor-person.json")
	p.write(func(tx *store.Tx) error { return tx.Unsuspend(now.ID, domain.ByStaff) })
	if a := p.known(p.doc.ID); a.SuspendedBy != domain.ByOrigin || seen() {
		p.t.Errorf("suspended by %d, its post shown %v", a.SuspendedBy, seen())
	}
	p.docs[p.doc.ID] = readFixture(p.t, "mastodon/actor-person.json")
	p.raw(now, `{"id":"`+p.doc.ID+`#updates/2","type":"Update","actor":"`+p.doc.ID+`","object":`+p.docs[p.doc.ID]+`}`, 0)
	if a := p.known(p.doc.ID); a.Suspended() || !seen() {
		p.t.Errorf("it stays suspended by %d, its post shown %v", a.SuspendedBy, seen())
	}
}

// keptWhole asserts that a bare copy takes nothing away.
func keptWhole(p *payload) {
	was, now := p.learnt("mastodon/actor-person.json")
	if now.DisplayName == "" || now.DisplayName != was.DisplayName || now.NoteHTML != was.NoteHTML || len(now.Fields) != len(was.Fields) {
		p.t.Errorf("the account became %+v", now)
	}
	keys, err := p.st.Reader().ActorKeys(p.ctx, now.ID)
	x, err2 := p.st.Reader().Actor(p.ctx, now.ID)
	if err != nil || err2 != nil || len(keys) != 1 || x.Featured == "" || x.Avatar == "" {
		p.t.Errorf("%d keys, %v; %+v, %v", len(keys), err, x, err2)
	}
}

// withoutKey asserts an account of which no key is believed.
func withoutKey(p *payload) {
	saved("zed")(p)
	keys, err := p.st.Reader().ActorKeys(p.ctx, p.known(p.doc.ID).ID)
	if err != nil || len(keys) != 0 {
		p.t.Errorf("the keys are %+v, %v", keys, err)
	}
	if _, _, err := p.remote.Key(p.ctx, p.doc.ID+"#main-key"); err == nil {
		p.t.Error("the key of another was taken")
	}
}

func oddlyNamed(p *payload) {
	saved("zed.the-great_1")(p)
	if a := p.known(p.doc.ID); a.DisplayName != "evil name" || a.Domain != "odd.example" {
		p.t.Errorf("the account is %+v", a)
	}
}

// fingered asserts the account to which the handle leads.
func fingered(p *payload) {
	p.docs[fingerAt("alice", "mastodon.example", "mastodon.example")] = p.body
	found, err := p.remote.Resolve(p.ctx, "@alice@mastodon.example")
	p.must(err)
	a := p.known("http://mastodon.example/users/alice")
	if a.ID == 0 || found.Account != a.ID || a.Acct() != "alice@mastodon.example" || a.URL != "http://mastodon.example/@alice" {
		p.t.Errorf("found %+v, the account is %+v", found, a)
	}
}

// unfingered asserts that the handle leads nowhere, so that its actor cannot
// be taken either.
func unfingered(p *payload) {
	id := "http://odd.example/u/zed"
	p.show(actor(id))
	p.docs[fingerAt("zed", "odd.example", "odd.example")] = p.body
	if _, err := p.remote.Resolve(p.ctx, "zed@odd.example"); !domain.Is(err, domain.NotFound) {
		p.t.Errorf("the handle leads somewhere: %v", err)
	}
	if a, err := p.remote.Actor(p.ctx, id); err == nil {
		p.t.Errorf("the actor became %+v", a)
	}
	p.nothingOf(id)
}

// fingeredElsewhere asserts that another handle is taken only if its own host
// leads back.
func fingeredElsewhere(p *payload) {
	id := "http://odd.example/u/zed"
	brand := fingerAt("zed", "brand.example", "brand.example")
	for _, back := range []string{"", "http://brand.example/u/zed", id} {
		p.docs[id] = encode(actor(id))
		p.docs[fingerAt("zed", "odd.example", "odd.example")] = p.body
		delete(p.docs, brand)
		if back != "" {
			p.docs[brand] = strings.ReplaceAll(p.body, id, back)
		}
		p.clock.Add(time.Hour) // a failure is remembered for a while
		_, err := p.remote.Resolve(p.ctx, "zed@odd.example")
		a := p.known(id)
		if back == id {
			if err != nil || a.Acct() != "zed@brand.example" {
				p.t.Errorf("the account is %+v, %v", a, err)
			}
			continue
		}
		if err == nil || a.ID != 0 {
			p.t.Errorf("led back to %q it is %+v", back, a)
		}
	}
}

// related asserts a relay's yes to the follow that it names, and to no other.
func related(p *payload) {
	r, err := p.rules.AddRelay(p.ctx, 0, "http://relay.example/actor/inbox", "")
	p.must(err)
	state := func() domain.RelayState {
		now, err := p.st.Reader().Relay(p.ctx, r.ID)
		p.must(err)
		return now.State
	}
	p.arrive()
	if state() != domain.RelayPending {
		p.t.Errorf("a yes to another follow makes it %s", state())
	}
	p.body = strings.ReplaceAll(p.body, `"http://coterie.example/6ae15297"`, `"`+p.urls.RelayFollow(r.ID)+`"`)
	p.arrive()
	if state() != domain.RelayAccepted {
		p.t.Errorf("the relay is %s", state())
	}
	if ok, err := p.rules.IsRelay(p.ctx, p.actor.ID); !ok {
		p.t.Errorf("its posts are not taken: %v", err)
	}
}

// asksRelay asserts that adding a relay is what makes us send the payload, and
// that nobody makes us follow by sending it to us.
func asksRelay(p *payload) {
	r, err := p.rules.AddRelay(p.ctx, 0, "http://relay.example/actor/inbox", "")
	p.must(err)
	p.settle()
	p.wantEvents("a relay that was added", domain.EventRelayAdded)
	if a := p.doc.Activity; a.Actor != p.urls.InstanceActor() || a.Object().ID != apub.Public {
		p.t.Errorf("it is %s following %s", a.Actor, a.Object().ID)
	}
	relay := p.stranger("http://relay.example/actor")
	p.raw(relay, p.body, 0)
	p.wantEvents("our own follow come back")
	if now, err := p.st.Reader().Relay(p.ctx, r.ID); err != nil || now.State != domain.RelayPending {
		p.t.Errorf("the relay is %+v, %v", now, err)
	}
}

// asksAnotherRelay asserts that a follow of what is not here leaves nothing,
// and that a relay of this kind may follow us back once it said yes.
func asksAnotherRelay(p *payload) {
	p.arrive()
	p.wantEvents("a follow of another server")
	if f, err := p.st.Reader().FollowByURI(p.ctx, p.actor.ID, p.doc.ID); !domain.Is(err, domain.NotFound) {
		p.t.Errorf("the follow is %+v, %v", f, err)
	}
	p.body = strings.ReplaceAll(p.body, "http://relay.example/actor", p.urls.InstanceActor())
	p.arrive()
	p.wantEvents("a follow of the community by anybody", domain.EventFollowRejected)
	r, err := p.rules.AddRelay(p.ctx, 0, p.actor.URI+"/inbox", p.actor.URI)
	p.must(err)
	p.must(p.rules.RelayAnswered(p.ctx, p.actor.ID, r.ID, true))
	p.settle()
	p.heard()
	p.arrive()
	// By it the fan-out says yes.
	p.wantEvents("the follow back of a relay", domain.EventFollowRepeated)
}

// softwareKnown asserts what is known of a host by NodeInfo: the name and the
// version of its software, and nothing that it counts.
func softwareKnown(p *payload) {
	p.docs["http://mastodon.example/.well-known/nodeinfo"] = readFixture(p.t, "mastodon/nodeinfo-wellknown.json")
	p.docs["http://mastodon.example/nodeinfo/2.0"] = readFixture(p.t, "mastodon/nodeinfo-2.0.json")
	p.backfill(alice)
	if h, err := p.st.Reader().Host(p.ctx, "mastodon.example"); err != nil || h.Software != "mastodon 4.6.0" {
		p.t.Errorf("the host is %+v, %v", h, err)
	}
	if n := p.hits("http://mastodon.example/nodeinfo/"); n != 1 {
		p.t.Errorf("it was asked %d times", n)
	}
}
