package post

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Edit replaces what a post of the actor says by what is sent: text, warning,
// sensitivity, language and poll; visibility and what it answers stay, and so
// does how it is written unless that is said. The
// first edit keeps the original as a revision; without an effective change
// nothing happens (behaviours 8.9).
func (s *Service) Edit(ctx context.Context, actor, id domain.ID, c domain.Compose) error {
	if err := s.meet(ctx, c.Text); err != nil {
		return err
	}
	set, err := s.settings(ctx)
	if err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		// Locked, so that two edits at once do not both keep the original.
		if err := tx.StillTheirs(actor, id); err != nil {
			return err
		}
		p, err := own(ctx, tx, actor, id)
		if err == nil && p.ReblogOf != 0 {
			err = domain.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.edit(ctx, tx, &set, &p, &c)
	})
}

func (s *Service) edit(ctx context.Context, tx *store.Tx, set *domain.Settings, p *domain.Status, c *domain.Compose) error {
	was, next := *p, *p
	if err := asItWas(ctx, tx, p.ID, c); err != nil {
		return err
	}
	words, err := s.say(ctx, tx.Reader, set, &next, c, c.Sensitive != nil && *c.Sensitive)
	if err != nil {
		return err
	}
	if l := firstLanguage(c.Language); l != "" {
		next.Language = l
	}
	before, err := pollTitles(ctx, tx, was.Poll)
	if err != nil {
		return err
	}
	pollChanged, err := s.editPoll(ctx, tx, &next, c.Poll)
	if err != nil {
		return err
	}
	mediaBefore, mediaAfter, mediaChanged, err := s.editMedia(ctx, tx, set, &next, c)
	if err != nil {
		return err
	}
	if next == was && !pollChanged && !mediaChanged {
		return nil
	}
	next.EditedAt = tx.Now()
	if was.EditedAt.IsZero() {
		if err := tx.InsertEdit(revision(&was, before, mediaBefore)); err != nil {
			return err
		}
	}
	after, err := pollTitles(ctx, tx, next.Poll)
	if err != nil {
		return err
	}
	if err := tx.UpdateStatus(&next, indexWords(&next, after, mediaAfter)); err != nil {
		return err
	}
	if err := renew(tx, next.ID, &words); err != nil {
		return err
	}
	if err := tx.InsertEdit(revision(&next, after, mediaAfter)); err != nil {
		return err
	}
	return tx.Emit(domain.Event{Kind: domain.EventStatusEdited, Actor: next.Account, Status: next.ID})
}

// asItWas fills in what an edit leaves as it is: what the post quotes, and its
// attachments where they are not named at all.
func asItWas(ctx context.Context, tx *store.Tx, id domain.ID, c *domain.Compose) error {
	q, err := tx.Quote(ctx, id)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look for what it quotes: %w", err)
	}
	c.Quote = q.Quoted
	if c.MediaIDs != nil {
		return nil
	}
	media, err := tx.Attachments(ctx, []domain.ID{id})
	if err != nil {
		return fmt.Errorf("look for its attachments: %w", err)
	}
	for i := range media {
		c.MediaIDs = append(c.MediaIDs, media[i].ID.String())
	}
	return nil
}

// renew makes a post mention and carry what its new words name. Whom it no
// longer names may still read it.
func renew(tx *store.Tx, id domain.ID, w *wording) error {
	if err := tx.Mention(id, w.mentioned); err != nil {
		return err
	}
	if err := tx.SilenceMentions(id, w.mentioned); err != nil {
		return err
	}
	if err := usable(tx, w.tags); err != nil {
		return err
	}
	if err := tx.UntagStatus(id); err != nil {
		return err
	}
	if err := tx.TagStatus(id, w.tags); err != nil {
		return err
	}
	return tx.TagCollections(id, w.collections)
}

// usable refuses hashtags that the staff does not want in posts.
func usable(tx *store.Tx, tags []domain.Tag) error {
	if len(tags) == 0 {
		return nil
	}
	var names []string
	for _, t := range tags {
		names = append(names, t.Name)
	}
	bad, err := tx.UnusableTags(context.Background(), names)
	if err == nil && len(bad) > 0 {
		err = domain.Errorf(domain.Invalid, "Validation failed: Text contained a disallowed hashtag: %s", bad[0])
	}
	return err
}

// revision is a post as it stands, for its history.
func revision(s *domain.Status, options []string, media []domain.Attachment) *domain.Edit {
	e := &domain.Edit{
		Status: s.ID, Text: s.Text, ContentType: s.ContentType, Content: s.Content, Spoiler: s.Spoiler,
		Sensitive: s.Sensitive, Language: s.Language, PollOptions: options, Media: editedMedia(media), CreatedAt: s.EditedAt,
	}
	if e.CreatedAt.IsZero() {
		e.CreatedAt = s.CreatedAt
	}
	return e
}

func pollTitles(ctx context.Context, tx *store.Tx, id domain.ID) ([]string, error) {
	if id == 0 {
		return nil, nil
	}
	p, err := tx.AnyPoll(ctx, id)
	return titlesOf(&p), err
}

// editPoll gives the post the poll that was sent, none if none was. Other
// options or another number of choices forget all votes, and the time to vote
// begins anew (behaviours 8.9).
func (s *Service) editPoll(ctx context.Context, tx *store.Tx, p *domain.Status, c *domain.ComposePoll) (changed bool, err error) {
	if c == nil {
		if p.Poll == 0 {
			return false, nil
		}
		old := p.Poll
		p.Poll = 0
		return true, tx.DeletePoll(old)
	}
	next, err := s.newPoll(c, tx.Now())
	if err != nil {
		return false, err
	}
	next.Status, next.Account = p.ID, p.Account
	if p.Poll == 0 {
		next.ID = tx.NewID()
		p.Poll = next.ID
		if err := tx.InsertPoll(next); err != nil {
			return false, err
		}
		return true, endLater(tx, next)
	}
	old, err := tx.LockPoll(p.Poll)
	if err != nil {
		return false, err
	}
	next.ID = old.ID
	return s.changePoll(tx, &old, next)
}

func (s *Service) changePoll(tx *store.Tx, old, next *domain.Poll) (changed bool, err error) {
	sameTitle := func(a, b domain.PollOption) bool { return a.Title == b.Title }
	reset := old.Multiple != next.Multiple || !slices.EqualFunc(old.Options, next.Options, sameTitle)
	if !reset && old.HideTotals == next.HideTotals && old.ExpiresAt.Equal(next.ExpiresAt) {
		return false, nil
	}
	if reset {
		if err := tx.ResetPoll(next); err != nil {
			return false, err
		}
	}
	if err := tx.UpdatePoll(next); err != nil {
		return false, err
	}
	return true, endLater(tx, next)
}
