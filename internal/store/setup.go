package store

import "context"

const (
	setUpKey  = "set_up_key"
	domainKey = "domain"
	workKey   = "work_key"
)

// KeepDomain stores the host that all addresses here bear, unless one is kept
// and somebody has an account, and returns the one that counts.
func (tx *Tx) KeepDomain(host string) (string, error) {
	return one(tx.ctx(), tx.Reader, column[string], `INSERT INTO settings (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = CASE WHEN EXISTS (SELECT 1 FROM users) THEN settings.value ELSE excluded.value END
		RETURNING value`, domainKey, host)
}

// SetUpKey is the key kept by KeepSetUpKey, or domain.ErrNotFound.
func (r Reader) SetUpKey(ctx context.Context) (string, error) {
	return one(ctx, r, column[string], `SELECT value FROM settings WHERE key = $1`, setUpKey)
}

// KeepSetUpKey stores the key that guards the first run, unless one is kept
// already, and returns the one that counts.
func (tx *Tx) KeepSetUpKey(key string) (string, error) {
	return one(tx.ctx(), tx.Reader, column[string], `INSERT INTO settings (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = settings.value RETURNING value`, setUpKey, key)
}

// DropSetUpKey forgets the key of the first run.
func (tx *Tx) DropSetUpKey() error {
	_, err := tx.exec(`DELETE FROM settings WHERE key = $1`, setUpKey)
	return err
}

// WorkKey is the key kept by KeepWorkKey, or domain.ErrNotFound.
func (r Reader) WorkKey(ctx context.Context) (string, error) {
	return one(ctx, r, column[string], `SELECT value FROM settings WHERE key = $1`, workKey)
}

// KeepWorkKey stores the key that proofs of work are signed with, unless one is
// kept already, and returns the one that counts.
func (tx *Tx) KeepWorkKey(key string) (string, error) {
	return one(tx.ctx(), tx.Reader, column[string], `INSERT INTO settings (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = settings.value RETURNING value`, workKey, key)
}
