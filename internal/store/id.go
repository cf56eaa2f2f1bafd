package store

import (
	"math/rand/v2"
	"sync"
	"time"

	"coterie/internal/domain"
)

const sequenceBits = 16

// idSource gives time-ordered ids. It is safe for concurrent use.
type idSource struct {
	mu   sync.Mutex
	last domain.ID
}

// exactly is the step between ids that JavaScript reads exactly from a JSON
// number: it keeps 53 bits of the 57 that ids have until 2039.
const exactly = 16

// nextExact is next, an id that clients may read as a number.
func (s *idSource) nextExact(now time.Time) domain.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = (s.above(now) + exactly - 1) / exactly * exactly
	return s.last
}

// next is an id for now, above every id next has given: a clock that steps
// back, or a millisecond that is used up, counts on from the last.
func (s *idSource) next(now time.Time) domain.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = s.above(now)
	return s.last
}

func (s *idSource) above(now time.Time) domain.ID {
	// Half of the sequence stays free to count up in.
	id := domain.FirstID(now) + domain.ID(rand.Int64N(1<<(sequenceBits-1)))
	if s.last>>sequenceBits >= id>>sequenceBits {
		id = s.last + 1
	}
	return id
}

// raise keeps next above id.
func (s *idSource) raise(id domain.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = max(s.last, id)
}

func (s *idSource) highest() domain.ID {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// idAt is a random id of the millisecond of t, or of now if t is later. Times
// before 1970 count as its first millisecond.
func idAt(t, now time.Time) domain.ID {
	if t.After(now) {
		t = now
	}
	if t.UnixMilli() < 1 {
		t = time.UnixMilli(1)
	}
	return domain.FirstID(t) + domain.ID(rand.Int64N(1<<sequenceBits))
}
