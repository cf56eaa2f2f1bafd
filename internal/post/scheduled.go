package post

import (
	"context"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

const day = 24 * time.Hour

func (s *Service) farEnough(now, at time.Time) error {
	if at.Sub(now) < s.scheduleMin {
		return invalid("Scheduled at The scheduled date must be in the future")
	}
	return nil
}

// schedule keeps a checked post for later (behaviours 8.12).
func (s *Service) schedule(ctx context.Context, tx *store.Tx, c *domain.Compose, d *draft, at time.Time) (domain.ID, error) {
	actor := d.status.Account
	if err := s.farEnough(tx.Now(), at); err != nil {
		return 0, err
	}
	if err := tx.LockAccount(actor); err != nil {
		return 0, err
	}
	from := at.UTC().Truncate(day)
	total, within, err := tx.ScheduledCounts(ctx, actor, from, from.Add(day))
	switch {
	case err != nil:
		return 0, err
	case total >= domain.MaxScheduled:
		return 0, invalid("You have exceeded the limit of %d scheduled posts", domain.MaxScheduled)
	case within >= domain.MaxScheduledPerDay:
		return 0, invalid("You have exceeded the limit of %d scheduled posts for that day", domain.MaxScheduledPerDay)
	}
	p := domain.Scheduled{Account: actor, At: at, Params: *c}
	p.Params.Visibility = &d.status.Visibility
	if err := tx.InsertScheduled(&p); err != nil {
		return 0, err
	}
	if err := tx.ScheduleUploads(actor, p.ID, d.media); err != nil {
		return 0, lost(err)
	}
	return p.ID, publishLater(tx, &p)
}

func publishLater(tx *store.Tx, p *domain.Scheduled) error {
	_, err := job.Enqueue(tx, domain.JobPublish, p.ID, job.RunAt(p.At), job.Unique(p.ID.String()))
	return err
}

// Reschedule moves the actor's scheduled post to another time, as far ahead
// as a new one.
func (s *Service) Reschedule(ctx context.Context, actor, id domain.ID, at time.Time) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		p, err := tx.Scheduled(ctx, actor, id)
		if err != nil {
			return err
		}
		if err := s.farEnough(tx.Now(), at); err != nil {
			return err
		}
		p.At = at
		if err := tx.Reschedule(actor, id, at); err != nil {
			return err
		}
		return publishLater(tx, &p)
	})
}

// Unschedule forgets the actor's scheduled post.
func (s *Service) Unschedule(ctx context.Context, actor, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteScheduled(actor, id); err != nil {
			return err
		}
		return tx.UnscheduleUploads(id)
	})
}

// Publish is the job that publishes a scheduled post when it is due, in one
// transaction with its own end, so that no crash doubles or loses it. A post
// of a frozen author is dropped. One that breaks a rule by now, such as an
// answer to a post that is gone, stays in its author's list.
func (s *Service) Publish(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	set, err := s.settings(ctx)
	if err != nil {
		return err
	}
	var kept error
	err = j.Write(ctx, func(tx *store.Tx) error {
		kept = nil
		p, err := tx.AnyScheduled(ctx, id)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if p.At.After(tx.Now()) {
			return publishLater(tx, &p)
		}
		kept, err = s.publish(ctx, tx, &set, &p)
		return err
	})
	if err == nil && kept != nil {
		s.log.Info("a scheduled post could not be published", "scheduled", id.String(), "error", kept)
	}
	return err
}

// publish publishes p; kept is why it breaks a rule.
func (s *Service) publish(ctx context.Context, tx *store.Tx, set *domain.Settings, p *domain.Scheduled) (kept, err error) {
	author, err := tx.Account(ctx, p.Account)
	if err != nil {
		return nil, err
	}
	user, err := tx.User(ctx, p.Account)
	if err != nil {
		return nil, err
	}
	if author.Suspended() || !user.Active() {
		if err := tx.UnscheduleUploads(p.ID); err != nil {
			return nil, err
		}
		return nil, tx.DeleteScheduled(p.Account, p.ID)
	}
	// Who may be mentioned was asked when it was scheduled.
	p.Params.AllowedMention, p.Params.Scheduled = nil, p.ID
	d, err := s.draft(ctx, tx.Reader, set, &author, &p.Params)
	if domain.Is(err, domain.Invalid) || domain.Is(err, domain.NotFound) {
		return err, nil
	}
	if err != nil {
		return nil, err
	}
	made, err := d.store(tx)
	if err != nil {
		return nil, err
	}
	if err := tx.PublishedKey(p.Account, p.ID, made); err != nil {
		return nil, err
	}
	return nil, tx.DeleteScheduled(p.Account, p.ID)
}
