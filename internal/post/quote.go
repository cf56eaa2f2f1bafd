package post

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// quote makes the draft quote a post, 0 for none, if its author lets it: what
// is ours is decided at once, another server is asked (behaviours 17.3).
func (d *draft) quote(ctx context.Context, r store.Reader, id domain.ID) error {
	if id == 0 {
		return nil
	}
	s := &d.status
	q, err := visible(ctx, r, s.Account, id)
	if err != nil {
		return err
	}
	shunned, err := r.Shunned(ctx, s.Account, []domain.ID{q.Account})
	if err != nil {
		return err
	}
	may, err := mayQuote(ctx, r, s.Account, &q)
	if err != nil {
		return err
	}
	if len(shunned) > 0 || !may {
		return domain.ErrNotFound
	}
	if s.Visibility == domain.Direct && q.Account != s.Account && !d.words.mentions(q.Account) {
		return invalid("Quoted account must be mentioned in a private post")
	}
	if s.Visibility.Listed() && !q.Visibility.Listed() {
		s.Visibility = domain.Private
	}
	s.LocalOnly = s.LocalOnly || q.LocalOnly
	if s.LocalOnly && !q.Local {
		// Its author would have to be asked, and so be told.
		return invalid("A local only post can't quote a post of another server")
	}
	s.Quote = q.ID
	d.quoted = &domain.Quote{
		Account: s.Account, Quoted: q.ID, QuotedURI: q.URI, QuotedAccount: q.Account, State: domain.QuoteAccepted,
	}
	if !q.Local {
		d.quoted.State = domain.QuotePending
	}
	return nil
}

// mayQuote applies the policy of a post to somebody who may see it.
func mayQuote(ctx context.Context, r store.Reader, actor domain.ID, p *domain.Status) (bool, error) {
	follows := false
	if p.QuotePolicy == domain.QuoteFollowers {
		f, err := r.Follow(ctx, actor, p.Account)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return false, fmt.Errorf("look for the follow: %w", err)
		}
		follows = err == nil && !f.Pending
	}
	return domain.CanQuote(p, actor, follows), nil
}

// storeQuote writes what a new post quotes, and tells whoever has to hear.
func storeQuote(tx *store.Tx, q domain.Quote) error {
	if err := tx.SaveQuote(q); err != nil {
		return fmt.Errorf("store the quote: %w", err)
	}
	if q.Account == q.QuotedAccount {
		return nil
	}
	if q.State == domain.QuotePending {
		return tx.Emit(domain.Event{
			Kind: domain.EventQuoteRequested, Actor: q.Account, Target: q.QuotedAccount, Status: q.Status, Object: q.Quoted,
		})
	}
	return tx.Emit(told(domain.EventQuoteAccepted, &q, ""))
}

// told is an event by which the quoted author says something to who quotes.
func told(kind domain.EventKind, q *domain.Quote, uri string) domain.Event {
	return domain.Event{Kind: kind, Actor: q.QuotedAccount, Target: q.Account, Status: q.Status, Object: q.Quoted, URI: uri}
}

// AnswerQuoteRequest decides, by the policy of a post of ours, about a request
// of that URI: actor wants its post quoting, which is mirrored here, to quote
// it. The answer goes out each time the request comes.
func (s *Service) AnswerQuoteRequest(ctx context.Context, actor, quoting, quoted domain.ID, uri string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		q, err := tx.Quote(ctx, quoting)
		if err != nil {
			return err
		}
		p, err := tx.AnyStatus(ctx, quoted)
		if err != nil {
			return err
		}
		if q.Account != actor || q.Quoted != p.ID || !p.Local {
			return domain.ErrNotFound
		}
		q.RequestURI, q.QuotedAccount = uri, p.Account
		if q.State != domain.QuotePending && !q.Legacy {
			return repeatAnswer(tx, &q)
		}
		yes, err := welcome(ctx, tx, actor, &p)
		if err != nil {
			return err
		}
		state, kind := domain.QuoteRejected, domain.EventQuoteRejected
		if yes {
			state, kind = domain.QuoteAccepted, domain.EventQuoteAccepted
		}
		q.Legacy = false
		if err := setState(tx, &q, state); err != nil {
			return err
		}
		return tx.Emit(told(kind, &q, uri))
	})
}

// welcome reports whether a stranger may quote a post of ours.
func welcome(ctx context.Context, tx *store.Tx, actor domain.ID, p *domain.Status) (bool, error) {
	if _, err := tx.Status(ctx, actor, p.ID); err != nil {
		if domain.Is(err, domain.NotFound) {
			err = nil
		}
		return false, err
	}
	shunned, err := tx.Shunned(ctx, p.Account, []domain.ID{actor})
	if err != nil || len(shunned) > 0 {
		return false, err
	}
	a, err := tx.Account(ctx, actor)
	if err != nil || a.Suspended() {
		return false, err
	}
	return mayQuote(ctx, tx.Reader, actor, p)
}

// repeatAnswer says again how a quote stands.
func repeatAnswer(tx *store.Tx, q *domain.Quote) error {
	if err := tx.SaveQuote(*q); err != nil {
		return fmt.Errorf("store the quote: %w", err)
	}
	if q.State == domain.QuoteAccepted {
		return tx.Emit(told(domain.EventQuoteAccepted, q, q.RequestURI))
	}
	return tx.Emit(told(domain.EventQuoteRejected, q, q.RequestURI))
}

// setState changes how a quote stands, and what shows and counts it.
func setState(tx *store.Tx, q *domain.Quote, state domain.QuoteState) error {
	var by int64
	if state == domain.QuoteAccepted {
		by++
	}
	if q.State == domain.QuoteAccepted {
		by--
	}
	if err := tx.Count(store.QuotesOf(q.Quoted, by)); err != nil {
		return err
	}
	q.State = state
	if err := tx.SaveQuote(*q); err != nil {
		return fmt.Errorf("store the quote: %w", err)
	}
	if err := tx.TouchStatus(q.Status); err != nil && !domain.Is(err, domain.NotFound) {
		return err
	}
	return nil
}

// QuoteAccepted keeps the leave that actor, whose post our status quoting
// quotes, gave by the authorization of that address.
func (s *Service) QuoteAccepted(ctx context.Context, actor, quoting domain.ID, authorization string) error {
	return s.answered(ctx, actor, quoting, func(tx *store.Tx, q *domain.Quote) error {
		if q.State != domain.QuotePending {
			return nil
		}
		q.ApprovalURI, q.CheckedAt = authorization, tx.Now()
		if err := setState(tx, q, domain.QuoteAccepted); err != nil {
			return err
		}
		return tx.Emit(told(domain.EventQuoteAccepted, q, ""))
	})
}

// QuoteRejected keeps that actor does not let our status quoting quote its
// post, or no longer.
func (s *Service) QuoteRejected(ctx context.Context, actor, quoting domain.ID) error {
	return s.answered(ctx, actor, quoting, func(tx *store.Tx, q *domain.Quote) error {
		state, kind := domain.QuoteRejected, domain.EventQuoteRejected
		switch q.State {
		case domain.QuotePending:
		case domain.QuoteAccepted:
			state, kind = domain.QuoteRevoked, domain.EventQuoteRevoked
		default:
			return nil
		}
		if err := setState(tx, q, state); err != nil {
			return err
		}
		return tx.Emit(told(kind, q, ""))
	})
}

// answered does something to the quote of one of our statuses, if actor is
// the one to decide about it.
func (s *Service) answered(ctx context.Context, actor, quoting domain.ID, do func(*store.Tx, *domain.Quote) error) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		q, err := tx.Quote(ctx, quoting)
		if err != nil {
			return err
		}
		if q.QuotedAccount != actor {
			return errNotAllowed
		}
		return do(tx, &q)
	})
}

// QuoteRevoked keeps that actor deleted the authorization of that address. An
// unknown one is ErrNotFound, one of another account Forbidden.
func (s *Service) QuoteRevoked(ctx context.Context, actor domain.ID, authorization string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		q, err := tx.QuoteByApproval(ctx, authorization)
		if err != nil {
			return err
		}
		if q.QuotedAccount != actor {
			return errNotAllowed
		}
		if q.State != domain.QuoteAccepted {
			return nil
		}
		if err := setState(tx, &q, domain.QuoteRevoked); err != nil {
			return err
		}
		return tx.Emit(told(domain.EventQuoteRevoked, &q, authorization))
	})
}

// RevokeQuote takes back the leave of actor, whose post quoted is, for the
// post quoting. Doing it again is no error.
func (s *Service) RevokeQuote(ctx context.Context, actor, quoted, quoting domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := own(ctx, tx, actor, quoted); err != nil {
			return err
		}
		q, err := tx.Quote(ctx, quoting)
		if err != nil {
			return err
		}
		if q.Quoted != quoted {
			return domain.ErrNotFound
		}
		if q.State != domain.QuoteAccepted {
			return nil
		}
		if err := setState(tx, &q, domain.QuoteRevoked); err != nil {
			return err
		}
		return tx.Emit(told(domain.EventQuoteRevoked, &q, ""))
	})
}

// SetQuotePolicy changes who may quote a post of the actor from now on; the
// quotes there are stay (behaviours 17.4).
func (s *Service) SetQuotePolicy(ctx context.Context, actor, id domain.ID, policy domain.QuotePolicy) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		p, err := own(ctx, tx, actor, id)
		if err == nil && p.ReblogOf != 0 {
			err = domain.ErrNotFound
		}
		if err != nil {
			return err
		}
		if !p.Visibility.Listed() {
			policy = domain.QuoteNobody
		}
		if p.QuotePolicy == policy {
			return nil
		}
		if err := tx.SetQuotePolicy(p.ID, policy); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventQuotePolicySet, Actor: actor, Status: p.ID})
	})
}
