package remote

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// SweepEvery is how often Sweep runs.
const SweepEvery = 24 * time.Hour

// How long things are kept.
const (
	keepJSON       = 30 * 24 * time.Hour // of mirrored posts
	keepActivities = 45 * 24 * time.Hour // ids of letters; longer than any is sent again
	keepCards      = 30 * 24 * time.Hour // that no post shows
	keepWaves      = 30 * 24 * time.Hour // that were decided
	sweepBatch     = 1000
	maxRechecks    = 200 // authorizations looked at anew in one day
)

// Sweep is the daily job that drops what has been kept long enough, batch by
// batch, and has old authorizations to quote looked at anew.
func (s *Service) Sweep(ctx context.Context, _ *job.Job) error {
	now := s.Now()
	for _, drop := range []func(tx *store.Tx) (int64, error){
		func(tx *store.Tx) (int64, error) { return tx.ForgetRemoteObjects(now.Add(-keepJSON), sweepBatch) },
		func(tx *store.Tx) (int64, error) { return tx.ForgetActivities(now.Add(-keepActivities), sweepBatch) },
		func(tx *store.Tx) (int64, error) { return tx.ForgetTombstones(sweepBatch) },
		func(tx *store.Tx) (int64, error) { return tx.ForgetCards(now.Add(-keepCards), sweepBatch) },
		func(tx *store.Tx) (int64, error) {
			return tx.ForgetTranslations(now.Add(-domain.TranslationLife), sweepBatch)
		},
		func(tx *store.Tx) (int64, error) { return tx.ForgetMarks(now.Add(-domain.WaveSpan), sweepBatch) },
		func(tx *store.Tx) (int64, error) { return tx.ForgetWaves(now.Add(-keepWaves), sweepBatch) },
	} {
		for n := int64(sweepBatch); n == sweepBatch; {
			err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
				n, err = drop(tx)
				return err
			})
			if err != nil {
				return fmt.Errorf("drop what is old: %w", err)
			}
		}
	}
	if err := s.forgetPosts(ctx); err != nil {
		return err
	}
	return s.recheckQuotes(ctx, now.Add(-recheckAfter))
}

func (s *Service) recheckQuotes(ctx context.Context, before time.Time) error {
	quotes, err := s.Store.Reader().QuotesToCheck(ctx, before, maxRechecks)
	if err != nil {
		return fmt.Errorf("find quotes to look at: %w", err)
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		for _, q := range quotes {
			_, err := job.Enqueue(tx, domain.JobQuoteCheck, q.Status, job.Unique(q.Status.String()), job.Priority(domain.PriorityLow))
			if err != nil {
				return err
			}
		}
		return nil
	})
}
