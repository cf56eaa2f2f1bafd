package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Accept mirrors a post that may be believed: the caller has seen to it that
// it came from its own host or its author's signature. What it needs of others
// is fetched before its one transaction, as far as the budget of ctx allows. A
// post that is here already stays as it is (SEC-21); created is false then.
// ErrHeld is the answer to one that the staff looks at first.
func (s *Service) Accept(ctx context.Context, n *apub.Note) (st domain.Status, created bool, err error) {
	return s.AcceptFrom(ctx, n, domain.Account{}, s.Store.Write)
}

// AcceptFrom is Accept of a post that an account which is known here brought.
// write is its transaction, in which the caller may do more.
func (s *Service) AcceptFrom(ctx context.Context, n *apub.Note, by domain.Account, write Write) (st domain.Status, created bool, err error) {
	return s.accept(ctx, n, by, write, false)
}

// accept is AcceptFrom; a post that the staff released is not held again.
func (s *Service) accept(ctx context.Context, n *apub.Note, by domain.Account, write Write, released bool) (st domain.Status, created bool, err error) {
	if err := n.Check(); err != nil {
		return st, false, &domain.Error{Kind: domain.Invalid, Op: "remote.Accept", Msg: errNoPost.Msg, Err: err}
	}
	if _, vote := n.Vote(); vote {
		return st, false, errNoPost
	}
	if s.atHome(n.ID) {
		return st, false, errOurs
	}
	r := s.Store.Reader()
	if st, err = r.StatusByURI(ctx, n.ID); !domain.Is(err, domain.NotFound) {
		return st, false, err
	}
	if err := s.admissible(ctx, r, n.ID); err != nil {
		return st, false, err
	}
	m, err := s.mirror(ctx, n, by)
	if err != nil {
		return st, false, fmt.Errorf("mirror %s: %w", n.ID, err)
	}
	m.released = released
	err = write(ctx, func(tx *store.Tx) (err error) {
		if err := m.hold(ctx, tx); err != nil {
			return err
		}
		st, created, err = m.store(tx)
		return err
	})
	if errors.Is(err, ErrHeld) {
		return st, false, s.keepHeld(ctx, m.hold)
	}
	if domain.Is(err, domain.Conflict) && !errors.Is(err, store.ErrLeaseLost) {
		// Somebody else has stored it meanwhile.
		created = false
		st, err = r.StatusByURI(ctx, n.ID)
	}
	return st, created, err
}

// Write runs a function in a transaction, as store.Write does.
type Write = func(ctx context.Context, fn func(tx *store.Tx) error) error

// mirror is a stranger's post, cleaned, and what it names, looked up: ready to
// be stored.
type mirror struct {
	wording
	author domain.Account
	status domain.Status
	poll   *domain.Poll
	quote  *domain.Quote
	object store.RemoteObject
	raw    []byte // compressed, whatever it names
	totals store.Totals
	depth  int // how far up a thread it was fetched
	// released: the staff let it through.
	released bool
	// recount is the parent whose replies are counted anew, since its server
	// may have counted this one already.
	recount domain.ID
}

// freshFor is how long after it was made its parent's server cannot have told
// us of a reply.
const freshFor = 10 * time.Minute

func (s *Service) mirror(ctx context.Context, n *apub.Note, by domain.Account) (*mirror, error) {
	author := by
	var err error
	if by.ID == 0 || by.URI != n.Author {
		author, err = s.Actor(ctx, n.Author)
	}
	if err != nil {
		return nil, fmt.Errorf("find the author %s: %w", n.Author, err)
	}
	if author.Local() || author.Suspended() {
		return nil, domain.Errorf(domain.Forbidden, "Posts of this account are not taken")
	}
	r := s.Store.Reader()
	actor, err := r.Actor(ctx, author.ID)
	if err != nil {
		return nil, fmt.Errorf("look up the author %s: %w", n.Author, err)
	}
	m := &mirror{author: author, object: s.original(n), raw: s.compress(n.Raw), totals: totals(n), depth: threadDepth(ctx)}
	m.status = domain.Status{
		Account: author.ID, URI: n.ID, CreatedAt: s.published(n.Published), QuotePolicy: quotePolicy(n, &actor),
	}
	m.status.Visibility, _ = n.Visibility(actor.Followers)
	if n.Edited() {
		m.status.EditedAt = s.published(n.Updated)
	}
	if m.wording, err = s.read(ctx, r, n, &author, actor.Followers); err != nil {
		return nil, err
	}
	m.fill(&m.status)
	m.poll = s.poll(n, &m.status)
	if err := m.findParent(ctx, s, r, n.InReplyTo); err != nil {
		return nil, err
	}
	m.quote, err = s.readQuote(ctx, r, n, &m.status)
	if m.quote != nil {
		m.status.Quote = m.quote.Quoted
	}
	return m, err
}

// published is when it was made: now, where that is not said or lies ahead.
func (s *Service) published(t time.Time) time.Time {
	now := s.Now()
	if t.IsZero() || t.After(now) {
		return now
	}
	return t.UTC().Truncate(time.Millisecond)
}

// hiddenParent stands for a post of ours that is gone or hidden from who
// answers it: no address of ours is stored.
const hiddenParent = "ours"

// findParent makes the post answer what it names. A boost cannot be answered,
// and what of ours the author may not see is as good as unknown (SEC-28).
func (m *mirror) findParent(ctx context.Context, s *Service, r store.Reader, uri string) error {
	if uri == "" {
		return nil
	}
	st := &m.status
	p, err := s.KnownStatus(ctx, r, uri)
	if err == nil && p.Local {
		p, err = r.Status(ctx, st.Account, p.ID)
	}
	switch {
	case domain.Is(err, domain.NotFound) && s.atHome(uri):
		st.InReplyToURI = hiddenParent
	case domain.Is(err, domain.NotFound):
		st.InReplyToURI = uri
	case err != nil:
		return fmt.Errorf("find what it answers: %w", err)
	case p.ReblogOf == 0:
		st.Answer(&p)
		if !p.Local && s.Now().Sub(st.CreatedAt) > freshFor {
			m.recount = p.ID
		}
	}
	return nil
}

// store writes the post and what hangs on it. The mirror stays as it is, since
// a transaction may run again. A post that was stored meanwhile is Conflict.
func (m *mirror) store(tx *store.Tx) (st domain.Status, created bool, err error) {
	a, err := tx.Awaiting(m.status.URI)
	if err == nil && a.Gone {
		err = errStatusGone
	}
	if err != nil {
		return st, false, err
	}
	st = m.status
	st.ID = tx.NewIDAt(st.CreatedAt)
	if m.poll != nil {
		st.Poll = tx.NewID()
	}
	counts := store.CountsOf(&st, 1)
	if m.recount != 0 {
		alone := st
		alone.InReplyTo = 0
		counts = store.CountsOf(&alone, 1)
	}
	if m.quote != nil && m.quote.State == domain.QuoteAccepted {
		counts = append(counts, store.QuotesOf(m.quote.Quoted, 1))
	}
	steps := []func() error{
		func() error { return tx.Count(counts...) },
		func() error { return tx.InsertStatus(&st, m.words) },
		func() error { return m.storeParts(tx, &st) },
		func() error { return m.seed(tx, &st, a) },
		func() error { return m.later(tx, &st) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return st, false, err
		}
	}
	return st, true, nil
}

func (m *mirror) storeParts(tx *store.Tx, st *domain.Status) error {
	if err := m.wording.store(tx, st, true); err != nil {
		return err
	}
	if m.poll != nil {
		p := *m.poll
		p.ID, p.Status, p.Account = st.Poll, st.ID, st.Account
		if err := tx.InsertPoll(&p); err != nil {
			return err
		}
		if err := tallied(tx, &p); err != nil {
			return err
		}
	}
	if m.quote != nil {
		q := *m.quote
		q.Status, q.Account = st.ID, st.Account
		if err := tx.SaveQuote(q); err != nil {
			return err
		}
		if err := checkLater(tx, &q); err != nil {
			return err
		}
	}
	o := m.object
	o.Status = st.ID
	return tx.SaveRemoteObject(o)
}

// maxWaiting is how many posts that came first are linked with what they wait
// for; the job of each of the others finds it.
const maxWaiting = 500

// seed joins what came before the post did, and counts what its origin tells
// and what is here.
func (m *mirror) seed(tx *store.Tx, st *domain.Status, a store.Awaiting) error {
	children, err := linkWaiting(tx, st, a)
	if err != nil {
		return err
	}
	if children > 0 || max(m.totals.Replies, m.totals.Reblogs, m.totals.Favourites) > 0 {
		if err := tx.SeedCounts(st.ID, m.totals); err != nil {
			return err
		}
	}
	if m.recount == 0 {
		return nil
	}
	return tx.RecountReplies(m.recount)
}

// linkWaiting joins replies and quotes that came before the post did, and
// returns how many replies.
func linkWaiting(tx *store.Tx, st *domain.Status, a store.Awaiting) (int, error) {
	var children []domain.Status
	var quotes []domain.Quote
	var err error
	if a.Replies {
		if children, err = tx.RepliesAwaiting(context.Background(), st.URI, maxWaiting); err != nil {
			return 0, err
		}
	}
	if a.Quotes {
		if quotes, err = tx.QuotesWaitingFor(context.Background(), st.URI, maxWaiting); err != nil {
			return 0, err
		}
	}
	for i := range children {
		if err := link(tx, &children[i], st); err != nil {
			return 0, err
		}
	}
	for i := range quotes {
		if err := linkQuote(tx, &quotes[i], st); err != nil {
			return 0, err
		}
	}
	return len(children), nil
}

// link makes a reply that came first answer the parent, and lets readers see.
func link(tx *store.Tx, child, parent *domain.Status) error {
	if err := tx.LinkReply(child, parent); err != nil {
		return err
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusRefreshed, Actor: child.Account, Status: child.ID})
}

// newsFor is how long after it was made a post is news. What is older, found
// by walking threads, is shown in its place and tells nobody.
const newsFor = 48 * time.Hour

// later has done what follows from the post.
func (m *mirror) later(tx *store.Tx, st *domain.Status) error {
	if st.InReplyToURI != "" && st.InReplyToURI != hiddenParent && m.depth < maxThreadDepth {
		_, err := job.Enqueue(tx, domain.JobThread, threadJob{Status: st.ID, Depth: m.depth},
			job.Unique(st.ID.String()), job.Priority(domain.PriorityLow))
		if err != nil {
			return err
		}
	}
	return announce(tx, st, 0)
}

// announce tells of a new post, or of a boost of the original's author.
func announce(tx *store.Tx, st *domain.Status, original domain.ID) error {
	kind := domain.EventStatusCreated
	if tx.Now().Sub(st.CreatedAt) > newsFor {
		kind = domain.EventStatusRefreshed
	}
	return tx.Emit(domain.Event{Kind: kind, Actor: st.Account, Target: original, Status: st.ID, Object: st.ReblogOf, Mirrored: true})
}
