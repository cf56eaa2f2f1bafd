package account

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// The timelines that have reading positions.
const (
	MarkerHome          = "home"
	MarkerNotifications = "notifications"
)

const maxLastRead = 100

// Markers are the saved reading positions of an account in those timelines.
func (s *Service) Markers(ctx context.Context, account domain.ID, timelines []string) ([]domain.Marker, error) {
	return s.st.Reader().Markers(ctx, account, timelines)
}

// SaveMarkers stores reading positions, backwards too (behaviours 16.7). When
// another client saves the same one at the same moment, it is Conflict.
func (s *Service) SaveMarkers(ctx context.Context, account domain.ID, list []domain.Marker) ([]domain.Marker, error) {
	var timelines []string
	for _, m := range list {
		if m.Timeline != MarkerHome && m.Timeline != MarkerNotifications {
			return nil, domain.Errorf(domain.Invalid, "There is no marker of %q.", m.Timeline)
		}
		if m.LastRead == "" || len(m.LastRead) > maxLastRead {
			return nil, domain.Errorf(domain.Invalid, "Validation failed: Last read is invalid")
		}
		timelines = append(timelines, m.Timeline)
	}
	if len(list) == 0 {
		return list, nil
	}
	// Read outside of the transaction: what it finds may be overtaken, and
	// then the version tells.
	saved, err := s.st.Reader().Markers(ctx, account, timelines)
	if err != nil {
		return nil, err
	}
	var out []domain.Marker
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		out = slices.Clone(list)
		for i := range out {
			m := &out[i]
			for _, old := range saved {
				if old.Timeline == m.Timeline {
					m.Version = old.Version
				}
			}
			if err := tx.SaveMarker(account, m); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}
