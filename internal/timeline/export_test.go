package timeline

import (
	"context"

	"coterie/internal/domain"
)

// Small makes everything so small that few statuses reach every edge.
func (s *Service) Small() {
	s.tune = tuning{gap: 3, each: 2, total: 4, ringEach: 3, ringTotal: 7, ringSize: 6, ringSlop: 2}
}

// Gap is the distance that boosts keep.
func (s *Service) Gap() int { return s.tune.gap }

// FromStore is Home without the ring.
func (s *Service) FromStore(ctx context.Context, reader domain.ID, p domain.Page) ([]domain.ID, error) {
	return s.tune.read(p, s.homeLoader(ctx, reader), onHome)
}
