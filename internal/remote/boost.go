package remote

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// Boost mirrors an Announce, or takes what a group passes on (FEP-1b12): of a
// new post that makes a boost by the group, too. What is boosted is believed
// from its own host only; a copy that came along counts where actor and author
// are the same (facts 3, SEC-17).
func (s *Service) Boost(ctx context.Context, actor domain.Account, a *apub.Activity) error {
	if actor.Suspended() {
		return domain.Errorf(domain.Forbidden, "This account is suspended")
	}
	if inner := a.Inner(); inner != nil {
		return s.passedOn(ctx, actor, a, inner)
	}
	original, err := s.boosted(ctx, actor, a)
	if err != nil {
		return fmt.Errorf("find what %s boosts: %w", actor.URI, err)
	}
	return s.boost(ctx, actor, a, original)
}

// boost stores the boost of a post that is here.
func (s *Service) boost(ctx context.Context, actor domain.Account, a *apub.Activity, original domain.Status) error {
	if !domain.CanBoost(&original, actor.ID) {
		return domain.Errorf(domain.Forbidden, "This post may not be boosted")
	}
	known, err := s.Store.Reader().Actor(ctx, actor.ID)
	if err != nil {
		return fmt.Errorf("look up %s: %w", actor.URI, err)
	}
	b := domain.Status{
		Account: actor.ID, URI: a.ID, ReblogOf: original.ID, CreatedAt: s.published(a.Published),
		Visibility: boostVisibility(a, known.Followers, &original),
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return insertBoost(ctx, tx, b, &original) })
	if domain.Is(err, domain.Conflict) || domain.Is(err, domain.NotFound) {
		return nil // it is there already, or what it boosts is gone
	}
	return err
}

// boosted is the post that is boosted, as far as the booster may see it.
func (s *Service) boosted(ctx context.Context, actor domain.Account, a *apub.Activity) (domain.Status, error) {
	if own := a.OwnNotes(); len(own) > 0 {
		st, _, err := s.Accept(ctx, own[0])
		return st, err
	}
	st, err := s.shownBy(ctx, actor, a, a.Object().ID)
	if err != nil {
		return st, err
	}
	r := s.Store.Reader()
	if st.ReblogOf != 0 {
		if st, err = r.AnyStatus(ctx, st.ReblogOf); err != nil {
			return st, err
		}
	}
	return r.Status(ctx, actor.ID, st.ID)
}

// shownBy is Status for a post that somebody announces. One that names nobody
// but its group, on the same host, is for whom the group shows it (Discourse).
func (s *Service) shownBy(ctx context.Context, group domain.Account, a *apub.Activity, id string) (domain.Status, error) {
	r := s.Store.Reader()
	st, err := s.KnownStatus(ctx, r, id)
	if !domain.Is(err, domain.NotFound) || !group.Group || !apub.SameOrigin(id, group.URI) {
		return s.Status(ctx, id)
	}
	if err := s.admissible(ctx, r, id); err != nil {
		return st, err
	}
	d, err := s.Object(ctx, id)
	if err != nil {
		return st, fmt.Errorf("fetch the post %s: %w", id, err)
	}
	n := d.Note
	if n == nil {
		return st, errNoPost
	}
	if len(n.To)+len(n.Cc) == 0 && slices.Contains(n.Audience, group.URI) {
		n.To, n.Cc = a.To, a.Cc
	}
	st, _, err = s.Accept(ctx, n)
	return st, err
}

// boostVisibility is for whom the boost is meant, never more than see what is
// boosted. One that names nobody is not shown to strangers in passing.
func boostVisibility(a *apub.Activity, followers string, original *domain.Status) domain.Visibility {
	v := a.Visibility(followers)
	if len(a.To)+len(a.Cc) == 0 {
		v = domain.Unlisted
	}
	return min(max(v, original.Visibility), domain.Private)
}

func insertBoost(ctx context.Context, tx *store.Tx, b domain.Status, original *domain.Status) error {
	if b.URI != "" {
		gone, err := tx.Tombstoned(ctx, b.URI)
		if err != nil || gone {
			return err
		}
	}
	_, err := tx.BoostBy(ctx, b.Account, original.ID)
	if !domain.Is(err, domain.NotFound) {
		return err
	}
	b.ID = tx.NewIDAt(b.CreatedAt)
	if err := tx.Count(store.CountsOf(&b, 1)...); err != nil {
		return err
	}
	// Counting has locked the original, unless it was deleted meanwhile.
	if err := tx.StillThere(original.ID); err != nil {
		return err
	}
	if err := tx.InsertStatus(&b, ""); err != nil {
		return err
	}
	return announce(tx, &b, original.Account)
}

// passedOn takes an activity that a group passes on unchanged. The group's
// server does not speak for its author, so everything is asked of the post's
// own host. New posts count as boosted by the group if they begin a thread; the
// answers, of which there are many, are found in it (facts 18).
func (s *Service) passedOn(ctx context.Context, group domain.Account, a, inner *apub.Activity) error {
	if !group.Group {
		return domain.Errorf(domain.Forbidden, "Only a group passes activities on")
	}
	id := inner.Object().ID
	switch inner.Type {
	case "Create":
		st, err := s.shownBy(ctx, group, a, id)
		if err != nil || st.ReblogOf != 0 || st.InReplyTo != 0 || st.InReplyToURI != "" || !st.Visibility.Listed() {
			return err
		}
		if st, err = s.Store.Reader().Status(ctx, group.ID, st.ID); err != nil {
			return err // its author avoids the group
		}
		return s.boost(ctx, group, a, st)
	case "Update", "Delete":
		return s.Confirm(ctx, id)
	}
	return nil // votes and moderation of other communities
}

// Confirm asks the host of a mirrored post what became of it, and follows. It
// is for what somebody else says about it; posts that are not known stay so.
// Not to be found may mean not to be seen, so that a post which is not for
// everybody is removed only if its host says that it is gone (SEC-16).
func (s *Service) Confirm(ctx context.Context, uri string) error {
	r := s.Store.Reader()
	st, err := r.StatusByURI(ctx, uri)
	if err != nil || st.Local {
		return ignoreGone(err)
	}
	author, err := r.Account(ctx, st.Account)
	if err != nil {
		return err
	}
	if ctx, err = asReader(ctx, r, &st); err != nil {
		return fmt.Errorf("find who may see %s: %w", uri, err)
	}
	d, err := s.Object(ctx, uri)
	switch {
	case domain.Is(err, domain.NotFound) && st.Visibility.Listed(), domain.Is(err, domain.Gone):
		return s.Deleted(ctx, author, uri)
	case err != nil:
		return fmt.Errorf("ask what became of %s: %w", uri, err)
	case d.Note == nil:
		return errNoPost
	}
	return s.Edit(ctx, d.Note)
}
