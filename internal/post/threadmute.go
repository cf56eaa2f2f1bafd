package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// MuteThread keeps the actor from hearing of the whole conversation that a
// post belongs to, and returns the post's id.
func (s *Service) MuteThread(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error { return tx.MuteThread(actor, p.Conversation) })
}

// UnmuteThread lets the actor hear of it again.
func (s *Service) UnmuteThread(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error { return tx.UnmuteThread(actor, p.Conversation) })
}
