package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const scheduledColumns = `p.id, p.account_id, p.scheduled_at, p.params, p.created_at`

func scanScheduled(w row) (domain.Scheduled, error) {
	var p domain.Scheduled
	err := w.Scan(&p.ID, &p.Account, &p.At, asJSON(&p.Params), &p.CreatedAt)
	return p, err
}

// Scheduled is the account's scheduled post with that id.
func (r Reader) Scheduled(ctx context.Context, account, id domain.ID) (domain.Scheduled, error) {
	return one(ctx, r, scanScheduled, `SELECT `+scheduledColumns+` FROM scheduled_statuses p WHERE p.id = $1 AND p.account_id = $2`, id, account)
}

// AnyScheduled is the scheduled post with that id, whosever it is: for jobs.
func (r Reader) AnyScheduled(ctx context.Context, id domain.ID) (domain.Scheduled, error) {
	return one(ctx, r, scanScheduled, `SELECT `+scheduledColumns+` FROM scheduled_statuses p WHERE p.id = $1`, id)
}

// ScheduledPage is a page of the account's scheduled posts, newest id first.
func (r Reader) ScheduledPage(ctx context.Context, account domain.ID, p domain.Page) ([]domain.Scheduled, error) {
	if p.Ascending() {
		return all(ctx, r, scanScheduled, `SELECT `+scheduledColumns+` FROM (
			SELECT * FROM scheduled_statuses WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4) p ORDER BY p.id DESC`,
			account, p.After(), p.Before(), p.Limit)
	}
	return all(ctx, r, scanScheduled, `SELECT `+scheduledColumns+` FROM scheduled_statuses p
		WHERE p.account_id = $1 AND p.id > $2 AND p.id < $3 ORDER BY p.id DESC LIMIT $4`, account, p.After(), p.Before(), p.Limit)
}

// ScheduledCounts says how many posts wait in all and how many between from
// (included) and until (not).
func (r Reader) ScheduledCounts(ctx context.Context, account domain.ID, from, until time.Time) (total, within int64, err error) {
	type counts struct{ total, within int64 }
	c, err := one(ctx, r, func(w row) (counts, error) {
		var c counts
		return c, w.Scan(&c.total, &c.within)
	}, `SELECT COUNT(*), COUNT(*) FILTER (WHERE scheduled_at >= $1 AND scheduled_at < $2) FROM scheduled_statuses WHERE account_id = $3`,
		from, until, account)
	return c.total, c.within, err
}

// InsertScheduled stores a post that waits for its time.
func (tx *Tx) InsertScheduled(p *domain.Scheduled) error {
	p.ID, p.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO scheduled_statuses (id, account_id, scheduled_at, params, created_at) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.Account, p.At, asJSON(p.Params), p.CreatedAt)
	return err
}

// Reschedule moves the account's scheduled post to another time.
func (tx *Tx) Reschedule(account, id domain.ID, at time.Time) error {
	return tx.must(`UPDATE scheduled_statuses SET scheduled_at = $1 WHERE id = $2 AND account_id = $3`, at, id, account)
}

// DeleteScheduled forgets the account's scheduled post.
func (tx *Tx) DeleteScheduled(account, id domain.ID) error {
	return tx.must(`DELETE FROM scheduled_statuses WHERE id = $1 AND account_id = $2`, id, account)
}
