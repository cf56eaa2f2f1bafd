package archive

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
	// rowsAtOnce is how many rows one run of the job takes, and timeAtOnce how
	// long it goes on beginning rows: others want the worker, too.
	rowsAtOnce = 50
	timeAtOnce = time.Minute
	// budgetWait is how long a row waits where a server has been asked enough
	// for a while, and maxWaits how often.
	budgetWait = 10 * time.Minute
	maxWaits   = 6
	// SweepEvery is how often old imports are looked for.
	SweepEvery = 6 * time.Hour
	sweepBatch = 100
)

// Work is the job that does the next rows of an import and has itself run
// again until none is left. A run that was cut short does its rows again,
// which changes nothing.
func (s *Service) Work(ctx context.Context, j *job.Job) error {
	var task domain.ImportTask
	if err := j.Decode(&task); err != nil {
		return err
	}
	i, err := s.Store.Reader().ImportRows(ctx, task.Import)
	if domain.Is(err, domain.NotFound) {
		return nil // its owner has forgotten it
	}
	if err != nil || i.State != domain.ImportIsWorking {
		return err
	}
	if i.Overwrite && i.Done == 0 {
		n, err := s.clear(ctx, &i)
		if err != nil {
			return err
		}
		if n > 0 {
			i.Removed += n
			return s.goOn(ctx, j, &i, nil, task, time.Time{})
		}
	}
	failed, waits, err := s.rows(ctx, &i, task.Waits)
	if err != nil {
		return err
	}
	next, at := domain.ImportTask{Import: i.ID, Waits: waits}, time.Time{}
	if waits > 0 {
		at = s.Store.Now().Add(budgetWait)
	}
	return s.goOn(ctx, j, &i, failed, next, at)
}

// goOn stores how far an import is and has the rest done at a time.
func (s *Service) goOn(ctx context.Context, j *job.Job, i *domain.Import, failed []domain.ImportFailure, next domain.ImportTask, at time.Time) error {
	i.Failures += len(failed)
	if i.Done == i.Total {
		i.State = domain.ImportIsDone
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		err := tx.KeepImport(i)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.InsertImportFailures(i.ID, failed); err != nil || i.State == domain.ImportIsDone {
			return err
		}
		return later(tx, next, at)
	})
}

// clear removes some of what the file lacks, and returns how many.
func (s *Service) clear(ctx context.Context, i *domain.Import) (int, error) {
	k := kinds[i.Kind]
	keys := make(map[string]bool, len(i.Rows))
	for _, row := range i.Rows {
		if _, key, ok := k.read(row.Cells); ok {
			keys[key] = true
		}
	}
	var leaving []entry
	for e, err := range k.entries(s, ctx, i.Account) {
		if err != nil {
			return 0, err
		}
		if keys[e.key] {
			continue
		}
		if leaving = append(leaving, e); len(leaving) == rowsAtOnce {
			break
		}
	}
	if i.Kind == domain.DataLists && len(leaving) == 0 {
		return 0, s.clearLists(ctx, i)
	}
	for _, e := range leaving {
		if err := k.remove(s, ctx, i.Account, e); err != nil && !domain.Is(err, domain.NotFound) {
			return 0, fmt.Errorf("remove what the file lacks: %w", err)
		}
	}
	return len(leaving), nil
}

// clearLists removes the lists that the file does not name.
func (s *Service) clearLists(ctx context.Context, i *domain.Import) error {
	titles := map[string]bool{}
	for _, row := range i.Rows {
		titles[row.Cells[0]] = true
	}
	lists, err := s.Store.Reader().Lists(ctx, i.Account)
	for _, l := range lists {
		if err == nil && !titles[l.Title] {
			err = s.Relation.DeleteList(ctx, i.Account, l.ID)
		}
	}
	return err
}

// rows does the next rows. waits is not 0 where the next one has to wait.
func (s *Service) rows(ctx context.Context, i *domain.Import, waited int) (failed []domain.ImportFailure, waits int, err error) {
	until := s.Store.Now().Add(timeAtOnce)
	for n := 0; n < rowsAtOnce && i.Done < i.Total && s.Store.Now().Before(until); n++ {
		row := i.Rows[i.Done]
		err := kinds[i.Kind].add(s, ctx, i, row.Cells)
		if cause := ctx.Err(); cause != nil {
			return nil, 0, errors.Join(cause, err)
		}
		if domain.Is(err, domain.RateLimited) && waited < maxWaits {
			return failed, waited + 1, nil
		}
		if err != nil {
			failed = append(failed, domain.ImportFailure{ImportRow: row, Reason: s.reason(ctx, i, err)})
		}
		i.Done++
		waited = 0
	}
	return failed, 0, nil
}

// reason says in one word why a row failed.
func (s *Service) reason(ctx context.Context, i *domain.Import, err error) domain.ImportReason {
	switch domain.KindOf(err) {
	case domain.NotFound, domain.Gone, domain.Invalid, domain.BadRequest:
		return domain.ReasonMissing
	case domain.Unavailable, domain.RateLimited:
		return domain.ReasonUnreachable
	case domain.Forbidden, domain.Unauthenticated:
		return domain.ReasonRefused
	case domain.TooLarge:
		return domain.ReasonLimit
	}
	s.Log.WarnContext(ctx, "a row of an import failed", "import", i.ID.String(), "kind", i.Kind, "error", err)
	return domain.ReasonTrouble
}

// Sweep is the job that forgets imports that are done for long, and those that
// nobody started.
func (s *Service) Sweep(ctx context.Context, j *job.Job) error {
	return j.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.SweepImports(tx.Now().Add(-domain.ImportKept), tx.Now().Add(-domain.ImportProposed), sweepBatch)
		return err
	})
}
