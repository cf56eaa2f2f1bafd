package remote_test

import (
	"testing"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// wants fails the test unless err is of the kind.
func wants(t *testing.T, what string, err error, k domain.Kind) {
	t.Helper()
	if !domain.Is(err, k) {
		t.Errorf("%s: %v", what, err)
	}
}

func TestSEC02AuthorOfAnotherHostIsRefused(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		for what, d := range map[string]doc{
			"id elsewhere": {"id": "https://evil.test/p/1"}, "another scheme": {"id": "http://far.test/p/1"},
			"no author": {"attributedTo": nil}, "only the url": {"id": "https://evil.test/p/1", "url": farHost + "/p/1"},
			"another port": {"id": "https://far.test:8443/p/1"},
		} {
			_, created, err := h.s.Accept(t.Context(), h.note(d))
			wants(t, what, err, domain.Invalid)
			if created {
				t.Errorf("%s: created", what)
			}
		}
		if got := h.events(); got != "" {
			t.Errorf("events %q", got)
		}
	})
}

func TestSEC04NothingOfOursComesFromElsewhere(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		alice := h.account(domain.Account{Username: "alice"})
		n := h.note(doc{"id": ours.Base + "/users/alice/statuses/1", "attributedTo": ours.ActorURI(&alice)})
		_, _, err := h.s.Accept(t.Context(), n)
		wants(t, "accept", err, domain.Invalid)
		_, err = h.s.Status(t.Context(), ours.Base+"/media/evil.json")
		wants(t, "fetch", err, domain.NotFound)
	})
}

func TestSEC10DeletedPostsNeverComeBack(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		st := h.accept(nil)
		if err := h.s.Deleted(t.Context(), ann, st.URI); err != nil {
			t.Fatal(err)
		}
		if err := h.s.Deleted(t.Context(), ann, st.URI); err != nil {
			t.Fatalf("again: %v", err)
		}
		early := farHost + "/p/early"
		if err := h.s.Deleted(t.Context(), ann, early); err != nil {
			t.Fatal(err)
		}
		for _, uri := range []string{st.URI, early} {
			_, _, err := h.s.Accept(t.Context(), h.note(doc{"id": uri}))
			wants(t, uri, err, domain.Gone)
			_, err = h.s.Status(t.Context(), uri)
			wants(t, "fetch "+uri, err, domain.Gone)
		}
		if a, err := h.st.Reader().Account(t.Context(), ann.ID); err != nil || a.StatusesCount != 0 {
			t.Errorf("%d posts, %v", a.StatusesCount, err)
		}
		if got := h.events(); got != "status.created status.deleted" {
			t.Errorf("events %q", got)
		}
		h.clock.Add(25 * time.Hour)
		if _, _, err := h.s.Accept(t.Context(), h.note(doc{"id": early})); err != nil {
			t.Errorf("what never was here stays away for ever: %v", err)
		}
		_, _, err := h.s.Accept(t.Context(), h.note(doc{"id": st.URI}))
		wants(t, "after a day", err, domain.Gone)
	})
}

func TestSEC13BlockedAndSuspendedAuthorsAreNotMirrored(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		h.write(func(tx *store.Tx) error { return tx.Suspend(ann.ID, domain.ByStaff) })
		_, _, err := h.s.Accept(t.Context(), h.note(nil))
		wants(t, "suspended", err, domain.Forbidden)
		h.stranger("bob")
		h.policies["far.test"] = domain.DomainPolicy{Severity: domain.SeveritySuspend}
		_, _, err = h.s.Accept(t.Context(), h.note(doc{"attributedTo": farHost + "/users/bob"}))
		wants(t, "blocked host", err, domain.Forbidden)
		_, err = h.s.Status(t.Context(), farHost+"/p/9")
		wants(t, "fetch from a blocked host", err, domain.Forbidden)
	})
}

func TestSEC16OnlyTheAuthorChangesAPost(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		h.stranger("ann")
		bob := h.stranger("bob")
		eve := h.stranger("eve", func(a *domain.Account, actor *domain.Actor) {
			a.Domain, a.URI, actor.Host = "evil.test", "https://evil.test/users/eve", "evil.test"
		})
		alice := h.account(domain.Account{Username: "alice"})
		local := h.status(domain.Status{Account: alice.ID, Local: true, Text: "mine"})
		st := h.accept(nil)
		wants(t, "delete by a neighbour", h.s.Deleted(t.Context(), bob, st.URI), domain.Forbidden)
		wants(t, "delete by a stranger", h.s.Deleted(t.Context(), eve, st.URI), domain.Forbidden)
		wants(t, "delete of ours", h.s.Deleted(t.Context(), bob, ours.StatusURI(&local, &alice)), domain.Forbidden)
		later := h.clock.Now().Format(time.RFC3339)
		err := h.s.Edit(t.Context(), h.note(doc{"attributedTo": bob.URI, "content": "<p>forged</p>", "updated": later}))
		wants(t, "edit by a neighbour", err, domain.Forbidden)
		err = h.s.Edit(t.Context(), h.note(doc{"attributedTo": eve.URI, "content": "<p>forged</p>", "updated": later}))
		wants(t, "edit by a stranger", err, domain.Invalid)
		if now := h.look(st.ID); now != st {
			t.Errorf("%+v\n%+v", now, st)
		}
		h.look(local.ID)
	})
}

func TestSEC17AnnouncesRevealNothing(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann, bob := h.stranger("ann"), h.stranger("bob")
		alice := h.account(domain.Account{Username: "alice"})
		boost := func(by domain.Account, id string, object any) error {
			d := h.parse(doc{"type": "Announce", "id": farHost + "/a/" + id, "actor": by.URI, "object": object, "to": apub.Public})
			return h.s.Boost(t.Context(), by, d.Activity)
		}
		private := h.accept(doc{"id": farHost + "/p/private", "to": ann.URI + "/followers", "cc": nil})
		direct := h.status(domain.Status{Account: alice.ID, Local: true, Text: "psst", Visibility: domain.Direct})
		hidden := h.status(domain.Status{Account: alice.ID, Local: true, Text: "friends", Visibility: domain.Private})
		for what, object := range map[string]string{"private": private.URI, "direct": ours.StatusURI(&direct, &alice), "hidden": ours.StatusURI(&hidden, &alice)} {
			if err := boost(bob, what, object); err == nil {
				t.Errorf("%s was boosted", what)
			}
		}
		// A copy of another's post is not believed: its own host is asked, and
		// that one knows nothing of it.
		forged := doc{"type": "Note", "id": farHost + "/p/forged", "attributedTo": ann.URI, "content": "<p>forged</p>", "to": apub.Public}
		if err := h.s.Deleted(t.Context(), ann, farHost+"/p/forged"); err != nil {
			t.Fatal(err)
		}
		wants(t, "forged copy", boost(bob, "forged", forged), domain.Gone)
		if err := boost(ann, "own", private.URI); err != nil {
			t.Fatal(err)
		}
		b, err := h.st.Reader().BoostBy(t.Context(), ann.ID, private.ID)
		if err != nil || b.Visibility != domain.Private {
			t.Errorf("%+v %v", b, err)
		}
	})
}

func TestSEC21AudienceNeverGrows(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		st := h.accept(doc{"to": ann.URI + "/followers", "cc": nil})
		if _, created, err := h.s.Accept(t.Context(), h.note(nil)); err != nil || created {
			t.Fatal(created, err)
		}
		err := h.s.Edit(t.Context(), h.note(doc{"content": "<p>new</p>", "updated": h.clock.Now().Format(time.RFC3339)}))
		if err != nil {
			t.Fatal(err)
		}
		if now := h.look(st.ID); now.Visibility != domain.Private || now.Content != "<p>new</p>" {
			t.Errorf("%+v", now)
		}
	})
}

func TestSEC28RepliesDoNotReachWhatTheirAuthorsMayNotSee(t *testing.T) {
	t.Parallel()
	eachHouse(t, func(t *testing.T, h *house) {
		ann := h.stranger("ann")
		alice := h.account(domain.Account{Username: "alice"})
		private := h.status(domain.Status{Account: alice.ID, Local: true, Text: "friends", Visibility: domain.Private})
		public := h.status(domain.Status{Account: alice.ID, Local: true, Text: "all"})
		boost := h.status(domain.Status{Account: alice.ID, Local: true, ReblogOf: public.ID})
		for id, target := range map[string]*domain.Status{"private": &private, "boost": &boost} {
			st := h.accept(doc{"id": farHost + "/p/" + id, "inReplyTo": ours.StatusURI(target, &alice)})
			if st.InReplyTo != 0 {
				t.Errorf("%s was answered", id)
			}
		}
		st := h.accept(doc{"id": farHost + "/p/ok", "inReplyTo": ours.StatusURI(&public, &alice)})
		if st.InReplyTo != public.ID || st.InReplyToAccount != alice.ID || h.look(public.ID).RepliesCount != 1 {
			t.Errorf("%+v", st)
		}
		h.write(func(tx *store.Tx) error {
			_, _, err := tx.InsertBlock(alice.ID, ann.ID, "")
			return err
		})
		st = h.accept(doc{"id": farHost + "/p/blocked", "inReplyTo": ours.StatusURI(&public, &alice)})
		if st.InReplyTo != 0 || h.look(public.ID).RepliesCount != 1 {
			t.Errorf("blocked, yet answered: %+v", st)
		}
	})
}
