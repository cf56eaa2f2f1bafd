package store

import (
	"context"

	"coterie/internal/domain"
)

const settingsKey = "community"

// Settings are the community's settings as stored; before the first
// SaveSettings they are the zero value.
func (r Reader) Settings(ctx context.Context) (domain.Settings, error) {
	s, err := one(ctx, r, func(w row) (domain.Settings, error) {
		var s domain.Settings
		return s, w.Scan(asJSON(&s))
	}, `SELECT value FROM settings WHERE key = $1`, settingsKey)
	if domain.Is(err, domain.NotFound) {
		return domain.Settings{}, nil
	}
	return s, err
}

// SaveSettings replaces the settings.
func (tx *Tx) SaveSettings(s domain.Settings) error {
	_, err := tx.exec(`INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		settingsKey, asJSON(s))
	return err
}
