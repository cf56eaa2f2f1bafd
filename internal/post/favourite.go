package post

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Like is what another server says of a favourite; ours are zero.
type Like struct {
	URI      string
	Reaction string
}

// Favourite marks a post as liked and returns its id, which is that of the
// original where id names a boost.
func (s *Service) Favourite(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.Like(ctx, actor, id, Like{})
}

// Like is Favourite by somebody here or elsewhere. One that was taken back
// before it came has no effect.
func (s *Service) Like(ctx context.Context, actor, id domain.ID, l Like) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error {
		if late, err := undone(ctx, tx, actor, l.URI); err != nil || late {
			return err
		}
		if err := allowed(ctx, tx, actor, p); err != nil {
			return err
		}
		f := domain.Favourite{Account: actor, Status: p.ID, URI: l.URI, Reaction: l.Reaction}
		fresh, err := tx.Favourite(&f)
		if err != nil || !fresh {
			return err
		}
		if err := tx.Count(store.FavouritesOf(p.ID, 1)); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventFavourited, Actor: actor, Target: p.Account, Status: p.ID, Object: f.ID, URI: f.URI})
	})
}

// undone reports whether a deed of that id was taken back before it came.
// What one account does under an id happens in turn.
func undone(ctx context.Context, tx *store.Tx, actor domain.ID, uri string) (bool, error) {
	if uri == "" {
		return false, nil
	}
	if err := tx.LockAccount(actor); err != nil {
		return false, fmt.Errorf("lock the actor: %w", err)
	}
	return tx.Tombstoned(ctx, uri)
}

// Unfavourite takes it back.
func (s *Service) Unfavourite(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.Unlike(ctx, actor, id, "")
}

// Unlike is Unfavourite by somebody here or elsewhere. uri is the id of the
// Like: should it come later, it has no effect.
func (s *Service) Unlike(ctx context.Context, actor, id domain.ID, uri string) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error {
		if late, err := undone(ctx, tx, actor, uri); err != nil || late {
			return err
		}
		was, err := tx.Unfavourite(actor, p.ID)
		switch {
		case domain.Is(err, domain.NotFound) && uri != "":
			return tx.BuryFor(uri, tx.Now().Add(domain.UndoneFor))
		case domain.Is(err, domain.NotFound):
			return nil
		case err != nil:
			return err
		}
		if err := tx.Count(store.FavouritesOf(p.ID, -1)); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventUnfavourited, Actor: actor, Target: p.Account, Status: p.ID, Object: was.ID, URI: was.URI})
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
