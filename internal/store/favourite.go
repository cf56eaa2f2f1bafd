package store

import "coterie/internal/domain"

// Favourite stores that the account likes the status; false if it did before.
func (tx *Tx) Favourite(account, status domain.ID) (bool, error) {
	n, err := tx.exec(`INSERT INTO favourites (id, account_id, status_id) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, status_id) DO NOTHING`, tx.NewID(), account, status)
	return n > 0, err
}

// Unfavourite takes it back; false if there was none.
func (tx *Tx) Unfavourite(account, status domain.ID) (bool, error) {
	n, err := tx.exec(`DELETE FROM favourites WHERE account_id = $1 AND status_id = $2`, account, status)
	return n > 0, err
}
