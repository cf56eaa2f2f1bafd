package relation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// FollowTag makes actor follow a hashtag, made if it is new. It may be
// repeated.
func (s *Service) FollowTag(ctx context.Context, actor domain.ID, t domain.Tag) (domain.Tag, error) {
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.EnsureTag(t)
		if err != nil {
			return fmt.Errorf("make the hashtag: %w", err)
		}
		t = known
		tx.HomeChanged(actor)
		return tx.SaveTagFollow(actor, t.ID)
	})
	return t, err
}

// UnfollowTag ends it. It may be repeated.
func (s *Service) UnfollowTag(ctx context.Context, actor domain.ID, t domain.Tag) (domain.Tag, error) {
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.EnsureTag(t)
		if err != nil {
			return fmt.Errorf("make the hashtag: %w", err)
		}
		t = known
		tx.HomeChanged(actor)
		return tx.DeleteTagFollow(actor, t.ID)
	})
	return t, err
}

// FeatureTag puts a hashtag, made if it is new, on actor's profile. Ten are
// the most. It may be repeated.
func (s *Service) FeatureTag(ctx context.Context, actor domain.ID, t domain.Tag) (domain.FeaturedTag, error) {
	var f domain.FeaturedTag
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.EnsureTag(t)
		if err != nil {
			return fmt.Errorf("make the hashtag: %w", err)
		}
		f, err = tx.FeaturedTag(ctx, actor, known.ID)
		if !domain.Is(err, domain.NotFound) {
			return err
		}
		if err := tx.SaveFeaturedTag(actor, known.ID); err != nil {
			return fmt.Errorf("save the featured hashtag: %w", err)
		}
		all, err := tx.FeaturedTags(ctx, actor)
		if err != nil {
			return fmt.Errorf("count the featured hashtags: %w", err)
		}
		if len(all) > domain.MaxFeaturedTags {
			return domain.Errorf(domain.Invalid, "Validation failed: You have already featured the maximum number of hashtags")
		}
		if f, err = tx.FeaturedTag(ctx, actor, known.ID); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventTagFeatured, Actor: actor, Object: known.ID})
	})
	return f, err
}

// UnfeatureTag takes a hashtag off actor's profile. It may be repeated.
func (s *Service) UnfeatureTag(ctx context.Context, actor domain.ID, t domain.Tag) (domain.Tag, error) {
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.EnsureTag(t)
		if err != nil {
			return fmt.Errorf("make the hashtag: %w", err)
		}
		t = known
		f, err := tx.FeaturedTag(ctx, actor, t.ID)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return unfeature(tx, actor, f.ID)
	})
	return t, err
}

// DeleteFeaturedTag takes a hashtag off actor's profile by the id of the entry.
func (s *Service) DeleteFeaturedTag(ctx context.Context, actor, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return unfeature(tx, actor, id) })
}

func unfeature(tx *store.Tx, actor, id domain.ID) error {
	tag, err := tx.DeleteFeaturedTag(actor, id)
	if err != nil {
		return err
	}
	return tx.Emit(domain.Event{Kind: domain.EventTagUnfeatured, Actor: actor, Object: tag})
}
