package store

import (
	"context"
	"strings"

	"coterie/internal/domain"
)

const userColumns = `u.account_id, u.email, u.password_hash, u.role, u.confirmed_at, u.approved, u.disabled_at,
	u.locale, u.prefs, u.created_at, u.seen_at`

func scanUser(w row) (domain.User, error) {
	var u domain.User
	var role string
	err := w.Scan(&u.Account, &u.Email, &u.PasswordHash, &role, &u.ConfirmedAt, &u.Approved, &u.DisabledAt,
		&u.Locale, asJSON(&u.Prefs), &u.CreatedAt, &u.SeenAt)
	u.Role = domain.Role(role)
	return u, err
}

// User is the login of a local account.
func (r Reader) User(ctx context.Context, account domain.ID) (domain.User, error) {
	return one(ctx, r, scanUser, `SELECT `+userColumns+` FROM users u WHERE u.account_id = $1`, account)
}

// UserByEmail finds a login by its address, compared without case.
func (r Reader) UserByEmail(ctx context.Context, email string) (domain.User, error) {
	return one(ctx, r, scanUser, `SELECT `+userColumns+` FROM users u WHERE u.email_key = $1`, emailKey(email))
}

// HasOwner reports whether the community has been set up.
func (r Reader) HasOwner(ctx context.Context) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM users WHERE role = $1 LIMIT 1`, string(domain.RoleOwner))
}

// InsertUser stores the login of an account made before. An address that is
// taken is Conflict.
func (tx *Tx) InsertUser(u *domain.User) error {
	u.CreatedAt = tx.Now()
	_, err := tx.exec(`INSERT INTO users (account_id, email, email_key, password_hash, role, confirmed_at, approved, locale, prefs, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		u.Account, u.Email, emailKey(u.Email), u.PasswordHash, string(u.Role), u.ConfirmedAt, u.Approved, u.Locale, asJSON(u.Prefs), u.CreatedAt)
	return err
}

func emailKey(email string) string { return strings.ToLower(email) }
