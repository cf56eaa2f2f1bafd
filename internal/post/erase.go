package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// eraseBatch is how many posts one transaction removes.
const eraseBatch = 50

// EraseAll is the job that removes every post of a deleted account, batch by
// batch, and then has the rest of the account erased.
func (s *Service) EraseAll(ctx context.Context, j *job.Job) error {
	var account domain.ID
	if err := j.Decode(&account); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		list, err := tx.StatusesBy(ctx, account, eraseBatch)
		if err != nil {
			return err
		}
		for i := range list {
			if err := tx.RemoveStatus(&list[i]); err != nil {
				return err
			}
		}
		next := domain.JobErasePosts
		if len(list) < eraseBatch {
			next = domain.JobEraseAccount
		}
		_, err = job.Enqueue(tx, next, account, job.Unique(account.String()))
		return err
	})
}
