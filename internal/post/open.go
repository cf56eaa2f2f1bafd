package post

import (
	"context"
	"fmt"

	"coterie/internal/domain"
)

// ThreadOpened takes note that somebody here has read the thread of a status,
// which it may see: what others have answered elsewhere is fetched.
func (s *Service) ThreadOpened(ctx context.Context, viewer, id domain.ID) error {
	if viewer == 0 || s.remote == nil {
		return nil // a passer-by sets nothing in motion
	}
	if err := s.remote.WalkReplies(ctx, id); err != nil {
		return fmt.Errorf("have the replies to %s fetched: %w", id, err)
	}
	return nil
}

// PollOpened takes note that somebody here looks at a poll that it may see: a
// stale tally is fetched.
func (s *Service) PollOpened(ctx context.Context, viewer, id domain.ID) error {
	if viewer == 0 || s.remote == nil {
		return nil
	}
	if err := s.remote.PollViewed(ctx, id); err != nil {
		return fmt.Errorf("have the poll %s fetched: %w", id, err)
	}
	return nil
}
