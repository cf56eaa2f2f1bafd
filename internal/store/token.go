package store

import (
	"context"

	"coterie/internal/domain"
)

const tokenColumns = `t.id, t.app_id, t.account_id, t.scopes, t.created_at, t.revoked_at, t.used_at`

func scanToken(w row) (domain.Token, error) {
	var t domain.Token
	err := w.Scan(&t.ID, &t.App, &t.Account, &t.Scopes, &t.CreatedAt, &t.RevokedAt, &t.UsedAt)
	return t, err
}

// TokenByHash finds a token, a revoked one too, by the hex SHA-256 of its text.
func (r Reader) TokenByHash(ctx context.Context, hash string) (domain.Token, error) {
	return one(ctx, r, scanToken, `SELECT `+tokenColumns+` FROM tokens t WHERE t.hash = $1`, hash)
}

// Token is a token by its id, a revoked one too.
func (r Reader) Token(ctx context.Context, id domain.ID) (domain.Token, error) {
	return one(ctx, r, scanToken, `SELECT `+tokenColumns+` FROM tokens t WHERE t.id = $1`, id)
}

// InsertToken stores a token under the hex SHA-256 of its text.
func (tx *Tx) InsertToken(t *domain.Token, hash string) error {
	t.ID, t.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO tokens (id, hash, app_id, account_id, scopes, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.ID, hash, nullID(t.App), nullID(t.Account), t.Scopes, t.CreatedAt)
	return err
}

// HasGrant reports whether the account has a live token of the app with
// exactly those scopes, as a set is written.
func (r Reader) HasGrant(ctx context.Context, account, app domain.ID, scopes string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM tokens WHERE account_id = $1 AND app_id = $2 AND scopes = $3 AND revoked_at IS NULL LIMIT 1`,
		account, app, scopes)
}
