package remote

import (
	"context"
	"fmt"
	"slices"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// What is fetched of a profile when it is first looked at, politely.
const (
	backfillAgain = 7 * 24 * time.Hour
	maxBackfill   = 20 // posts
)

// WantBackfill has the counts, featured hashtags, pinned and latest posts of a
// remote account fetched in the background, unless that was done within a week. Ours and
// unknown accounts are passed over.
func (s *Service) WantBackfill(ctx context.Context, account domain.ID) error {
	if !s.limits.take("backfill of "+account.String(), 1, window) {
		return nil
	}
	x, err := s.Store.Reader().Actor(ctx, account)
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up the actor %s: %w", account, err)
	}
	if x.Host == "" || s.Now().Sub(x.BackfilledAt) < backfillAgain {
		return nil
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := job.Enqueue(tx, domain.JobBackfill, account, job.Unique(account.String()), job.Priority(domain.PriorityLow))
		return err
	})
}

// Backfill is the job behind WantBackfill. It notes first that it was done,
// so that a host that fails is not asked again before a week is over. What
// cannot be had is left out; running twice adds nothing.
func (s *Service) Backfill(ctx context.Context, j *job.Job) error {
	var id domain.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	r := s.Store.Reader()
	a, err := r.Account(ctx, id)
	if err == nil && a.Suspended() || domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	x, err := r.Actor(ctx, id)
	if err != nil {
		return fmt.Errorf("look up the actor %s: %w", id, err)
	}
	if s.refused(x.Host) || s.Now().Sub(x.BackfilledAt) < backfillAgain {
		return nil
	}
	if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.MarkBackfilled(id) }); err != nil {
		return fmt.Errorf("note that %s is completed: %w", a.URI, err)
	}
	ctx = WithBudget(ctx, backfillLookups)
	for _, step := range []func(context.Context, *domain.Account, *domain.Actor) error{
		s.backfillPosts, s.backfillPins, s.backfillTags, s.backfillCounts, s.backfillSoftware,
	} {
		if err := step(ctx, &a, &x); domain.Is(err, domain.Internal) {
			return fmt.Errorf("complete %s: %w", a.URI, err)
		} else if err != nil {
			s.Log.DebugContext(ctx, "a profile could not be completed", "actor", a.URI, "err", err)
		}
	}
	return nil
}

// backfillCounts fetches how many followers, followed ones and posts the
// account's own server counts: last, since it counts the mirrored posts, too.
// Collections that show nothing are hidden ones (facts 9).
func (s *Service) backfillCounts(ctx context.Context, a *domain.Account, x *domain.Actor) error {
	followers, hidden, err := s.total(ctx, a, x.Followers)
	if err != nil {
		return err
	}
	following, hidden2, err := s.total(ctx, a, x.Following)
	if err != nil {
		return err
	}
	statuses, _, err := s.total(ctx, a, x.Outbox)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.SetRemoteCounts(a.ID, store.RemoteCounts{Followers: followers, Following: following, Statuses: statuses, Hidden: hidden && hidden2})
	})
}

// total is how many items a collection of an account has, -1 if that is not
// said, and whether the items are hidden.
func (s *Service) total(ctx context.Context, a *domain.Account, address string) (n int64, hidden bool, err error) {
	if !apub.SameOrigin(address, a.URI) {
		return -1, address == "", nil
	}
	c, err := s.Collection(ctx, address)
	switch domain.KindOf(err) {
	case domain.NotFound, domain.Gone, domain.Forbidden, domain.Invalid:
		return -1, true, nil
	}
	if err != nil {
		return -1, false, err
	}
	return c.Total, c.First == "" && c.FirstPage == nil && len(c.Items) == 0, nil
}

// backfillPosts mirrors the newest public posts and boosts of the account,
// the oldest of them first.
func (s *Service) backfillPosts(ctx context.Context, a *domain.Account, x *domain.Actor) error {
	items, err := s.firstItems(ctx, a, x.Outbox, maxBackfill)
	if err != nil {
		return err
	}
	for _, item := range slices.Backward(items) {
		if item.Doc == nil || item.Doc.Activity == nil {
			continue
		}
		if err := s.backfillItem(ctx, a, x, item.Doc.Activity); domain.Is(err, domain.Internal) {
			return err
		}
	}
	return nil
}

// firstItems are those that a collection of the account shows first.
func (s *Service) firstItems(ctx context.Context, a *domain.Account, address string, limit int) ([]apub.Ref, error) {
	if !apub.SameOrigin(address, a.URI) {
		return nil, nil
	}
	c, err := s.Collection(ctx, address)
	if err != nil {
		return nil, err
	}
	switch {
	case len(c.Items) > 0:
	case c.FirstPage != nil:
		c = c.FirstPage
	case apub.SameOrigin(c.First, a.URI):
		if c, err = s.Collection(ctx, c.First); err != nil {
			return nil, err
		}
	}
	return c.Items[:min(len(c.Items), limit)], nil
}

// backfillItem mirrors one activity that the account's own outbox shows.
func (s *Service) backfillItem(ctx context.Context, a *domain.Account, x *domain.Actor, act *apub.Activity) error {
	if act.Actor != a.URI {
		return nil
	}
	switch act.Type {
	case "Create":
		_, err := s.Status(ctx, act.Object().ID)
		return err
	case "Announce":
		if !apub.SameOrigin(act.ID, a.URI) || !act.Visibility(x.Followers).Listed() {
			return nil
		}
		return s.Boost(ctx, *a, act)
	}
	return nil
}

// backfillPins pins what the account has pinned, the newest last, and unpins
// the rest.
func (s *Service) backfillPins(ctx context.Context, a *domain.Account, x *domain.Actor) error {
	items, err := s.firstItems(ctx, a, x.Featured, domain.MaxMirroredPins)
	if err != nil {
		return err
	}
	var pins []domain.ID
	for _, item := range slices.Backward(items) {
		st, err := s.Status(ctx, item.ID)
		if domain.Is(err, domain.Internal) {
			return err
		}
		if err == nil && st.Account == a.ID && st.Visibility.Listed() {
			pins = append(pins, st.ID)
		}
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		have, err := tx.Pins(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, id := range have {
			if _, err := tx.Unpin(a.ID, id); err != nil {
				return err
			}
		}
		for _, id := range pins {
			if err := tx.Pin(a.ID, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// backfillTags makes the hashtags on the account's profile those that its own
// server lists.
func (s *Service) backfillTags(ctx context.Context, a *domain.Account, x *domain.Actor) error {
	items, err := s.firstItems(ctx, a, x.FeaturedTags, domain.MaxFeaturedTags)
	if err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		have, err := tx.FeaturedTags(ctx, a.ID)
		if err != nil {
			return err
		}
		for _, f := range have {
			if _, err := tx.DeleteFeaturedTag(a.ID, f.ID); err != nil {
				return err
			}
		}
		for _, item := range items {
			if item.Doc == nil || item.Doc.Hashtag == nil {
				continue
			}
			t, ok := TagOf(*item.Doc.Hashtag)
			if !ok {
				continue
			}
			if t, err = tx.EnsureTag(t); err != nil {
				return err
			}
			if err := tx.SaveFeaturedTag(a.ID, t.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
