package moderation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// restoreRef is what ended follows that shall come back.
type restoreRef struct {
	Type   domain.SeveranceType `json:"type"`
	Target string               `json:"target"`
}

func restoreLater(tx *store.Tx, ref restoreRef) error {
	if _, err := job.Enqueue(tx, domain.JobRestore, ref); err != nil {
		return fmt.Errorf("plan to bring the follows back: %w", err)
	}
	return nil
}

// RestoreTies is the job that brings follows back, batch by batch, that a
// decision had ended which was taken back. Who follows somebody here does so
// again at once, since nobody told their server otherwise; of people here the
// other server is asked. Follows that somebody has refused since stay away.
func (s *Service) RestoreTies(ctx context.Context, j *job.Job) error {
	var ref restoreRef
	if err := j.Decode(&ref); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		list, err := tx.TakeSevered(ref.Type, ref.Target, tieBatch)
		if err != nil {
			return fmt.Errorf("find what was ended: %w", err)
		}
		for i := range list {
			if err := restore(ctx, tx, &list[i]); err != nil {
				return fmt.Errorf("bring a follow back: %w", err)
			}
		}
		if len(list) == tieBatch {
			return restoreLater(tx, ref)
		}
		return nil
	})
}

func restore(ctx context.Context, tx *store.Tx, f *domain.Follow) error {
	people, err := tx.Accounts(ctx, []domain.ID{f.Account, f.Target})
	if err != nil || len(people) < 2 {
		return err
	}
	ours := false
	for _, a := range people {
		if a.Suspended() {
			return nil
		}
		ours = ours || a.Local() && a.ID == f.Account
	}
	apart, err := tx.Apart(ctx, f.Account, f.Target)
	if err != nil || apart {
		return err
	}
	f.Pending = ours
	if isNew, err := tx.InsertFollow(f); err != nil || !isNew {
		return err
	}
	if ours {
		return tx.Emit(domain.Event{Kind: domain.EventFollowRequested, Actor: f.Account, Target: f.Target, Object: f.ID})
	}
	return tx.CountFollow(f.Account, f.Target, 1)
}
