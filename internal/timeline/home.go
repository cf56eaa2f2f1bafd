package timeline

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Home is a page of the reader's home timeline, newest first (behaviours 11).
// A reader who was here lately is answered from memory; deep pages come from
// the store.
func (s *Service) Home(ctx context.Context, reader domain.ID, p domain.Page) ([]domain.ID, error) {
	s.catchUp(ctx)
	ids, lacks, err := s.fromRing(ctx, reader, p)
	if err != nil || lacks == nothing {
		return ids, err
	}
	return s.tune.read(p, s.homeLoader(ctx, reader), onHome)
}

func (s *Service) homeLoader(ctx context.Context, reader domain.ID) loader {
	return func(span store.Span) (store.Candidates, error) { return s.st.HomeCandidates(ctx, reader, span) }
}

// fromRing answers from the reader's ring, which it reads first if need be.
func (s *Service) fromRing(ctx context.Context, reader domain.ID, p domain.Page) ([]domain.ID, lack, error) {
	now := s.now()
	r := s.rings.of(reader, now)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loaded && !r.ends.IsZero() && !now.Before(r.ends) {
		// A ring that another request works on stays as it is.
		s.rings.dropThis(reader, r)
		r2 := s.rings.of(reader, now)
		r2.mu.Lock()
		defer r2.mu.Unlock()
		r = r2
	}
	if !r.loaded {
		if err := s.load(ctx, reader, r); err != nil {
			s.rings.dropThis(reader, r)
			return nil, older, err
		}
	}
	ids, lacks := r.page(p)
	return ids, lacks, nil
}

// load reads a ring: two statements.
func (s *Service) load(ctx context.Context, reader domain.ID, r *ring) error {
	ends, err := s.st.NextMuteEnd(ctx, reader)
	if err != nil {
		return err
	}
	part, err := s.st.HomeCandidates(ctx, reader, store.Span{Before: domain.MaxID, Each: s.tune.ringEach, Total: s.tune.ringTotal})
	if err != nil {
		return err
	}
	r.window = window{high: domain.MaxID, gap: s.tune.gap}
	r.below(part, onHome)
	r.ends, r.size, r.slop, r.loaded = ends, s.tune.ringSize, s.tune.ringSlop, true
	return nil
}

// List is a page of the timeline of the owner's list, newest first; another's
// list is domain.ErrNotFound.
func (s *Service) List(ctx context.Context, owner, list domain.ID, p domain.Page) ([]domain.ID, error) {
	l, err := s.st.List(ctx, owner, list)
	if err != nil {
		return nil, err
	}
	return s.tune.read(p, func(span store.Span) (store.Candidates, error) {
		return s.st.ListCandidates(ctx, owner, list, span)
	}, func(c *store.Candidate) bool {
		return c.Visible && domain.OnList(&c.Status, c.Entry, l.Replies)
	})
}
