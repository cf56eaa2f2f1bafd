package archive

import (
	"context"
	"fmt"

	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Ask has an archive of everything that somebody wrote made, once a week.
func (s *Service) Ask(ctx context.Context, owner domain.ID) (domain.Archive, error) {
	total, err := s.Store.Reader().CountParts(ctx, owner)
	if err != nil {
		return domain.Archive{}, fmt.Errorf("count what is to be in the archive: %w", err)
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		last, err := tx.Archive(ctx, owner)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return err
		}
		if err == nil && tx.Now().Before(last.NextAt()) {
			return domain.Errorf(domain.Invalid, "An archive can be asked for once a week")
		}
		if err := tx.BeginArchive(owner, total); err != nil {
			return err
		}
		_, err = job.Enqueue(tx, domain.JobArchive, owner, job.Unique(owner.String()), job.Priority(domain.PriorityLow))
		return err
	})
	if err != nil {
		return domain.Archive{}, err
	}
	return s.Store.Reader().Archive(ctx, owner)
}

// Asked is the archive that somebody asked for last, or domain.ErrNotFound.
func (s *Service) Asked(ctx context.Context, owner domain.ID) (domain.Archive, error) {
	return s.Store.Reader().Archive(ctx, owner)
}

// Open opens the archive of somebody while it is kept (SEC-33).
func (s *Service) Open(ctx context.Context, owner domain.ID) (blob.File, domain.Archive, error) {
	a, err := s.Store.Reader().Archive(ctx, owner)
	if err == nil && (!a.Ready || !s.Store.Now().Before(a.ExpiresAt)) {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, a, err
	}
	f, err := s.Blobs.Open(ctx, a.File)
	return f, a, err
}
