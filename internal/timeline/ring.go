package timeline

import (
	"sync"
	"time"

	"coterie/internal/domain"
)

const (
	maxRings = 4096 // readers whose home timelines are kept
	ringIdle = time.Hour
)

// ring is the newest part of one reader's home timeline, kept in memory. It
// is only a cache of what the store would answer: whoever doubts drops it.
type ring struct {
	mu     sync.Mutex // held while it is read from the store, too
	loaded bool
	window
	size, slop int       // see tuning
	ends       time.Time // when a mute runs out and the ring is no longer true; zero: never
	used       time.Time // guarded by rings.mu
}

// insert adds an entry, if the ring reaches so far down.
func (r *ring) insert(e entry) {
	if e.id <= r.low {
		return
	}
	i := r.first(e.id + 1)
	if i < len(r.entries) && r.entries[i].id == e.id {
		r.entries[i] = e
		return
	}
	r.entries = append(r.entries, entry{})
	copy(r.entries[i+1:], r.entries[i:])
	r.entries[i] = e
	if len(r.entries) > r.size+r.slop {
		r.low = r.entries[r.size].id
		r.entries = append(make([]entry, 0, r.size+r.slop+1), r.entries[:r.size]...)
	}
}

// remove takes out what the predicate matches.
func (r *ring) remove(gone func(entry) bool) {
	kept := r.entries[:0]
	for _, e := range r.entries {
		if !gone(e) {
			kept = append(kept, e)
		}
	}
	r.entries = kept
}

// rings are the rings of the readers who were here lately.
type rings struct {
	mu   sync.Mutex
	live map[domain.ID]*ring
}

// of is the reader's ring, an empty one if there was none: it is registered
// before it is read from the store, so that nothing is missed meanwhile.
func (s *rings) of(reader domain.ID, now time.Time) *ring {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.live[reader]
	if r == nil {
		if len(s.live) >= maxRings {
			s.sweep(now)
		}
		r = &ring{}
		s.live[reader] = r
	}
	r.used = now
	return r
}

// sweep drops the rings of readers who left, and if that frees none, of the
// one who has been away longest.
func (s *rings) sweep(now time.Time) {
	var oldest domain.ID
	for id, r := range s.live {
		if now.Sub(r.used) > ringIdle {
			delete(s.live, id)
		} else if oldest == 0 || r.used.Before(s.live[oldest].used) {
			oldest = id
		}
	}
	if len(s.live) >= maxRings {
		delete(s.live, oldest)
	}
}

// all are the rings there are now.
func (s *rings) all(now time.Time) map[domain.ID]*ring {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[domain.ID]*ring, len(s.live))
	for id, r := range s.live {
		if now.Sub(r.used) > ringIdle {
			delete(s.live, id)
		} else {
			out[id] = r
		}
	}
	return out
}

// drop forgets rings.
func (s *rings) drop(readers ...domain.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range readers {
		delete(s.live, id)
	}
}

// dropThis forgets the ring unless another has taken its place.
func (s *rings) dropThis(reader domain.ID, r *ring) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live[reader] == r {
		delete(s.live, reader)
	}
}

func (s *rings) dropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.live)
}
