package store

import "coterie/internal/domain"

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
