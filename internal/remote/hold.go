package remote

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// ErrHeld is the answer to a post that waits for the staff.
var ErrHeld = domain.Errorf(domain.Forbidden, "This post waits for the people who run this community")

// releasedKey marks in a context that the staff has let a post through.
type releasedKey struct{}

// Bounds of what a post is compared by, and how often staff hears of waves.
const (
	maxCompared = 4 // links, and pictures
	heldText    = 1000
	tellWaves   = time.Hour
)

// keepHeld holds a post in a transaction of its own: nothing else follows from
// it.
func (s *Service) keepHeld(ctx context.Context, m *mirror, n *apub.Note) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		err := m.hold(ctx, tx, n)
		if errors.Is(err, ErrHeld) {
			return nil
		}
		if err == nil {
			err = domain.Errorf(domain.Unavailable, "The post is let through since")
		}
		return err
	})
	if err == nil {
		err = ErrHeld
	}
	return err
}

// hold keeps a post of a newcomer to strangers here for the staff where it
// looks like part of a wave of spam, and says so by ErrHeld. Only such posts
// cost anything.
func (m *mirror) hold(ctx context.Context, tx *store.Tx, n *apub.Note) error {
	if len(m.mentioned) == 0 || ctx.Value(releasedKey{}) != nil || !domain.Newcomer(&m.author, tx.Now()) {
		return nil
	}
	strangers, err := tx.Strangers(ctx, m.author.ID, m.mentioned)
	if err != nil || len(strangers) == 0 {
		return err
	}
	if known, err := tx.IsHeld(ctx, n.ID); known || err != nil {
		return firstOf(err, ErrHeld)
	}
	host := apub.Host(n.ID)
	links, pictures := contentLinks(m.content), m.blurhashes()
	a := domain.Approach{
		Strangers: len(strangers), Answers: m.status.InReplyTo != 0, Author: m.author.ID.Time(),
		Baited: len(links)+len(m.attachments)+len(m.tags) > 0,
	}
	if a.Wave, err = tx.WaveFrom(ctx, host); err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look for a wave: %w", err)
	}
	plain := text.PlainText(m.spoiler + "\n" + m.content)
	keys := text.Alike(plain)
	for _, thing := range append(links[:min(len(links), maxCompared)], pictures...) {
		keys = append(keys, text.AlikeTo(thing))
	}
	var pattern domain.ID
	if a.Reached, pattern, err = tx.MarkApproach(keys, len(strangers), tx.Now().Add(-domain.WaveSpan)); err != nil {
		return fmt.Errorf("count whom posts like it reached: %w", err)
	}
	a.Known = pattern != 0
	why := a.Held(tx.Now())
	if why == "" {
		return nil
	}
	if why == domain.HeldAlike {
		if pattern == 0 {
			pattern = tx.NewID()
		}
		if err := tx.MarkHeld(keys, pattern); err != nil {
			return err
		}
	} else {
		pattern = 0
	}
	err = keep(ctx, tx, host, pattern, &domain.HeldPost{
		Account: m.author.ID, URI: n.ID, Why: why, Text: firstRunes(plain, heldText), Strangers: len(strangers), JSON: m.raw,
	})
	return firstOf(err, ErrHeld)
}

func (m *mirror) blurhashes() []string {
	var out []string
	for i := range m.attachments {
		if h := m.attachments[i].Blurhash; h != "" && len(out) < maxCompared {
			out = append(out, h)
		}
	}
	return out
}

func firstRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// keep puts the post into the wave of its server. Staff hears of the first
// wave; who looks at it sees those that follow at once.
func keep(ctx context.Context, tx *store.Tx, host string, pattern domain.ID, h *domain.HeldPost) error {
	quiet, err := tx.WaveSince(ctx, tx.Now().Add(-tellWaves))
	if err != nil {
		return err
	}
	w, isNew, err := tx.OpenWave(host, pattern)
	if err != nil {
		return fmt.Errorf("open a wave: %w", err)
	}
	h.Wave = w.ID
	if err := tx.Hold(h); err != nil {
		return fmt.Errorf("hold the post: %w", err)
	}
	if !isNew || quiet {
		return nil
	}
	return tx.Emit(domain.Event{Kind: domain.EventWaveBegan, Actor: h.Account, Object: w.ID})
}

const releaseBatch = 20

// Release is the job that takes in the released posts of a wave, as if they
// came now. What cannot be had of other servers is tried again with the job;
// what is refused is not kept.
func (s *Service) Release(ctx context.Context, j *job.Job) error {
	var wave domain.ID
	if err := j.Decode(&wave); err != nil {
		return err
	}
	ctx = context.WithValue(ctx, releasedKey{}, true)
	for {
		list, err := s.Store.Reader().ReleasedPosts(ctx, wave, releaseBatch)
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			if err := s.release(ctx, &list[i]); err != nil {
				return err
			}
		}
	}
}

func (s *Service) release(ctx context.Context, h *domain.HeldPost) error {
	n, err := unpackNote(h.JSON)
	if err == nil {
		_, _, err = s.Accept(WithBudget(ctx, releaseLookups), n)
	}
	switch domain.KindOf(err) {
	case domain.Unavailable, domain.RateLimited, domain.Conflict, domain.Internal:
		if err != nil {
			return fmt.Errorf("take in %s: %w", h.URI, err)
		}
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropHeld(h.URI) })
}

// releaseLookups is how many things of strangers one post may make us ask for.
const releaseLookups = 20

func unpackNote(packed []byte) (*apub.Note, error) {
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), apub.MaxBody))
	if err != nil {
		return nil, domain.Errorf(domain.Invalid, "the held post cannot be read: %v", err)
	}
	d, err := apub.Parse(raw)
	if err != nil {
		return nil, domain.Errorf(domain.Invalid, "the held post cannot be read: %v", err)
	}
	if d.Note == nil {
		return nil, errNoPost
	}
	if n := d.Note; len(n.To)+len(n.Cc) == 0 {
		// It came to whom it names, though it does not say so.
		for _, m := range n.Mentions {
			n.To = append(n.To, m.Href)
		}
	}
	return d.Note, nil
}
