package relation

import (
	"context"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Note keeps actor's private comment on target; an empty one removes it.
func (s *Service) Note(ctx context.Context, actor, targetID domain.ID, comment string) error {
	if utf8.RuneCountInString(comment) > domain.MaxNoteComment {
		return domain.Errorf(domain.Invalid, "Validation failed: Comment is too long (maximum is %d characters)", domain.MaxNoteComment)
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		return tx.SaveNote(actor, targetID, comment)
	})
}

// Endorse features target, whom actor must follow, on actor's profile.
func (s *Service) Endorse(ctx context.Context, actor, targetID domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := target(ctx, tx, targetID); err != nil {
			return err
		}
		f, err := tx.Follow(ctx, actor, targetID)
		if domain.Is(err, domain.NotFound) || err == nil && f.Pending {
			return domain.Errorf(domain.Invalid, "Validation failed: You must be already following the person you want to endorse")
		}
		if err != nil {
			return err
		}
		return tx.SaveEndorsement(actor, targetID)
	})
}

// Unendorse stops featuring target.
func (s *Service) Unendorse(ctx context.Context, actor, targetID domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Account(ctx, targetID); err != nil {
			return err
		}
		return tx.DeleteEndorsement(actor, targetID)
	})
}
