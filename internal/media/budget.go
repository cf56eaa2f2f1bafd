package media

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

var errFull = domain.Errorf(domain.Unavailable, "The budget for media from elsewhere is used up by what people here keep")

// makeRoom evicts what was seen longest ago until so many bytes more stay
// within the budget: the copies, and the files that are still to be deleted,
// never take more. The caller holds s.admission.
func (s *Service) makeRoom(ctx context.Context, need int64) error {
	budget, err := s.Budget(ctx)
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		used, err := s.Store.Reader().RemoteBytes(ctx)
		if err != nil {
			return err
		}
		if used+need <= budget {
			return nil
		}
		if first { // what is doomed already may be enough
			if err := s.sweepFiles(ctx); err != nil {
				return err
			}
			continue
		}
		freed, err := s.evict(ctx, used+need-budget, s.Store.Now().Add(time.Hour))
		if err != nil {
			return err
		}
		if freed == 0 {
			return errFull
		}
	}
}

// evict deletes copies last seen before the time until so many bytes are free,
// or a batch is through, and returns how many are.
func (s *Service) evict(ctx context.Context, need int64, before time.Time) (freed int64, err error) {
	list, err := s.Store.Reader().Evictable(ctx, before, sweepBatch)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		freed = 0
		for i := range list {
			if freed >= need {
				break
			}
			if err := tx.Evict(&list[i].RemoteMedia); err != nil {
				return err
			}
			freed += list[i].Size
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return freed, s.sweepFiles(ctx)
}

// Prune evicts what was not seen for so long, and tells how much went; with dry
// it only looks. progress hears of long work.
func (s *Service) Prune(ctx context.Context, unseen time.Duration, dry bool, progress func(string)) (files, bytes int64, err error) {
	before := s.Store.Now().Add(-unseen)
	if dry {
		list, err := s.Store.Reader().Evictable(ctx, before, 1_000_000)
		for i := range list {
			bytes += list[i].Size
		}
		return int64(len(list)), bytes, err
	}
	total, err := s.Store.Reader().CountEvictable(ctx, before)
	if err != nil {
		return 0, 0, err
	}
	s.admission.Lock()
	defer s.admission.Unlock()
	for {
		list, err := s.Store.Reader().Evictable(ctx, before, sweepBatch)
		if err != nil || len(list) == 0 {
			return files, bytes, err
		}
		freed, err := s.evict(ctx, 1<<62, before)
		if err != nil {
			return files, bytes, err
		}
		files, bytes = files+int64(len(list)), bytes+freed
		progress(bar(files, total) + fmt.Sprintf(" %d MB", bytes>>20))
	}
}

// bar draws how far long work is.
func bar(done, total int64) string {
	const width = 30
	done = min(done, total)
	full := int(width * done / max(total, 1))
	return fmt.Sprintf("[%s%s] %d of %d", strings.Repeat("#", full), strings.Repeat("-", width-full), done, total)
}

// Use is what files of media take, and what those from elsewhere may take.
func (s *Service) Use(ctx context.Context) (use store.MediaUse, budget int64, err error) {
	if use, err = s.Store.Reader().MediaUse(ctx); err != nil {
		return use, 0, err
	}
	budget, err = s.Budget(ctx)
	return use, budget, err
}

// Refresh has what is at a host fetched anew on sight, and returns how many.
func (s *Service) Refresh(ctx context.Context, host string, progress func(string)) (n int, err error) {
	total, err := s.Store.Reader().CountRefreshable(ctx, host)
	if err != nil {
		return 0, err
	}
	for {
		k := 0
		err = s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			k, err = tx.RefreshRemote(host, sweepBatch)
			return err
		})
		if n += k; err != nil || k < sweepBatch {
			return n, err
		}
		progress(bar(int64(n), total))
	}
}
