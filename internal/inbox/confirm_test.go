package inbox_test

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/inbox"
)

// ldSigned is a document with a Linked Data signature that nobody checks: it
// must not matter whether it is right.
func ldSigned(d doc) doc {
	return d.with(doc{"signature": doc{
		"type": "RsaSignature2017", "creator": far + "#main-key", "created": "2026-01-01T00:00:00Z", "signatureValue": "AAAA",
	}})
}

func TestSEC14_ASignedDocumentHasNoAuthority(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.stranger(third)
		h.follow("bob", ann)
		n := note(far, far+"/p/1")
		forged := n.with(doc{"content": "<p>forged</p>"})
		h.letter(third, ldSigned(create(forged).with(doc{"actor": far})), 0)
		if h.mirrored(n.id()).ID != 0 {
			t.Fatal("a post was taken that its own host does not have")
		}
		h.show(n)
		h.clock.Add(time.Hour)
		h.letter(third, ldSigned(create(forged).with(doc{"actor": far})), 0)
		if got := h.mirrored(n.id()); got.Content != "<p>hi</p>" {
			t.Fatalf("the post says %q", got.Content)
		}
		gone := doc{"id": far + "#d/1", "type": "Delete", "actor": far, "object": n.id()}
		h.letter(third, ldSigned(gone), 0)
		if h.mirrored(n.id()).ID == 0 {
			t.Fatal("a post was deleted that its own host still has")
		}
		for i, a := range []doc{
			{"type": "Follow", "object": h.uri("bob")},
			{"type": "Undo", "object": doc{"type": "Follow", "actor": far, "object": h.uri("bob")}},
			{"type": "Move", "object": far, "target": third},
			{"type": "Block", "object": h.uri("bob")},
			{"type": "Delete", "object": far},
			{"type": "Update", "object": actor(far).with(doc{"name": "bad"})},
		} {
			h.letter(third, ldSigned(a.with(doc{"id": far + "#x/" + string(rune('a'+i)), "actor": far})), 0)
		}
		if k := h.stands(ann.ID, h.id("bob")); k.Following || !k.FollowedBy || k.Blocking {
			t.Errorf("they stand %+v", k)
		}
		if a, err := h.st.Reader().AccountByURI(h.ctx, far); err != nil || a.Suspended() || a.DisplayName == "bad" {
			t.Errorf("the account is %+v, %v", a, err)
		}
		h.hide(n.id(), true)
		h.clock.Add(time.Hour)
		h.letter(third, ldSigned(gone), 0)
		if h.mirrored(n.id()).ID != 0 {
			t.Error("a post stayed that its own host has deleted")
		}
	})
}

func TestAProofGivesAuthority(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		k, err := fetch.GenerateEd25519()
		h.must(err)
		method := far + "#ed25519-key"
		public, ok := k.Public().(ed25519.PublicKey)
		if !ok {
			t.Fatal("no Ed25519 key")
		}
		h.show(actor(far).with(doc{"assertionMethod": []doc{{
			"id": method, "type": "Multikey", "controller": far, "publicKeyMultibase": apub.FormatMultikey(public),
		}}}))
		ann, err := h.remote.Actor(h.ctx, far)
		h.must(err)
		cy := h.stranger(third)
		h.follow("bob", ann)
		body, err := apub.AddProof([]byte(encode(create(note(far, far+"/p/1")).with(doc{
			"@context": []string{"https://www.w3.org/ns/activitystreams"}, "actor": far,
		}))), method, k, h.clock.Now())
		h.must(err)
		h.raw(cy, strings.Replace(string(body), "<p>hi</p>", "<p>forged</p>", 1), 0)
		if h.mirrored(far+"/p/1").ID != 0 {
			t.Fatal("a changed document was believed")
		}
		h.raw(cy, string(body), 0)
		if got := h.mirrored(far + "/p/1"); got.Content != "<p>hi</p>" {
			t.Errorf("the post says %q", got.Content)
		}
	})
}

func TestRefusedHostsAreNeverAsked(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.follow("bob", ann)
		h.show(note(third, third+"/p/1"))
		h.must(h.rules.SetPolicy(h.ctx, domain.DomainPolicy{Domain: "third.test", Severity: domain.SeveritySuspend}))
		h.says(far, doc{"id": far + "#a/1", "type": "Announce", "object": third + "/p/1", "to": []string{public}})
		h.letter(far, ldSigned(create(note(third, third+"/p/1")).with(doc{"actor": third})), 0)
		if n := h.hits("http://third.test"); n != 0 {
			t.Errorf("SEC-38: a refused host was asked %d times", n)
		}
	})
}

func TestWhatCannotBeHadNowIsTriedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		h.follow("bob", ann)
		h.show(actor(third))
		h.show(note(third, third+"/p/1"))
		h.mu.Lock()
		h.down["third.test"] = true
		h.mu.Unlock()
		h.says(far, doc{"id": far + "#a/1", "type": "Announce", "object": third + "/p/1", "to": []string{public}})
		if h.outcome(inbox.Deferred) != 1 || h.mirrored(far+"#a/1").ID != 0 {
			t.Fatalf("the letter was not put off: %d", h.outcome(inbox.Deferred))
		}
		h.mu.Lock()
		h.down["third.test"] = false
		h.mu.Unlock()
		for range inbox.Attempts {
			h.clock.Add(2 * time.Hour)
			h.settle()
		}
		if h.mirrored(far+"#a/1").ID == 0 {
			t.Error("the boost was not taken when the host was back")
		}
		h.mu.Lock()
		h.down["fourth.test"] = true
		h.mu.Unlock()
		h.says(far, doc{"id": far + "#a/2", "type": "Announce", "object": "http://fourth.test/p/2", "to": []string{public}})
		for range 2 * inbox.Attempts {
			h.clock.Add(2 * time.Hour)
			h.settle()
		}
		if h.outcome(inbox.GivenUp) != 1 {
			t.Error("the work on a letter never ended")
		}
	})
}

func TestSignedRepliesArePassedOn(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.stranger(far)
		st, uri := h.post("bob")
		h.heard()
		n := note(far, far+"/p/1").with(doc{"inReplyTo": uri})
		h.says(far, create(n))
		h.wantEvents("an unsigned reply", domain.EventStatusCreated)
		m := note(far, far+"/p/2").with(doc{"inReplyTo": uri})
		h.says(far, ldSigned(create(m)))
		if len(h.events) != 2 || h.events[1].Kind != domain.EventLetterForwarded || h.events[1].Status != st.ID || h.events[1].Target != h.id("bob") {
			t.Fatalf("a signed reply: %+v", h.events)
		}
		if l, err := h.st.Reader().Letter(h.ctx, h.events[1].Object); err != nil || !strings.Contains(l.Body, "RsaSignature2017") {
			t.Errorf("the letter was not kept: %v", err)
		}
		h.heard()
		h.says(far, ldSigned(doc{"id": far + "#d/1", "type": "Delete", "object": m.id()}))
		h.wantEvents("its deletion", domain.EventStatusDeleted, domain.EventLetterForwarded)
		private := note(far, far+"/p/3").with(doc{"inReplyTo": uri, "to": []string{far + "/followers", h.uri("bob")}, "cc": []string{}})
		h.says(far, ldSigned(create(private)))
		h.wantEvents("a private reply", domain.EventStatusCreated)
	})
}

func TestSeveralInOneLetter(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ann := h.stranger(far)
		ben := h.stranger(other)
		h.letter(far, doc{"@context": "https://www.w3.org/ns/activitystreams", "id": far + "/batch", "type": "OrderedCollection", "orderedItems": []doc{
			{"id": far + "#f/1", "type": "Follow", "actor": far, "object": h.uri("bob")},
			{"id": other + "#f/1", "type": "Follow", "actor": other, "object": h.uri("bob")},
			{"id": far + "#f/2", "type": "Follow", "actor": far, "object": h.uri("carol")},
		}}, 0)
		if k := h.stands(ann.ID, h.id("bob")); !k.Following {
			t.Error("the first was not done")
		}
		if k := h.stands(ann.ID, h.id("carol")); !k.Following {
			t.Error("the last was not done")
		}
		if k := h.stands(ben.ID, h.id("bob")); k.Following {
			t.Error("SEC-08: the one of another was done")
		}
	})
}

// TestSEC10_ProofsAreNotReplayed: what somebody passes on has authority of its
// own only where it cannot undo what came later.
func TestSEC10_ProofsAreNotReplayed(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		k, err := fetch.GenerateEd25519()
		h.must(err)
		method := far + "#ed25519-key"
		public, ok := k.Public().(ed25519.PublicKey)
		if !ok {
			t.Fatal("no Ed25519 key")
		}
		me := actor(far).with(doc{"assertionMethod": []doc{{
			"id": method, "type": "Multikey", "controller": far, "publicKeyMultibase": apub.FormatMultikey(public),
		}}})
		h.show(me)
		ann, err := h.remote.Actor(h.ctx, far)
		h.must(err)
		cy := h.stranger(third)
		h.follow("bob", ann)
		proven := func(d doc) string {
			body, err := apub.AddProof([]byte(encode(d.with(doc{"@context": "https://www.w3.org/ns/activitystreams", "actor": far}))), method, k, h.clock.Now())
			h.must(err)
			return string(body)
		}
		follow := doc{"id": far + "#follows/1", "type": "Follow", "object": h.uri("alice")}
		request, late := proven(follow), proven(create(note(far, far+"/p/9")))
		profile := proven(doc{"id": far + "#updates/1", "type": "Update", "object": me.with(doc{"name": "Old name"})})

		h.raw(ann, request, 0)
		if !h.stands(ann.ID, h.id("alice")).Following {
			t.Fatal("the actor's own request was not taken")
		}
		h.says(far, doc{"id": far + "#undo/1", "type": "Undo", "object": follow.with(doc{"actor": far})})
		h.raw(cy, request, 0)
		if h.stands(ann.ID, h.id("alice")).Following {
			t.Error("a follow that was taken back was passed on again")
		}
		h.show(me.with(doc{"name": "New name"}))
		h.raw(cy, profile, 0)
		if a, err := h.st.Reader().Account(h.ctx, ann.ID); err != nil || a.DisplayName != "New name" {
			t.Errorf("the account is called %q, %v", a.DisplayName, err)
		}
		h.clock.Add(25 * time.Hour)
		h.raw(cy, late, 0)
		if h.mirrored(far+"/p/9").ID != 0 {
			t.Error("a post was taken by an old proof that its own host does not have")
		}
	})
}
