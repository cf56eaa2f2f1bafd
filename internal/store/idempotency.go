package store

import (
	"errors"
	"time"

	"coterie/internal/domain"
)

// Repeat is what an earlier request with the same Idempotency-Key gave: a
// status or a scheduled post.
type Repeat struct {
	Status    domain.ID
	Scheduled domain.ID
}

// TakeKey claims an account's Idempotency-Key for this transaction; key is a
// digest of what the client sent. If another transaction has claimed it, it
// waits for that one to end. False means that the key was used within life:
// Repeat is what it gave then. Keys older than that are forgotten.
func (tx *Tx) TakeKey(account domain.ID, key string, life time.Duration) (Repeat, bool, error) {
	old := tx.now.Add(-life)
	if _, err := tx.exec(`DELETE FROM idempotency_keys WHERE account_id = $1 AND created_at <= $2`, account, old); err != nil {
		return Repeat{}, false, err
	}
	n, err := tx.exec(`INSERT INTO idempotency_keys (account_id, idem_key, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, idem_key) DO NOTHING`, account, key, tx.now)
	if err != nil || n > 0 {
		return Repeat{}, n > 0, err
	}
	r, err := one(tx.ctx(), tx.Reader, func(w row) (Repeat, error) {
		var r Repeat
		return r, w.Scan(&r.Status, &r.Scheduled)
	}, `SELECT status_id, scheduled_id FROM idempotency_keys WHERE account_id = $1 AND idem_key = $2`, account, key)
	if errors.Is(err, domain.ErrNotFound) {
		return Repeat{}, false, domain.Errorf(domain.Conflict, "The same post is being sent twice, please try again")
	}
	return r, false, err
}

// KeepKey stores what the claimed key gave.
func (tx *Tx) KeepKey(account domain.ID, key string, r Repeat) error {
	return tx.must(`UPDATE idempotency_keys SET status_id = $1, scheduled_id = $2 WHERE account_id = $3 AND idem_key = $4`,
		nullID(r.Status), nullID(r.Scheduled), account, key)
}

// PublishedKey makes keys that gave the scheduled post give the status it
// became.
func (tx *Tx) PublishedKey(account, scheduled, status domain.ID) error {
	_, err := tx.exec(`UPDATE idempotency_keys SET status_id = $1, scheduled_id = NULL WHERE account_id = $2 AND scheduled_id = $3`,
		status, account, scheduled)
	return err
}
