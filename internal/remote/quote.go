package remote

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

type quoteDepthKey struct{}

// maxQuoteDepth is how many quotes within quotes are fetched (facts 27).
const maxQuoteDepth = 2

// readQuote is what a post quotes and how that stands as far as is known, nil
// for none. Of a quoted post elsewhere the consent is looked at by a job.
func (s *Service) readQuote(ctx context.Context, r store.Reader, n *apub.Note, st *domain.Status) (*domain.Quote, error) {
	switch n.Quote.State {
	case apub.QuoteNone:
		return nil, nil
	case apub.QuoteDeleted:
		return &domain.Quote{State: domain.QuoteDeleted}, nil
	}
	q := &domain.Quote{
		QuotedURI: n.Quote.Target, State: domain.QuotePending, Legacy: n.Quote.State == apub.QuoteLegacy,
		ApprovalURI: n.Quote.Authorization,
	}
	quoted, err := s.quoted(ctx, r, q.QuotedURI)
	switch domain.KindOf(err) {
	case domain.Gone:
		q.State = domain.QuoteDeleted
		return q, nil
	case domain.Internal:
		if err != nil {
			return nil, fmt.Errorf("find what it quotes: %w", err)
		}
	default:
		return q, nil // it may come later
	}
	if quoted.ReblogOf != 0 || quoted.URI == n.ID {
		return nil, nil
	}
	return q, s.judge(ctx, r, q, st, &quoted)
}

func (s *Service) quoted(ctx context.Context, r store.Reader, uri string) (domain.Status, error) {
	depth, _ := ctx.Value(quoteDepthKey{}).(int)
	if depth >= maxQuoteDepth {
		return s.KnownStatus(ctx, r, uri)
	}
	return s.Status(context.WithValue(ctx, quoteDepthKey{}, depth+1), uri)
}

// judge links a quote with what it quotes and says how it stands. Everybody
// may quote themselves. Who quotes the old way, without asking, may do so
// where the author, who lives here, lets everybody; elsewhere it stays
// pending. Our own consents are in our own rows, kept by keepConsent.
func (s *Service) judge(ctx context.Context, r store.Reader, q *domain.Quote, st, quoted *domain.Status) error {
	q.Quoted, q.QuotedAccount, q.QuotedURI = quoted.ID, quoted.Account, quoted.URI
	switch {
	case quoted.Account == st.Account:
		q.State = domain.QuoteAccepted
	case !quoted.Visibility.Listed():
		q.State = domain.QuoteRejected
	case quoted.Local:
		q.ApprovalURI = "" // ours are derived
		_, err := r.Status(ctx, st.Account, quoted.ID)
		switch {
		case domain.Is(err, domain.NotFound): // blocked
			q.State = domain.QuoteRejected
		case err != nil:
			return fmt.Errorf("ask whether it may be quoted: %w", err)
		case q.Legacy && quoted.QuotePolicy == domain.QuotePublic:
			q.State = domain.QuoteAccepted
		}
	}
	return nil
}

// linkQuote joins a quote that came before what it quotes.
func linkQuote(tx *store.Tx, q *domain.Quote, quoted *domain.Status) error {
	q.Quoted, q.QuotedAccount = quoted.ID, quoted.Account
	switch {
	case q.Account == quoted.Account:
		q.State = domain.QuoteAccepted
	case !quoted.Visibility.Listed():
		q.State = domain.QuoteRejected
	}
	if q.State == domain.QuoteAccepted {
		if err := tx.Count(store.QuotesOf(q.Quoted, 1)); err != nil {
			return err
		}
	}
	if err := tx.SaveQuote(*q); err != nil {
		return err
	}
	if err := tx.SetQuoted(q.Status, q.Quoted); err != nil {
		return err
	}
	if err := checkLater(tx, q); err != nil {
		return err
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusRefreshed, Actor: q.Account, Status: q.Status})
}

// requote stores what the post quotes now, and reports whether that shows.
func (e *edit) requote(ctx context.Context, tx *store.Tx, st *domain.Status) (bool, error) {
	old, err := tx.Quote(ctx, st.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return false, err
	}
	had := err == nil
	if e.quote == nil {
		if !had || !e.newer {
			return false, nil
		}
		return true, dropQuote(tx, &old)
	}
	q := *e.quote
	q.Status, q.Account = st.ID, st.Account
	if had && old.QuotedURI == q.QuotedURI && (q.Quoted == 0 || old.Quoted == 0 || q.Quoted == old.Quoted) {
		keepConsent(&q, &old)
		if q == old {
			return false, nil
		}
	}
	by := accepted(&q) - accepted(&old)
	if had && old.Quoted != q.Quoted && accepted(&old) > 0 {
		if err := tx.Count(store.QuotesOf(old.Quoted, -1)); err != nil {
			return false, err
		}
		by = accepted(&q)
	}
	if err := tx.Count(store.QuotesOf(q.Quoted, by)); err != nil {
		return false, err
	}
	if err := tx.SaveQuote(q); err != nil {
		return false, err
	}
	if err := tx.SetQuoted(st.ID, q.Quoted); err != nil {
		return false, err
	}
	return true, checkLater(tx, &q)
}

func accepted(q *domain.Quote) int64 {
	if q.State == domain.QuoteAccepted {
		return 1
	}
	return 0
}

// keepConsent leaves a decision that was made about the same quote in force,
// unless the post names another authorization, which is looked at first.
func keepConsent(q, old *domain.Quote) {
	q.CreatedAt, q.RequestURI = old.CreatedAt, old.RequestURI
	if q.Quoted == 0 {
		q.Quoted, q.QuotedAccount = old.Quoted, old.QuotedAccount
	}
	if q.State != domain.QuotePending || old.State == domain.QuoteDeleted {
		q.CheckedAt = old.CheckedAt
		return
	}
	if q.ApprovalURI == "" || q.ApprovalURI == old.ApprovalURI || old.State == domain.QuoteAccepted {
		q.State, q.ApprovalURI, q.CheckedAt = old.State, old.ApprovalURI, old.CheckedAt
	}
}

func dropQuote(tx *store.Tx, old *domain.Quote) error {
	if err := tx.Count(store.QuotesOf(old.Quoted, -accepted(old))); err != nil {
		return err
	}
	if err := tx.DeleteQuote(old.Status); err != nil {
		return err
	}
	return tx.SetQuoted(old.Status, 0)
}

// checkLater has the authorization of a quote looked at.
func checkLater(tx *store.Tx, q *domain.Quote) error {
	if q.State != domain.QuotePending || q.ApprovalURI == "" || q.Quoted == 0 {
		return nil
	}
	_, err := job.Enqueue(tx, domain.JobQuoteCheck, q.Status, job.Unique(q.Status.String()))
	return err
}

// CheckQuote is the job that looks at the authorization of one quote: it must
// come from the host of the quoted author, be theirs, and name exactly these
// two posts (facts 13, SEC-20). A wrong one changes nothing, so that the right
// one still works; one that is gone was taken back.
func (s *Service) CheckQuote(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	r := s.Store.Reader()
	q, err := r.Quote(ctx, id)
	if err != nil || q.Quoted == 0 || q.ApprovalURI == "" {
		return ignoreGone(err)
	}
	granted, err := s.granted(ctx, r, &q)
	if domain.Is(err, domain.Unavailable) || domain.Is(err, domain.RateLimited) {
		return fmt.Errorf("look at %s: %w", q.ApprovalURI, err)
	}
	gone := domain.Is(err, domain.NotFound) || domain.Is(err, domain.Gone)
	if err != nil && !gone {
		s.Log.Info("an authorization to quote does not hold", "uri", q.ApprovalURI, "why", err)
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.Quote(ctx, id)
		if err != nil || now.ApprovalURI != q.ApprovalURI {
			return ignoreGone(err)
		}
		return settle(ctx, tx, &now, granted, gone)
	})
}

// settle stores what a look at the authorization gave.
func settle(ctx context.Context, tx *store.Tx, q *domain.Quote, granted, gone bool) error {
	was := q.State
	q.CheckedAt = tx.Now()
	switch {
	case granted && was == domain.QuotePending:
		q.State = domain.QuoteAccepted
	case gone && was == domain.QuoteAccepted:
		q.State = domain.QuoteRevoked
	}
	if q.State == was {
		return tx.SaveQuote(*q)
	}
	by := int64(-1)
	if q.State == domain.QuoteAccepted {
		by = 1
	}
	if err := tx.Count(store.QuotesOf(q.Quoted, by)); err != nil {
		return err
	}
	if err := tx.SaveQuote(*q); err != nil {
		return err
	}
	st, err := tx.AnyStatus(ctx, q.Status)
	if err != nil {
		return ignoreGone(err)
	}
	return refresh(tx, &st)
}

// Granted looks at the authorization of that address: nil if it lets a status
// quote what it quotes. One that is gone is NotFound or Gone, one that allows
// something else Invalid.
func (s *Service) Granted(ctx context.Context, status domain.ID, authorization string) error {
	r := s.Store.Reader()
	q, err := r.Quote(ctx, status)
	if err != nil {
		return err
	}
	q.ApprovalURI = authorization
	_, err = s.granted(ctx, r, &q)
	return err
}

// RecheckQuote has the authorization of that address looked at once more. One
// that no quote here has is NotFound.
func (s *Service) RecheckQuote(ctx context.Context, authorization string) error {
	q, err := s.Store.Reader().QuoteByApproval(ctx, authorization)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, domain.JobQuoteCheck, q.Status, job.Unique(q.Status.String()))
		return err
	})
}

// granted fetches the authorization and compares it.
func (s *Service) granted(ctx context.Context, r store.Reader, q *domain.Quote) (bool, error) {
	quoting, err := r.AnyStatus(ctx, q.Status)
	if err != nil {
		return false, err
	}
	quoted, err := r.AnyStatus(ctx, q.Quoted)
	if err != nil {
		return false, err
	}
	author, err := r.Account(ctx, quoted.Account)
	if err != nil {
		return false, err
	}
	quoter, err := r.Account(ctx, quoting.Account)
	if err != nil {
		return false, err
	}
	if !apub.SameOrigin(q.ApprovalURI, author.URI) {
		return false, domain.Errorf(domain.Invalid, "It is on another host than the quoted author")
	}
	if ctx, err = asReader(ctx, r, &quoting); err != nil {
		return false, err
	}
	d, err := s.Object(ctx, q.ApprovalURI)
	if err != nil {
		return false, err
	}
	c := d.Consent
	if c == nil || c.Type != "QuoteAuthorization" || c.AttributedTo != author.URI ||
		c.Object != s.URLs.StatusURI(&quoting, &quoter) || c.Target != quoted.URI {
		return false, domain.Errorf(domain.Invalid, "It allows something else")
	}
	return true, nil
}

type askerKey struct{}

// asReader has what follows asked for by somebody here who may see a post: to
// others, whatever is about a post that is not listed does not exist.
func asReader(ctx context.Context, r store.Reader, st *domain.Status) (context.Context, error) {
	switch {
	case st.Visibility.Listed():
		return ctx, nil
	case st.Local:
		return context.WithValue(ctx, askerKey{}, st.Account), nil
	}
	list, err := r.FollowersHere(ctx, st.Account, 1)
	if err != nil || len(list) == 0 {
		return ctx, err
	}
	return context.WithValue(ctx, askerKey{}, list[0].Account), nil
}

// recheckAfter is how long an authorization counts without another look.
const recheckAfter = 7 * 24 * time.Hour
