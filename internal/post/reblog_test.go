package post_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
)

func TestReblog(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "boost me")
		boost, err := w.Reblog(w.ctx, w.id("bob"), s.ID, nil, 0)
		w.must(err)
		again, err := w.Reblog(w.ctx, w.id("bob"), s.ID, ptr(domain.Unlisted), 0)
		w.must(err)
		if again != boost {
			w.t.Error("boosting twice made two boosts")
		}
		second, err := w.Reblog(w.ctx, w.id("carol"), boost, ptr(domain.Unlisted), 0)
		w.must(err)
		if b := w.status(second); b.ReblogOf != s.ID || b.Visibility != domain.Unlisted || b.Text != "" {
			w.t.Errorf("the boost of a boost is %+v", b)
		}
		if n, b := w.status(s.ID).ReblogsCount, w.account("bob").StatusesCount; n != 2 || b != 1 {
			w.t.Errorf("%d boosts and %d posts of bob, want 2 and 1", n, b)
		}
		for range 2 {
			id, err := w.Unreblog(w.ctx, w.id("bob"), second)
			w.must(err)
			if id != s.ID {
				w.t.Errorf("taking a boost back answers with %d, want the original", id)
			}
		}
		if n, b := w.status(s.ID).ReblogsCount, w.account("bob").StatusesCount; n != 1 || b != 0 {
			w.t.Errorf("%d boosts and %d posts of bob left, want 1 and 0", n, b)
		}
		want := []domain.EventKind{
			domain.EventStatusCreated, domain.EventStatusCreated, domain.EventStatusCreated, domain.EventStatusDeleted,
		}
		if got := w.events(); !slices.Equal(got, want) {
			w.t.Errorf("events are %v, want %v", got, want)
		}
	})
}

func TestReblogVisibility(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.join("locked", func(a *domain.Account, _ *domain.User) { a.Locked = true })
		secret := w.post("alice", "for followers", with(domain.Private))
		boost, err := w.Reblog(w.ctx, w.id("alice"), secret.ID, ptr(domain.Public), 0)
		w.must(err)
		if v := w.status(boost).Visibility; v != domain.Private {
			w.t.Errorf("a boost of one's own private post is %s", v)
		}
		_, err = w.Reblog(w.ctx, w.id("bob"), secret.ID, nil, 0)
		fails(w.t, "a hidden post", err, domain.NotFound, "")
		dm := w.post("alice", "@bob psst", with(domain.Direct))
		_, err = w.Reblog(w.ctx, w.id("bob"), dm.ID, nil, 0)
		fails(w.t, "a direct post", err, domain.Forbidden, "not allowed")
		open := w.post("alice", "for all")
		_, err = w.Reblog(w.ctx, w.id("bob"), open.ID, ptr(domain.Direct), 0)
		fails(w.t, "a direct boost", err, domain.Invalid, "reserved")
		boost, err = w.Reblog(w.ctx, w.id("locked"), open.ID, nil, 0)
		w.must(err)
		if v := w.status(boost).Visibility; v != domain.Private {
			w.t.Errorf("a locked account boosts %s by default", v)
		}
		w.write(func(tx *store.Tx) error {
			_, _, err := tx.InsertBlock(w.ids["carol"], w.ids["alice"], "")
			return err
		})
		_, err = w.Reblog(w.ctx, w.id("carol"), open.ID, nil, 0)
		fails(w.t, "an author whom the booster blocks", err, domain.Forbidden, "not allowed")
		_, err = w.Favourite(w.ctx, w.id("carol"), open.ID)
		fails(w.t, "the same as favourite", err, domain.Forbidden, "not allowed")
	})
}

func TestRacingBoostsCountOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "boost me")
		race(w, 12, func(int) error {
			_, err := w.Reblog(w.ctx, w.ids["bob"], s.ID, nil, 0)
			return err
		})
		if n := w.status(s.ID).ReblogsCount; n != 1 {
			w.t.Errorf("bob's boost counts %d times", n)
		}
		race(w, 12, func(int) error {
			_, err := w.Unreblog(w.ctx, w.ids["bob"], s.ID)
			return err
		})
		if n, b := w.status(s.ID).ReblogsCount, w.account("bob").StatusesCount; n != 0 || b != 0 {
			w.t.Errorf("%d boosts and %d posts of bob left", n, b)
		}
	})
}

// race runs f n times at once.
func race(w *world, n int, f func(i int) error) {
	w.t.Helper()
	var wait sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wait.Go(func() { errs[i] = f(i) })
	}
	wait.Wait()
	for _, err := range errs {
		w.must(err)
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		root := w.post("alice", "root")
		s := w.post("bob", "@carol #tag", replyTo(root.ID), poll(300, "a", "b"))
		reply := w.post("carol", "reply", replyTo(s.ID))
		_, err := w.Favourite(w.ctx, w.id("alice"), s.ID)
		w.must(err)
		_, err = w.Pin(w.ctx, w.id("bob"), s.ID)
		w.must(err)
		const boosters = 110
		for i := range boosters {
			name := fmt.Sprintf("fan%d", i)
			w.join(name, func(*domain.Account, *domain.User) {})
			_, err := w.Reblog(w.ctx, w.id(name), s.ID, nil, 0)
			w.must(err)
		}
		w.events()
		fails(w.t, "somebody else's post", w.Delete(w.ctx, w.id("alice"), s.ID), domain.NotFound, "")
		w.must(w.Delete(w.ctx, w.id("bob"), s.ID))
		fails(w.t, "twice", w.Delete(w.ctx, w.id("bob"), s.ID), domain.NotFound, "")
		if _, err := w.r.AnyPoll(w.ctx, s.Poll); !domain.Is(err, domain.NotFound) {
			w.t.Errorf("its poll is still there: %v", err)
		}
		if left := w.status(reply.ID); left.InReplyTo != s.ID {
			w.t.Errorf("the reply now answers %d", left.InReplyTo)
		}
		if n, m := w.status(root.ID).RepliesCount, w.account("bob").StatusesCount; n != 0 || m != 0 {
			w.t.Errorf("%d replies and %d posts of bob are counted, want none", n, m)
		}
		w.settle()
		left, err := w.r.Boosts(w.ctx, s.ID, 1)
		w.must(err)
		if len(left) != 0 || w.account("fan109").StatusesCount != 0 {
			w.t.Errorf("boosts left: %d", len(left))
		}
		if got := w.events(); len(got) != boosters+1 || slices.ContainsFunc(got, func(k domain.EventKind) bool { return k != domain.EventStatusDeleted }) {
			w.t.Errorf("%d events, want a deletion of the post and of each boost", len(got))
		}
	})
}

func TestConcurrentDeletesFinish(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		var list []domain.ID
		root := w.post("alice", "root")
		for range 20 {
			list = append(list, w.post("bob", "reply", replyTo(root.ID)).ID)
		}
		race(w, 40, func(i int) error {
			if i%2 == 1 {
				_, err := w.Reblog(w.ctx, w.ids["bob"], list[i/2], nil, 0)
				if domain.Is(err, domain.NotFound) {
					err = nil
				}
				return err
			}
			return w.Delete(w.ctx, w.ids["bob"], list[i/2])
		})
		w.settle()
		if n, m := w.status(root.ID).RepliesCount, w.account("bob").StatusesCount; n != 0 || m != 0 {
			w.t.Errorf("%d replies and %d posts of bob are counted, want none", n, m)
		}
	})
}
