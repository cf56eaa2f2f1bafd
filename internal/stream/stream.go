// Package stream is the hub through which references travel: what happened,
// never what it looks like. In this process they arrive at once; in others
// that share the PostgreSQL within milliseconds, through the store's notices.
// Level 3: timeline, fanout, surfaces and instance may import it. A Hub is
// safe for concurrent use.
package stream

import (
	"encoding/json"
	"log/slog"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Hub publishes references and hands them to subscribers.
type Hub struct {
	st  *store.Store
	log *slog.Logger
}

// New makes the hub of a community.
func New(st *store.Store, log *slog.Logger) *Hub { return &Hub{st, log} }

// Publish tells every subscriber in every process. Call it after the commit
// of what ref speaks of. References may get lost between processes:
// subscribers then hear so.
func (h *Hub) Publish(ref domain.Ref) {
	b, err := json.Marshal(ref)
	if err != nil {
		h.log.Error("a reference could not be written", "err", err)
		return
	}
	h.st.Notify(domain.TopicRefs, string(b))
}

// Subscribe calls f for each reference, from any goroutine, until stop is
// called. missed means that references were lost before this one, which is
// then the zero value: what was kept up by them must be read anew. f must
// return at once.
func (h *Hub) Subscribe(f func(ref domain.Ref, missed bool)) (stop func()) {
	return h.st.Listen(domain.TopicRefs, func(n store.Notice) {
		var ref domain.Ref
		if n.Missed {
			f(ref, true)
			return
		}
		if err := json.Unmarshal([]byte(n.Payload), &ref); err != nil {
			h.log.Error("a reference could not be read", "err", err)
			f(ref, true)
			return
		}
		f(ref, false)
	})
}

// Revoked calls f for each end of access, like Subscribe; missed means that
// some may have been lost.
func (h *Hub) Revoked(f func(what store.Revoked, missed bool)) (stop func()) {
	return h.st.Listen(store.TopicControl, func(n store.Notice) {
		var what store.Revoked
		err := json.Unmarshal([]byte(n.Payload), &what)
		f(what, n.Missed || err != nil)
	})
}
