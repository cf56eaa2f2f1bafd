package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Delete ends a local account: at once it is signed out everywhere and out of
// sight, and its name is retired for ever (SEC-46). Once other servers have
// their letters, its posts and everything else follow batch by batch.
func (s *Service) Delete(ctx context.Context, account domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, account)
		if err != nil {
			return err
		}
		if u.Role == domain.RoleOwner {
			return domain.Errorf(domain.Forbidden, "This account owns the community and cannot be deleted.")
		}
		if err := tx.Revoke(account, store.Revocation{}); err != nil {
			return fmt.Errorf("end its access: %w", err)
		}
		if err := tx.DeleteUser(account); err != nil {
			return fmt.Errorf("retire the name: %w", err)
		}
		if err := tx.HideAccount(account); err != nil {
			return fmt.Errorf("hide the account: %w", err)
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountDeleted, Actor: account, Target: account})
	})
}

// eraseBatch is how many rows of a kind one transaction removes.
const eraseBatch = 200

// Erase is the job that removes what is left of a deleted account once its
// posts are gone. Each run does one batch and has itself run again.
func (s *Service) Erase(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		left := 0
		for _, step := range []func(domain.ID, int) (int, error){tx.EraseFollows, tx.EraseFavourites, tx.EraseVotes, tx.EraseRows} {
			n, err := step(id, eraseBatch)
			if err != nil {
				return err
			}
			left += n
		}
		if left == 0 {
			return forget(ctx, tx, id)
		}
		_, err := job.Enqueue(tx, domain.JobEraseAccount, id, job.Unique(id.String()))
		return err
	})
}

// forget removes the row, unless the staff here suspended somebody elsewhere,
// who must not come back as somebody new.
func forget(ctx context.Context, tx *store.Tx, id domain.ID) error {
	a, err := tx.Account(ctx, id)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil || !a.Local() && a.SuspendedBy&domain.ByStaff != 0 {
		return err
	}
	return tx.DeleteAccount(id)
}
