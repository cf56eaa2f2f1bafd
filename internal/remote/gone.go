package remote

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

var errGone = domain.Errorf(domain.Gone, "This account was deleted")

// Gone handles an actor that deleted itself or whose server answers 410: at
// once it is out of sight, and everything of it is erased in the background.
// Saying it twice changes nothing.
func (s *Service) Gone(ctx context.Context, a domain.Account) error {
	if a.Local() {
		return fmt.Errorf("take account %s for gone: %w", a.ID, errOurs)
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.Account(ctx, a.ID)
		if domain.Is(err, domain.NotFound) || err == nil && known.SuspendedBy&domain.ByErasure != 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.HideAccount(a.ID); err != nil {
			return fmt.Errorf("hide it: %w", err)
		}
		if err := tx.ReplaceActorKeys(a.ID, nil); err != nil {
			return fmt.Errorf("remove its keys: %w", err)
		}
		tx.Notify(topicKeys, a.ID.String())
		if _, err := job.Enqueue(tx, domain.JobErasePosts, a.ID, job.Unique(a.ID.String())); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountDeleted, Actor: a.ID, Target: a.ID})
	})
	if err != nil {
		return fmt.Errorf("remove the account %s: %w", a.URI, err)
	}
	return nil
}
