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
