package store

import (
	"context"

	"coterie/internal/domain"
)

// SaveNote keeps a private comment on target; an empty one removes it.
func (tx *Tx) SaveNote(account, target domain.ID, comment string) error {
	if comment == "" {
		_, err := tx.exec(`DELETE FROM account_notes WHERE account_id = $1 AND target_id = $2`, account, target)
		return err
	}
	_, err := tx.exec(`INSERT INTO account_notes (account_id, target_id, comment) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, target_id) DO UPDATE SET comment = excluded.comment`, account, target, comment)
	return err
}

// SaveEndorsement features target on account's profile.
func (tx *Tx) SaveEndorsement(account, target domain.ID) error {
	_, err := tx.exec(`INSERT INTO endorsements (id, account_id, target_id) VALUES ($1, $2, $3) ON CONFLICT (account_id, target_id) DO NOTHING`,
		tx.NewID(), account, target)
	return err
}

// DeleteEndorsement stops featuring target.
func (tx *Tx) DeleteEndorsement(account, target domain.ID) error {
	_, err := tx.exec(`DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2`, account, target)
	return err
}

// Endorsements are the accounts that account features.
func (r Reader) Endorsements(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT e.id, e.target_id FROM endorsements e JOIN accounts a ON a.id = e.target_id
			WHERE e.account_id = $1 AND e.id > $2 AND e.id < $3`+listedAccount+` ORDER BY e.id DESC LIMIT $5`,
		`SELECT e.id, e.target_id FROM endorsements e JOIN accounts a ON a.id = e.target_id
			WHERE e.account_id = $1 AND e.id > $2 AND e.id < $3`+listedAccount+` ORDER BY e.id LIMIT $5`,
		account, viewer)
}
