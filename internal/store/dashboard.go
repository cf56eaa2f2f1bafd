package store

import (
	"context"
	"time"
)

// Queues is how much waits for somebody or something.
type Queues struct {
	Reports, Pending, Appeals int64
	Letters, Jobs             int64
}

// Queues counts what waits.
func (r Reader) Queues(ctx context.Context) (Queues, error) {
	return one(ctx, r, func(w row) (Queues, error) {
		var q Queues
		return q, w.Scan(&q.Reports, &q.Pending, &q.Appeals, &q.Letters, &q.Jobs)
	}, `SELECT (SELECT COUNT(*) FROM reports WHERE resolved_at IS NULL),
		(SELECT COUNT(*) FROM users WHERE NOT approved),
		(SELECT COUNT(*) FROM appeals WHERE approved_at IS NULL AND rejected_at IS NULL),
		(SELECT COUNT(*) FROM deliveries), (SELECT COUNT(*) FROM jobs)`)
}

// FailingHosts are the peers that letters do not reach, those that fail
// longest first.
func (r Reader) FailingHosts(ctx context.Context, limit int) ([]Host, error) {
	return all(ctx, r, scanHost, `SELECT `+hostColumns+` FROM hosts WHERE failures > 0 ORDER BY failing_since, host LIMIT $1`, limit)
}

// Bytes is what the database takes.
func (r Reader) Bytes(ctx context.Context) (int64, error) {
	if r.Engine() == Postgres {
		return one(ctx, r, column[int64], `SELECT pg_database_size(current_database())`)
	}
	return one(ctx, r, column[int64], `SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s`)
}

// Founded is when the first account was made; zero before that.
func (r Reader) Founded(ctx context.Context) (time.Time, error) {
	return one(ctx, r, column[time.Time], `SELECT MIN(created_at) FROM users`)
}
