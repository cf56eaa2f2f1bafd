package post_test

import (
	"slices"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
)

func quoting(id domain.ID) func(*domain.Compose) {
	return func(c *domain.Compose) { c.Quote = id }
}

func quotable(p domain.QuotePolicy) func(*domain.Compose) {
	return func(c *domain.Compose) { c.QuotePolicy = &p }
}

// stranger is somebody elsewhere, and a mirrored post of theirs that quotes
// quoted, 0 for nothing.
func (w *world) stranger(name string, quoted domain.ID) (domain.ID, domain.Status) {
	w.t.Helper()
	a := domain.Account{Username: name, Domain: "far.test", URI: "https://far.test/" + name}
	s := domain.Status{URI: a.URI + "/1", Quote: quoted, Content: "<p>Hm</p>"}
	w.write(func(tx *store.Tx) error {
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		s.Account = a.ID
		if err := tx.InsertStatus(&s, ""); err != nil || quoted == 0 {
			return err
		}
		return tx.SaveQuote(domain.Quote{Status: s.ID, Account: a.ID, Quoted: quoted, State: domain.QuotePending})
	})
	w.ids[name] = a.ID
	return a.ID, s
}

func (w *world) quote(status domain.ID) domain.Quote {
	w.t.Helper()
	q, err := w.r.Quote(w.ctx, status)
	w.must(err)
	return q
}

// TestWhoMayQuote goes through policies, visibilities and relations.
func TestWhoMayQuote(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.write(func(tx *store.Tx) error {
			if err := tx.SaveFollow(&domain.Follow{Account: w.id("bob"), Target: w.id("alice")}); err != nil {
				return err
			}
			if err := tx.SaveFollow(&domain.Follow{Account: w.id("carol"), Target: w.id("alice"), Pending: true}); err != nil {
				return err
			}
			_, _, err := tx.InsertBlock(w.id("alice"), w.id("dave"), "")
			return err
		})
		for what, tt := range map[string]struct {
			visibility domain.Visibility
			policy     domain.QuotePolicy
			may        []string
		}{
			"public":              {domain.Public, domain.QuotePublic, []string{"alice", "bob", "carol"}},
			"unlisted, followers": {domain.Unlisted, domain.QuoteFollowers, []string{"alice", "bob"}},
			"nobody":              {domain.Public, domain.QuoteNobody, []string{"alice"}},
			"private":             {domain.Private, domain.QuotePublic, []string{"alice"}},
			"direct":              {domain.Direct, domain.QuotePublic, nil},
		} {
			p := w.post("alice", "Look, @bob and @carol", with(tt.visibility), quotable(tt.policy))
			for _, name := range []string{"alice", "bob", "carol", "dave"} {
				made, err := w.try(name, "Hear, hear", quoting(p.ID))
				if !slices.Contains(tt.may, name) {
					fails(w.t, what+" by "+name, err, domain.NotFound, "")
					continue
				}
				w.must(err)
				s := w.status(made.Status)
				if q := w.quote(s.ID); q.State != domain.QuoteAccepted || q.Quoted != p.ID || s.Quote != p.ID {
					w.t.Errorf("%s by %s: %+v", what, name, q)
				}
				if tt.visibility == domain.Private && s.Visibility != domain.Private {
					w.t.Errorf("%s by %s goes out %s", what, name, s.Visibility)
				}
			}
			if n := w.status(p.ID).QuotesCount; n != int64(len(tt.may)) {
				w.t.Errorf("%s: %d quotes counted", what, n)
			}
		}
	})
}

func TestQuotingInADirectPostNeedsAMention(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		p := w.post("alice", "Look")
		_, err := w.try("bob", "@carol look", quoting(p.ID), with(domain.Direct))
		fails(w.t, "without", err, domain.Invalid, "mentioned")
		w.post("bob", "@alice why?", quoting(p.ID), with(domain.Direct))
	})
}

// TestSEC36_StrangersQuoteByPolicy answers requests from elsewhere, also
// repeated ones and those of the blocked.
func TestSEC36_StrangersQuoteByPolicy(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		open, closed := w.post("alice", "Look"), w.post("alice", "Mine", quotable(domain.QuoteNobody))
		zoe, good := w.stranger("zoe", open.ID)
		yan, bad := w.stranger("yan", closed.ID)
		mal, evil := w.stranger("mal", open.ID)
		w.write(func(tx *store.Tx) error {
			_, _, err := tx.InsertBlock(w.id("alice"), mal, "")
			return err
		})
		for range 2 {
			w.must(w.AnswerQuoteRequest(w.ctx, zoe, good.ID, open.ID, "https://far.test/q/1"))
			w.must(w.AnswerQuoteRequest(w.ctx, yan, bad.ID, closed.ID, "https://far.test/q/2"))
			w.must(w.AnswerQuoteRequest(w.ctx, mal, evil.ID, open.ID, "https://far.test/q/3"))
		}
		for id, want := range map[domain.ID]domain.QuoteState{good.ID: domain.QuoteAccepted, bad.ID: domain.QuoteRejected, evil.ID: domain.QuoteRejected} {
			if q := w.quote(id); q.State != want || q.RequestURI == "" {
				w.t.Errorf("%+v, want %s", q, want)
			}
		}
		if n := w.status(open.ID).QuotesCount; n != 1 {
			w.t.Errorf("%d quotes counted", n)
		}
		fails(w.t, "another's post", w.AnswerQuoteRequest(w.ctx, yan, good.ID, open.ID, "https://far.test/q/4"), domain.NotFound, "")
		fails(w.t, "another post", w.AnswerQuoteRequest(w.ctx, zoe, good.ID, closed.ID, "https://far.test/q/5"), domain.NotFound, "")
		kinds := w.events()
		if n := count(kinds, domain.EventQuoteAccepted); n != 2 {
			w.t.Errorf("accepted %d times", n)
		}
		if n := count(kinds, domain.EventQuoteRejected); n != 4 {
			w.t.Errorf("rejected %d times", n)
		}

		fails(w.t, "not hers", w.RevokeQuote(w.ctx, w.id("bob"), open.ID, good.ID), domain.NotFound, "")
		fails(w.t, "of another post", w.RevokeQuote(w.ctx, w.id("alice"), closed.ID, good.ID), domain.NotFound, "")
		for range 2 {
			w.must(w.RevokeQuote(w.ctx, w.id("alice"), open.ID, good.ID))
		}
		w.must(w.AnswerQuoteRequest(w.ctx, zoe, good.ID, open.ID, "https://far.test/q/6"))
		if q := w.quote(good.ID); q.State != domain.QuoteRevoked || w.status(open.ID).QuotesCount != 0 {
			w.t.Errorf("revoked: %+v", q)
		}
	})
}

func count(list []domain.EventKind, kind domain.EventKind) (n int) {
	for _, k := range list {
		if k == kind {
			n++
		}
	}
	return n
}

// TestAQuoteOfAStrangerWaits for the answer, which only the author gives.
func TestAQuoteOfAStrangerWaits(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		zoe, post := w.stranger("zoe", 0)
		mal, _ := w.stranger("mal", 0)
		ask := func() domain.ID {
			s := w.post("alice", "Look", quoting(post.ID))
			if q := w.quote(s.ID); q.State != domain.QuotePending || w.status(post.ID).QuotesCount != 0 {
				w.t.Fatalf("asked: %+v", q)
			}
			return s.ID
		}
		yes, no := ask(), ask()
		fails(w.t, "accepted by another", w.QuoteAccepted(w.ctx, mal, yes, "https://far.test/mal/ok"), domain.Forbidden, "")
		fails(w.t, "rejected by another", w.QuoteRejected(w.ctx, mal, yes), domain.Forbidden, "")
		for range 2 {
			w.must(w.QuoteAccepted(w.ctx, zoe, yes, "https://far.test/zoe/ok"))
			w.must(w.QuoteRejected(w.ctx, zoe, no))
		}
		w.must(w.QuoteAccepted(w.ctx, zoe, no, "https://far.test/zoe/ok2"))
		if y, n := w.quote(yes), w.quote(no); y.State != domain.QuoteAccepted || y.ApprovalURI != "https://far.test/zoe/ok" || n.State != domain.QuoteRejected {
			w.t.Errorf("%+v, %+v", y, n)
		}
		fails(w.t, "revoked by another", w.QuoteRevoked(w.ctx, mal, "https://far.test/zoe/ok"), domain.Forbidden, "")
		fails(w.t, "never given", w.QuoteRevoked(w.ctx, zoe, "https://far.test/zoe/never"), domain.NotFound, "")
		for range 2 {
			w.must(w.QuoteRevoked(w.ctx, zoe, "https://far.test/zoe/ok"))
		}
		if q := w.quote(yes); q.State != domain.QuoteRevoked || w.status(post.ID).QuotesCount != 0 {
			w.t.Errorf("revoked: %+v", q)
		}
		kinds := w.events()
		if count(kinds, domain.EventQuoteRequested) != 2 || count(kinds, domain.EventQuoteAccepted) != 1 || count(kinds, domain.EventQuoteRevoked) != 1 {
			w.t.Errorf("told: %v", kinds)
		}
	})
}

func TestQuotePolicyChangesLater(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		p := w.post("alice", "Look")
		w.post("bob", "Hm", quoting(p.ID))
		for range 2 {
			w.must(w.SetQuotePolicy(w.ctx, w.id("alice"), p.ID, domain.QuoteNobody))
		}
		_, err := w.try("bob", "Again", quoting(p.ID))
		fails(w.t, "closed", err, domain.NotFound, "")
		fails(w.t, "not his", w.SetQuotePolicy(w.ctx, w.id("bob"), p.ID, domain.QuotePublic), domain.NotFound, "")
		if s := w.status(p.ID); !s.EditedAt.IsZero() || s.QuotesCount != 1 || s.Rev == p.Rev {
			w.t.Errorf("%+v", s)
		}
		if n := count(w.events(), domain.EventQuotePolicySet); n != 1 {
			w.t.Errorf("told %d times", n)
		}
	})
}
