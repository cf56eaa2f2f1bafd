package store

import (
	"context"

	"coterie/internal/domain"
)

func scanMarker(w row) (domain.Marker, error) {
	var m domain.Marker
	err := w.Scan(&m.Timeline, &m.LastRead, &m.Version, &m.UpdatedAt)
	return m, err
}

// Markers are the reading positions of an account in those timelines; one
// never saved is left out.
func (r Reader) Markers(ctx context.Context, account domain.ID, timelines []string) ([]domain.Marker, error) {
	return all(ctx, r, scanMarker, `SELECT m.timeline, m.last_read, m.version, m.updated_at
		FROM markers m WHERE m.account_id = $1 AND m.timeline`+r.inText(2)+` ORDER BY m.timeline`, account, timelines)
}

// SaveMarker stores a position and raises its version. The position must
// still have the version m came with, 0 if there was none: else Conflict.
func (tx *Tx) SaveMarker(account domain.ID, m *domain.Marker) error {
	m.UpdatedAt = tx.Now()
	n, err := tx.exec(`INSERT INTO markers (account_id, timeline, last_read, version, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, timeline) DO UPDATE SET last_read = excluded.last_read, version = excluded.version, updated_at = excluded.updated_at
		WHERE markers.version = excluded.version - 1`,
		account, m.Timeline, m.LastRead, m.Version+1, m.UpdatedAt)
	if err != nil {
		return err
	}
	if n == 0 {
		return domain.Errorf(domain.Conflict, "Conflict during update, please try again")
	}
	m.Version++
	return nil
}
