package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Made is what a composed post became: one of the two is set.
type Made struct {
	Status    domain.ID
	Scheduled domain.ID
}

// Create publishes a post of the actor, or keeps it until at if that lies
// ahead (behaviours 8.1 to 8.6, 8.12, 8.13). With c.Idempotency, a repeat
// within an hour gives what the first call gave; a parallel one waits for the
// first, and a failed one leaves no trace (behaviours 5.3). Unwanted mentions
// are *UnexpectedMentions.
func (s *Service) Create(ctx context.Context, actor domain.ID, c domain.Compose, at time.Time) (Made, error) {
	var made Made
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		var err error
		made, err = s.createOnce(ctx, tx, actor, &c, at)
		return err
	})
	return made, err
}

func (s *Service) createOnce(ctx context.Context, tx *store.Tx, actor domain.ID, c *domain.Compose, at time.Time) (Made, error) {
	if c.Idempotency == "" {
		return s.create(ctx, tx, actor, c, at)
	}
	sum := sha256.Sum256([]byte(c.Idempotency))
	key := hex.EncodeToString(sum[:])
	before, fresh, err := tx.TakeKey(actor, key, domain.IdempotencyLife)
	if err != nil {
		return Made{}, err
	}
	if !fresh {
		return Made(before), nil
	}
	made, err := s.create(ctx, tx, actor, c, at)
	if err != nil {
		return Made{}, err
	}
	return made, tx.KeepKey(actor, key, store.Repeat(made))
}

func (s *Service) create(ctx context.Context, tx *store.Tx, actor domain.ID, c *domain.Compose, at time.Time) (Made, error) {
	author, err := tx.Account(ctx, actor)
	if err != nil {
		return Made{}, err
	}
	d, err := s.draft(ctx, tx, &author, c)
	if err != nil {
		return Made{}, err
	}
	if at.After(tx.Now()) {
		later := *c
		later.Visibility = &d.status.Visibility
		id, err := s.schedule(ctx, tx, actor, &later, at)
		return Made{Scheduled: id}, err
	}
	err = d.store(tx)
	return Made{Status: d.status.ID}, err
}

// store writes the post and what hangs on it: a fixed number of rows, however
// many follow the author.
func (d *draft) store(tx *store.Tx) error {
	s := &d.status
	s.ID = tx.NewID()
	if d.poll != nil {
		d.poll.ID, d.poll.Status = tx.NewID(), s.ID
		s.Poll = d.poll.ID
	}
	if err := tx.Count(counts(s, 1)...); err != nil {
		return err
	}
	if err := tx.InsertStatus(s, indexWords(s)); err != nil {
		return err
	}
	if err := tx.Mention(s.ID, d.words.mentioned); err != nil {
		return err
	}
	if len(d.words.tags) > 0 {
		if err := tx.TagStatus(s.ID, d.words.tags); err != nil {
			return err
		}
	}
	if d.poll != nil {
		if err := tx.InsertPoll(d.poll); err != nil {
			return err
		}
		if err := endLater(tx, d.poll); err != nil {
			return err
		}
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusCreated, Actor: s.Account, Status: s.ID})
}

// counts are the counters that a post or boost adds to, by 1 or -1. What only
// the people addressed know of is not counted where all can see it.
func counts(s *domain.Status, by int64) []store.Counter {
	var list []store.Counter
	if s.Visibility != domain.Direct {
		list = append(list, store.StatusesOf(s.Account, by))
	}
	if s.ReblogOf != 0 {
		list = append(list, store.ReblogsOf(s.ReblogOf, by))
	}
	if s.Visibility.Listed() {
		list = append(list, store.RepliesTo(s.InReplyTo, by))
	}
	return list
}

// indexWords are the words by which a post is searched.
func indexWords(s *domain.Status) string {
	return strings.Join(text.Words(s.Spoiler+"\n"+s.Text), " ")
}
