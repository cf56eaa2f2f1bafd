package store

import (
	"context"

	"coterie/internal/domain"
)

const reportColumns = `r.id, r.account_id, r.target_id, r.uri, r.category, r.comment, r.status_ids, r.rule_ids, r.collection_ids, r.forwarded, r.forward_to, r.assigned_id, r.resolved_by, r.created_at, r.updated_at, r.resolved_at`

func scanReport(w row) (domain.Report, error) {
	var r domain.Report
	err := w.Scan(&r.ID, &r.Account, &r.Target, &r.URI, (*string)(&r.Category), &r.Comment, asJSON(&r.Statuses), asJSON(&r.Rules),
		asJSON(&r.Collections), &r.Forwarded, asJSON(&r.ForwardTo), &r.Assigned, &r.ResolvedBy, &r.CreatedAt, &r.UpdatedAt, &r.ResolvedAt)
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
	r.ID, r.CreatedAt, r.UpdatedAt = tx.NewID(), tx.Now(), tx.Now()
	n, err := tx.exec(`INSERT INTO reports (id, account_id, target_id, uri, category, comment, status_ids, rule_ids, collection_ids, forwarded, forward_to, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (uri) WHERE uri IS NOT NULL DO NOTHING`,
		r.ID, r.Account, r.Target, nullText(r.URI), r.Category, r.Comment, asJSON(ids(r.Statuses)), asJSON(ids(r.Rules)), asJSON(ids(r.Collections)), r.Forwarded, asJSON(append([]string{}, r.ForwardTo...)), r.CreatedAt, r.UpdatedAt)
	return n > 0, err
}

// ReportFilter narrows a list of reports; zero values do not.
type ReportFilter struct {
	Resolved, All             bool // those that are resolved; or both kinds
	Account, Target, Assigned domain.ID
	Host                      string // of the target
	Category                  domain.ReportCategory
}

// FindReports are the reports that the filter lets through, newest first.
func (r Reader) FindReports(ctx context.Context, f ReportFilter, p domain.Page) ([]domain.Report, error) {
	text := func(order string) string {
		return `SELECT ` + reportColumns + ` FROM reports r WHERE (r.target_id = $1 OR $1 = 0) AND r.id > $2 AND r.id < $3
			AND (r.account_id = $4 OR $4 = 0) AND ($5 OR (r.resolved_at IS NOT NULL) = $6)
			AND (r.assigned_id = $7 OR $7 = 0) AND (r.category = $8 OR $8 = '')
			AND ($9 = '' OR EXISTS (SELECT 1 FROM accounts a WHERE a.id = r.target_id AND a.domain = $9)) ORDER BY r.id ` + order + ` LIMIT $10`
	}
	return pageOf(ctx, r, p, scanReport, text("DESC"), text(""), f.Target, f.Account, f.All, f.Resolved, f.Assigned, string(f.Category), f.Host)
}

// OpenReports are those about an account that wait for somebody, at most 1,000.
func (r Reader) OpenReports(ctx context.Context, target domain.ID) ([]domain.Report, error) {
	return all(ctx, r, scanReport, `SELECT `+reportColumns+` FROM reports r WHERE r.target_id = $1 AND r.resolved_at IS NULL ORDER BY r.id LIMIT 1000`, target)
}

// ResolveReport closes a report in the name of by; again changes nothing.
func (tx *Tx) ResolveReport(id, by domain.ID) error {
	_, err := tx.exec(`UPDATE reports SET resolved_at = $1, resolved_by = $2, updated_at = $3 WHERE id = $4 AND resolved_at IS NULL`,
		tx.Now(), by, tx.Now(), id)
	return err
}

// ReopenReport opens a report again.
func (tx *Tx) ReopenReport(id domain.ID) error {
	return tx.must(`UPDATE reports SET resolved_at = NULL, resolved_by = 0, updated_at = $1 WHERE id = $2`, tx.Now(), id)
}

// AssignReport gives a report to one of the staff, 0 to nobody.
func (tx *Tx) AssignReport(id, to domain.ID) error {
	return tx.must(`UPDATE reports SET assigned_id = $1, updated_at = $2 WHERE id = $3`, to, tx.Now(), id)
}

// SortReport changes what a report says is wrong.
func (tx *Tx) SortReport(p *domain.Report) error {
	return tx.must(`UPDATE reports SET category = $1, rule_ids = $2, updated_at = $3 WHERE id = $4`, string(p.Category), asJSON(ids(p.Rules)), tx.Now(), p.ID)
}

func ids(list []domain.ID) []domain.ID {
	if list == nil {
		return []domain.ID{}
	}
	return list
}

// StaffNotes are the remarks on a report, or on an account, oldest first; at
// most 200.
func (r Reader) StaffNotes(ctx context.Context, report, target domain.ID) ([]domain.StaffNote, error) {
	return all(ctx, r, func(w row) (domain.StaffNote, error) {
		var n domain.StaffNote
		return n, w.Scan(&n.ID, &n.Report, &n.Target, &n.Account, &n.Content, &n.CreatedAt)
	}, `SELECT n.id, n.report_id, n.target_id, n.account_id, n.content, n.created_at FROM staff_notes n
		WHERE n.report_id = $1 AND n.target_id = $2 ORDER BY n.id LIMIT 200`, report, target)
}

// InsertStaffNote stores a remark and gives it id and time.
func (tx *Tx) InsertStaffNote(n *domain.StaffNote) error {
	n.ID, n.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO staff_notes (id, report_id, target_id, account_id, content, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		n.ID, n.Report, n.Target, n.Account, n.Content, n.CreatedAt)
	return err
}
