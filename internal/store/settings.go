package store

import (
	"context"

	"coterie/internal/domain"
)

const (
	settingsKey = "community"
	pushKey     = "push_key"
)

// TopicSettings says that the settings or the rules changed; it has no payload.
const TopicSettings = "settings"

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

// SettingsToChange are the settings, which nobody else changes until the
// transaction ends.
func (tx *Tx) SettingsToChange(ctx context.Context) (domain.Settings, error) {
	if _, err := tx.exec(`UPDATE settings SET value = value WHERE key = $1`, settingsKey); err != nil {
		return domain.Settings{}, err
	}
	return tx.Settings(ctx)
}

// SaveSettings replaces the settings and says so on TopicSettings.
func (tx *Tx) SaveSettings(s domain.Settings) error {
	tx.Notify(TopicSettings, "")
	s.UpdatedAt = tx.Now()
	_, err := tx.exec(`INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		settingsKey, asJSON(s))
	return err
}

// PushKey is the private key with which this server signs to push services,
// as it was kept, or domain.ErrNotFound.
func (r Reader) PushKey(ctx context.Context) ([]byte, error) {
	return one(ctx, r, func(w row) ([]byte, error) {
		var key []byte
		return key, w.Scan(asJSON(&key))
	}, `SELECT value FROM settings WHERE key = $1`, pushKey)
}

// KeepPushKey keeps the key unless there is one: what apps have subscribed
// with cannot change.
func (tx *Tx) KeepPushKey(key []byte) error {
	_, err := tx.exec(`INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, pushKey, asJSON(key))
	return err
}
