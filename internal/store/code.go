package store

import (
	"context"

	"coterie/internal/domain"
)

const codeColumns = `c.id, c.app_id, c.account_id, c.redirect_uri, c.scopes, c.challenge, c.created_at, c.used_at, c.token_id`

func scanCode(w row) (domain.Code, error) {
	var c domain.Code
	err := w.Scan(&c.ID, &c.App, &c.Account, &c.RedirectURI, &c.Scopes, &c.Challenge, &c.CreatedAt, &c.UsedAt, &c.Token)
	return c, err
}

// CodeByHash finds an authorisation code, a used one too, by the hex SHA-256
// of its text.
func (r Reader) CodeByHash(ctx context.Context, hash string) (domain.Code, error) {
	return one(ctx, r, scanCode, `SELECT `+codeColumns+` FROM oauth_codes c WHERE c.hash = $1`, hash)
}

// InsertCode stores a code under the hex SHA-256 of its text.
func (tx *Tx) InsertCode(c *domain.Code, hash string) error {
	c.ID, c.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO oauth_codes (id, hash, app_id, account_id, redirect_uri, scopes, challenge, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, hash, c.App, c.Account, c.RedirectURI, c.Scopes, c.Challenge, c.CreatedAt)
	return err
}

// UseCode marks a code as exchanged; false says that somebody was faster.
func (tx *Tx) UseCode(id domain.ID) (bool, error) {
	n, err := tx.exec(`UPDATE oauth_codes SET used_at = $1 WHERE id = $2 AND used_at IS NULL`, tx.now, id)
	return n == 1, err
}

// CodeGave notes the token that a code was exchanged for.
func (tx *Tx) CodeGave(id, token domain.ID) error {
	return tx.must(`UPDATE oauth_codes SET token_id = $1 WHERE id = $2`, token, id)
}
