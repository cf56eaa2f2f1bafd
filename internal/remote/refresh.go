package remote

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// RefreshEvery is how often old copies are looked for, and refreshBatch how
// many of them are refreshed then.
const (
	RefreshEvery = time.Hour
	refreshBatch = 200
)

// FollowMove is the job that looks up where an account has moved. Moving
// followers is another matter: it takes a Move and an alias.
func (s *Service) FollowMove(ctx context.Context, j *job.Job) error {
	var m domain.MovedTo
	if err := j.Decode(&m); err != nil {
		return err
	}
	to, err := s.Actor(ctx, m.URI)
	switch {
	case domain.Is(err, domain.Unavailable):
		return err
	case err != nil:
		s.Log.InfoContext(ctx, "an account moved to what cannot be found", "account", m.Account, "to", m.URI, "err", err)
		return nil
	case to.ID == m.Account:
		return nil
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		err := tx.SetMovedTo(m.Account, to.ID)
		if domain.Is(err, domain.NotFound) {
			return nil // erased since
		}
		return err
	})
}

// RefreshStale is the periodic job that has old copies of accounts that
// people here follow fetched anew, a few at a time.
func (s *Service) RefreshStale(ctx context.Context, j *job.Job) error {
	ids, err := s.Store.Reader().StaleActors(ctx, s.Now().Add(-freshFollowed), refreshBatch)
	if err != nil {
		return fmt.Errorf("find old copies: %w", err)
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			if _, err := job.Enqueue(tx, domain.JobRefreshActor, id, job.Unique(id.String()), job.Priority(domain.PriorityLow)); err != nil {
				return err
			}
		}
		return nil
	})
}

// RefreshOne is the job that fetches one account anew. When that fails, its
// turn comes again with the others'.
func (s *Service) RefreshOne(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	a, err := s.Store.Reader().Account(ctx, id)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.Refresh(ctx, a.URI)
	if err == nil || domain.Is(err, domain.Gone) {
		return nil
	}
	s.Log.DebugContext(ctx, "an account could not be refreshed", "actor", a.URI, "err", err)
	return j.Write(ctx, func(tx *store.Tx) error {
		err := tx.TouchActor(id)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		return err
	})
}
