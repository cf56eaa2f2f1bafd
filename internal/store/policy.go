package store

import (
	"context"
	"strconv"

	"coterie/internal/domain"
)

const policyColumns = `p.id, p.domain, p.severity, p.reject_media, p.reject_reports, p.comment, p.created_at`

func scanPolicy(w row) (domain.DomainPolicy, error) {
	var p domain.DomainPolicy
	err := w.Scan(&p.ID, &p.Domain, (*string)(&p.Severity), &p.RejectMedia, &p.RejectReports, &p.Comment, &p.CreatedAt)
	return p, err
}

// DomainPolicies are all policies, by domain. They are few: callers keep them.
func (r Reader) DomainPolicies(ctx context.Context) ([]domain.DomainPolicy, error) {
	return all(ctx, r, scanPolicy, `SELECT `+policyColumns+` FROM domain_policies p ORDER BY p.domain`)
}

// SaveDomainPolicy stores or replaces the policy of a domain.
func (tx *Tx) SaveDomainPolicy(p domain.DomainPolicy) error {
	_, err := tx.exec(`INSERT INTO domain_policies (id, domain, severity, reject_media, reject_reports, comment, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (domain) DO UPDATE SET severity = excluded.severity, reject_media = excluded.reject_media,
			reject_reports = excluded.reject_reports, comment = excluded.comment`,
		tx.NewID(), p.Domain, p.Severity, p.RejectMedia, p.RejectReports, p.Comment, tx.Now())
	return err
}

// DeleteDomainPolicy removes the policy of a domain.
func (tx *Tx) DeleteDomainPolicy(host string) error {
	return tx.must(`DELETE FROM domain_policies WHERE domain = $1`, host)
}

// AccountsUnder are remote accounts that live at a domain or below it, by
// their handle or their id, with an id above after; at most limit, by id.
func (r Reader) AccountsUnder(ctx context.Context, host string, after domain.ID, limit int) ([]domain.Account, error) {
	return all(ctx, r, scanAccount, `SELECT `+accountColumns+` FROM accounts a LEFT JOIN actors r ON r.account_id = a.id
		WHERE a.id > $1 AND a.domain <> '' AND (`+under("a.domain", 2)+` OR `+under("r.host", 2)+`) ORDER BY a.id LIMIT $3`,
		after, host, limit)
}

// under is true of a host in column c that is the one in argument n, with or
// without port, or below it.
func under(c string, n int) string {
	arg := `$` + strconv.Itoa(n)
	return `(` + c + ` = ` + arg + ` OR ` + c + ` LIKE ` + arg + ` || ':%' OR ` + c + ` LIKE '%.' || ` + arg + ` OR ` + c + ` LIKE '%.' || ` + arg + ` || ':%')`
}

// Ties are follows and requests that an account takes part in, either way; at
// most limit.
func (r Reader) Ties(ctx context.Context, account domain.ID, limit int) ([]domain.Follow, error) {
	return all(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f WHERE f.account_id = $1 OR f.target_id = $1 ORDER BY f.id LIMIT $2`,
		account, limit)
}
