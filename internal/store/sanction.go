package store

import "coterie/internal/domain"

// Suspend takes an account out of sight in the name of by.
func (tx *Tx) Suspend(account domain.ID, by domain.Authority) error {
	return tx.must(`UPDATE accounts SET suspended_by = suspended_by | $1, suspended_at = COALESCE(suspended_at, $2), rev = rev + 1 WHERE id = $3`,
		by, tx.Now(), account)
}

// Unsuspend takes by's decision back; what others decided stays.
func (tx *Tx) Unsuspend(account domain.ID, by domain.Authority) error {
	return tx.must(`UPDATE accounts SET suspended_by = suspended_by & ~CAST($1 AS SMALLINT),
		suspended_at = CASE WHEN suspended_by & ~CAST($1 AS SMALLINT) = 0 THEN NULL ELSE suspended_at END, rev = rev + 1 WHERE id = $2`,
		by, account)
}

// Silence limits an account in the name of by.
func (tx *Tx) Silence(account domain.ID, by domain.Authority) error {
	return tx.must(`UPDATE accounts SET silenced_by = silenced_by | $1, silenced_at = COALESCE(silenced_at, $2), rev = rev + 1 WHERE id = $3`,
		by, tx.Now(), account)
}

// Unsilence takes by's decision back; what others decided stays.
func (tx *Tx) Unsilence(account domain.ID, by domain.Authority) error {
	return tx.must(`UPDATE accounts SET silenced_by = silenced_by & ~CAST($1 AS SMALLINT),
		silenced_at = CASE WHEN silenced_by & ~CAST($1 AS SMALLINT) = 0 THEN NULL ELSE silenced_at END, rev = rev + 1 WHERE id = $2`,
		by, account)
}
