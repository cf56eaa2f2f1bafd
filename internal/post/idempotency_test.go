package post_test

import (
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
)

func key(k string) func(*domain.Compose) {
	return func(c *domain.Compose) { c.Idempotency = k }
}

func TestParallelRetriesPostOnce(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		const n = 50
		var wait sync.WaitGroup
		ids, errs := make([]domain.ID, n), make([]error, n)
		for i := range n {
			wait.Go(func() {
				made, err := w.Create(w.ctx, w.ids["alice"], domain.Compose{Text: "once", Idempotency: "a key"}, time.Time{})
				ids[i], errs[i] = made.Status, err
			})
		}
		wait.Wait()
		for i := range n {
			if errs[i] != nil || ids[i] != ids[0] || ids[i] == 0 {
				w.t.Fatalf("retry %d gave %d, %v; the first gave %d", i, ids[i], errs[i], ids[0])
			}
		}
		if n := w.account("alice").StatusesCount; n != 1 {
			w.t.Errorf("alice has %d posts, want 1", n)
		}
		if got := w.events(); len(got) != 1 {
			w.t.Errorf("%d events, want 1", len(got))
		}
	})
}

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		_, err := w.try("alice", "", key("k"))
		fails(w.t, "a blank post", err, domain.Invalid, "blank")
		first := w.post("alice", "after a failure", key("k"))
		if s := w.post("alice", "something else", key("k")); s.ID != first.ID {
			w.t.Errorf("the same key gave %q", s.Text)
		}
		if s := w.post("bob", "bob's", key("k")); s.Account != w.id("bob") {
			w.t.Error("bob got alice's post by her key")
		}
		if s := w.post("alice", "odd bytes", key("k\x00\xff'; DROP TABLE statuses; --")); s.ID == first.ID {
			w.t.Error("another key gave the same post")
		}
		w.clock.Add(domain.IdempotencyLife - time.Millisecond)
		if s := w.post("alice", "just in time", key("k")); s.ID != first.ID {
			w.t.Error("a key was forgotten before its hour was over")
		}
		w.clock.Add(time.Millisecond)
		if s := w.post("alice", "an hour later", key("k")); s.ID == first.ID {
			w.t.Error("a key was kept longer than an hour")
		}
	})
}

func TestIdempotencyOfScheduledPosts(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		at := w.clock.Now().Add(10 * time.Minute)
		c := domain.Compose{Text: "later", Idempotency: "k"}
		first, err := w.Create(w.ctx, w.id("alice"), c, at)
		w.must(err)
		again, err := w.Create(w.ctx, w.id("alice"), c, at)
		w.must(err)
		if first.Scheduled == 0 || again != first {
			w.t.Errorf("the retry gave %+v, the first %+v", again, first)
		}
		w.clock.Add(10 * time.Minute)
		w.settle()
		again, err = w.Create(w.ctx, w.id("alice"), c, at)
		w.must(err)
		if again.Status == 0 || w.status(again.Status).Text != "later" || w.account("alice").StatusesCount != 1 {
			w.t.Errorf("a retry after its time gave %+v", again)
		}
	})
}
