package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Aliases are the ids under which a local account was known elsewhere.
func (r Reader) Aliases(ctx context.Context, account domain.ID) ([]string, error) {
	return one(ctx, r, func(w row) ([]string, error) {
		var list []string
		return list, w.Scan(asJSON(&list))
	}, `SELECT aliases FROM users WHERE account_id = $1`, account)
}

// SetAliases replaces them.
func (tx *Tx) SetAliases(account domain.ID, list []string) error {
	return tx.must(`UPDATE users SET aliases = $1 WHERE account_id = $2`, asJSON(texts(list)), account)
}

// LastMove is when a local account moved away, zero if it never did.
func (r Reader) LastMove(ctx context.Context, account domain.ID) (time.Time, error) {
	return one(ctx, r, column[time.Time], `SELECT moved_at FROM users WHERE account_id = $1`, account)
}

// MoveAway says of a local account that target is its new one.
func (tx *Tx) MoveAway(account, target domain.ID) error {
	if err := tx.must(`UPDATE users SET moved_at = $1 WHERE account_id = $2`, tx.Now(), account); err != nil {
		return err
	}
	return tx.must(`UPDATE accounts SET moved_to_id = $1, rev = rev + 1 WHERE id = $2`, target, account)
}

// StayHere takes back that a local account has a new one. When it moved stays
// known.
func (tx *Tx) StayHere(account domain.ID) error {
	return tx.must(`UPDATE accounts SET moved_to_id = NULL, rev = rev + 1 WHERE id = $1 AND domain = '' AND moved_to_id IS NOT NULL`, account)
}
