package store

import (
	"context"

	"coterie/internal/domain"
)

const approvalColumns = `p.status_id, p.by_id, p.uri, p.rejected`

func scanApproval(w row) (domain.ReplyApproval, error) {
	var p domain.ReplyApproval
	return p, w.Scan(&p.Status, &p.By, &p.URI, &p.Rejected)
}

// ReplyApprovals are what was said of the answers, in no order.
func (r Reader) ReplyApprovals(ctx context.Context, statuses []domain.ID) ([]domain.ReplyApproval, error) {
	return all(ctx, r, scanApproval, `SELECT `+approvalColumns+` FROM reply_approvals p WHERE p.status_id`+r.in(1), statuses)
}

// ReplyApproval is what was said of one answer, or ErrNotFound.
func (r Reader) ReplyApproval(ctx context.Context, status domain.ID) (domain.ReplyApproval, error) {
	return one(ctx, r, scanApproval, `SELECT `+approvalColumns+` FROM reply_approvals p WHERE p.status_id = $1`, status)
}

// ReplyApprovalByURI is the approval of that address, or ErrNotFound.
func (r Reader) ReplyApprovalByURI(ctx context.Context, uri string) (domain.ReplyApproval, error) {
	return one(ctx, r, scanApproval, `SELECT `+approvalColumns+` FROM reply_approvals p WHERE p.uri = $1 AND p.uri <> ''`, uri)
}

// SaveReplyApproval stores what is said of an answer now.
func (tx *Tx) SaveReplyApproval(p domain.ReplyApproval) error {
	_, err := tx.exec(`INSERT INTO reply_approvals (status_id, by_id, uri, rejected, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (status_id) DO UPDATE SET by_id = excluded.by_id, uri = excluded.uri, rejected = excluded.rejected`,
		p.Status, p.By, p.URI, p.Rejected, tx.Now())
	return err
}
