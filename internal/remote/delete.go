package remote

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// goneFor is how long the deletion of something unknown keeps it away: longer
// than any signed letter that creates it lives (facts 4.2, 6).
const goneFor = 24 * time.Hour

// Deleted removes what the actor says that it deleted: a mirrored post or
// boost with all that hangs on it, which never comes back. Only the actor's
// own, on its own host, are heard of (SEC-16).
func (s *Service) Deleted(ctx context.Context, actor domain.Account, uri string) error {
	return s.takeBack(ctx, actor, uri, func(tx *store.Tx, _ *domain.Status) error { return tx.Bury(uri) })
}

// Unboost removes a boost that the actor takes back. One that is not known
// has no effect should it come later; another of that id may come after one
// that was.
func (s *Service) Unboost(ctx context.Context, actor domain.Account, uri string) error {
	return s.takeBack(ctx, actor, uri, func(_ *store.Tx, st *domain.Status) error {
		if st.ReblogOf == 0 {
			return domain.Errorf(domain.Forbidden, "Only boosts are taken back like that")
		}
		return nil
	})
}

// takeBack removes a mirrored post or boost of the actor once first is done,
// or keeps away what is not known.
func (s *Service) takeBack(ctx context.Context, actor domain.Account, uri string, first func(*store.Tx, *domain.Status) error) error {
	if !apub.SameOrigin(uri, actor.URI) || s.atHome(uri) {
		return domain.Errorf(domain.Forbidden, "Only its author may delete a post")
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		st, err := tx.StatusByURI(ctx, uri)
		switch {
		case domain.Is(err, domain.NotFound):
			if err := tx.DropHeld(uri); err != nil {
				return err
			}
			return tx.BuryFor(uri, tx.Now().Add(goneFor))
		case err != nil:
			return err
		case st.Account != actor.ID || st.Local:
			return domain.Errorf(domain.Forbidden, "Only its author may delete a post")
		}
		if err := first(tx, &st); err != nil {
			return err
		}
		return tx.RemoveStatus(&st)
	})
	if domain.Is(err, domain.Conflict) {
		return nil // somebody else has just removed it
	}
	if err != nil {
		return fmt.Errorf("delete %s: %w", uri, err)
	}
	return nil
}
