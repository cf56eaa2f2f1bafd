package inbox_test

import (
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/inbox"
	"coterie/internal/store"
)

// replyApproved asserts that the approval of an answer is kept once it was seen
// to name both posts, and that others are sent the answer again.
func replyApproved(p *payload) {
	parent, approval := p.doc.Activity.Target.ID, p.doc.Activity.Result.ID
	p.docs[parent] = readFixture(p.t, "gotosocial/note-policy-single-values.json")
	answered, err := p.remote.Status(p.ctx, parent)
	p.must(err)
	st, uri := p.post("bob", func(c *domain.Compose) { c.InReplyTo = answered.ID })
	p.body = strings.ReplaceAll(p.body, p.object(), uri)
	p.heard()
	stamp := readFixture(p.t, "gotosocial/reply-approval.json")
	p.docs[approval] = stamp // for another answer
	p.arrive()
	p.wantOutcome(inbox.Refused)
	p.wantEvents("an approval of another answer")
	p.docs[approval] = strings.ReplaceAll(stamp, "http://coterie.example/notes/5", uri)
	p.arrive()
	p.wantEvents("the approval", domain.EventReplyApproved)
	if a, err := p.st.Reader().ReplyApproval(p.ctx, st.ID); err != nil || a.URI != approval || a.Rejected {
		p.t.Errorf("the approval is %+v, %v", a, err)
	}
	note, err := p.remote.DescribeStatus(p.ctx, st)
	if err != nil || note.Approval != approval {
		p.t.Errorf("the answer says it is approved by %q, %v", note.Approval, err)
	}
}

// TestAnswersToAnswers has the author of a post elsewhere judge what people
// here did to it.
func TestAnswersToAnswers(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		turtle, eve := h.stranger("http://gts.test/users/turtle"), h.stranger("http://gts.test/users/eve")
		h.follow("bob", turtle)
		h.says(turtle.URI, create(note(turtle.URI, "http://gts.test/n/1")))
		parent := h.mirrored("http://gts.test/n/1")
		reply, uri := h.post("bob", func(c *domain.Compose) { c.InReplyTo = parent.ID })
		bob := h.people["bob"]
		seen := func(viewer domain.ID) bool {
			t.Helper()
			list, err := h.st.Reader().Descendants(h.ctx, viewer, parent.ID, 5)
			h.must(err)
			return len(list) == 1 && list[0].Shown
		}
		say := func(who domain.Account, kind, id string, object any) {
			t.Helper()
			h.heard()
			h.says(who.URI, doc{"id": who.URI + "/" + id, "type": kind, "object": object})
		}
		said := func() domain.ReplyApproval {
			a, err := h.st.Reader().ReplyApproval(h.ctx, reply.ID)
			if !domain.Is(err, domain.NotFound) {
				h.must(err)
			}
			return a
		}

		say(eve, "Accept", "a1", uri)
		if a := said(); a.Status != 0 {
			t.Errorf("another's word counts: %+v", a)
		}
		h.wantEvents("another's word")

		say(turtle, "Accept", "a2", uri) // the Accept is the approval
		if a := said(); a.URI != turtle.URI+"/a2" || a.Rejected {
			t.Errorf("accepted: %+v", a)
		}
		h.wantEvents("accepted", domain.EventReplyApproved)

		say(eve, "Delete", "d1", turtle.URI+"/a2")
		if a := said(); a.Rejected {
			t.Error("another took it back")
		}
		say(turtle, "Delete", "d2", turtle.URI+"/a2")
		if a := said(); !a.Rejected || a.URI != "" {
			t.Errorf("taken back: %+v", a)
		}
		h.wantEvents("taken back")
		if seen(0) || seen(h.id("carol")) || !seen(bob.ID) {
			t.Errorf("who sees a rejected answer: anybody %v, carol %v, bob %v", seen(0), seen(h.id("carol")), seen(bob.ID))
		}
		say(turtle, "Accept", "a3", doc{"type": "Note", "id": uri, "attributedTo": h.uri("bob"), "content": "x"})
		if a := said(); a.Rejected || !seen(0) {
			t.Errorf("accepted after all: %+v, seen %v", a, seen(0))
		}
		say(turtle, "Reject", "r1", uri)
		if a := said(); !a.Rejected || seen(0) {
			t.Errorf("rejected: %+v, seen %v", a, seen(0))
		}
	})
}

// TestLikesAndBoostsRejected has them withdrawn by nobody but the author of the
// post.
func TestLikesAndBoostsRejected(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		turtle, eve := h.stranger("http://gts.test/users/turtle"), h.stranger("http://gts.test/users/eve")
		h.follow("bob", turtle)
		h.says(turtle.URI, create(note(turtle.URI, "http://gts.test/n/1")))
		post := h.mirrored("http://gts.test/n/1")
		bob := h.people["bob"]
		_, err := h.posts.Favourite(h.ctx, bob.ID, post.ID)
		h.must(err)
		boost, err := h.posts.Reblog(h.ctx, bob.ID, post.ID, nil, 0)
		h.must(err)
		var like domain.ID
		h.write(func(tx *store.Tx) error {
			f, err := tx.Unfavourite(bob.ID, post.ID)
			if err != nil {
				return err
			}
			_, err = tx.Favourite(&f)
			like = f.ID
			return err
		})
		b, err := h.st.Reader().AnyStatus(h.ctx, boost)
		h.must(err)
		stand := func() (liked, boosted bool) {
			_, err := h.st.Reader().FavouriteByID(h.ctx, like)
			_, boostErr := h.st.Reader().BoostBy(h.ctx, bob.ID, post.ID)
			return err == nil, boostErr == nil
		}
		for i, c := range []struct {
			who            domain.Account
			kind, object   string
			liked, boosted bool
		}{
			{eve, "Reject", h.urls.DeedURI(&bob, domain.DeedLike, like), true, true},
			{eve, "Reject", h.urls.StatusURI(&b, &bob), true, true},
			{turtle, "Accept", h.urls.DeedURI(&bob, domain.DeedLike, like), true, true},
			{turtle, "Accept", h.urls.StatusURI(&b, &bob), true, true},
			{turtle, "Reject", h.urls.DeedURI(&bob, domain.DeedLike, like), false, true},
			{turtle, "Reject", h.urls.StatusURI(&b, &bob), false, false},
		} {
			h.says(c.who.URI, doc{"id": c.who.URI + "/says/" + string(rune('a'+i)), "type": c.kind, "object": c.object})
			if l, b := stand(); l != c.liked || b != c.boosted {
				t.Errorf("%s by %s of %s: liked %v, boosted %v", c.kind, c.who.Username, c.object, l, b)
			}
		}
	})
}

// TestBoostsApproved: whoever reads a boost hears of it again once the author of
// the post approves, by an approval that names both, or by the Accept alone.
func TestBoostsApproved(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		turtle, eve := h.stranger("http://gts.test/users/turtle"), h.stranger("http://gts.test/users/eve")
		h.follow("bob", turtle)
		bob := h.people["bob"]
		boost := func(n string) (domain.Status, string) {
			t.Helper()
			h.says(turtle.URI, create(note(turtle.URI, "http://gts.test/n/"+n)))
			id, err := h.posts.Reblog(h.ctx, bob.ID, h.mirrored("http://gts.test/n/"+n).ID, nil, 0)
			h.must(err)
			b, err := h.st.Reader().AnyStatus(h.ctx, id)
			h.must(err)
			h.settle()
			h.heard()
			return b, h.urls.StatusURI(&b, &bob)
		}
		approved := func(b domain.Status) string {
			t.Helper()
			said, err := h.st.Reader().ReplyApproval(h.ctx, b.ID)
			if !domain.Is(err, domain.NotFound) {
				h.must(err)
			}
			return said.URI
		}
		first, uri := boost("1")
		stamp := doc{
			"id": turtle.URI + "/approvals/1", "type": "AnnounceAuthorization", "attributedTo": turtle.URI,
			"interactingObject": uri, "interactionTarget": "http://gts.test/n/1",
		}
		yes := doc{"type": "Accept", "object": uri, "result": stamp.id()}
		h.show(stamp.with(doc{"type": "ReplyAuthorization"}))
		h.says(turtle.URI, yes.with(doc{"id": turtle.URI + "/y/1"}))
		h.wantEvents("leave for something else")
		h.show(stamp)
		h.says(eve.URI, yes.with(doc{"id": eve.URI + "/y/1"}))
		h.wantEvents("another's yes")
		h.says(turtle.URI, yes.with(doc{"id": turtle.URI + "/y/2"}))
		h.wantEvents("the yes", domain.EventReplyApproved)
		if got := approved(first); got != stamp.id() {
			t.Errorf("the boost is approved by %q", got)
		}
		h.says(turtle.URI, yes.with(doc{"id": turtle.URI + "/y/3"}))
		h.wantEvents("the same yes")

		second, uri := boost("2")
		h.says(turtle.URI, doc{"id": turtle.URI + "/y/4", "type": "Accept", "object": uri})
		h.wantEvents("the old yes", domain.EventReplyApproved)
		if got := approved(second); got != turtle.URI+"/y/4" {
			t.Errorf("the second boost is approved by %q", got)
		}

		h.says(turtle.URI, doc{"id": turtle.URI + "/d/1", "type": "Delete", "object": stamp.id()})
		h.wantEvents("taken back", domain.EventStatusDeleted)
		if _, err := h.st.Reader().AnyStatus(h.ctx, first.ID); !domain.Is(err, domain.NotFound) {
			t.Errorf("the boost whose approval is gone: %v", err)
		}
	})
}

// TestRequestsAreTakenForWhatTheyAskFor: nobody here has to be asked, so a boost
// that somebody asks leave for is one, if it is that.
func TestRequestsAreTakenForWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		const turtle = "http://gts.test/users/turtle"
		h.stranger(turtle)
		st, uri := h.post("bob")
		_, other := h.post("bob")
		announce := func(n, of string) doc {
			return doc{"id": turtle + "/b/" + n, "type": "Announce", "actor": turtle, "object": of, "to": []string{public}}
		}
		for i, c := range []struct {
			name       string
			instrument any
			boosts     int64
		}{
			{"a boost of another post", announce("1", other), 0},
			{"another's boost", announce("2", uri).with(doc{"actor": "http://gts.test/users/eve"}), 0},
			{"a boost on another host", announce("3", uri).with(doc{"id": "http://eve.test/b/3"}), 0},
			{"a favourite", announce("4", uri).with(doc{"type": "Like"}), 0},
			{"a boost", announce("5", uri), 1},
			{"the same, by its id", h.show(announce("5", uri)).id(), 1},
		} {
			h.says(turtle, doc{"id": turtle + "/r/" + string(rune('a'+i)), "type": "AnnounceRequest", "object": uri, "instrument": c.instrument})
			now, err := h.st.Reader().AnyStatus(h.ctx, st.ID)
			h.must(err)
			if now.ReblogsCount != c.boosts {
				t.Errorf("%s: %d boosts", c.name, now.ReblogsCount)
			}
		}
	})
}
