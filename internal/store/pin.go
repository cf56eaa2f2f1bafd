package store

import (
	"context"

	"coterie/internal/domain"
)

// Pins are the pinned statuses of the account, the newest pin first.
func (r Reader) Pins(ctx context.Context, account domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT status_id FROM pins WHERE account_id = $1 ORDER BY id DESC`, account)
}

// Pin puts the status on top of the account's profile.
func (tx *Tx) Pin(account, status domain.ID) error {
	_, err := tx.exec(`INSERT INTO pins (id, account_id, status_id) VALUES ($1, $2, $3)`, tx.NewID(), account, status)
	return err
}

// Unpin takes it down; false if it was not up.
func (tx *Tx) Unpin(account, status domain.ID) (bool, error) {
	n, err := tx.exec(`DELETE FROM pins WHERE account_id = $1 AND status_id = $2`, account, status)
	return n > 0, err
}
