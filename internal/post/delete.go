package post

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// Delete removes a post or boost of the actor and all that hangs on it. Its
// boosts vanish with it, replies stay (behaviours 8.11).
func (s *Service) Delete(ctx context.Context, actor, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		p, err := own(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		return remove(ctx, tx, &p)
	})
}

// remove deletes a post or boost. One that is gone by then is Conflict, so
// that the counters change once.
func remove(ctx context.Context, tx *store.Tx, p *domain.Status) error {
	gone, err := lastLook(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := tx.Count(counts(p, -1)...); err != nil {
		return err
	}
	err = tx.DeleteStatus(p.ID)
	if domain.Is(err, domain.NotFound) {
		return domain.Errorf(domain.Conflict, "This post is being deleted already")
	}
	if err != nil {
		return err
	}
	if p.ReblogOf == 0 {
		if err := removeBoostsLater(tx, p.ID); err != nil {
			return err
		}
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusDeleted, Actor: p.Account, Status: p.ID, Gone: gone})
}

// lastLook is what fan-out must know of a post that will be gone.
func lastLook(ctx context.Context, tx *store.Tx, p *domain.Status) (*domain.GoneStatus, error) {
	g := &domain.GoneStatus{URI: p.URI, Visibility: p.Visibility, ReblogOf: p.ReblogOf}
	if p.ReblogOf != 0 {
		return g, nil
	}
	ids := []domain.ID{p.ID}
	mentions, err := tx.Mentions(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, m := range mentions {
		g.Mentions = append(g.Mentions, m.Account)
	}
	tags, err := tx.StatusTags(ctx, ids)
	for _, t := range tags {
		g.Tags = append(g.Tags, t.Tag.Name)
	}
	return g, err
}

func removeBoostsLater(tx *store.Tx, original domain.ID) error {
	_, err := job.Enqueue(tx, domain.JobRemoveBoosts, original, job.Unique(original.String()))
	return err
}

// boostBatch is how many boosts one transaction removes.
const boostBatch = 100

// RemoveBoosts is the job that removes the boosts of a deleted post, which
// nobody sees any more, batch by batch.
func (s *Service) RemoveBoosts(ctx context.Context, j *job.Job) error {
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
			if err := remove(ctx, tx, &boosts[i]); err != nil {
				return err
			}
		}
		if len(boosts) == boostBatch {
			return removeBoostsLater(tx, original)
		}
		return nil
	})
}
