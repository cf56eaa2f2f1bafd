package media

import (
	"context"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// SweepEvery is how often Sweep runs.
const SweepEvery = 10 * time.Minute

// Bounds of one transaction of Sweep, and the age at which a half-written file
// counts as given up.
const (
	sweepBatch = 100
	givenUp    = 24 * time.Hour
)

// Sweep is the job that removes uploads nobody posted within a day, copies that
// nobody saw for long, and files that nothing refers to any more.
func (s *Service) Sweep(ctx context.Context, j *job.Job) error {
	for {
		n, err := s.sweepUploads(ctx, j)
		if err != nil {
			return err
		}
		if n < sweepBatch {
			break
		}
	}
	if err := s.sweepUnseen(ctx); err != nil {
		return err
	}
	if err := s.sweepFiles(ctx); err != nil {
		return err
	}
	return s.Blobs.Sweep(ctx, s.Store.Now().Add(-givenUp))
}

func (s *Service) sweepUploads(ctx context.Context, j *job.Job) (n int, err error) {
	err = j.Part(ctx, func(tx *store.Tx) error {
		list, err := tx.UnusedUploads(ctx, tx.Now().Add(-domain.UnusedUploadLife), sweepBatch)
		n = len(list)
		for i := range list {
			if err := tx.DeleteUpload(&list[i]); err != nil {
				return err
			}
		}
		return err
	})
	return n, err
}

// sweepUnseen evicts copies that nobody saw for the days of the setting
// media_days.
func (s *Service) sweepUnseen(ctx context.Context) error {
	set, err := s.Store.Reader().Settings(ctx)
	if err != nil || set.MediaDays == 0 {
		return err
	}
	_, _, err = s.Prune(ctx, domain.Days(set.MediaDays), false, func(string) {})
	return err
}

// sweepFiles deletes doomed files, and then forgets them.
func (s *Service) sweepFiles(ctx context.Context) error {
	for {
		names, err := s.Store.Reader().DoomedFiles(ctx, s.Store.Now(), sweepBatch)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := s.Blobs.Delete(ctx, name); err != nil {
				return err
			}
		}
		if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.ForgetFiles(names) }); err != nil {
			return err
		}
	}
}
