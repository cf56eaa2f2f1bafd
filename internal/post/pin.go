package post

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Pin puts one of the actor's own posts on top of their profile and returns
// its id: no boost, not direct, at most domain.MaxPins (behaviours 8.7, 7.7),
// or domain.MaxMirroredPins where they live elsewhere.
func (s *Service) Pin(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return id, s.st.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.Status(ctx, actor, id)
		switch {
		case err != nil:
			return err
		case p.ReblogOf != 0:
			return invalid("A boost cannot be pinned")
		case p.Account != actor:
			return invalid("Someone else's post cannot be pinned")
		case p.Visibility == domain.Direct:
			return invalid("Posts that are only visible to mentioned users cannot be pinned")
		}
		if err := tx.LockAccount(actor); err != nil {
			return err
		}
		pins, err := tx.Pins(ctx, actor)
		if err != nil || slices.Contains(pins, id) {
			return err
		}
		most := domain.MaxPins
		if !p.Local {
			most = domain.MaxMirroredPins
		}
		if len(pins) >= most {
			return invalid("You have already pinned the maximum number of posts")
		}
		if err := tx.Pin(actor, id); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventPinned, Actor: actor, Status: id})
	})
}

// Unpin takes it down and returns the post's id.
func (s *Service) Unpin(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error {
		was, err := tx.Unpin(actor, p.ID)
		if err != nil || !was {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventUnpinned, Actor: actor, Status: p.ID})
	})
}
