package remote

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// pollStale is how old the tally of a poll elsewhere may be when somebody
// looks at it.
const pollStale = 2 * time.Minute

// PollViewed has the tally of a poll elsewhere fetched if it is stale. It only
// takes note.
func (s *Service) PollViewed(ctx context.Context, id domain.ID) error {
	r := s.Store.Reader()
	p, err := r.AnyPoll(ctx, id)
	if err != nil {
		return ignoreGone(err)
	}
	now := s.Now()
	stale, err := r.FetchedBefore(ctx, p.Status, now.Add(-pollStale))
	if err != nil || !stale {
		return err
	}
	if p.Expired(now) {
		// Votes that came late are counted once more after the end.
		if stale, err = r.FetchedBefore(ctx, p.Status, p.ExpiresAt.Add(pollStale)); err != nil || !stale {
			return err
		}
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, domain.JobPollRefresh, p.Status, job.Unique(p.Status.String()))
		return err
	})
}

// RefreshPoll is the job that fetches the tally of a poll; the payload is its
// status.
func (s *Service) RefreshPoll(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	st, err := s.Store.Reader().AnyStatus(ctx, id)
	if err != nil || st.Local {
		return ignoreGone(err)
	}
	if err := s.Confirm(WithBudget(ctx, lookups), st.URI); passing(err) {
		return fmt.Errorf("fetch the poll: %w", err)
	}
	return nil
}
