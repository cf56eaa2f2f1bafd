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
	// Checked before, so that no other write waits for it.
	d, fault := s.check(ctx, actor, &c)
	if fault != nil && c.Idempotency == "" {
		return Made{}, fault
	}
	key := digest(c.Idempotency)
	var made Made
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		made = Made{}
		if key != "" {
			before, fresh, err := tx.TakeKey(actor, key, domain.IdempotencyLife)
			if made = Made(before); err != nil || !fresh {
				return err
			}
		}
		if fault != nil {
			return fault
		}
		if err := s.create(ctx, tx, &c, d, at, &made); err != nil || key == "" {
			return err
		}
		return tx.KeepKey(actor, key, store.Repeat(made))
	})
	if err != nil {
		return Made{}, err
	}
	return made, nil
}

func (s *Service) check(ctx context.Context, actor domain.ID, c *domain.Compose) (*draft, error) {
	r := s.st.Reader()
	author, err := r.Account(ctx, actor)
	if err != nil {
		return nil, err
	}
	if err := s.meet(ctx, c.Text); err != nil {
		return nil, err
	}
	return s.draft(ctx, r, &author, c)
}

// digest is how a client's key is kept, whatever bytes it is made of.
func digest(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func (s *Service) create(ctx context.Context, tx *store.Tx, c *domain.Compose, d *draft, at time.Time, made *Made) (err error) {
	if at.After(tx.Now()) {
		made.Scheduled, err = s.schedule(ctx, tx, c, d, at)
		return err
	}
	made.Status, err = d.store(tx)
	return err
}

// store writes the post and what hangs on it, and returns its id: a fixed
// number of rows, however many follow the author. The draft stays as it is,
// since a transaction may run again.
func (d *draft) store(tx *store.Tx) (domain.ID, error) {
	s := d.status
	s.ID = tx.NewID()
	if d.poll != nil {
		s.Poll = tx.NewID()
	}
	counts := store.CountsOf(&s, 1)
	if d.quoted != nil && d.quoted.State == domain.QuoteAccepted {
		counts = append(counts, store.QuotesOf(s.Quote, 1))
	}
	if err := tx.Count(counts...); err != nil {
		return 0, err
	}
	if d.quoted != nil {
		// Counting has locked the quoted post, unless it was deleted meanwhile.
		if err := tx.StillThere(s.Quote); err != nil {
			return 0, err
		}
	}
	if err := tx.InsertStatus(&s, d.index); err != nil {
		return 0, err
	}
	if err := tx.Mention(s.ID, d.words.mentioned); err != nil {
		return 0, err
	}
	if err := tx.TagStatus(s.ID, d.words.tags); err != nil {
		return 0, err
	}
	if d.poll != nil {
		p := *d.poll
		p.ID, p.Status = s.Poll, s.ID
		if err := tx.InsertPoll(&p); err != nil {
			return 0, err
		}
		if err := endLater(tx, &p); err != nil {
			return 0, err
		}
	}
	if err := tx.Emit(domain.Event{Kind: domain.EventStatusCreated, Actor: s.Account, Status: s.ID}); err != nil || d.quoted == nil {
		return s.ID, err
	}
	q := *d.quoted
	q.Status = s.ID
	return s.ID, storeQuote(tx, q)
}

// indexWords are the words by which a post is searched.
func indexWords(s *domain.Status) string {
	return strings.Join(text.Words(s.Spoiler+"\n"+s.Text), " ")
}
