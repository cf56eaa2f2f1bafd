package store

import (
	"context"

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
