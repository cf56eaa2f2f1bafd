package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/post"
)

// quoteRequest asks to quote a post of ours. What quotes comes along, or is
// asked of its own host.
func (s *Service) quoteRequest(ctx context.Context, a *act) error {
	quoted, err := s.ours(ctx, a.Object().ID)
	if err != nil {
		return err
	}
	id := a.Instrument.ID
	if !apub.SameOrigin(id, a.actor.URI) {
		return refusef("what quotes is on another host than who asks")
	}
	var quoting domain.Status
	if d := a.Instrument.Doc; d != nil && d.Note != nil && d.Note.Author == a.actor.URI {
		quoting, _, err = s.Remote.Accept(ctx, d.Note)
	} else {
		quoting, err = s.Remote.Status(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("take the post that quotes: %w", err)
	}
	return s.Posts.AnswerQuoteRequest(ctx, a.actor.ID, quoting.ID, quoted.ID, a.ID)
}

// quoteAnswered takes the answer to a request of ours, named by the status
// that quotes, or by a copy of the request. A yes counts once the
// authorization that it names is seen (facts 13).
func (s *Service) quoteAnswered(ctx context.Context, a *act, name string, row domain.ID, yes bool) error {
	quoting, err := s.quoting(ctx, a, name, row)
	if domain.Is(err, domain.NotFound) {
		return refusef("an answer to a quote that nobody here asked for")
	}
	if err != nil {
		return fmt.Errorf("find the quote: %w", err)
	}
	if !yes {
		return s.Posts.QuoteRejected(ctx, a.actor.ID, quoting)
	}
	if !apub.SameOrigin(a.Result.ID, a.actor.URI) {
		return refusef("the leave to quote is on another host than who gives it")
	}
	err = s.Remote.Granted(ctx, quoting, a.Result.ID)
	if domain.Is(err, domain.NotFound) || domain.Is(err, domain.Gone) || domain.Is(err, domain.Invalid) {
		return refusef("the leave to quote does not hold: %v", err)
	}
	if err != nil {
		return fmt.Errorf("look at the leave to quote: %w", err)
	}
	return s.Posts.QuoteAccepted(ctx, a.actor.ID, quoting, a.Result.ID)
}

func (s *Service) quoting(ctx context.Context, a *act, name string, row domain.ID) (domain.ID, error) {
	r := s.Store.Reader()
	if row == 0 {
		p, err := s.Remote.KnownStatus(ctx, r, a.Inner().Instrument.ID)
		return p.ID, err
	}
	p, err := r.AnyStatus(ctx, row)
	if err != nil {
		return 0, err
	}
	author, err := r.Account(ctx, p.Account)
	if err == nil && (!p.Local || domain.NameKey(author.Username) != domain.NameKey(name)) {
		err = domain.ErrNotFound
	}
	return p.ID, err
}

// replyRequest asks to answer a post of ours (GoToSocial). Nobody here has to
// be asked, so the reply is taken as if it had come by itself.
func (s *Service) replyRequest(ctx context.Context, a *act) error {
	if _, err := s.ours(ctx, a.Object().ID); err != nil {
		return err
	}
	if !apub.SameOrigin(a.Instrument.ID, a.actor.URI) {
		return refusef("the reply is on another host than who asks")
	}
	if d := a.Instrument.Doc; d != nil && d.Note != nil && d.Note.Author == a.actor.URI {
		return s.createOne(ctx, a, d.Note, map[domain.ID][]string{})
	}
	return s.fetchPost(ctx, a, a.Instrument.ID)
}

// likeRequest is replyRequest for a favourite.
func (s *Service) likeRequest(ctx context.Context, a *act) error {
	p, err := s.ours(ctx, a.Object().ID)
	if err != nil {
		return err
	}
	if !apub.SameOrigin(a.Instrument.ID, a.actor.URI) {
		return refusef("the like is on another host than who asks")
	}
	_, err = s.Posts.Like(ctx, a.actor.ID, p.ID, post.Like{URI: a.Instrument.ID})
	return err
}

// announceRequest is replyRequest for a boost.
func (s *Service) announceRequest(ctx context.Context, a *act) error {
	p, err := s.ours(ctx, a.Object().ID)
	if err != nil {
		return err
	}
	if !apub.SameOrigin(a.Instrument.ID, a.actor.URI) {
		return refusef("the boost is on another host than who asks")
	}
	d := a.Instrument.Doc
	if d == nil {
		if d, err = s.Remote.Object(ctx, a.Instrument.ID); err != nil {
			return fmt.Errorf("ask for the boost: %w", err)
		}
	}
	boost := d.Activity
	if boost == nil || boost.Type != "Announce" || boost.Actor != a.actor.URI || boost.Inner() != nil {
		return refusef("%s is no boost by who asks", a.Instrument.ID)
	}
	if of, err := s.ours(ctx, boost.Object().ID); err != nil || of.ID != p.ID {
		return refusef("%s boosts another post", a.Instrument.ID)
	}
	return s.Remote.Boost(ctx, a.actor, boost)
}
