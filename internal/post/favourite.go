package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Favourite marks a post as liked and returns its id, which is that of the
// original where id names a boost.
func (s *Service) Favourite(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error {
		if err := allowed(ctx, tx, actor, p); err != nil {
			return err
		}
		fresh, err := tx.Favourite(actor, p.ID)
		if err != nil || !fresh {
			return err
		}
		if err := tx.Count(store.FavouritesOf(p.ID, 1)); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventFavourited, Actor: actor, Target: p.Account, Status: p.ID})
	})
}

// Unfavourite takes it back.
func (s *Service) Unfavourite(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error {
		was, err := tx.Unfavourite(actor, p.ID)
		if err != nil || !was {
			return err
		}
		if err := tx.Count(store.FavouritesOf(p.ID, -1)); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventUnfavourited, Actor: actor, Target: p.Account, Status: p.ID})
	})
}

// mark does something to a post that the actor may see, and returns its id.
func (s *Service) mark(ctx context.Context, actor, id domain.ID, do func(tx *store.Tx, p *domain.Status) error) (domain.ID, error) {
	var post domain.Status
	err := s.write(ctx, func(tx *store.Tx) error {
		var err error
		if post, err = visible(ctx, tx.Reader, actor, id); err != nil {
			return err
		}
		return do(tx, &post)
	})
	return post.ID, err
}

// allowed refuses deeds that reach an author whom the actor blocks.
func allowed(ctx context.Context, tx *store.Tx, actor domain.ID, p *domain.Status) error {
	shunned, err := tx.Shunned(ctx, actor, []domain.ID{p.Account})
	if err == nil && len(shunned) > 0 {
		err = errNotAllowed
	}
	return err
}
