package fanout

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// sayQuoteRequested asks the author of a post elsewhere for leave to quote it.
func (s *Service) sayQuoteRequested(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	quote, quoted, err := s.quoting(ctx, m)
	if err != nil {
		return nil, err
	}
	note, err := s.Remote.DescribeStatus(ctx, quote)
	if err != nil {
		return nil, err
	}
	id := s.URLs.DeedURI(&us, domain.DeedQuote, quote.ID)
	return s.personal(ctx, us.ID, them.ID, apub.NewQuoteRequest(id, s.URLs.StatusURI(&quoted, &them), note, s.URLs.ActorURI(&them)))
}

// quoting is the post that quotes and the one that is quoted.
func (s *Service) quoting(ctx context.Context, m matter) (quote, quoted domain.Status, err error) {
	if quote, err = s.Store.Reader().AnyStatus(ctx, m.Status); err != nil {
		return quote, quoted, err
	}
	quoted, err = s.Store.Reader().AnyStatus(ctx, m.Object)
	return quote, quoted, err
}

// sayQuoteAccepted lets somebody elsewhere quote; or, where a post of ours may
// quote one of theirs now, says so to its readers. Among ourselves nothing is
// said: the post was accepted before it went out.
func (s *Service) sayQuoteAccepted(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if domain.Is(err, domain.NotFound) {
		if _, err := s.theirs(ctx, m.Actor); err != nil {
			return nil, err
		}
		return s.sayEdited(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	request, err := s.quoteRequest(ctx, m, &us, &them)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.ActorURI(&us)
	doc := apub.NewAccept(m.id(actor, "accepts"), actor, request, s.URLs.QuoteAuthorization(&us, m.Status))
	return s.personal(ctx, us.ID, them.ID, doc)
}

// sayQuoteRejected refuses somebody elsewhere; or, where a post of ours must
// not quote, says so to its readers.
func (s *Service) sayQuoteRejected(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if domain.Is(err, domain.NotFound) {
		return s.sayEdited(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	request, err := s.quoteRequest(ctx, m, &us, &them)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.ActorURI(&us)
	return s.personal(ctx, us.ID, them.ID, apub.NewReject(m.id(actor, "rejects"), actor, request))
}

// quoteRequest is what they asked us.
func (s *Service) quoteRequest(ctx context.Context, m matter, us, them *domain.Account) (apub.ActivityDoc, error) {
	quote, quoted, err := s.quoting(ctx, m)
	if err != nil {
		return apub.ActivityDoc{}, err
	}
	id := m.URI
	if id == "" {
		q, err := s.Store.Reader().Quote(ctx, m.Status)
		if err != nil {
			return apub.ActivityDoc{}, fmt.Errorf("look up the request: %w", err)
		}
		id = q.RequestURI
	}
	return apub.ActivityDoc{
		ID: id, Type: "QuoteRequest", Actor: s.URLs.ActorURI(them),
		Object: apub.IRI(s.URLs.StatusURI(&quoted, us)), Instrument: apub.IRI(s.URLs.StatusURI(&quote, them)),
	}, nil
}

// sayQuoteRevoked withdraws our authorization from everybody who may have seen
// it; or, where a post of ours must no longer quote, tells its readers.
func (s *Service) sayQuoteRevoked(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if domain.Is(err, domain.NotFound) {
		return s.sayEdited(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	quote, quoted, err := s.quoting(ctx, m)
	if err != nil {
		return nil, err
	}
	actor, id := s.URLs.ActorURI(&us), s.URLs.QuoteAuthorization(&us, quote.ID)
	doc := apub.NewRevocation(id+"#delete", actor, apub.ConsentDoc{
		ID: id, Type: "QuoteAuthorization", AttributedTo: actor, Object: s.URLs.StatusURI(&quote, &them), Target: s.URLs.StatusURI(&quoted, &us),
	})
	to, err := s.readers(ctx, &quoted, them.ID)
	return []letter{{sender: us.ID, doc: doc, carry: carryOf(quoted.Visibility), to: to}}, err
}
