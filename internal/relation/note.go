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
