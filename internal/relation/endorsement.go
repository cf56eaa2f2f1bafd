package relation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Endorse puts somebody whom actor follows on actor's profile. It may be
// repeated; unfollowing and blocking take it back.
func (s *Service) Endorse(ctx context.Context, actor, targetID domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		target, err := tx.Account(ctx, targetID)
		if err == nil && target.Suspended() {
			err = domain.ErrNotFound
		}
		if err != nil {
			return err
		}
		f, err := tx.Follow(ctx, actor, targetID)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("look for the follow: %w", err)
		}
		if err != nil || f.Pending {
			return domain.Errorf(domain.Invalid, "Validation failed: You can only feature people whom you follow")
		}
		return tx.InsertEndorsement(actor, targetID)
	})
}

// Unendorse takes somebody off actor's profile. It may be repeated.
func (s *Service) Unendorse(ctx context.Context, actor, targetID domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		return tx.DeleteEndorsement(actor, targetID)
	})
}
