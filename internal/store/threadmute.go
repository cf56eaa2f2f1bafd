package store

import "coterie/internal/domain"

// MuteThread keeps the account from hearing of the conversation.
func (tx *Tx) MuteThread(account, conversation domain.ID) error {
	_, err := tx.exec(`INSERT INTO thread_mutes (account_id, conversation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		account, conversation)
	return err
}

// UnmuteThread lets it hear again.
func (tx *Tx) UnmuteThread(account, conversation domain.ID) error {
	_, err := tx.exec(`DELETE FROM thread_mutes WHERE account_id = $1 AND conversation_id = $2`, account, conversation)
	return err
}
