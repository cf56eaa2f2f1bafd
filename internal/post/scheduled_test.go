package post_test

import (
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

func (w *world) schedule(name, text string, in time.Duration, change ...func(*domain.Compose)) (domain.ID, error) {
	w.t.Helper()
	c := domain.Compose{Text: text}
	for _, f := range change {
		f(&c)
	}
	made, err := w.Create(w.ctx, w.id(name), c, w.clock.Now().Add(in))
	if err == nil && made.Status != 0 {
		w.t.Errorf("%q was posted at once", text)
	}
	return made.Scheduled, err
}

func TestScheduledPosts(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		root := w.post("bob", "root")
		_, err := w.schedule("alice", "too soon", 5*time.Minute-time.Second)
		fails(w.t, "too soon", err, domain.Invalid, "must be in the future")
		_, err = w.schedule("alice", "", 5*time.Minute)
		fails(w.t, "blank", err, domain.Invalid, "blank")
		id, err := w.schedule("alice", "@bob later", 5*time.Minute, replyTo(root.ID), with(domain.Unlisted), poll(300, "a", "b"))
		w.must(err)
		p, err := w.r.Scheduled(w.ctx, w.id("alice"), id)
		w.must(err)
		if p.Params.Text != "@bob later" || *p.Params.Visibility != domain.Unlisted {
			w.t.Errorf("scheduled %+v", p)
		}
		w.clock.Add(5*time.Minute - time.Millisecond)
		w.settle()
		if n := w.account("alice").StatusesCount; n != 0 {
			w.t.Error("it was published early")
		}
		w.clock.Add(time.Millisecond)
		w.settle()
		w.settle()
		a := w.account("alice")
		if a.StatusesCount != 1 || w.status(root.ID).RepliesCount != 1 {
			w.t.Errorf("when due alice has %d posts", a.StatusesCount)
		}
		if _, err := w.r.Scheduled(w.ctx, w.id("alice"), id); !domain.Is(err, domain.NotFound) {
			w.t.Errorf("it is still scheduled: %v", err)
		}
		made, err := w.Create(w.ctx, w.id("alice"), domain.Compose{Text: "past"}, w.clock.Now())
		w.must(err)
		if made.Status == 0 {
			w.t.Error("what is due now was not posted at once")
		}
	})
}

func TestReschedule(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		alice := w.id("alice")
		id, err := w.schedule("alice", "later", 10*time.Minute)
		w.must(err)
		other, err := w.schedule("alice", "never", 10*time.Minute)
		w.must(err)
		fails(w.t, "SEC-31 bob's change", w.Reschedule(w.ctx, w.id("bob"), id, w.clock.Now().Add(time.Hour)), domain.NotFound, "")
		fails(w.t, "SEC-31 bob's removal", w.Unschedule(w.ctx, w.id("bob"), id), domain.NotFound, "")
		fails(w.t, "too soon", w.Reschedule(w.ctx, alice, id, w.clock.Now().Add(time.Minute)), domain.Invalid, "future")
		w.must(w.Unschedule(w.ctx, alice, other))
		w.must(w.Reschedule(w.ctx, alice, id, w.clock.Now().Add(20*time.Minute)))
		w.clock.Add(10 * time.Minute)
		w.settle()
		if n := w.account("alice").StatusesCount; n != 0 {
			w.t.Error("it was published at its first time")
		}
		w.must(w.Reschedule(w.ctx, alice, id, w.clock.Now().Add(5*time.Minute)))
		w.clock.Add(5 * time.Minute)
		w.settle()
		w.clock.Add(time.Hour)
		w.settle()
		if n := w.account("alice").StatusesCount; n != 1 {
			w.t.Errorf("alice has %d posts, want 1", n)
		}
	})
}

func TestScheduledPostsThatCannotBePublished(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		w.join("frozen", func(_ *domain.Account, u *domain.User) { u.Approved = false })
		root := w.post("bob", "root")
		orphan, err := w.schedule("alice", "an answer", 5*time.Minute, replyTo(root.ID))
		w.must(err)
		dropped, err := w.schedule("frozen", "unheard", 5*time.Minute)
		w.must(err)
		w.must(w.Delete(w.ctx, w.id("bob"), root.ID))
		w.clock.Add(5 * time.Minute)
		w.settle()
		if _, err := w.r.Scheduled(w.ctx, w.id("alice"), orphan); err != nil {
			w.t.Errorf("an answer to a post that is gone is lost: %v", err)
		}
		if _, err := w.r.Scheduled(w.ctx, w.id("frozen"), dropped); !domain.Is(err, domain.NotFound) {
			w.t.Errorf("the post of a frozen author waits on: %v", err)
		}
		if n := w.account("frozen").StatusesCount + w.account("alice").StatusesCount; n != 0 {
			w.t.Errorf("%d posts were published", n)
		}
	})
}

func TestScheduledLimits(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		for range domain.MaxScheduledPerDay {
			_, err := w.schedule("alice", "later", time.Hour)
			w.must(err)
		}
		_, err := w.schedule("alice", "one more", time.Hour)
		fails(w.t, "the 26th of a day", err, domain.Invalid, "for that day")
		// The other 275 are made in the store, for speed.
		w.write(func(tx *store.Tx) error {
			for i := range domain.MaxScheduled - domain.MaxScheduledPerDay {
				p := domain.Scheduled{Account: w.ids["alice"], At: tx.Now().Add(time.Duration(2+i) * 24 * time.Hour)}
				if err := tx.InsertScheduled(&p); err != nil {
					return err
				}
			}
			return nil
		})
		_, err = w.schedule("alice", "one more", 500*24*time.Hour)
		fails(w.t, "the 301st", err, domain.Invalid, "limit of 300")
		_, err = w.schedule("bob", "bob's", time.Hour)
		w.must(err)
		page, err := w.r.ScheduledPage(w.ctx, w.id("alice"), domain.Page{Limit: 40})
		w.must(err)
		up, err := w.r.ScheduledPage(w.ctx, w.id("alice"), domain.Page{Limit: 39, MinID: page[39].ID})
		w.must(err)
		if len(page) != 40 || len(up) != 39 || up[0].ID != page[0].ID || page[0].ID < page[39].ID {
			w.t.Errorf("pages of %d and %d", len(page), len(up))
		}
	})
}
