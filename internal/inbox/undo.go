package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// undo takes back what the same actor did, named by a copy or its id alone.
func (s *Service) undo(ctx context.Context, a *act) error {
	id, inner := a.Object().ID, a.Inner()
	if inner == nil || inner.Object().ID == "" {
		return s.undoByID(ctx, a, id)
	}
	switch inner.Type {
	case "Follow":
		return s.withHere(ctx, inner.Object().ID, func(whom domain.Account) error {
			return s.Relation.UnfollowAs(ctx, a.actor.ID, whom.ID, id)
		})
	case "Block":
		return s.withHere(ctx, inner.Object().ID, func(whom domain.Account) error {
			return s.Relation.UnblockAs(ctx, a.actor.ID, whom.ID, id)
		})
	case "Like", "EmojiReact":
		p, err := s.ours(ctx, inner.Object().ID)
		if err != nil {
			return err
		}
		_, err = s.Posts.Unlike(ctx, a.actor.ID, p.ID, id)
		return err
	case "Announce":
		return s.unboost(ctx, a, id, inner.Object().ID)
	case "Accept":
		return s.unaccept(ctx, a, inner)
	}
	return errIgnored
}

// withHere does something to an account of ours, if it is one.
func (s *Service) withHere(ctx context.Context, uri string, do func(domain.Account) error) error {
	whom, err := s.here(ctx, uri)
	if domain.Is(err, domain.NotFound) {
		return errUnwanted
	}
	if err != nil {
		return fmt.Errorf("look up %s: %w", uri, err)
	}
	return do(whom)
}

// unboost takes back a boost, by its id or else by what was boosted.
func (s *Service) unboost(ctx context.Context, a *act, id, original string) error {
	r := s.Store.Reader()
	if _, err := r.StatusByURI(ctx, id); !domain.Is(err, domain.NotFound) {
		if err != nil {
			return fmt.Errorf("look up the boost: %w", err)
		}
		return s.Remote.Unboost(ctx, a.actor, id)
	}
	p, err := s.Remote.KnownStatus(ctx, r, original)
	if err == nil {
		p, err = r.BoostBy(ctx, a.actor.ID, p.ID)
	}
	switch {
	case err == nil && p.URI != "":
		id = p.URI
	case err != nil && !domain.Is(err, domain.NotFound):
		return fmt.Errorf("look for the boost: %w", err)
	}
	if id == "" {
		return refusef("a boost that is not known was taken back")
	}
	// What is not known here is remembered, should it come later.
	return s.Remote.Unboost(ctx, a.actor, id)
}

// unaccept ends a follow that the actor had accepted.
func (s *Service) unaccept(ctx context.Context, a *act, accept *apub.Activity) error {
	request := accept.Inner()
	if request == nil || request.Type != "Follow" || request.Object().ID != a.actor.URI {
		return errIgnored
	}
	return s.withHere(ctx, request.Actor, func(follower domain.Account) error {
		return s.Relation.RemoveFollower(ctx, a.actor.ID, follower.ID)
	})
}

// undoByID finds what the actor did under that id.
func (s *Service) undoByID(ctx context.Context, a *act, id string) error {
	if id == "" {
		return refusef("what is taken back has no id")
	}
	r, me := s.Store.Reader(), a.actor.ID
	if f, err := r.FollowByURI(ctx, me, id); !domain.Is(err, domain.NotFound) {
		if err != nil {
			return fmt.Errorf("look for a follow: %w", err)
		}
		return s.Relation.UnfollowAs(ctx, me, f.Target, id)
	}
	if f, err := r.FavouriteByURI(ctx, me, id); !domain.Is(err, domain.NotFound) {
		if err != nil {
			return fmt.Errorf("look for a favourite: %w", err)
		}
		_, err := s.Posts.Unlike(ctx, me, f.Status, id)
		return err
	}
	if whom, err := r.BlockedByURI(ctx, me, id); !domain.Is(err, domain.NotFound) {
		if err != nil {
			return fmt.Errorf("look for a block: %w", err)
		}
		return s.Relation.UnblockAs(ctx, me, whom, id)
	}
	return s.unboost(ctx, a, id, "")
}
