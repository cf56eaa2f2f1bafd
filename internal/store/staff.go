package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// AccountFilter narrows what the staff sees of the accounts; zero values do not.
type AccountFilter struct {
	Local, Remote bool
	// Status is active, pending, disabled, silenced, suspended or sensitized.
	Status      string
	Staff       bool
	Roles       []domain.ID
	Username    string // its beginning
	DisplayName string // its beginning
	Domain      string
	Email       string // its beginning
	IP          string
}

// FindAccounts are the accounts that the filter lets through, newest first.
func (r Reader) FindAccounts(ctx context.Context, f AccountFilter, p domain.Page) ([]domain.ID, error) {
	text := func(order string) string {
		return `SELECT a.id FROM accounts a LEFT JOIN users u ON u.account_id = a.id LEFT JOIN roles ro ON ro.key = u.role
			WHERE a.domain = CASE WHEN $1 <> '' THEN $1 ELSE a.domain END AND a.id > $2 AND a.id < $3
			AND (NOT $4 OR a.domain = '') AND (NOT $5 OR a.domain <> '')
			AND CASE $6 WHEN 'active' THEN a.suspended_at IS NULL AND (a.domain <> '' OR u.disabled_at IS NULL AND u.approved)
				WHEN 'pending' THEN NOT u.approved AND a.suspended_at IS NULL WHEN 'disabled' THEN u.disabled_at IS NOT NULL
				WHEN 'silenced' THEN a.silenced_at IS NOT NULL WHEN 'suspended' THEN a.suspended_at IS NOT NULL
				WHEN 'sensitized' THEN a.sensitized_at IS NOT NULL ELSE TRUE END
			AND (NOT $7 OR ro.position > 0) AND ($8 OR ro.id` + r.in(9) + `)
			AND ($10 = '' OR substr(a.username_key, 1, length($10)) = $10)
			AND ($11 = '' OR substr(lower(a.display_name), 1, length($11)) = $11)
			AND ($12 = '' OR substr(lower(u.email), 1, length($12)) = $12)
			AND ($13 = '' OR EXISTS (SELECT 1 FROM sessions s WHERE s.account_id = a.id AND s.ip = $13))
			AND a.suspended_by & $14 = 0
			ORDER BY a.id ` + order + ` LIMIT $15`
	}
	return pageOf(ctx, r, p, column[domain.ID], text("DESC"), text(""), f.Domain, f.Local, f.Remote, f.Status, f.Staff, len(f.Roles) == 0, f.Roles,
		f.Username, f.DisplayName, f.Email, f.IP, domain.ByErasure)
}

// SeenAddress is an address from which somebody signed in.
type SeenAddress struct {
	Account domain.ID
	IP      string
	UsedAt  time.Time
}

// SeenAddresses are those of the accounts, the latest first.
func (r Reader) SeenAddresses(ctx context.Context, accounts []domain.ID) ([]SeenAddress, error) {
	return all(ctx, r, func(w row) (SeenAddress, error) {
		var s SeenAddress
		return s, w.Scan(&s.Account, &s.IP, &s.UsedAt)
	}, `SELECT s.account_id, s.ip, MAX(s.seen_at) AS used FROM sessions s WHERE s.ip <> '' AND s.account_id`+r.in(1)+`
		GROUP BY s.account_id, s.ip ORDER BY used DESC, s.ip`, accounts)
}

// SetDisabled keeps a login from acting, or lets it act again.
func (tx *Tx) SetDisabled(account domain.ID, disabled bool) error {
	if disabled {
		return tx.must(`UPDATE users SET disabled_at = COALESCE(disabled_at, $1) WHERE account_id = $2`, tx.Now(), account)
	}
	return tx.must(`UPDATE users SET disabled_at = NULL WHERE account_id = $1`, account)
}

// SetSensitized has all media of an account count as sensitive, or not.
func (tx *Tx) SetSensitized(account domain.ID, on bool) error {
	if on {
		return tx.must(`UPDATE accounts SET sensitized_at = COALESCE(sensitized_at, $1), rev = rev + 1 WHERE id = $2`, tx.Now(), account)
	}
	return tx.must(`UPDATE accounts SET sensitized_at = NULL, rev = rev + 1 WHERE id = $1`, account)
}

// Approve lets a newcomer in, ErrNotFound if it does not wait.
func (tx *Tx) Approve(account domain.ID) error {
	return tx.must(`UPDATE users SET approved = TRUE WHERE account_id = $1 AND NOT approved`, account)
}

// DropNewcomer removes somebody who was never let in; the name stays free.
func (tx *Tx) DropNewcomer(account domain.ID) error {
	if err := tx.must(`DELETE FROM users WHERE account_id = $1 AND (NOT approved OR confirmed_at IS NULL)`, account); err != nil {
		return err
	}
	return tx.DeleteAccount(account)
}

// MarkSensitive covers the media of posts, or uncovers them.
func (tx *Tx) MarkSensitive(statuses []domain.ID, on bool) error {
	_, err := tx.exec(`UPDATE statuses SET sensitive = $1, rev = rev + 1 WHERE id`+tx.in(2), on, statuses)
	return err
}
