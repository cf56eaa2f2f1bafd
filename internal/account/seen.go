package account

import (
	"context"
	"fmt"
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// seenLog collects which tokens and sessions were used on a new day, so that
// no request has to write it down.
type seenLog struct {
	mu       sync.Mutex
	tokens   map[domain.ID]domain.ID // to their account
	sessions map[domain.ID]domain.ID
}

// maxSeen bounds what is collected between two sweeps; the rest is noted on
// its next use.
const maxSeen = 10_000

func newSeenLog() *seenLog {
	return &seenLog{tokens: map[domain.ID]domain.ID{}, sessions: map[domain.ID]domain.ID{}}
}

func (l *seenLog) token(t domain.Token, now time.Time) {
	l.note(l.tokens, t.ID, t.Account, t.UsedAt, now)
}

func (l *seenLog) session(s domain.Session, now time.Time) {
	l.note(l.sessions, s.ID, s.Account, s.SeenAt, now)
}

func (l *seenLog) note(m map[domain.ID]domain.ID, id, account domain.ID, last, now time.Time) {
	if sameDay(last, now) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(m) < maxSeen {
		m[id] = account
	}
}

func sameDay(a, b time.Time) bool {
	const day = 24 * time.Hour
	return a.Truncate(day).Equal(b.Truncate(day))
}

func (l *seenLog) take() (tokens, sessions map[domain.ID]domain.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tokens, sessions = l.tokens, l.sessions
	l.tokens, l.sessions = map[domain.ID]domain.ID{}, map[domain.ID]domain.ID{}
	return tokens, sessions
}

// sweepBatch is how many rows one transaction of Sweep touches.
const sweepBatch = 200

// SweepEvery is how often Sweep wants to be run.
const SweepEvery = 10 * time.Minute

// Sweep notes the day on which tokens and sessions were last used, and
// removes sessions and codes whose time is over. It is housekeeping, a
// periodic job.
func (s *Service) Sweep(ctx context.Context, _ *job.Job) error {
	tokens, sessions := s.seen.take()
	if err := s.noteSeen(ctx, tokens, (*store.Tx).SawToken); err != nil {
		return err
	}
	if err := s.noteSeen(ctx, sessions, (*store.Tx).SawSession); err != nil {
		return err
	}
	set, err := s.st.Reader().Settings(ctx)
	if err != nil {
		return fmt.Errorf("read how long addresses are kept: %w", err)
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if set.AddressDays > 0 {
			if err := tx.ForgetAddresses(tx.Now().Add(-domain.Days(set.AddressDays))); err != nil {
				return fmt.Errorf("forget where people signed in from: %w", err)
			}
		}
		// A used code is kept for a day, so that a second use is recognised.
		return tx.SweepSignIns(tx.Now().Add(-domain.SessionLife), tx.Now().Add(-24*time.Hour))
	})
}

func (s *Service) noteSeen(ctx context.Context, seen map[domain.ID]domain.ID, saw func(*store.Tx, domain.ID, domain.ID) error) error {
	ids := make([]domain.ID, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	for len(ids) > 0 {
		batch := ids[:min(len(ids), sweepBatch)]
		ids = ids[len(batch):]
		err := s.st.Write(ctx, func(tx *store.Tx) error {
			for _, id := range batch {
				if err := saw(tx, id, seen[id]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
