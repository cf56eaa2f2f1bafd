// Package timeline is reading: which statuses, in which order, a viewer gets on
// home, lists, public and hashtag timelines, profiles and threads. It answers
// with ids; render makes entities of them and asks again who may see what.
// Level 5; fanout, render, mastoapi, webui and instance import it.
//
// The newest part of each reader's home timeline is kept in memory as ids and
// kept up by references (design section 5). It is only a cache: pages from it
// and from the store are the same.
//
// Filters are people's filters and what they match. A Service and Filters are
// safe for concurrent use.
package timeline

import (
	"context"
	"log/slog"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/stream"
)

// Service reads timelines.
type Service struct {
	st    store.Reader
	now   func() time.Time
	log   *slog.Logger
	tune  tuning
	rings rings
	queue queue
}

// New makes the service and has it follow the references of the hub.
func New(st *store.Store, hub *stream.Hub, log *slog.Logger) *Service {
	s := &Service{st: st.Reader(), now: st.Now, log: log, tune: normal, rings: rings{live: map[domain.ID]*ring{}}}
	st.Listen(domain.TopicReaders, s.readersChanged)
	hub.Subscribe(func(ref domain.Ref, missed bool) {
		if missed {
			s.rings.dropAll()
			return
		}
		s.Extend(ref)
	})
	return s
}

// PublicQuery says which public timeline is meant.
type PublicQuery struct {
	Local, Remote, OnlyMedia bool
}

// Public is the public timeline, newest first.
func (s *Service) Public(ctx context.Context, viewer domain.ID, q PublicQuery, p domain.Page) ([]domain.ID, error) {
	if q.Local && q.Remote {
		return []domain.ID{}, nil
	}
	f := store.PublicFilter{Local: q.Local, Remote: q.Remote, Media: q.OnlyMedia}
	if viewer != 0 {
		u, err := s.st.User(ctx, viewer)
		if err != nil {
			return nil, err
		}
		f.Languages = u.Prefs.ChosenLanguages
	}
	return s.st.Public(ctx, viewer, f, p)
}
