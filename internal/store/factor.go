package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const passkeyColumns = `k.id, k.account_id, k.credential, k.record, k.name, k.created_at, k.used_at`

func scanPasskey(w row) (domain.Passkey, error) {
	var k domain.Passkey
	err := w.Scan(&k.ID, &k.Account, &k.Credential, &k.Record, &k.Name, &k.CreatedAt, &k.UsedAt)
	return k, err
}

// Passkeys are the passkeys of an account, oldest first.
func (r Reader) Passkeys(ctx context.Context, account domain.ID) ([]domain.Passkey, error) {
	return all(ctx, r, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys k WHERE k.account_id = $1 ORDER BY k.id`, account)
}

// PasskeyByCredential finds a passkey by the base64url of its credential's id.
func (r Reader) PasskeyByCredential(ctx context.Context, credential string) (domain.Passkey, error) {
	return one(ctx, r, scanPasskey, `SELECT `+passkeyColumns+` FROM passkeys k WHERE k.credential = $1`, credential)
}

// InsertPasskey stores a passkey and sets its id; a credential known already
// is a Conflict.
func (tx *Tx) InsertPasskey(k *domain.Passkey) error {
	k.ID, k.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO passkeys (id, account_id, credential, record, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		k.ID, k.Account, k.Credential, k.Record, k.Name, k.CreatedAt)
	return err
}

// UsedPasskey notes that a passkey signed somebody in, and what its record is now.
func (tx *Tx) UsedPasskey(id domain.ID, record string) error {
	return tx.must(`UPDATE passkeys SET record = $1, used_at = $2 WHERE id = $3`, record, tx.now, id)
}

// RenamePasskey names a passkey of the account.
func (tx *Tx) RenamePasskey(account, id domain.ID, name string) error {
	return tx.must(`UPDATE passkeys SET name = $1 WHERE id = $2 AND account_id = $3`, name, id, account)
}

// DeletePasskey removes a passkey of the account.
func (tx *Tx) DeletePasskey(account, id domain.ID) error {
	return tx.must(`DELETE FROM passkeys WHERE id = $1 AND account_id = $2`, id, account)
}

// OneTimeSecret is what the account's one-time codes are made from.
func (r Reader) OneTimeSecret(ctx context.Context, account domain.ID) (domain.OneTimeSecret, error) {
	return one(ctx, r, func(w row) (domain.OneTimeSecret, error) {
		var s domain.OneTimeSecret
		err := w.Scan(&s.Account, &s.Secret, &s.Confirmed)
		return s, err
	}, `SELECT o.account_id, o.secret, o.confirmed FROM one_time_secrets o WHERE o.account_id = $1`, account)
}

// ProposeOneTimeSecret stores a secret that has yet to be confirmed, in place
// of an older one that never was; a confirmed one stays and is a Conflict.
func (tx *Tx) ProposeOneTimeSecret(account domain.ID, secret string) error {
	if _, err := tx.exec(`DELETE FROM one_time_secrets WHERE account_id = $1 AND NOT confirmed`, account); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO one_time_secrets (account_id, secret) VALUES ($1, $2)`, account, secret)
	return err
}

// ConfirmOneTimeSecret has codes asked for from now on.
func (tx *Tx) ConfirmOneTimeSecret(account domain.ID) error {
	return tx.must(`UPDATE one_time_secrets SET confirmed = TRUE WHERE account_id = $1`, account)
}

// UseStep takes the code of a step, of 30 seconds since 1970; false says that
// it, or a later one, was taken before (SEC-43).
func (tx *Tx) UseStep(account domain.ID, step int64) (bool, error) {
	n, err := tx.exec(`UPDATE one_time_secrets SET last_step = $1 WHERE account_id = $2 AND last_step < $1`, step, account)
	return n == 1, err
}

// DeleteOneTimeSecret has codes asked for no more.
func (tx *Tx) DeleteOneTimeSecret(account domain.ID) error {
	return tx.must(`DELETE FROM one_time_secrets WHERE account_id = $1`, account)
}

// DeleteFactors forgets one-time codes and passkeys of the account.
func (tx *Tx) DeleteFactors(account domain.ID) error {
	if _, err := tx.exec(`DELETE FROM one_time_secrets WHERE account_id = $1`, account); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM passkeys WHERE account_id = $1`, account)
	return err
}

// RecoveryCodes is how many recovery codes of the account are left.
func (r Reader) RecoveryCodes(ctx context.Context, account domain.ID) (int, error) {
	return one(ctx, r, column[int], `SELECT count(*) FROM recovery_codes c WHERE c.account_id = $1`, account)
}

// SetRecoveryCodes replaces the recovery codes of the account by those with
// these hashes, which may be none.
func (tx *Tx) SetRecoveryCodes(account domain.ID, hashes []string) error {
	if _, err := tx.exec(`DELETE FROM recovery_codes WHERE account_id = $1`, account); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.exec(`INSERT INTO recovery_codes (account_id, hash) VALUES ($1, $2)`, account, h); err != nil {
			return err
		}
	}
	return nil
}

// HasRecoveryCode reports whether the account has a recovery code with that hash.
func (r Reader) HasRecoveryCode(ctx context.Context, account domain.ID, hash string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM recovery_codes c WHERE c.account_id = $1 AND c.hash = $2`, account, hash)
}

// UseRecoveryCode takes a recovery code; false says that there is none with
// that hash (any more).
func (tx *Tx) UseRecoveryCode(account domain.ID, hash string) (bool, error) {
	n, err := tx.exec(`DELETE FROM recovery_codes WHERE account_id = $1 AND hash = $2`, account, hash)
	return n == 1, err
}

// InsertCeremony stores a ceremony under the hex SHA-256 of its text.
func (tx *Tx) InsertCeremony(c *domain.Ceremony, hash string) error {
	c.CreatedAt = tx.Now()
	_, err := tx.exec(`INSERT INTO ceremonies (hash, account_id, kind, state, created_at) VALUES ($1, $2, $3, $4, $5)`,
		hash, nullID(c.Account), c.Kind, c.State, c.CreatedAt)
	return err
}

// CeremonyByHash finds a ceremony, however old.
func (r Reader) CeremonyByHash(ctx context.Context, hash string) (domain.Ceremony, error) {
	return one(ctx, r, func(w row) (domain.Ceremony, error) {
		var c domain.Ceremony
		err := w.Scan(&c.Account, (*string)(&c.Kind), &c.State, &c.Attempts, &c.CreatedAt)
		return c, err
	}, `SELECT c.account_id, c.kind, c.state, c.attempts, c.created_at FROM ceremonies c WHERE c.hash = $1`, hash)
}

// TryCeremony counts an answer before it is looked at; false says that the
// ceremony is over or takes no more than most.
func (tx *Tx) TryCeremony(hash string, most int) (bool, error) {
	n, err := tx.exec(`UPDATE ceremonies SET attempts = attempts + 1 WHERE hash = $1 AND attempts < $2`, hash, most)
	return n == 1, err
}

// RememberCeremony stores what WebAuthn must remember of a ceremony.
func (tx *Tx) RememberCeremony(hash, state string) error {
	return tx.must(`UPDATE ceremonies SET state = $1 WHERE hash = $2`, state, hash)
}

// EndCeremony removes a ceremony; false says that somebody was faster.
func (tx *Tx) EndCeremony(hash string) (bool, error) {
	n, err := tx.exec(`DELETE FROM ceremonies WHERE hash = $1`, hash)
	return n == 1, err
}

// sweepCeremonies removes those that began before old.
func (tx *Tx) sweepCeremonies(old time.Time) error {
	_, err := tx.exec(`DELETE FROM ceremonies WHERE created_at < $1`, old)
	return err
}
