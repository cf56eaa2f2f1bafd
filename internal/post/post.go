// Package post is what people do with posts: compose, schedule, edit and
// delete them, boost, favourite, bookmark and pin them, vote in their polls
// and mute their threads. Level 5: surfaces, inbox, fanout, archive and
// instance may import it. A Service is safe for concurrent use.
//
// Every verb that names a status first asks whether the actor may see it; a
// hidden one is domain.ErrNotFound like one that never was (SEC-28). Verbs
// that set or clear a mark may be repeated (behaviours 8.7).
package post

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"coterie/internal/domain"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Options are what a Service must know of its community.
type Options struct {
	// Hosts are the names of this community's own domain in mentions, in
	// Unicode or ASCII.
	Hosts []string
	// PollMin and ScheduleMin shorten the least life of a poll and the least
	// time ahead of a scheduled post; zero is the usual.
	PollMin     time.Duration
	ScheduleMin time.Duration
	// Settings are the community's, remembered; nil reads them each time.
	Settings func(ctx context.Context) (domain.Settings, error)
	// Remote fetches what is elsewhere, nil for nothing.
	Remote *remote.Service
	Log    *slog.Logger
}

// Service holds the verbs.
type Service struct {
	st          *store.Store
	hosts       map[string]bool
	pollMin     time.Duration
	scheduleMin time.Duration
	settings    func(ctx context.Context) (domain.Settings, error)
	remote      *remote.Service
	log         *slog.Logger
}

// New makes the service.
func New(st *store.Store, o Options) *Service {
	s := &Service{
		st: st, hosts: map[string]bool{}, pollMin: domain.MinPollLife, scheduleMin: domain.ScheduleMin,
		settings: o.Settings, remote: o.Remote, log: o.Log,
	}
	if s.settings == nil {
		s.settings = st.Reader().Settings
	}
	for _, h := range o.Hosts {
		s.hosts[text.NormalizeDomain(h)] = true
	}
	if o.PollMin > 0 {
		s.pollMin = o.PollMin
	}
	if o.ScheduleMin > 0 {
		s.scheduleMin = o.ScheduleMin
	}
	return s
}

// write is st.Write for verbs that may lose a race against their own repeat:
// what lost then finds the work done.
func (s *Service) write(ctx context.Context, fn func(tx *store.Tx) error) error {
	err := s.st.Write(ctx, fn)
	if domain.Is(err, domain.Conflict) {
		err = s.st.Write(ctx, fn)
	}
	return err
}

// visible is the post with that id, or the one that a boost with that id
// boosts, as far as the actor may see it (behaviours 8.7).
func visible(ctx context.Context, r store.Reader, actor, id domain.ID) (domain.Status, error) {
	s, err := r.Status(ctx, actor, id)
	if err != nil || s.ReblogOf == 0 {
		return s, err
	}
	return r.AnyStatus(ctx, s.ReblogOf)
}

// own is the post or boost with that id if it is the actor's, else
// domain.ErrNotFound.
func own(ctx context.Context, tx *store.Tx, actor, id domain.ID) (domain.Status, error) {
	s, err := tx.AnyStatus(ctx, id)
	if err == nil && s.Account != actor {
		err = domain.ErrNotFound
	}
	return s, err
}

// invalid is a failed validation in the words clients know (behaviours 2.8).
func invalid(format string, args ...any) error {
	return domain.Errorf(domain.Invalid, "Validation failed: %s", fmt.Sprintf(format, args...))
}

var errNotAllowed = domain.Errorf(domain.Forbidden, "This action is not allowed")
