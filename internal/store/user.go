package store

import (
	"context"

	"coterie/internal/domain"
)

const userColumns = `u.account_id, u.email, u.new_email, u.password_hash, u.role, u.confirmed_at, u.approved, u.disabled_at,
	u.locale, u.prefs, u.created_at, u.seen_at, u.invite_id, u.invited_by_id, u.reason, ` + lacksFactor + `, ` + roleColumns

// lacksFactor tells of a login in alias u that its role, or everyone's, asks
// for a second factor and it has none.
const lacksFactor = `((ro.require_2fa OR EXISTS (SELECT 1 FROM roles ev WHERE ev.key = 'user' AND ev.require_2fa))
	AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.account_id = u.account_id)
	AND NOT EXISTS (SELECT 1 FROM one_time_secrets o WHERE o.account_id = u.account_id AND o.confirmed))`

func scanUser(w row) (domain.User, error) {
	var u domain.User
	var role string
	err := w.Scan(append([]any{
		&u.Account, &u.Email, &u.NewEmail, &u.PasswordHash, &role, &u.ConfirmedAt, &u.Approved, &u.DisabledAt,
		&u.Locale, asJSON(&u.Prefs), &u.CreatedAt, &u.SeenAt, &u.Invite, &u.InvitedBy, &u.Reason, &u.LacksFactor,
	}, roleFields(&u.Held)...)...)
	u.Role = domain.Role(role)
	return u, err
}

// User is the login of a local account.
func (r Reader) User(ctx context.Context, account domain.ID) (domain.User, error) {
	return one(ctx, r, scanUser, `SELECT `+userColumns+` FROM users u JOIN roles ro ON ro.key = u.role WHERE u.account_id = $1`, account)
}

// UserByEmail finds a login by its address in canonical form.
func (r Reader) UserByEmail(ctx context.Context, emailKey string) (domain.User, error) {
	return one(ctx, r, scanUser, `SELECT `+userColumns+` FROM users u JOIN roles ro ON ro.key = u.role WHERE u.email_key = $1 AND u.email_key <> ''`, emailKey)
}

// UserByName finds a login by the name of its account, compared without case.
func (r Reader) UserByName(ctx context.Context, username string) (domain.User, error) {
	return one(ctx, r, scanUser, `SELECT `+userColumns+` FROM users u JOIN roles ro ON ro.key = u.role JOIN accounts a ON a.id = u.account_id
		WHERE a.username_key = $1 AND a.domain = ''`, domain.NameKey(username))
}

// HasOwner reports whether the community has been set up.
func (r Reader) HasOwner(ctx context.Context) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM users WHERE role = $1 LIMIT 1`, domain.RoleOwner)
}

// NameRetired reports whether the name belonged to an account that was
// deleted: nobody gets it again (SEC-46).
func (r Reader) NameRetired(ctx context.Context, username string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM retired_names WHERE username_key = $1`, domain.NameKey(username))
}

// InsertUser stores the login of an account made before, emailKey being the
// canonical form of its address. An address that is taken is Conflict.
func (tx *Tx) InsertUser(u *domain.User, emailKey string) error {
	u.CreatedAt = tx.Now()
	_, err := tx.exec(`INSERT INTO users (account_id, email, email_key, password_hash, role, confirmed_at, approved, locale, prefs, created_at,
			invite_id, invited_by_id, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		u.Account, u.Email, emailKey, u.PasswordHash, u.Role, u.ConfirmedAt, u.Approved, u.Locale, asJSON(u.Prefs), u.CreatedAt,
		u.Invite, u.InvitedBy, u.Reason)
	return err
}

// SetPrefs stores the defaults and display wishes of a login. It raises the
// account's rev, since one of them shows on posts.
func (tx *Tx) SetPrefs(account domain.ID, p domain.Prefs) error {
	if err := tx.must(`UPDATE accounts SET rev = rev + 1 WHERE id = $1`, account); err != nil {
		return err
	}
	return tx.must(`UPDATE users SET prefs = $1 WHERE account_id = $2`, asJSON(p), account)
}

// SetPassword stores the PHC string of a new password.
func (tx *Tx) SetPassword(account domain.ID, hash string) error {
	return tx.must(`UPDATE users SET password_hash = $1 WHERE account_id = $2`, hash, account)
}

// DeleteUser removes a login and retires the name of its account for ever.
func (tx *Tx) DeleteUser(account domain.ID) error {
	if _, err := tx.exec(`INSERT INTO retired_names (username_key)
		SELECT username_key FROM accounts WHERE id = $1 AND domain = '' ON CONFLICT (username_key) DO NOTHING`, account); err != nil {
		return err
	}
	return tx.must(`DELETE FROM users WHERE account_id = $1`, account)
}

// LockSetUp lets one first run at a time reach the question whether there is
// an owner. On SQLite writes are one after the other anyway.
func (tx *Tx) LockSetUp() error {
	return tx.must(`UPDATE settings SET value = value WHERE key = $1`, settingsKey)
}
