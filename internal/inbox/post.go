package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/post"
)

// create takes new posts, and votes, which have the form of posts (facts 12).
func (s *Service) create(ctx context.Context, a *act) error {
	result := error(errIgnored)
	votes := map[domain.ID][]string{}
	for _, o := range a.Objects {
		var err error
		switch {
		case o.Doc == nil:
			err = s.fetchPost(ctx, a, o.ID)
		case o.Doc.Note == nil:
			continue
		default:
			err = s.createOne(ctx, a, o.Doc.Note, votes)
		}
		if err != nil && len(a.Objects) == 1 {
			return err
		}
		if o := outcomeOf(err); o == Deferred || o == Failed {
			return err
		}
		if err == nil || result != nil {
			result = err
		}
	}
	for poll, titles := range votes {
		if err := s.Posts.VoteFor(ctx, a.actor.ID, poll, titles); err != nil {
			return fmt.Errorf("vote: %w", err)
		}
	}
	return result
}

// createOne takes one post of the actor, or remembers its vote.
func (s *Service) createOne(ctx context.Context, a *act, n *apub.Note, votes map[domain.ID][]string) error {
	if title, ok := n.Vote(); ok {
		poll, err := s.pollOf(ctx, n.InReplyTo)
		if err == nil {
			votes[poll] = append(votes[poll], title)
		}
		return err
	}
	if ok, err := s.wanted(ctx, a, n); err != nil || !ok {
		return orUnwanted(err)
	}
	if len(n.To)+len(n.Cc) == 0 {
		// It is for nobody but, perhaps, whose inbox it came to.
		owner, err := s.Store.Reader().Account(ctx, a.letter.Recipient)
		if err != nil {
			return orUnwanted(ignoreMissing(err))
		}
		n.To = []string{s.URLs.ActorURI(&owner)}
	}
	_, _, err := s.Remote.AcceptFrom(ctx, n, a.actor, s.write(a))
	return err
}

// pollOf is the poll of a post of ours.
func (s *Service) pollOf(ctx context.Context, uri string) (domain.ID, error) {
	p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), uri)
	if domain.Is(err, domain.NotFound) || err == nil && (!p.Local || p.Poll == 0) {
		return 0, refusef("a vote for what is no poll here")
	}
	return p.Poll, err
}

// update takes what its author says of an account or a post now. A post that
// was not known is as good as new: its Create may still be on the way. What
// others pass on of an account may be long out of date, so that is asked.
func (s *Service) update(ctx context.Context, a *act) error {
	o := a.Object()
	switch {
	case o.ID == a.actor.URI && o.Doc != nil && o.Doc.Actor != nil && a.signer.ID == a.actor.ID:
		_, err := s.Remote.SaveActor(ctx, o.Doc.Actor)
		return err
	case o.ID == a.actor.URI:
		_, err := s.Remote.Refresh(ctx, o.ID)
		return err
	}
	if known, err := s.collectionTold(ctx, a, o.ID); known || err != nil {
		return err
	}
	switch {
	case o.Doc == nil:
		return s.Remote.Confirm(ctx, o.ID)
	case o.Doc.Note == nil:
		return errIgnored
	}
	n := o.Doc.Note
	_, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), n.ID)
	if domain.Is(err, domain.NotFound) {
		return s.createOne(ctx, a, n, nil)
	}
	if err != nil {
		return fmt.Errorf("look up the post: %w", err)
	}
	return s.Remote.Edit(ctx, n)
}

// remove takes back an account, a post, the leave to quote one, the approval of
// an answer, a collection, or the consent to be in one.
func (s *Service) remove(ctx context.Context, a *act) error {
	o := a.Object()
	if o.ID == a.actor.URI {
		return s.Remote.Gone(ctx, a.actor)
	}
	err := s.Posts.QuoteRevoked(ctx, a.actor.ID, o.ID)
	if !domain.Is(err, domain.NotFound) {
		return err
	}
	err = s.Posts.ReplyApprovalRevoked(ctx, a.actor.ID, o.ID)
	if !domain.Is(err, domain.NotFound) {
		return err
	}
	err = s.Relation.FeatureRevoked(ctx, a.actor.ID, o.ID)
	if !domain.Is(err, domain.NotFound) {
		return err
	}
	if known, err := s.collectionTold(ctx, a, o.ID); known || err != nil {
		return err
	}
	return s.Remote.Deleted(ctx, a.actor, o.ID)
}

// announce takes a boost. What a relay passes on is a post and no boost.
func (s *Service) announce(ctx context.Context, a *act) error {
	id := a.Object().ID
	inner := a.Inner()
	if inner != nil {
		id = inner.Object().ID
	}
	if s.Refused(apub.Host(id)) {
		return refusef("nothing is taken from the host of %s", id)
	}
	relay, err := s.Moderation.IsRelay(ctx, a.actor.ID)
	if err != nil {
		return fmt.Errorf("look for the relay: %w", err)
	}
	if relay {
		if inner != nil && inner.Type != "Create" {
			return s.Remote.Confirm(ctx, id)
		}
		_, err := s.Remote.Status(ctx, id)
		return err
	}
	if ok, err := s.boostWanted(ctx, a, id); err != nil || !ok {
		return orUnwanted(err)
	}
	return s.Remote.Boost(ctx, a.actor, a.Activity)
}

// like takes a favourite, or a reaction, which counts as one.
func (s *Service) like(ctx context.Context, a *act) error {
	p, err := s.ours(ctx, a.Object().ID)
	if err != nil {
		return err
	}
	_, err = s.Posts.Like(ctx, a.actor.ID, p.ID, post.Like{URI: a.ID, Reaction: a.Reaction()})
	return err
}

// ours is a post of somebody here. What others do to posts of others their
// own servers count.
func (s *Service) ours(ctx context.Context, uri string) (domain.Status, error) {
	p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), uri)
	if domain.Is(err, domain.NotFound) || err == nil && !p.Local {
		return p, errUnwanted
	}
	return p, err
}
