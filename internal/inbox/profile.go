package inbox

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/remote"
)

// add pins a post of the actor's, or puts a hashtag on its profile, which
// Mastodon takes for the same collection. Of collections of accounts those are
// looked at that somebody here is in.
func (s *Service) add(ctx context.Context, a *act) error {
	return s.pinned(ctx, a, s.featureTag, func(id string) error {
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
	return s.pinned(ctx, a, s.unfeatureTag, func(id string) error {
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

// pinned does something to each hashtag or post that the actor adds to its own
// pins, or takes from them (SEC-20).
func (s *Service) pinned(ctx context.Context, a *act, tag func(context.Context, domain.ID, domain.Tag) error, do func(id string) error) error {
	// A collection changes, or leaves the profile, perhaps for good.
	for _, id := range []string{a.Target.ID, a.Object().ID} {
		if known, err := s.collectionTold(ctx, a, id); known || err != nil {
			return err
		}
	}
	known, err := s.Store.Reader().Actor(ctx, a.actor.ID)
	if err != nil {
		return fmt.Errorf("look up the actor: %w", err)
	}
	if known.Featured == "" || a.Target.ID != known.Featured {
		return errIgnored
	}
	for _, o := range a.Objects {
		if o.Doc != nil && o.Doc.Hashtag != nil {
			t, ok := remote.TagOf(*o.Doc.Hashtag)
			if !ok {
				return refusef("%q is no hashtag", o.Doc.Hashtag.Name)
			}
			if err := tag(ctx, a.actor.ID, t); err != nil {
				return err
			}
			continue
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

func (s *Service) featureTag(ctx context.Context, actor domain.ID, t domain.Tag) error {
	_, err := s.Relation.FeatureTag(ctx, actor, t)
	return err
}

func (s *Service) unfeatureTag(ctx context.Context, actor domain.ID, t domain.Tag) error {
	_, err := s.Relation.UnfeatureTag(ctx, actor, t)
	return err
}
