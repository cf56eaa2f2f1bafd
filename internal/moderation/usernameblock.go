package moderation

import (
	"context"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// BlockUsername keeps a name, and those that look like it, from being taken by
// signing up; unless Exact is set, whatever contains it, too.
func (s *Service) BlockUsername(ctx context.Context, by domain.ID, b domain.UsernameBlock) (domain.UsernameBlock, error) {
	b.Username = strings.TrimPrefix(strings.TrimSpace(b.Username), "@")
	folded := domain.FoldName(b.Username)
	switch {
	case b.Username == "":
		return b, domain.Errorf(domain.Invalid, "Validation failed: Username can't be blank")
	case len(b.Username) > domain.MaxUsername || !text.ValidUsername(b.Username) || folded == "":
		return b, domain.Errorf(domain.Invalid, "Validation failed: Username is not one that somebody could have")
	case !b.Exact && len(folded) < domain.LeastContained:
		return b, domain.Errorf(domain.Invalid, "Validation failed: Username is too short to bar whatever contains it (minimum is %d characters)", domain.LeastContained)
	}
	return b, s.changeBlocks(ctx, by, "create", "username_block", func(tx *store.Tx) (domain.ID, string, error) {
		err := tx.InsertUsernameBlock(&b)
		return b.ID, b.Username, err
	})
}

// UnblockUsername takes that back.
func (s *Service) UnblockUsername(ctx context.Context, by, id domain.ID) error {
	return s.changeBlocks(ctx, by, "destroy", "username_block", func(tx *store.Tx) (domain.ID, string, error) {
		b, err := tx.UsernameBlock(ctx, id)
		if err != nil {
			return 0, "", err
		}
		return id, b.Username, tx.DeleteUsernameBlock(id)
	})
}

// ListUsernameBlocks are the names that nobody gets, newest first.
func (s *Service) ListUsernameBlocks(ctx context.Context, p domain.Page) ([]domain.UsernameBlock, error) {
	return s.st.Reader().UsernameBlocks(ctx, p)
}
