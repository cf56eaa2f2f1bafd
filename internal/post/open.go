package post

import (
	"context"
	"fmt"

	"coterie/internal/domain"
)

// ThreadOpened takes note that somebody here has read the thread of a status,
// which it may see: what others have answered elsewhere is fetched. It reports
// whether that is being done.
func (s *Service) ThreadOpened(ctx context.Context, viewer, id domain.ID) (growing bool, err error) {
	if viewer == 0 || s.remote == nil {
		return false, nil // a passer-by sets nothing in motion
	}
	if growing, err = s.remote.WalkReplies(ctx, id); err != nil {
		return false, fmt.Errorf("have the replies to %s fetched: %w", id, err)
	}
	return growing, nil
}

// ThreadGrows reports whether the answers to a status are being fetched, or
// wait for it.
func (s *Service) ThreadGrows(ctx context.Context, id domain.ID) (bool, error) {
	return s.st.Reader().JobActive(ctx, domain.JobReplies, id.String())
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
