package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// MutedRow is one entry of a list of muted accounts.
type MutedRow struct {
	Row
	ExpiresAt time.Time
}

// MutedList are the accounts that account mutes now.
func (r Reader) MutedList(ctx context.Context, account domain.ID, p domain.Page, now time.Time) ([]MutedRow, error) {
	scan := func(w row) (MutedRow, error) {
		var m MutedRow
		return m, w.Scan(&m.ID, &m.Account, &m.ExpiresAt)
	}
	return pageOf(ctx, r, p, scan,
		`SELECT m.id, m.target_id, m.expires_at FROM mutes m WHERE m.account_id = $1 AND m.id > $2 AND m.id < $3
			AND (m.expires_at IS NULL OR m.expires_at > $4) ORDER BY m.id DESC LIMIT $5`,
		`SELECT m.id, m.target_id, m.expires_at FROM mutes m WHERE m.account_id = $1 AND m.id > $2 AND m.id < $3
			AND (m.expires_at IS NULL OR m.expires_at > $4) ORDER BY m.id LIMIT $5`,
		account, now)
}

// SaveMute stores a mute or changes the one there is.
func (tx *Tx) SaveMute(m *domain.Mute) error {
	m.ID = tx.NewID()
	_, err := tx.exec(`INSERT INTO mutes (id, account_id, target_id, hide_notifications, expires_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, target_id) DO UPDATE SET hide_notifications = excluded.hide_notifications, expires_at = excluded.expires_at`,
		m.ID, m.Account, m.Target, m.HideNotifications, m.ExpiresAt)
	return err
}

// DeleteMute removes a mute and reports whether there was one.
func (tx *Tx) DeleteMute(account, target domain.ID) (bool, error) {
	n, err := tx.exec(`DELETE FROM mutes WHERE account_id = $1 AND target_id = $2`, account, target)
	return n > 0, err
}

// DeleteExpiredMute removes a mute whose time is over and reports whether
// there was one.
func (tx *Tx) DeleteExpiredMute(account, target domain.ID) (bool, error) {
	n, err := tx.exec(`DELETE FROM mutes WHERE account_id = $1 AND target_id = $2 AND expires_at <= $3`, account, target, tx.Now())
	return n > 0, err
}
