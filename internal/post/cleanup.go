package post

import (
	"context"
	"errors"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

const (
	// CleanupEvery is how often old posts are looked for.
	CleanupEvery = 15 * time.Minute
	// One run deletes so many posts of one person and of all, and looks at so
	// many people: each deletion is a letter to every server that has the post.
	cleanupEach = 25
	cleanupAll  = 500
	cleanupSeen = 200
	// cleanupPause is how long whoever has nothing old is left alone.
	cleanupPause = 12 * time.Hour
)

// Cleanup is which old posts of an account are deleted by themselves, and how
// many would be now.
func (s *Service) Cleanup(ctx context.Context, account domain.ID) (c domain.Cleanup, matching int64, err error) {
	if c, err = cleanupOf(ctx, s.st.Reader(), account); err != nil {
		return c, 0, err
	}
	matching, err = s.st.Reader().CountOldStatuses(ctx, &c, s.st.Now())
	return c, matching, err
}

// ChangeCleanup changes which old posts of an account are deleted. Two changes
// at once both hold: change gets what is there, in the transaction.
func (s *Service) ChangeCleanup(ctx context.Context, account domain.ID, change func(*domain.Cleanup)) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(account); err != nil {
			return err
		}
		c, err := cleanupOf(ctx, tx.Reader, account)
		if err != nil {
			return err
		}
		change(&c)
		if err := c.Check(); err != nil {
			return err
		}
		return tx.SaveCleanup(&c)
	})
}

// cleanupOf is what the account chose, else what it would begin with.
func cleanupOf(ctx context.Context, r store.Reader, account domain.ID) (domain.Cleanup, error) {
	c, err := r.Cleanup(ctx, account)
	if domain.Is(err, domain.NotFound) {
		c, err = domain.NewCleanup(account), nil
	}
	return c, err
}

// CleanUp is the job that deletes old posts of those who want it, a bounded
// number each time. One that is cut short finds the rest the next time.
func (s *Service) CleanUp(ctx context.Context, _ *job.Job) error {
	due, err := s.st.Reader().CleanupsDue(ctx, s.st.Now(), cleanupSeen)
	if err != nil {
		return fmt.Errorf("look who wants old posts deleted: %w", err)
	}
	left := cleanupAll
	var failed error
	for i := range due {
		if left == 0 || ctx.Err() != nil {
			break
		}
		n, err := s.cleanUp(ctx, &due[i], min(left, cleanupEach))
		left -= n
		failed = errors.Join(failed, err)
	}
	return failed
}

// cleanUp deletes up to limit old posts of one person.
func (s *Service) cleanUp(ctx context.Context, c *domain.Cleanup, limit int) (int, error) {
	ids, err := s.st.Reader().OldStatuses(ctx, c, s.st.Now(), limit)
	if err != nil {
		return 0, fmt.Errorf("look for old posts: %w", err)
	}
	for n, id := range ids {
		if err := s.Delete(ctx, c.Account, id); err != nil && !domain.Is(err, domain.NotFound) {
			return n, fmt.Errorf("delete an old post: %w", err)
		}
	}
	pause := cleanupPause
	if len(ids) == limit {
		pause = 0
	}
	return len(ids), s.st.Write(ctx, func(tx *store.Tx) error { return tx.CleanedUp(c.Account, tx.Now().Add(pause)) })
}
