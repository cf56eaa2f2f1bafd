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

// ForgetTerms has nobody have accepted the version of a day, whose words are
// others now.
func (tx *Tx) ForgetTerms(effective string) error {
	_, err := tx.exec(`DELETE FROM terms_acceptances WHERE effective = $1`, effective)
	return err
}
