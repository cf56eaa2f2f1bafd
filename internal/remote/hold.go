package remote

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/text"
)

// ErrHeld is the answer to a post that waits for the staff.
var ErrHeld = domain.Errorf(domain.Forbidden, "This post waits for the people who run this community")

// Bounds of what a post is compared by, and how often staff hears of waves.
const (
	maxCompared = 4 // links, and pictures
	heldText    = 1000
	tellWaves   = time.Hour
)

// suspect is what the rules about waves of spam look at of a post, or of what
// it says once it is edited.
type suspect struct {
	*wording
	author  *domain.Account
	uri     string
	answers bool   // a post that is known here
	raw     []byte // compressed
	before  *saying
}

// saying is what a post said before an edit: whom it named, and by what it is
// compared.
type saying struct {
	mentioned []domain.ID
	keys      []int64
}

// keepHeld holds a post in a transaction of its own: nothing else follows from
// it.
func (s *Service) keepHeld(ctx context.Context, hold func(ctx context.Context, tx *store.Tx) error) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		err := hold(ctx, tx)
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

// hold keeps a new post for the staff where it looks like part of a wave.
func (m *mirror) hold(ctx context.Context, tx *store.Tx) error {
	if m.released {
		return nil
	}
	p := suspect{wording: &m.wording, author: &m.author, uri: m.status.URI, answers: m.status.InReplyTo != 0, raw: m.raw}
	return p.hold(ctx, tx)
}

// hold keeps an edit for the staff where the post would look like part of a
// wave by it; until then the post says what it said. Who fixes a word is not
// counted twice: only what is new counts, and whom it names anew.
func (e *edit) hold(ctx context.Context, tx *store.Tx, st *domain.Status) error {
	if e.released || len(e.mentioned) == 0 || !domain.Newcomer(&e.author, tx.Now()) {
		return nil
	}
	media, err := tx.Attachments(ctx, []domain.ID{st.ID})
	if err != nil {
		return err
	}
	list, err := tx.Mentions(ctx, []domain.ID{st.ID})
	if err != nil {
		return err
	}
	var named []domain.ID
	for _, m := range list {
		if !m.Silent {
			named = append(named, m.Account)
		}
	}
	was := wording{content: st.Content, spoiler: st.Spoiler, attachments: media}
	p := suspect{
		wording: &e.wording, author: &e.author, uri: st.URI, answers: st.InReplyTo != 0, raw: e.raw,
		before: &saying{mentioned: named, keys: was.keys()},
	}
	return p.hold(ctx, tx)
}

// hold keeps a post of a newcomer to strangers here for the staff where it
// looks like part of a wave of spam, and says so by ErrHeld. Only such posts
// cost anything.
func (p *suspect) hold(ctx context.Context, tx *store.Tx) error {
	if len(p.mentioned) == 0 || !domain.Newcomer(p.author, tx.Now()) {
		return nil
	}
	strangers, err := tx.Strangers(ctx, p.author.ID, p.mentioned)
	if err != nil || len(strangers) == 0 {
		return err
	}
	keys, counted, edited := p.keys(), len(strangers), false
	if was := p.before; was != nil {
		fresh := slices.DeleteFunc(slices.Clone(strangers), func(id domain.ID) bool { return slices.Contains(was.mentioned, id) })
		if edited = len(fresh) == 0; edited {
			keys = slices.DeleteFunc(keys, func(k int64) bool { return slices.Contains(was.keys, k) })
		} else {
			counted = len(fresh)
		}
	}
	if known, err := tx.IsHeld(ctx, p.uri); known || err != nil {
		return firstOf(err, tx.HoldAgain(p.uri, p.plain(), p.raw), ErrHeld)
	}
	host := apub.Host(p.uri)
	a := domain.Approach{
		Strangers: len(strangers), Answers: p.answers, Edited: edited, Author: p.author.ID.Time(),
		Baited: len(contentLinks(p.content))+len(p.attachments)+len(p.tags) > 0,
	}
	if a.Wave, err = tx.WaveFrom(ctx, host); err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look for a wave: %w", err)
	}
	var pattern domain.ID
	if a.Reached, pattern, err = tx.MarkApproach(keys, counted, tx.Now().Add(-domain.WaveSpan)); err != nil {
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
		Account: p.author.ID, URI: p.uri, Why: why, Text: p.plain(), Strangers: len(strangers), JSON: p.raw,
	})
	return firstOf(err, ErrHeld)
}

func (w *wording) text() string { return text.PlainText(w.spoiler + "\n" + w.content) }

// plain is what the staff reads of it.
func (w *wording) plain() string { return firstRunes(w.text(), heldText) }

// keys are what posts are compared by.
func (w *wording) keys() []int64 {
	links := contentLinks(w.content)
	keys := text.Alike(w.text())
	for _, thing := range append(links[:min(len(links), maxCompared)], w.blurhashes()...) {
		keys = append(keys, text.AlikeTo(thing))
	}
	return keys
}

func (w *wording) blurhashes() []string {
	var out []string
	for i := range w.attachments {
		if h := w.attachments[i].Blurhash; h != "" && len(out) < maxCompared {
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
		err = s.letIn(WithBudget(ctx, releaseLookups), n)
	}
	switch domain.KindOf(err) {
	case domain.Unavailable, domain.RateLimited, domain.Conflict, domain.Internal:
		if err != nil {
			return fmt.Errorf("take in %s: %w", h.URI, err)
		}
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropHeld(h.URI) })
}

// letIn takes a released post in, or the edit of one that is here.
func (s *Service) letIn(ctx context.Context, n *apub.Note) error {
	_, created, err := s.accept(ctx, n, domain.Account{}, s.Store.Write, true)
	if err == nil && !created {
		err = s.edit(ctx, n, true)
	}
	return err
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
