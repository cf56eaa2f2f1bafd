package main

import (
	"context"
	"testing"
	"time"

	"github.com/mattn/go-mastodon"
)

// live has bob hear what alice does, in both ways that the library knows.
func (s *story) live() {
	for way, listen := range map[string]func(ctx context.Context) (chan mastodon.Event, error){
		"server-sent events": s.bob.StreamingUser,
		"a socket":           s.bob.NewWSClient().StreamingWSUser,
	} {
		ctx, hangUp := context.WithCancel(s.t.Context())
		l := &listener{t: s.t, way: way, events: must(listen(ctx))(s.t)}
		s.hears(l)
		hangUp()
		for range l.events {
			continue // whatever is on its way, until the library is done
		}
	}
}

// hears lets alice post, edit, favourite and delete while bob listens.
func (s *story) hears(l *listener) {
	for range 50 {
		s.post(s.alice, mastodon.Toot{Status: "are you there?"})
		if l.next(100*time.Millisecond) != nil {
			break
		}
	}
	his := s.post(s.bob, mastodon.Toot{Status: "here I am"})
	made := s.post(s.alice, mastodon.Toot{Status: "live"})
	l.until("a post", func(e mastodon.Event) bool {
		u, ok := e.(*mastodon.UpdateEvent)
		return ok && u.Status.ID == made.ID
	})
	must(s.alice.UpdateStatus(s.t.Context(), &mastodon.Toot{Status: "alive"}, made.ID))(s.t)
	l.until("its edit", func(e mastodon.Event) bool {
		u, ok := e.(*mastodon.UpdateEditEvent)
		return ok && u.Status.ID == made.ID && u.Status.Content == "<p>alive</p>"
	})
	must(s.alice.Favourite(s.t.Context(), his.ID))(s.t)
	l.until("a favourite", func(e mastodon.Event) bool {
		n, ok := e.(*mastodon.NotificationEvent)
		return ok && n.Notification.Type == "favourite" && n.Notification.Status.ID == his.ID && n.Notification.Account.ID == s.me.ID
	})
	if err := s.alice.DeleteStatus(s.t.Context(), made.ID); err != nil {
		s.t.Error(err)
	}
	l.until("the end of the post", func(e mastodon.Event) bool {
		d, ok := e.(*mastodon.DeleteEvent)
		return ok && d.ID == made.ID
	})
}

// listener takes events as they come.
type listener struct {
	t      *testing.T
	way    string
	events chan mastodon.Event
}

// next is the next event, nil if none comes in time.
func (l *listener) next(within time.Duration) mastodon.Event {
	select {
	case e := <-l.events:
		return e
	case <-time.After(within):
		return nil
	}
}

// until passes over what comes before what is waited for.
func (l *listener) until(what string, is func(mastodon.Event) bool) {
	l.t.Helper()
	for {
		e := l.next(10 * time.Second)
		if e == nil {
			l.t.Fatalf("by %s: %s does not come", l.way, what)
		}
		if is(e) {
			return
		}
		if err, ok := e.(*mastodon.ErrorEvent); ok {
			l.t.Fatalf("by %s: %v", l.way, err)
		}
	}
}
