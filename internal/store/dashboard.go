package store

import (
	"context"
	"time"
)

// Queues is how much waits for somebody or something.
type Queues struct {
	Reports, Pending, Appeals int64
	Letters, Jobs             int64
	SetAside                  int64 // jobs that failed for good
}

// Queues counts what waits. A job whose time has not come does not.
func (r Reader) Queues(ctx context.Context) (Queues, error) {
	return one(ctx, r, func(w row) (Queues, error) {
		var q Queues
		return q, w.Scan(&q.Reports, &q.Pending, &q.Appeals, &q.Letters, &q.Jobs, &q.SetAside)
	}, `SELECT (SELECT COUNT(*) FROM reports WHERE resolved_at IS NULL),
		(SELECT COUNT(*) FROM users u JOIN accounts a ON a.id = u.account_id WHERE NOT u.approved AND a.suspended_at IS NULL),
		(SELECT COUNT(*) FROM appeals WHERE approved_at IS NULL AND rejected_at IS NULL),
		(SELECT COUNT(*) FROM deliveries), (SELECT COUNT(*) FROM jobs WHERE state <> 'aside' AND run_at <= $1),
		(SELECT COUNT(*) FROM jobs WHERE state = 'aside')`, r.st.Now())
}

// FailingHosts are the peers that letters do not reach, those that fail
// longest first.
func (r Reader) FailingHosts(ctx context.Context, limit int) ([]Host, error) {
	return all(ctx, r, scanHost, `SELECT `+hostColumns+` FROM hosts WHERE failures > 0 ORDER BY failing_since, host LIMIT $1`, limit)
}

// CountFailingHosts is how many there are.
func (r Reader) CountFailingHosts(ctx context.Context) (int64, error) {
	return one(ctx, r, column[int64], `SELECT COUNT(*) FROM hosts WHERE failures > 0`)
}

// Bytes is what the database takes.
func (r Reader) Bytes(ctx context.Context) (int64, error) {
	if r.Engine() == Postgres {
		return one(ctx, r, column[int64], `SELECT pg_database_size(current_database())`)
	}
	return one(ctx, r, column[int64], `SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s`)
}

// Size is how much there was on one day.
type Size struct {
	Day   int64 // since the epoch, UTC
	Bytes int64
}

// NoteSize keeps how much there is today; what was noted first stands. What is
// older than the oldest day that counts goes.
func (tx *Tx) NoteSize(bytes int64, oldest time.Time) error {
	if _, err := tx.exec(`DELETE FROM size_days WHERE day < $1`, dayOf(oldest)); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO size_days (day, bytes) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING`, dayOf(tx.Now()), bytes)
	return err
}

// SizeSince is the oldest of what was noted on the day of a time or later, or
// ErrNotFound.
func (r Reader) SizeSince(ctx context.Context, at time.Time) (Size, error) {
	return one(ctx, r, func(w row) (Size, error) {
		var s Size
		return s, w.Scan(&s.Day, &s.Bytes)
	}, `SELECT day, bytes FROM size_days WHERE day >= $1 ORDER BY day LIMIT 1`, dayOf(at))
}
