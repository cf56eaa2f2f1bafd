package store

import (
	"context"

	"coterie/internal/domain"
)

func scanMention(w row) (domain.Mention, error) {
	var m domain.Mention
	err := w.Scan(&m.ID, &m.Status, &m.Account, &m.Silent)
	return m, err
}

// Mentions are those of the statuses, silent ones too, in order of id
// (behaviours 8.5).
func (r Reader) Mentions(ctx context.Context, statuses []domain.ID) ([]domain.Mention, error) {
	return all(ctx, r, scanMention, `SELECT m.id, m.status_id, m.account_id, m.silent FROM mentions m
		WHERE m.status_id`+r.in(1)+` ORDER BY m.id`, statuses)
}

// Mention makes the status mention the accounts, in that order. Those it
// mentioned silently become visible; those it mentions stay as they are.
func (tx *Tx) Mention(status domain.ID, accounts []domain.ID) error {
	for _, a := range accounts {
		_, err := tx.exec(`INSERT INTO mentions (id, status_id, account_id) VALUES ($1, $2, $3)
			ON CONFLICT (status_id, account_id) DO UPDATE SET silent = FALSE`, tx.NewID(), status, a)
		if err != nil {
			return err
		}
	}
	return nil
}

// SilenceMentions makes the mentions of accounts not in keep silent: they may
// still read the status, but it no longer names them.
func (tx *Tx) SilenceMentions(status domain.ID, keep []domain.ID) error {
	_, err := tx.exec(`UPDATE mentions SET silent = TRUE WHERE status_id = $1 AND NOT silent AND NOT account_id`+tx.in(2), status, keep)
	return err
}

// Addressees are the accounts with one of the names (see domain.NameKey) at
// one of the ASCII domains ("" is here). Suspended ones cannot be addressed.
func (r Reader) Addressees(ctx context.Context, names, domains []string) ([]domain.Account, error) {
	return all(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a
		WHERE a.username_key`+r.inText(1)+` AND a.domain`+r.inText(2)+` AND a.suspended_at IS NULL`, names, domains)
}

// Shunned are those of the accounts that the writer blocks, alone or with
// their whole domain: named in a text, they are not mentioned (behaviours 8.5).
func (r Reader) Shunned(ctx context.Context, writer domain.ID, accounts []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT a.id FROM accounts a WHERE a.id`+r.in(1)+` AND (
		EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $2 AND b.target_id = a.id)
		OR a.domain <> '' AND EXISTS (SELECT 1 FROM user_domain_blocks d WHERE d.account_id = $2 AND d.domain = a.domain))`,
		accounts, writer)
}
