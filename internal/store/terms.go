package store

import (
	"context"

	"coterie/internal/domain"
)

// TermsAccepted are the versions of the terms that somebody accepted, the
// latest version first.
func (r Reader) TermsAccepted(ctx context.Context, account domain.ID) ([]domain.TermsAcceptance, error) {
	return all(ctx, r, func(w row) (domain.TermsAcceptance, error) {
		var a domain.TermsAcceptance
		return a, w.Scan(&a.Effective, &a.AcceptedAt)
	}, `SELECT t.effective, t.accepted_at FROM terms_acceptances t WHERE t.account_id = $1 ORDER BY t.effective DESC`, account)
}

// activeLogins is FROM and WHERE of those who may act here.
const activeLogins = ` FROM users u JOIN accounts a ON a.id = u.account_id
	WHERE u.confirmed_at IS NOT NULL AND u.approved AND u.disabled_at IS NULL AND a.suspended_at IS NULL`

// TermsCounts says how many of those who may act here accepted each version,
// by its day, and how many there are.
func (r Reader) TermsCounts(ctx context.Context) (accepted map[string]int64, members int64, err error) {
	type count struct {
		day string
		n   int64
	}
	list, err := all(ctx, r, func(w row) (count, error) {
		var c count
		return c, w.Scan(&c.day, &c.n)
	}, `SELECT t.effective, COUNT(*) FROM terms_acceptances t WHERE t.account_id IN (SELECT u.account_id`+activeLogins+`) GROUP BY t.effective
		UNION ALL SELECT '', COUNT(*)`+activeLogins)
	accepted = map[string]int64{}
	for _, c := range list {
		accepted[c.day] = c.n
	}
	return accepted, accepted[""], err
}

// AcceptTerms keeps that somebody accepted the version of a day; the first time
// counts.
func (tx *Tx) AcceptTerms(account domain.ID, effective string) error {
	_, err := tx.exec(`INSERT INTO terms_acceptances (account_id, effective, accepted_at) VALUES ($1, $2, $3) ON CONFLICT (account_id, effective) DO NOTHING`,
		account, effective, tx.Now())
	return err
}

// ForgetTerms has nobody have accepted the version of a day, or been told of
// it, whose words are others now.
func (tx *Tx) ForgetTerms(effective string) error {
	if _, err := tx.exec(`DELETE FROM terms_mails WHERE effective = $1`, effective); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM terms_acceptances WHERE effective = $1`, effective)
	return err
}

// MailTerms has those told of a version by mail who were let in, have a
// confirmed address and accepted it not yet, frozen ones too, for it holds for
// them as well; and again those whom a mail did not reach.
func (tx *Tx) MailTerms(effective string) error {
	_, err := tx.exec(`INSERT INTO terms_mails (effective, account_id, state)
		SELECT $1, u.account_id, $2 FROM users u JOIN accounts a ON a.id = u.account_id
		WHERE u.confirmed_at IS NOT NULL AND u.approved AND u.email <> '' AND a.suspended_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM terms_acceptances t WHERE t.effective = $1 AND t.account_id = u.account_id)
		ON CONFLICT (effective, account_id) DO UPDATE SET state = excluded.state WHERE terms_mails.state = $3`,
		effective, string(domain.TermsMailWaiting), string(domain.TermsMailRefused))
	return err
}

// NextTermsMails queues mails about a version that wait, until so many are
// queued, and says to whom they go.
func (tx *Tx) NextTermsMails(ctx context.Context, effective string, most int64) ([]domain.ID, error) {
	queued, err := one(ctx, tx.Reader, column[int64], `SELECT COUNT(*) FROM terms_mails m WHERE m.effective = $1 AND m.state = $2`,
		effective, string(domain.TermsMailQueued))
	if err != nil {
		return nil, err
	}
	next, err := all(ctx, tx.Reader, column[domain.ID], `SELECT m.account_id FROM terms_mails m WHERE m.effective = $1 AND m.state = $2
		ORDER BY m.account_id LIMIT $3`, effective, string(domain.TermsMailWaiting), max(most-queued, 0))
	for _, id := range next {
		if err := tx.TermsMailed(id, effective, domain.TermsMailQueued); err != nil {
			return nil, err
		}
	}
	return next, err
}

// TermsMail is how far the mail is that tells somebody of a version.
func (r Reader) TermsMail(ctx context.Context, account domain.ID, effective string) (domain.TermsMailState, error) {
	return one(ctx, r, func(w row) (s domain.TermsMailState, err error) { return s, w.Scan((*string)(&s)) },
		`SELECT m.state FROM terms_mails m WHERE m.effective = $1 AND m.account_id = $2`, effective, account)
}

// TermsMailed notes how far it is; of who is told no more nothing is noted.
func (tx *Tx) TermsMailed(account domain.ID, effective string, state domain.TermsMailState) error {
	_, err := tx.exec(`UPDATE terms_mails SET state = $1 WHERE effective = $2 AND account_id = $3`, string(state), effective, account)
	return err
}

// DropTermsMail forgets the mail to somebody who is not to have it any more,
// unless it was sent.
func (tx *Tx) DropTermsMail(account domain.ID, effective string) error {
	_, err := tx.exec(`DELETE FROM terms_mails WHERE effective = $1 AND account_id = $2 AND state <> $3`, effective, account, string(domain.TermsMailSent))
	return err
}

// TermsMails counts the mails about each version of which anybody was to be
// told by mail, by its day.
func (r Reader) TermsMails(ctx context.Context) (map[string]domain.TermsMails, error) {
	counts := map[string]domain.TermsMails{}
	return counts, r.each(ctx, func(w row) error {
		var day string
		var m domain.TermsMails
		err := w.Scan(&day, &m.Waiting, &m.Sent, &m.Refused)
		counts[day] = m
		return err
	}, `SELECT m.effective, COUNT(*) FILTER (WHERE m.state IN ($1, $2)), COUNT(*) FILTER (WHERE m.state = $3), COUNT(*) FILTER (WHERE m.state = $4)
		FROM terms_mails m GROUP BY m.effective`,
		string(domain.TermsMailWaiting), string(domain.TermsMailQueued), string(domain.TermsMailSent), string(domain.TermsMailRefused))
}
