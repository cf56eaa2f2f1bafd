package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Bookmark keeps a post in the actor's private list and returns its id.
func (s *Service) Bookmark(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error { return tx.Bookmark(actor, p.ID) })
}

// Unbookmark takes it out again.
func (s *Service) Unbookmark(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error { return tx.Unbookmark(actor, p.ID) })
}
