package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// add pins a post of the actor's. Other collections, and hashtags on its
// profile, are not kept.
func (s *Service) add(ctx context.Context, a *act) error {
	return s.pinned(ctx, a, func(id string) error {
		p, err := s.Remote.Status(ctx, id)
		if err != nil {
			return fmt.Errorf("find the post: %w", err)
		}
		_, err = s.Posts.Pin(ctx, a.actor.ID, p.ID)
		return err
	})
}

// takeDown is the reverse of add.
func (s *Service) takeDown(ctx context.Context, a *act) error {
	return s.pinned(ctx, a, func(id string) error {
		p, err := s.Remote.KnownStatus(ctx, s.Store.Reader(), id)
		if domain.Is(err, domain.NotFound) {
			return errUnwanted
		}
		if err == nil {
			_, err = s.Posts.Unpin(ctx, a.actor.ID, p.ID)
		}
		return err
	})
}

// pinned does something to each post that the actor adds to its own pins, or
// takes from them (SEC-20).
func (s *Service) pinned(ctx context.Context, a *act, do func(id string) error) error {
	known, err := s.Store.Reader().Actor(ctx, a.actor.ID)
	if err != nil {
		return fmt.Errorf("look up the actor: %w", err)
	}
	if known.Featured == "" || a.Target.ID != known.Featured {
		return errIgnored
	}
	for _, o := range a.Objects {
		if o.Doc != nil && o.Doc.Class == apub.ClassHashtag {
			return errIgnored
		}
		if !apub.SameOrigin(o.ID, a.actor.URI) {
			return refusef("%s is not the actor's own", o.ID)
		}
		if err := do(o.ID); err != nil {
			return err
		}
	}
	return nil
}
