package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// Edit applies what its author says of a mirrored post now: an edit with its
// history where it tells of a newer one, else new votes, counts and consent to
// a quote (facts 10, 12). Posts that are not known, and words older than what
// is known, are passed over. Whom the post is for never changes (SEC-21).
// ErrHeld is the answer to an edit that the staff looks at first.
func (s *Service) Edit(ctx context.Context, n *apub.Note) error { return s.edit(ctx, n, false) }

// edit is Edit; what the staff released is not held again.
func (s *Service) edit(ctx context.Context, n *apub.Note, released bool) error {
	if err := n.Check(); err != nil {
		return &domain.Error{Kind: domain.Invalid, Op: "remote.Edit", Msg: errNoPost.Msg, Err: err}
	}
	r := s.Store.Reader()
	st, err := r.StatusByURI(ctx, n.ID)
	if domain.Is(err, domain.NotFound) || err == nil && (st.Local || st.ReblogOf != 0) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the post %s: %w", n.ID, err)
	}
	author, err := r.Account(ctx, st.Account)
	if err != nil {
		return fmt.Errorf("find the author of %s: %w", n.ID, err)
	}
	if author.URI != n.Author {
		return domain.Errorf(domain.Forbidden, "Only its author may edit a post")
	}
	actor, err := r.Actor(ctx, author.ID)
	if err != nil {
		return fmt.Errorf("look up the author of %s: %w", n.ID, err)
	}
	e := &edit{note: n, author: author, released: released, raw: s.compress(n.Raw), object: s.original(n), totals: totals(n), policy: quotePolicy(n, &actor), newer: newer(n, &st)}
	if e.newer {
		if e.wording, err = s.read(ctx, r, n, &author, actor.Followers); err != nil {
			return err
		}
	}
	e.poll = s.poll(n, &st)
	if e.quote, err = s.readQuote(ctx, r, n, &st); err != nil {
		return err
	}
	e.at = s.published(n.Updated)
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return e.apply(ctx, tx, st.ID) })
	if errors.Is(err, ErrHeld) {
		return s.keepHeld(ctx, func(ctx context.Context, tx *store.Tx) error { return e.hold(ctx, tx, &st) })
	}
	return err
}

// newer reports whether the post tells of an edit that is not known yet.
func newer(n *apub.Note, st *domain.Status) bool {
	return n.Edited() && n.Updated.After(st.CreatedAt) && n.Updated.After(st.EditedAt)
}

// older reports whether the post is as it was before an edit that is known.
func older(n *apub.Note, st *domain.Status) bool {
	return !st.EditedAt.IsZero() && n.Updated.Before(st.EditedAt)
}

// edit is a post as its author says that it is now.
type edit struct {
	wording
	at       time.Time
	note     *apub.Note
	author   domain.Account
	raw      []byte // compressed
	released bool   // the staff let it through
	newer    bool
	policy   domain.QuotePolicy
	poll     *domain.Poll
	quote    *domain.Quote
	object   store.RemoteObject
	totals   store.Totals
}

func (e *edit) apply(ctx context.Context, tx *store.Tx, id domain.ID) error {
	// Locked, so that two edits at once do not both keep the original.
	if err := tx.StillThere(id); err != nil {
		return ignoreGone(err)
	}
	st, err := tx.AnyStatus(ctx, id)
	if err != nil {
		return err
	}
	if older(e.note, &st) {
		return nil
	}
	edited, shown := false, false
	if e.newer && newer(e.note, &st) {
		if err := e.hold(ctx, tx, &st); err != nil {
			return err
		}
		if edited, err = e.revise(ctx, tx, &st); err != nil {
			return err
		}
	}
	if !edited {
		if shown, err = e.tally(tx, &st); err != nil {
			return err
		}
	}
	quoted, err := e.requote(ctx, tx, &st)
	if err != nil {
		return err
	}
	if err := tx.SeedCounts(st.ID, e.totals); err != nil {
		return err
	}
	o := e.object
	o.Status = st.ID
	if err := tx.SaveRemoteObject(o); err != nil {
		return err
	}
	switch {
	case edited:
		return tx.Emit(domain.Event{Kind: domain.EventStatusEdited, Actor: st.Account, Status: st.ID})
	case shown, quoted:
		return refresh(tx, &st)
	}
	return nil
}

func ignoreGone(err error) error {
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	return err
}

// refresh has readers look at a post anew.
func refresh(tx *store.Tx, st *domain.Status) error {
	if err := tx.TouchStatus(st.ID); err != nil {
		return err
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusRefreshed, Actor: st.Account, Status: st.ID})
}

// revise makes the post say what it says now and keeps what it said. It
// reports whether that differs.
func (e *edit) revise(ctx context.Context, tx *store.Tx, st *domain.Status) (bool, error) {
	was := *st
	before, err := pollTitles(ctx, tx, was.Poll)
	if err != nil {
		return false, err
	}
	media, err := e.mediaDiffer(ctx, tx, st.ID)
	if err != nil {
		return false, err
	}
	e.fill(st)
	st.QuotePolicy = e.policy
	pollChanged, err := e.repoll(tx, st)
	if err != nil {
		return false, err
	}
	if *st == was && !pollChanged && !media {
		return false, nil
	}
	st.EditedAt = e.at
	if was.EditedAt.IsZero() {
		if err := tx.InsertEdit(revision(&was, before)); err != nil {
			return false, err
		}
	}
	steps := []func() error{
		func() error { return tx.UpdateStatus(st, e.words) },
		func() error { return tx.SilenceMentions(st.ID, e.mentioned) },
		func() error { return tx.UntagStatus(st.ID) },
		func() error { return e.wording.store(tx, st, false) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return false, err
		}
	}
	after, err := pollTitles(ctx, tx, st.Poll)
	if err != nil {
		return false, err
	}
	return true, tx.InsertEdit(revision(st, after))
}

func revision(st *domain.Status, options []string) *domain.Edit {
	e := &domain.Edit{
		Status: st.ID, Content: st.Content, Spoiler: st.Spoiler, Sensitive: st.Sensitive, Language: st.Language,
		PollOptions: options, CreatedAt: st.EditedAt,
	}
	if e.CreatedAt.IsZero() {
		e.CreatedAt = st.CreatedAt
	}
	return e
}

func pollTitles(ctx context.Context, tx *store.Tx, id domain.ID) ([]string, error) {
	if id == 0 {
		return nil, nil
	}
	p, err := tx.AnyPoll(ctx, id)
	return titles(&p), err
}

func titles(p *domain.Poll) []string {
	var out []string
	for _, o := range p.Options {
		out = append(out, o.Title)
	}
	return out
}

// mediaDiffer reports whether the post shows other media now.
func (e *edit) mediaDiffer(ctx context.Context, tx *store.Tx, id domain.ID) (bool, error) {
	was, err := tx.Attachments(ctx, []domain.ID{id})
	same := func(a, b domain.Attachment) bool {
		return a.RemoteURL == b.RemoteURL && a.Description == b.Description && a.Focus == b.Focus
	}
	return !slices.EqualFunc(was, e.attachments, same), err
}

// repoll gives the post the poll it has now. Other options or another number
// of choices forget all votes (facts 12).
func (e *edit) repoll(tx *store.Tx, st *domain.Status) (changed bool, err error) {
	switch {
	case e.poll == nil && st.Poll == 0:
		return false, nil
	case e.poll == nil:
		old := st.Poll
		st.Poll = 0
		return true, tx.DeletePoll(old)
	}
	next := *e.poll
	next.Status = st.ID
	if st.Poll == 0 {
		next.ID = tx.NewID()
		st.Poll = next.ID
		if err := tx.InsertPoll(&next); err != nil {
			return false, err
		}
		return true, tallied(tx, &next)
	}
	old, err := tx.LockPoll(st.Poll)
	if err != nil {
		return false, err
	}
	next.ID = old.ID
	changed = old.Multiple != next.Multiple || !slices.Equal(titles(&old), titles(&next))
	if changed {
		votes, voters := next.VotesCount, next.VotersCount
		if err := tx.ResetPoll(&next); err != nil {
			return false, err
		}
		next.VotesCount, next.VotersCount = votes, voters
	} else {
		next.EndedAt = old.EndedAt
	}
	if err := tx.UpdatePoll(&next); err != nil {
		return false, err
	}
	return changed, tallied(tx, &next)
}

// tally takes new votes and an earlier end of a poll; options that differ are
// not believed without an edit (SEC-22).
func (e *edit) tally(tx *store.Tx, st *domain.Status) (changed bool, err error) {
	if e.poll == nil || st.Poll == 0 {
		return false, nil
	}
	old, err := tx.LockPoll(st.Poll)
	if err != nil {
		return false, err
	}
	next := *e.poll
	next.ID, next.Status, next.HideTotals, next.EndedAt = old.ID, old.Status, old.HideTotals, old.EndedAt
	if old.Multiple != next.Multiple || !slices.Equal(titles(&old), titles(&next)) {
		return false, nil
	}
	if slices.Equal(old.Options, next.Options) && old.VotersCount == next.VotersCount && old.ExpiresAt.Equal(next.ExpiresAt) {
		return false, nil
	}
	if err := tx.UpdatePoll(&next); err != nil {
		return false, err
	}
	return true, tallied(tx, &next)
}
