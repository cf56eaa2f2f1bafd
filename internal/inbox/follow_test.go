package inbox_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/inbox"
	"coterie/internal/relation"
)

const (
	far   = "http://far.test/users/ann"
	other = "http://far.test/users/ben" // on the same host
	third = "http://third.test/users/cy"
)

func TestFollowsFromElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.says(far, doc{"id": far + "#f/1", "type": "Follow", "object": h.uri("bob")})
		h.wantEvents("a follow", domain.EventFollowed)
		h.says(far, doc{"id": far + "#f/2", "type": "Follow", "object": h.uri("bob")})
		h.wantEvents("a follow again", domain.EventFollowRepeated)
		h.says(far, doc{"id": far + "#f/3", "type": "Follow", "object": h.uri("locked")})
		h.wantEvents("a request", domain.EventFollowRequested)
		h.says(far, doc{"id": far + "#u/1", "type": "Undo", "object": doc{"id": far + "#f/9", "type": "Follow", "actor": far, "object": h.uri("bob")}})
		h.wantEvents("an undo by actor and object", domain.EventUnfollowed)
		h.says(far, doc{"id": far + "#u/2", "type": "Undo", "object": far + "#f/3"})
		h.wantEvents("an undo by id", domain.EventUnfollowed)
		if k := h.stands(ann.ID, h.id("bob")); k.Following || k.Requested {
			t.Errorf("after the undo: %+v", k)
		}
		h.must(h.relation.Block(h.ctx, h.id("bob"), ann.ID))
		h.settle()
		h.heard()
		h.says(far, doc{"id": far + "#f/4", "type": "Follow", "object": h.uri("bob")})
		h.wantEvents("a follow of who blocks", domain.EventFollowRejected)
		h.says(far, doc{"id": far + "#f/5", "type": "Follow", "object": h.urls.InstanceActor()})
		h.wantEvents("a follow of the community", domain.EventFollowRejected)
		_, err := h.rules.AddRelay(h.ctx, 0, far+"/inbox", far)
		h.must(err)
		h.settle()
		h.heard()
		h.says(far, doc{"id": far + "#f/7", "type": "Follow", "object": h.urls.InstanceActor()})
		h.wantEvents("a relay follows back", domain.EventFollowRepeated)
		h.says(far, doc{"id": far + "#f/6", "type": "Follow", "object": h.urls.Base + "/users/nobody"})
		h.wantEvents("a follow of nobody")
	})
}

func TestUndoBeforeWhatItUndoes(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		_, uri := h.post("bob")
		h.heard()
		deeds := []doc{
			{"id": far + "#f/1", "type": "Follow", "object": h.uri("bob")},
			{"id": far + "#l/1", "type": "Like", "object": uri},
			{"id": far + "#a/1", "type": "Announce", "object": uri, "to": []string{"https://www.w3.org/ns/activitystreams#Public"}},
			{"id": far + "#b/1", "type": "Block", "object": h.uri("bob")},
		}
		for _, d := range deeds {
			h.says(far, doc{"id": d.id() + "/undo", "type": "Undo", "object": d.with(doc{"actor": far})})
		}
		for _, d := range deeds {
			h.says(far, d)
		}
		h.wantEvents("deeds that were taken back first")
		if k := h.stands(ann.ID, h.id("bob")); k.Following || k.Blocking {
			t.Errorf("they stand %+v", k)
		}
	})
}

func TestSEC18_AnswersToWhatNobodyAsked(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.stranger(other)
		h.stranger(third)
		h.must(h.relation.Follow(h.ctx, h.id("bob"), ann.ID, relation.FollowOptions{}))
		h.settle()
		h.heard()
		f, err := h.st.Reader().Follow(h.ctx, h.id("bob"), ann.ID)
		h.must(err)
		bob := h.people["bob"]
		id := h.urls.DeedURI(&bob, domain.DeedFollow, f.ID)
		embedded := doc{"id": id, "type": "Follow", "actor": h.uri("bob"), "object": far}
		for _, by := range []string{other, third} {
			h.says(by, doc{"id": by + "#acc/1", "type": "Accept", "object": id})
			h.says(by, doc{"id": by + "#acc/2", "type": "Accept", "object": embedded})
			h.says(by, doc{"id": by + "#rej/1", "type": "Reject", "object": id})
		}
		h.says(far, doc{"id": far + "#acc/1", "type": "Accept", "object": doc{"type": "Follow", "actor": h.uri("carol"), "object": far}})
		h.wantEvents("answers of others, or to nobody")
		if k := h.stands(h.id("bob"), ann.ID); !k.Requested || k.Following {
			t.Fatalf("after false answers: %+v", k)
		}
		h.says(far, doc{"id": far + "#acc/2", "type": "Accept", "object": id})
		h.says(far, doc{"id": far + "#acc/3", "type": "Accept", "object": embedded})
		h.wantEvents("the answer, twice", domain.EventFollowAccepted)
		if k := h.stands(h.id("bob"), ann.ID); !k.Following {
			t.Errorf("after the answer: %+v", k)
		}
		h.says(far, doc{"id": far + "#rej/1", "type": "Reject", "object": embedded})
		h.wantEvents("a no after a yes", domain.EventFollowRejected)
		if k := h.stands(h.id("bob"), ann.ID); k.Following || k.Requested {
			t.Errorf("after the no: %+v", k)
		}
	})
}

func TestBlocksFromElsewhere(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.follow("bob", ann)
		h.says(far, doc{"id": far + "#b/1", "type": "Block", "object": h.uri("bob")})
		h.wantEvents("a block", domain.EventFollowRejected, domain.EventBlocked)
		if k := h.stands(h.id("bob"), ann.ID); k.Following || !k.BlockedBy {
			t.Errorf("after a block: %+v", k)
		}
		h.says(far, doc{"id": far + "#u/1", "type": "Undo", "object": far + "#b/1"})
		if k := h.stands(h.id("bob"), ann.ID); k.BlockedBy {
			t.Errorf("after its end: %+v", k)
		}
	})
}

func TestSEC19_Moves(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		old := h.stranger(far)
		h.show(actor(third))
		h.follow("bob", old)
		h.follow("carol", old)
		h.must(h.relation.Block(h.ctx, h.id("alice"), old.ID))
		h.settle()
		h.heard()
		move := doc{"id": far + "#m/1", "type": "Move", "object": far, "target": third}
		h.says(far, move)
		if k := h.stands(h.id("bob"), old.ID); !k.Following {
			t.Fatal("moved to an account that does not name the old one")
		}
		h.stranger(other)
		h.show(actor(third).with(doc{"alsoKnownAs": []string{far}}))
		h.says(other, move.with(doc{"id": other + "#m/1"}))
		if k := h.stands(h.id("bob"), old.ID); !k.Following {
			t.Fatal("moved by another")
		}
		h.says(far, move.with(doc{"id": far + "#m/2"}))
		to, err := h.st.Reader().AccountByURI(h.ctx, third)
		h.must(err)
		for _, name := range []string{"bob", "carol"} {
			if k := h.stands(h.id(name), old.ID); k.Following {
				t.Errorf("%s follows the old account", name)
			}
			if k := h.stands(h.id(name), to.ID); !k.Requested {
				t.Errorf("%s does not follow the new account: %+v", name, k)
			}
		}
		if k := h.stands(h.id("alice"), to.ID); !k.Blocking {
			t.Error("the block was not carried over")
		}
		if a, err := h.st.Reader().Account(h.ctx, old.ID); err != nil || a.MovedTo != to.ID {
			t.Errorf("the old account moved to %v, %v", a.MovedTo, err)
		}
		h.clock.Add(6 * 24 * time.Hour)
		if err := h.relation.Move(h.ctx, old.ID, h.stranger(other).ID); !domain.Is(err, domain.Forbidden) {
			t.Errorf("a second move within a week: %v", err)
		}
		if h.outcome(inbox.Refused) != 2 {
			t.Errorf("%d letters were refused, want 2", h.outcome(inbox.Refused))
		}
	})
}
