package store

import (
	"context"

	"coterie/internal/domain"
)

// Endorsements are the accounts on the profile of account, as viewer may see
// them.
func (r Reader) Endorsements(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT e.id, e.target_id FROM endorsements e JOIN accounts a ON a.id = e.target_id
			WHERE e.account_id = $1 AND e.id > $2 AND e.id < $3`+listedAccount+` ORDER BY e.id DESC LIMIT $5`,
		`SELECT e.id, e.target_id FROM endorsements e JOIN accounts a ON a.id = e.target_id
			WHERE e.account_id = $1 AND e.id > $2 AND e.id < $3`+listedAccount+` ORDER BY e.id LIMIT $5`,
		account, viewer)
}

// InsertEndorsement puts target on the profile of account; it may be there.
func (tx *Tx) InsertEndorsement(account, target domain.ID) error {
	_, err := tx.exec(`INSERT INTO endorsements (id, account_id, target_id) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, target_id) DO NOTHING`, tx.NewID(), account, target)
	return err
}

// DeleteEndorsement takes target off the profile of account, if it is there.
func (tx *Tx) DeleteEndorsement(account, target domain.ID) error {
	_, err := tx.exec(`DELETE FROM endorsements WHERE account_id = $1 AND target_id = $2`, account, target)
	return err
}
