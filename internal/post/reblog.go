package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Reblog boosts a post and returns the id of the boost; a boost of a boost
// boosts the original. A second one gives the first (behaviours 8.7, 8.8).
// wanted is nil for the actor's usual visibility.
func (s *Service) Reblog(ctx context.Context, actor, id domain.ID, wanted *domain.Visibility, app domain.ID) (domain.ID, error) {
	var made domain.ID
	err := s.write(ctx, func(tx *store.Tx) error {
		p, err := visible(ctx, tx.Reader, actor, id)
		if err != nil {
			return err
		}
		if !domain.CanBoost(&p, actor) {
			return errNotAllowed
		}
		if err := allowed(ctx, tx, actor, &p); err != nil {
			return err
		}
		old, err := tx.BoostBy(ctx, actor, p.ID)
		if made = old.ID; !domain.Is(err, domain.NotFound) {
			return err
		}
		v, err := boostVisibility(ctx, tx, actor, &p, wanted)
		if err != nil {
			return err
		}
		b := domain.Status{Account: actor, Local: true, ReblogOf: p.ID, Visibility: v, LocalOnly: p.LocalOnly, App: app}
		if err := insertBoost(tx, &b, &p); err != nil {
			return err
		}
		made = b.ID
		return nil
	})
	return made, err
}

func boostVisibility(ctx context.Context, tx *store.Tx, actor domain.ID, p *domain.Status, wanted *domain.Visibility) (domain.Visibility, error) {
	if !p.Visibility.Listed() {
		return p.Visibility, nil
	}
	if wanted != nil {
		if *wanted == domain.Direct {
			return 0, invalid("Visibility is reserved")
		}
		return *wanted, nil
	}
	a, err := tx.Account(ctx, actor)
	if err != nil {
		return 0, err
	}
	u, err := tx.User(ctx, actor)
	return min(u.Prefs.DefaultVisibility(a.Locked), domain.Private), err
}

func insertBoost(tx *store.Tx, b, original *domain.Status) error {
	b.ID = tx.NewID()
	if err := tx.Count(store.CountsOf(b, 1)...); err != nil {
		return err
	}
	// Counting has locked the original, unless it was deleted meanwhile.
	if err := tx.StillThere(original.ID); err != nil {
		return err
	}
	if err := tx.InsertStatus(b, ""); err != nil {
		return err
	}
	return tx.Emit(domain.Event{
		Kind: domain.EventStatusCreated, Actor: b.Account, Target: original.Account, Status: b.ID, Object: original.ID,
	})
}

// Unreblog takes the actor's boost of a post back and returns the post's id.
func (s *Service) Unreblog(ctx context.Context, actor, id domain.ID) (domain.ID, error) {
	return s.mark(ctx, actor, id, func(tx *store.Tx, p *domain.Status) error {
		b, err := tx.BoostBy(ctx, actor, p.ID)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.RemoveStatus(&b)
	})
}
