package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const mailSecretColumns = `m.account_id, m.kind, m.email, m.created_at`

func scanMailSecret(w row) (domain.MailSecret, error) {
	var m domain.MailSecret
	return m, w.Scan(&m.Account, (*string)(&m.Kind), &m.Email, &m.CreatedAt)
}

// MailSecretByHash finds a mailed link by the hex SHA-256 of its text, one
// that is too old, too.
func (r Reader) MailSecretByHash(ctx context.Context, kind domain.MailKind, hash string) (domain.MailSecret, error) {
	return one(ctx, r, scanMailSecret, `SELECT `+mailSecretColumns+` FROM mail_secrets m WHERE m.hash = $1 AND m.kind = $2`, hash, string(kind))
}

// LastMailSecret is the newest link of a kind that was mailed to an account.
func (r Reader) LastMailSecret(ctx context.Context, account domain.ID, kind domain.MailKind) (domain.MailSecret, error) {
	return one(ctx, r, scanMailSecret, `SELECT `+mailSecretColumns+` FROM mail_secrets m WHERE m.account_id = $1 AND m.kind = $2
		ORDER BY m.created_at DESC LIMIT 1`, account, string(kind))
}

// InsertMailSecret stores a link under the hex SHA-256 of its text.
func (tx *Tx) InsertMailSecret(m *domain.MailSecret, hash string) error {
	m.CreatedAt = tx.Now()
	_, err := tx.exec(`INSERT INTO mail_secrets (hash, account_id, kind, email, created_at) VALUES ($1, $2, $3, $4, $5)`,
		hash, m.Account, string(m.Kind), m.Email, m.CreatedAt)
	return err
}

// SpendMailSecrets ends every link of a kind of an account; false says that
// there was none, since somebody was faster.
func (tx *Tx) SpendMailSecrets(account domain.ID, kind domain.MailKind) (bool, error) {
	n, err := tx.exec(`DELETE FROM mail_secrets WHERE account_id = $1 AND kind = $2`, account, string(kind))
	return n > 0, err
}

// sweepMail removes newcomers who confirmed no address in all the time that
// their last link worked, links that work no more, and hours long past.
func (tx *Tx) sweepMail() error {
	stale, err := all(tx.t.ctx, tx.Reader, column[domain.ID], `SELECT u.account_id FROM users u
		WHERE u.confirmed_at IS NULL AND EXISTS (SELECT 1 FROM mail_secrets m WHERE m.account_id = u.account_id AND m.kind = $1)
			AND NOT EXISTS (SELECT 1 FROM mail_secrets m WHERE m.account_id = u.account_id AND m.kind = $1 AND m.created_at >= $2)
		ORDER BY u.account_id LIMIT 200`, string(domain.MailConfirm), tx.now.Add(-domain.ConfirmLife))
	if err != nil {
		return err
	}
	for _, id := range stale {
		if err := tx.Revoke(id, Revocation{}); err != nil {
			return err
		}
		if err := tx.DropNewcomer(id); err != nil {
			return err
		}
	}
	if _, err := tx.exec(`DELETE FROM mail_secrets WHERE created_at < $1 AND (kind = $2 OR account_id IN (SELECT u.account_id FROM users u WHERE u.confirmed_at IS NOT NULL))`,
		tx.now.Add(-domain.ConfirmLife), string(domain.MailConfirm)); err != nil {
		return err
	}
	if err := tx.sweepWaiting(); err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM mail_hours WHERE hour < $1`, tx.now.Add(-2*mailSpan))
	return err
}

// mailSpan is what a provider's daily cap counts.
const mailSpan = 24 * time.Hour

// CountMail counts one more mail and says how many went out within 24 hours,
// this one among them. The row of the hour keeps other processes from counting
// at the same time.
func (tx *Tx) CountMail(ctx context.Context) (int, error) {
	if _, err := tx.exec(`INSERT INTO mail_hours (hour, sent) VALUES ($1, 1) ON CONFLICT (hour) DO UPDATE SET sent = mail_hours.sent + 1`,
		tx.now.Truncate(time.Hour)); err != nil {
		return 0, err
	}
	return one(ctx, tx.Reader, column[int], `SELECT SUM(h.sent) FROM mail_hours h WHERE h.hour > $1`, tx.now.Add(-mailSpan-time.Hour))
}

// MailedUpTo is the newest notification of which account was told by mail.
func (r Reader) MailedUpTo(ctx context.Context, account domain.ID) (domain.ID, error) {
	return one(ctx, r, column[domain.ID], `SELECT u.mailed_id FROM users u WHERE u.account_id = $1`, account)
}

// Mailed notes of which notification account was told by mail.
func (tx *Tx) Mailed(account, newest domain.ID) error {
	return tx.must(`UPDATE users SET mailed_id = $1 WHERE account_id = $2`, newest, account)
}

// ConfirmEmail makes an address, emailKey being its canonical form, the one of
// a login. One that is taken is Conflict.
func (tx *Tx) ConfirmEmail(account domain.ID, email, emailKey string) error {
	return tx.must(`UPDATE users SET email = $1, email_key = $2, new_email = '', confirmed_at = COALESCE(confirmed_at, $3) WHERE account_id = $4`,
		email, emailKey, tx.now, account)
}

// ProposeEmail has an address wait for its confirmation: in place of the one of
// who never confirmed one, else beside it.
func (tx *Tx) ProposeEmail(account domain.ID, email string) error {
	return tx.must(`UPDATE users SET email = CASE WHEN confirmed_at IS NULL THEN $1 ELSE email END,
		email_key = CASE WHEN confirmed_at IS NULL THEN '' ELSE email_key END,
		new_email = CASE WHEN confirmed_at IS NULL THEN '' ELSE $1 END WHERE account_id = $2`, email, account)
}

// UncountMail takes back what CountMail counted in this hour.
func (tx *Tx) UncountMail() error {
	_, err := tx.exec(`UPDATE mail_hours SET sent = sent - 1 WHERE hour = $1 AND sent > 0`, tx.now.Truncate(time.Hour))
	return err
}
