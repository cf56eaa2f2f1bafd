package store

import (
	"context"

	"coterie/internal/domain"
)

func scanAudit(w row) (domain.AuditEntry, error) {
	var e domain.AuditEntry
	return e, w.Scan(&e.ID, &e.Account, &e.Name, &e.Verb, &e.Kind, &e.Target, &e.TargetName, &e.Detail, &e.CreatedAt)
}

// AuditLog is what the staff did, newest first; of account alone unless that is 0.
func (r Reader) AuditLog(ctx context.Context, account domain.ID, p domain.Page) ([]domain.AuditEntry, error) {
	text := func(order string) string {
		return `SELECT e.id, e.account_id, e.account, e.verb, e.target_kind, e.target_id, e.target, e.detail, e.created_at
			FROM audit_log e WHERE (e.account_id = $1 OR $1 = 0) AND e.id > $2 AND e.id < $3 ORDER BY e.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanAudit, text("DESC"), text(""), account)
}

// Audit writes down what the staff did. Nothing takes it back.
func (tx *Tx) Audit(e domain.AuditEntry) error {
	_, err := tx.exec(`INSERT INTO audit_log (id, account_id, account, verb, target_kind, target_id, target, detail, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, tx.NewID(), e.Account, e.Name, e.Verb, e.Kind, e.Target, e.TargetName, e.Detail, tx.Now())
	return err
}
