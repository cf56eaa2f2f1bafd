package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/store"
)

// follow asks to follow somebody here.
func (s *Service) follow(ctx context.Context, a *act) error {
	whom := a.Object().ID
	if whom == s.URLs.InstanceActor() {
		return s.followUs(ctx, a)
	}
	to, err := s.Remote.Known(ctx, s.Store.Reader(), whom)
	if domain.Is(err, domain.NotFound) || err == nil && !to.Local() {
		return refusef("there is no %s here to follow", whom)
	}
	if err != nil {
		return fmt.Errorf("look up who is followed: %w", err)
	}
	return s.Relation.Follow(ctx, a.actor.ID, to.ID, relation.FollowOptions{URI: a.ID})
}

// followUs answers who asks to follow the community itself: a relay, which
// follows back whom it serves, may; others may not (facts 14, 17).
func (s *Service) followUs(ctx context.Context, a *act) error {
	relay, err := s.Moderation.MayFollowBack(ctx, a.actor.ID)
	if err != nil {
		return fmt.Errorf("look for the relay: %w", err)
	}
	e := domain.Event{Kind: domain.EventFollowRejected, Target: a.actor.ID, URI: a.ID}
	if relay {
		e = domain.Event{Kind: domain.EventFollowRepeated, Actor: a.actor.ID, URI: a.ID}
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.Emit(e) })
}

// accept takes a yes, to what was asked by an embedded copy or its id.
func (s *Service) accept(ctx context.Context, a *act) error { return s.answer(ctx, a, true) }

// reject takes a no, or the end of what was granted.
func (s *Service) reject(ctx context.Context, a *act) error { return s.answer(ctx, a, false) }

func (s *Service) answer(ctx context.Context, a *act, yes bool) error {
	id, inner := a.Object().ID, a.Inner()
	if relay, ok := s.URLs.ParseRelayFollow(id); ok {
		return s.Moderation.RelayAnswered(ctx, a.actor.ID, relay, yes)
	}
	name, deed, row, named := s.URLs.ParseDeed(id)
	switch {
	case named && deed == domain.DeedLike && !yes:
		return s.likeRejected(ctx, a, row)
	case named && deed == domain.DeedFollow:
		return s.followAnswered(ctx, a, name, row, inner, yes)
	case named && deed == domain.DeedQuote:
		return s.quoteAnswered(ctx, a, name, row, yes)
	case named && deed == domain.DeedFeature:
		return s.featureAnswered(ctx, a, row, yes)
	case inner == nil, inner.Type == "Announce":
		return s.postAnswered(ctx, a, yes)
	case inner.Type == "Follow":
		return s.followAnswered(ctx, a, "", 0, inner, yes)
	case inner.Type == "FeatureRequest":
		return s.featureAnswered(ctx, a, 0, yes)
	case inner.Type == "QuoteRequest":
		return s.quoteAnswered(ctx, a, "", 0, yes)
	}
	return errIgnored
}

// followAnswered finds the follow that an answer names: by its row, else by
// who asked whom.
func (s *Service) followAnswered(ctx context.Context, a *act, name string, row domain.ID, inner *apub.Activity, yes bool) error {
	r := s.Store.Reader()
	follower, err := s.follower(ctx, r, a, name, row)
	if domain.Is(err, domain.NotFound) && inner != nil {
		follower, err = s.here(ctx, inner.Actor)
	}
	if domain.Is(err, domain.NotFound) {
		return refusef("an answer to a follow that nobody here asked for")
	}
	if err != nil {
		return fmt.Errorf("find the follow: %w", err)
	}
	if yes {
		return s.Relation.AcceptRequest(ctx, a.actor.ID, follower.ID)
	}
	return s.Relation.RemoveFollower(ctx, a.actor.ID, follower.ID)
}

// follower is who of ours asked the actor, by the row of the follow.
func (s *Service) follower(ctx context.Context, r store.Reader, a *act, name string, row domain.ID) (domain.Account, error) {
	f, err := r.FollowByID(ctx, row)
	if err != nil {
		return domain.Account{}, err
	}
	who, err := r.Account(ctx, f.Account)
	if err == nil && (f.Target != a.actor.ID || !who.Local() || domain.NameKey(who.Username) != domain.NameKey(name)) {
		err = domain.ErrNotFound
	}
	return who, err
}

// block is one person avoiding another. With a target it is a ban from some
// community there (Lemmy), which is nobody's concern here.
func (s *Service) block(ctx context.Context, a *act) error {
	if a.Target.ID != "" {
		return errIgnored
	}
	whom, err := s.here(ctx, a.Object().ID)
	if domain.Is(err, domain.NotFound) {
		return errUnwanted
	}
	if err != nil {
		return fmt.Errorf("look up who is blocked: %w", err)
	}
	return s.Relation.BlockAs(ctx, a.actor.ID, whom.ID, a.ID)
}
