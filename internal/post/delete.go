package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Delete removes a post or boost of the actor and all that hangs on it. Its
// boosts vanish with it, replies stay; its attachments can be posted anew for a
// day (behaviours 8.11).
func (s *Service) Delete(ctx context.Context, actor, id domain.ID) error {
	return s.delete(ctx, actor, id, false)
}

// DeleteWithMedia is Delete, and its attachments go at once.
func (s *Service) DeleteWithMedia(ctx context.Context, actor, id domain.ID) error {
	return s.delete(ctx, actor, id, true)
}

func (s *Service) delete(ctx context.Context, actor, id domain.ID, media bool) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		p, err := own(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		list, err := tx.AttachmentsEver(ctx, p.ID)
		if err != nil {
			return err
		}
		if err := tx.RemoveStatus(&p); err != nil || !media {
			return err
		}
		for i := range list {
			if err := tx.DeleteUpload(&list[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// boostBatch is how many boosts one transaction removes.
const boostBatch = 100

// RemoveBoosts is the job that removes the boosts of a deleted post, which
// nobody sees any more, batch by batch.
func (s *Service) RemoveBoosts(ctx context.Context, j *job.Job) error {
	return s.boostsGo(ctx, j, (*store.Tx).RemoveStatus)
}

// ForgetBoosts is the job that forgets the boosts of a forgotten post: who
// boosted it wrote no less.
func (s *Service) ForgetBoosts(ctx context.Context, j *job.Job) error {
	return s.boostsGo(ctx, j, (*store.Tx).ForgetStatus)
}

func (s *Service) boostsGo(ctx context.Context, j *job.Job, drop func(*store.Tx, *domain.Status) error) error {
	var original domain.ID
	if err := j.Decode(&original); err != nil {
		return err
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		boosts, err := tx.Boosts(ctx, original, boostBatch)
		if err != nil {
			return err
		}
		for i := range boosts {
			if err := drop(tx, &boosts[i]); err != nil {
				return err
			}
		}
		if len(boosts) == boostBatch {
			return tx.BoostsLater(j.Kind, original)
		}
		return nil
	})
}
