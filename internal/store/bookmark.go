package store

import "coterie/internal/domain"

// Bookmark keeps the status for the account; once is enough.
func (tx *Tx) Bookmark(account, status domain.ID) error {
	_, err := tx.exec(`INSERT INTO bookmarks (id, account_id, status_id) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, status_id) DO NOTHING`, tx.NewID(), account, status)
	return err
}

// Unbookmark lets go of it.
func (tx *Tx) Unbookmark(account, status domain.ID) error {
	_, err := tx.exec(`DELETE FROM bookmarks WHERE account_id = $1 AND status_id = $2`, account, status)
	return err
}
