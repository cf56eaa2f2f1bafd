package timeline

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Home is a page of the reader's home timeline, newest first (behaviours 11).
func (s *Service) Home(ctx context.Context, reader domain.ID, p domain.Page) ([]domain.ID, error) {
	return read(p, func(span store.Span) (store.Candidates, error) {
		return s.st.HomeCandidates(ctx, reader, span)
	}, onHome)
}

// List is a page of the timeline of the owner's list, newest first; another's
// list is domain.ErrNotFound.
func (s *Service) List(ctx context.Context, owner, list domain.ID, p domain.Page) ([]domain.ID, error) {
	l, err := s.st.List(ctx, owner, list)
	if err != nil {
		return nil, err
	}
	return read(p, func(span store.Span) (store.Candidates, error) {
		return s.st.ListCandidates(ctx, owner, list, span)
	}, func(c *store.Candidate) bool {
		return c.Visible && domain.OnList(&c.Status, c.Entry, l.Replies)
	})
}
