// Package timeline is reading: which statuses, in which order, a viewer gets on
// home, lists, public and hashtag timelines, profiles and threads. It answers
// with ids; render makes entities of them and asks again who may see what.
// Level 5; fanout, render, mastoapi, webui and instance import it.
//
// A Service is safe for concurrent use.
package timeline

import (
	"context"
	"log/slog"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Service reads timelines.
type Service struct {
	st  store.Reader
	now func() time.Time
	log *slog.Logger
}

// New makes the service.
func New(st *store.Store, log *slog.Logger) *Service {
	return &Service{st: st.Reader(), now: st.Now, log: log}
}

// PublicQuery says which public timeline is meant.
type PublicQuery struct {
	Local, Remote, OnlyMedia bool
}

// Public is the public timeline, newest first.
func (s *Service) Public(ctx context.Context, viewer domain.ID, q PublicQuery, p domain.Page) ([]domain.ID, error) {
	if q.OnlyMedia || q.Local && q.Remote {
		return []domain.ID{}, nil
	}
	f := store.PublicFilter{Local: q.Local, Remote: q.Remote}
	if viewer != 0 {
		u, err := s.st.User(ctx, viewer)
		if err != nil {
			return nil, err
		}
		f.Languages = u.Prefs.ChosenLanguages
	}
	return s.st.Public(ctx, viewer, f, p)
}
