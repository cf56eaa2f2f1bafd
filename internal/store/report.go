package store

import (
	"context"

	"coterie/internal/domain"
)

const reportColumns = `r.id, r.account_id, r.target_id, r.uri, r.category, r.comment, r.status_ids, r.rule_ids, r.forwarded, r.created_at, r.resolved_at`

func scanReport(w row) (domain.Report, error) {
	var r domain.Report
	err := w.Scan(&r.ID, &r.Account, &r.Target, &r.URI, (*string)(&r.Category), &r.Comment, asJSON(&r.Statuses), asJSON(&r.Rules),
		&r.Forwarded, &r.CreatedAt, &r.ResolvedAt)
	return r, err
}

// Report is the report with that id.
func (r Reader) Report(ctx context.Context, id domain.ID) (domain.Report, error) {
	return one(ctx, r, scanReport, `SELECT `+reportColumns+` FROM reports r WHERE r.id = $1`, id)
}

// Reports are those with these ids, in no order.
func (r Reader) Reports(ctx context.Context, ids []domain.ID) ([]domain.Report, error) {
	return all(ctx, r, scanReport, `SELECT `+reportColumns+` FROM reports r WHERE r.id`+r.in(1), ids)
}

// ReportByURI is the report that a Flag of that id made.
func (r Reader) ReportByURI(ctx context.Context, uri string) (domain.Report, error) {
	return one(ctx, r, scanReport, `SELECT `+reportColumns+` FROM reports r WHERE r.uri = $1`, uri)
}

// Reportable are those of the statuses that are by an account and that the
// viewer may see; for the viewer 0 all that are by it. Boosts are none.
func (r Reader) Reportable(ctx context.Context, viewer, by domain.ID, ids []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT s.id FROM statuses s JOIN accounts a ON a.id = s.account_id
		WHERE (`+visible("s", "a", 1)+` OR $1 = 0) AND s.account_id = $2 AND s.id`+r.in(3)+` AND s.reblog_of_id IS NULL ORDER BY s.id`,
		viewer, by, ids)
}

// InsertReport stores a report and gives it its id; false if a Flag of its
// URI made one before.
func (tx *Tx) InsertReport(r *domain.Report) (bool, error) {
	r.ID, r.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO reports (id, account_id, target_id, uri, category, comment, status_ids, rule_ids, forwarded, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (uri) WHERE uri IS NOT NULL DO NOTHING`,
		r.ID, r.Account, r.Target, nullText(r.URI), r.Category, r.Comment, asJSON(ids(r.Statuses)), asJSON(ids(r.Rules)), r.Forwarded, r.CreatedAt)
	return n > 0, err
}

func ids(list []domain.ID) []domain.ID {
	if list == nil {
		return []domain.ID{}
	}
	return list
}
