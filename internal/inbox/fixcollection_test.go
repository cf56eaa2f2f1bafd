package inbox_test

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/inbox"
	"coterie/internal/job"
	"coterie/internal/remote"
	"coterie/internal/store"
)

// alice is the account of whom the collections of Mastodon are.
const alice = "http://mastodon.example/users/alice"

// backfill has the profile of an actor completed, as when somebody opens it.
func (p *payload) backfill(uri string) domain.Account {
	p.t.Helper()
	a, err := p.remote.Actor(p.ctx, uri)
	p.must(err)
	p.must(p.remote.WantBackfill(p.ctx, a.ID))
	p.settle()
	return p.known(uri)
}

// synchronise has the actor's server say who here follows it, and where the
// list is.
func (p *payload) synchronise(actor domain.Account, list string, members ...string) {
	p.t.Helper()
	header := `collectionId="` + actor.URI + `/followers", url="` + list + `", digest="` + apub.FollowersDigest(members) + `"`
	p.write(func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, domain.JobSyncFollowers, remote.SyncJob{Actor: actor.ID, Header: header})
		return err
	})
	p.settle()
}

// followersCompared asserts that who is not listed follows no more, and that
// who is listed but does not follow says so.
func followersCompared(p *payload) {
	a, err := p.remote.Actor(p.ctx, alice)
	p.must(err)
	p.follow("carol", a)
	p.synchronise(a, p.doc.ID, p.uri("bob"))
	if p.stands(p.id("carol"), a.ID).Following {
		p.t.Error("carol, who is not listed, follows")
	}
	for _, e := range p.events {
		if e.Kind == domain.EventUnfollowed && e.Actor == p.id("bob") && e.Target == a.ID {
			return
		}
	}
	p.t.Errorf("bob, who does not follow, did not say so: %+v", p.events)
}

// recommended asserts that a search for the collection finds it with its
// topic, and nobody in it whose consent is not seen.
func recommended(p *payload) {
	p.docs[p.doc.ID] = p.body
	found, err := p.remote.Resolve(p.ctx, p.doc.ID)
	p.must(err)
	r := p.st.Reader()
	c, err := r.Collection(p.ctx, 0, found.Collection)
	p.must(err)
	if c.Name != "Gardeners" || c.Description != "People who post about gardens" || c.Tag.Name != "gardens" || c.URI != p.doc.ID || !c.Discoverable {
		p.t.Errorf("it is %+v", c)
	}
	items, err := r.ItemsIn(p.ctx, c.ID)
	p.must(err)
	if len(items) != 0 {
		p.t.Errorf("in it are %+v", items)
	}
	p.wantEvents("the look-up")
}

// countUnknown asserts that a count that cannot be is not believed, and that
// pages that go round in a circle are left at once, with nobody dropped.
func countUnknown(p *payload) {
	p.signs("http://odd.example/u/zed")
	if a := p.backfill(p.actor.URI); a.FollowersCount != 1 {
		p.t.Errorf("it has %d followers", a.FollowersCount)
	}
	one, two := p.doc.ID+"?p=1", p.doc.ID+"?p=2"
	page := doc{"type": "OrderedCollectionPage", "orderedItems": []string{}}
	p.show(page.with(doc{"id": one, "next": two}))
	p.show(page.with(doc{"id": two, "next": one}))
	p.synchronise(p.actor, one)
	if !p.stands(p.id("bob"), p.actor.ID).Following {
		p.t.Error("bob was dropped by a list without an end")
	}
	if p.hits(one) != 1 || p.hits(two) != 1 {
		p.t.Errorf("the pages were asked for %d and %d times", p.hits(one), p.hits(two))
	}
}

// featured asserts the pins of the account, and none of another's posts.
func featured(p *payload) {
	foreign := "http://other.example/notes/5"
	p.show(actor("http://other.example/users/carol"))
	p.show(note("http://other.example/users/carol", foreign))
	items := p.doc.Collection.Items
	p.docs[items[0].ID] = string(items[0].Doc.Raw)
	p.docs[p.doc.ID] = strings.Replace(p.body, `"orderedItems": [`, `"orderedItems": ["`+foreign+`",`, 1)
	a := p.backfill(alice)
	st := p.mirrored(items[0].ID)
	if pins, err := p.st.Reader().Pins(p.ctx, a.ID); err != nil || len(pins) != 1 || pins[0] != st.ID || st.Account != a.ID {
		p.t.Errorf("the pins are %v, %v; the post is %+v", pins, err, st)
	}
	p.wantTags(st, "activitypub", "fediverse", "reddit")
}

// tagged asserts the hashtags on the profile of an actor, by their names.
func (p *payload) tagged(uri string, want ...string) {
	p.t.Helper()
	list, err := p.st.Reader().FeaturedTags(p.ctx, p.known(uri).ID)
	p.must(err)
	var got []string
	for _, f := range list {
		got = append(got, f.Tag.Name)
	}
	if !slices.Equal(got, want) {
		p.t.Errorf("the hashtags on the profile are %q, want %q", got, want)
	}
}

// featuredTags asserts the hashtags on a profile, as they are listed last.
func featuredTags(p *payload) {
	p.backfill(alice)
	p.tagged(alice, "gardens")
	p.docs[p.doc.ID] = strings.ReplaceAll(p.body, "gardens", "soup")
	p.clock.Add(8 * 24 * time.Hour)
	p.backfill(alice)
	p.tagged(alice, "soup")
}

// featuredTag asserts a hashtag on the profile, which is no pin, and that it is
// taken off again.
func featuredTag(p *payload) {
	p.arrive()
	p.tagged(p.actor.URI, "gardens")
	if pins, err := p.st.Reader().Pins(p.ctx, p.actor.ID); err != nil || len(pins) != 0 {
		p.t.Errorf("the pins are %v, %v", pins, err)
	}
	p.body = strings.ReplaceAll(p.body, `"Add"`, `"Remove"`)
	p.arrive()
	p.tagged(p.actor.URI)
}

// wantTags asserts the hashtags of a status, in alphabetical order.
func (p *payload) wantTags(st domain.Status, want ...string) {
	p.t.Helper()
	list, err := p.st.Reader().StatusTags(p.ctx, []domain.ID{st.ID})
	p.must(err)
	var got []string
	for _, t := range list {
		got = append(got, t.Tag.Name)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		p.t.Errorf("the hashtags are %q, want %q", got, want)
	}
}

// walked asserts that the posts which the collection names, or its pages, are
// fetched, each once and from its own host.
func walked(ids ...string) func(*payload) {
	return func(p *payload) {
		p.docs[alicesPost] = noteOf(p.t, "mastodon/create-note-public.json")
		p.docs[p.doc.ID] = p.body
		if p.doc.Collection.Page {
			whole := strings.TrimSuffix(p.doc.ID, "?page=true")
			p.docs[whole] = encode(doc{"id": whole, "type": "Collection", "first": p.doc.ID})
			p.docs[alicesPost] = strings.Replace(p.docs[alicesPost], `"replies": {`, `"replies": "`+whole+`", "x": {`, 1)
		}
		p.show(actor("http://other.example/users/carol"))
		for _, id := range ids {
			by := alice
			if apub.Host(id) == "other.example" {
				by = "http://other.example/users/carol"
			}
			p.show(note(by, id).with(doc{"inReplyTo": alicesPost}))
		}
		st, err := p.remote.Status(p.ctx, alicesPost)
		p.must(err)
		_, err = p.remote.WalkReplies(p.ctx, st.ID)
		p.must(err)
		p.settle()
		for _, id := range ids {
			if got := p.mirrored(id); got.InReplyTo != st.ID || got.Conversation != st.Conversation {
				p.t.Errorf("%s is %+v", id, got)
			}
			if n := p.hits(id); n != 1 {
				p.t.Errorf("%s was asked for %d times", id, n)
			}
		}
	}
}

// unpacked asserts that of a collection only what the signer itself says is
// done.
func unpacked(p *payload) {
	p.signs("http://odd.example/u/zed")
	other := p.stranger(p.doc.Collection.Items[1].Doc.Activity.Actor)
	p.arrive()
	p.wantEvents("the collection", domain.EventFavourited)
	for i, by := range []domain.Account{p.actor, other} {
		_, err := p.st.Reader().FavouriteByURI(p.ctx, by.ID, p.doc.Collection.Items[i].ID)
		if got := err == nil; got != (i == 0) {
			p.t.Errorf("the like by %s is there: %v, %v", by.URI, got, err)
		}
	}
}

// dated asserts when the posts were made: what cannot be read is missing, and
// what is missing is now.
func dated(p *payload) {
	p.signs("http://odd.example/u/zed")
	ten := time.Date(2026, 6, 2, 10, 0, 0, 0, time.UTC)
	want := []time.Time{ten, ten.Add(123 * time.Millisecond), ten, ten, ten, ten, ten.Truncate(24 * time.Hour)}
	for i, item := range p.doc.Collection.Items {
		p.says(p.actor.URI, doc{"id": item.ID + "#c", "type": "Create", "object": json.RawMessage(item.Doc.Raw)})
		at := p.clock.Now()
		if i < len(want) {
			at = want[i]
		}
		if st := p.mirrored(item.ID); !st.CreatedAt.Equal(at) {
			p.t.Errorf("number %d was made at %s, want %s", i, st.CreatedAt, at)
		}
	}
}

// outboxed asserts that what a group passed on is found through its outbox.
func outboxed(p *payload) {
	group, riker := "http://lemmy2.example/c/testcom", "http://lemmy2.example/u/riker"
	p.show(actor(group).with(doc{"type": "Group", "outbox": p.doc.ID}))
	p.show(actor(riker))
	for _, item := range p.doc.Collection.Items {
		page := item.Doc.Activity.Inner().Object()
		p.docs[page.ID] = string(page.Doc.Raw)
	}
	g := p.backfill(group)
	for _, item := range p.doc.Collection.Items {
		page := item.Doc.Activity.Inner().Object()
		st := p.mirrored(page.ID)
		if st.Account != p.known(riker).ID || !strings.Contains(st.Content, page.Doc.Note.Name) {
			p.t.Errorf("%s is %+v", page.ID, st)
		}
		if b := p.mirrored(item.ID); b.ReblogOf != st.ID || b.Account != g.ID {
			p.t.Errorf("the boost by the group is %+v", b)
		}
	}
}

// passedOn asserts a post by its author, read from its own host, and a boost of
// it by the group.
func passedOn(p *payload) {
	page := p.doc.Activity.Inner().Object()
	p.show(actor(page.Doc.Note.Author))
	p.docs[page.ID] = strings.Replace(string(page.Doc.Raw), "post 4", "post four", 1)
	p.arrive()
	st := p.mirrored(page.ID)
	if st.ID == 0 || st.Account != p.known(page.Doc.Note.Author).ID || st.Visibility != domain.Public || !strings.Contains(st.Content, "post four") {
		p.t.Errorf("the post is %+v", st)
		p.wantOutcome(inbox.Applied)
	}
	if b := p.mirrored(p.doc.ID); b.ReblogOf != st.ID || b.Account != p.actor.ID || b.Visibility != domain.Public {
		p.t.Errorf("the boost is %+v", b)
	}
}

// editPassedOn asserts an edit with its history, and no boost.
func editPassedOn(p *payload) {
	article := p.doc.Activity.Inner().Object()
	p.docs[article.ID] = encode(note(article.Doc.Note.Author, article.ID).with(doc{"type": "Article", "published": "2024-05-03T12:32:29Z"}))
	was, err := p.remote.Status(p.ctx, article.ID)
	p.must(err)
	p.docs[article.ID] = string(article.Doc.Raw)
	p.arrive()
	now := p.mirrored(article.ID)
	if !now.EditedAt.Equal(article.Doc.Note.Updated) || !strings.Contains(now.Content, "<p><strong>Lemmy (Part 4)</strong></p>An article.") {
		p.t.Errorf("the article is %+v", now)
		p.wantOutcome(inbox.Applied)
	}
	edits, err := p.st.Reader().Edits(p.ctx, was.ID)
	if err != nil || len(edits) != 2 || edits[0].Content != was.Content {
		p.t.Errorf("its history is %+v, %v", edits, err)
	}
	p.nothingOf(p.doc.ID)
}

// collectionAsked asserts that who does not want to be found is put into no
// collection, and that its owner hears so.
func collectionAsked(p *payload) {
	p.arrive()
	p.wantEvents("the request", domain.EventFeatureRefused)
	if _, err := p.st.Reader().CollectionByURI(p.ctx, p.doc.Activity.Instrument.ID); !domain.Is(err, domain.NotFound) {
		p.t.Errorf("the collection is kept: %v", err)
	}
}
