package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	set, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	return s.draft(ctx, r, &set, &author, c)
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
	if err := usable(tx, d.words.tags); err != nil {
		return 0, err
	}
	if err := tx.TagStatus(s.ID, d.words.tags); err != nil {
		return 0, err
	}
	if len(d.words.collections) > 0 {
		if err := tx.TagCollections(s.ID, d.words.collections); err != nil {
			return 0, err
		}
	}
	if err := tx.AttachUploads(s.Account, s.ID, d.media); err != nil {
		return 0, lost(err)
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

// lost is the error of a write whose upload another post took meanwhile.
func lost(err error) error {
	if domain.Is(err, domain.NotFound) {
		return invalid("Media not found or already attached to another post")
	}
	return err
}

// indexWords are the words by which a post is searched: what its pictures show
// and what its poll asks are among them.
func indexWords(s *domain.Status, options []string, media []domain.Attachment) string {
	parts := append([]string{s.Spoiler, s.Text}, options...)
	for i := range media {
		parts = append(parts, media[i].Description)
	}
	return text.IndexWords(parts...)
}

// titlesOf are what a poll asks; there may be none.
func titlesOf(p *domain.Poll) []string {
	if p == nil {
		return nil
	}
	out := make([]string, len(p.Options))
	for i, o := range p.Options {
		out[i] = o.Title
	}
	return out
}
