package relation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

type muteRef struct {
	Account domain.ID `json:"account"`
	Target  domain.ID `json:"target"`
}

// unmuteLater has a mute with an end removed when it is over.
func unmuteLater(tx *store.Tx, m domain.Mute) error {
	if m.ExpiresAt.IsZero() {
		return nil
	}
	_, err := job.Enqueue(tx, domain.JobUnmute, muteRef{m.Account, m.Target}, job.RunAt(m.ExpiresAt))
	if err != nil {
		return fmt.Errorf("plan the end of the mute: %w", err)
	}
	return nil
}

// EndMute is the job that removes a mute whose time is over. One that was
// prolonged since stays.
func (s *Service) EndMute(ctx context.Context, j *job.Job) error {
	var ref muteRef
	if err := j.Decode(&ref); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		was, err := tx.DeleteExpiredMute(ref.Account, ref.Target)
		if err != nil || !was {
			return err
		}
		return unmuted(tx, ref.Account, ref.Target)
	})
}
