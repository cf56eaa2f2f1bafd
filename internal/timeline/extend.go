package timeline

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// maxQueued is how many references may wait for somebody to read; more, and
// nobody is reading: all rings are dropped.
const maxQueued = 1000

// queue holds the references that the rings do not know yet.
type queue struct {
	mu      sync.Mutex
	refs    []domain.Ref
	pending atomic.Int64 // references waiting or being worked in
	working sync.Mutex   // held by whoever works them in
}

// Extend tells the home timelines of a status that was made, edited or
// deleted. It only takes note, without any I/O: the next reader works it in.
func (s *Service) Extend(ref domain.Ref) {
	switch ref.Event {
	case domain.EventStatusCreated, domain.EventStatusEdited, domain.EventStatusDeleted:
	default:
		return
	}
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	if len(s.queue.refs) >= maxQueued {
		s.rings.dropAll()
		s.queue.pending.Add(-int64(len(s.queue.refs)))
		s.queue.refs = nil
	}
	s.queue.refs = append(s.queue.refs, ref)
	s.queue.pending.Add(1)
}

// Own puts a status or boost onto its author's home timeline at once, after
// the commit and before the author is answered.
func (s *Service) Own(ctx context.Context, author, status domain.ID) {
	s.rings.mu.Lock()
	r := s.rings.live[author]
	s.rings.mu.Unlock()
	if r == nil {
		return
	}
	st, err := s.st.Status(ctx, author, status)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil:
		s.rings.dropThis(author, r)
	case r.loaded:
		r.insert(entryOf(&store.Candidate{Status: st, Entry: domain.HomeEntry{Own: true}}))
	}
}

// Forget has the reader's home timeline read anew, after they took something
// of their own back.
func (s *Service) Forget(reader domain.ID) { s.rings.drop(reader) }

// readersChanged drops the rings of the readers named on the topic.
func (s *Service) readersChanged(n store.Notice) {
	if n.Missed || n.Payload == "" {
		s.rings.dropAll()
		return
	}
	for word := range strings.FieldsSeq(n.Payload) {
		if id, ok := domain.ParseID(word); ok {
			s.rings.drop(id)
		}
	}
}

// catchUp works in the references that wait, all in one statement. If that
// fails the rings are dropped: the store knows.
func (s *Service) catchUp(ctx context.Context) {
	if s.queue.pending.Load() == 0 {
		return
	}
	s.queue.working.Lock()
	defer s.queue.working.Unlock()
	s.queue.mu.Lock()
	refs := s.queue.refs
	s.queue.refs = nil
	s.queue.mu.Unlock()
	defer s.queue.pending.Add(-int64(len(refs)))
	if len(refs) == 0 {
		return
	}
	if err := s.workIn(context.WithoutCancel(ctx), refs); err != nil {
		s.log.Warn("home timelines are read anew", "error", err)
		s.rings.dropAll()
	}
}

// news is what some references come to.
type news struct {
	changed map[domain.ID]bool // made or edited
	edited  map[domain.ID]bool
	deleted map[domain.ID]bool
}

func gather(refs []domain.Ref) (n news, changed []domain.ID) {
	n = news{changed: map[domain.ID]bool{}, edited: map[domain.ID]bool{}, deleted: map[domain.ID]bool{}}
	for _, ref := range refs {
		switch ref.Event {
		case domain.EventStatusDeleted:
			n.deleted[ref.Status] = true
			continue
		case domain.EventStatusEdited:
			n.edited[ref.Status] = true
		}
		if !n.changed[ref.Status] {
			n.changed[ref.Status] = true
			changed = append(changed, ref.Status)
		}
	}
	return n, changed
}

func (s *Service) workIn(ctx context.Context, refs []domain.Ref) error {
	live := s.rings.all(s.now())
	if len(live) == 0 {
		return nil
	}
	n, changed := gather(refs)
	readers := make([]domain.ID, 0, len(live))
	for id := range live {
		readers = append(readers, id)
	}
	var found []store.Candidate
	if len(changed) > 0 {
		var err error
		if found, err = s.st.HomeReaders(ctx, changed, readers); err != nil {
			return err
		}
	}
	additions := map[domain.ID][]entry{}
	for i := range found {
		if c := &found[i]; onHome(c) {
			additions[c.Reader] = append(additions[c.Reader], entryOf(c))
		}
	}
	for reader, r := range live {
		if !r.apply(n, additions[reader]) {
			s.rings.dropThis(reader, r)
		}
	}
	return nil
}

// apply brings the ring up to date; false says that it must be read anew.
func (r *ring) apply(n news, additions []entry) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.loaded {
		return true // whoever reads it now sees the news
	}
	sure := true
	if len(n.edited)+len(n.deleted) > 0 {
		r.remove(func(e entry) bool {
			// Whether a boost belongs may hang on whom the edited text mentions.
			sure = sure && (e.shown == e.id || !n.edited[e.shown])
			return n.edited[e.id] || n.deleted[e.id] || n.deleted[e.shown] || n.deleted[e.replyTo]
		})
	}
	for _, e := range additions {
		if !n.deleted[e.id] && !n.deleted[e.shown] {
			r.insert(e)
		}
	}
	return sure
}
