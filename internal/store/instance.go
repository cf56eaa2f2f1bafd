package store

import "context"

// Counts are the figures of the community's own people.
type Counts struct {
	Users    int64 // active logins
	Statuses int64 // local, boosts too
	Domains  int64 // peers known
}

// Counts counts in one statement.
func (r Reader) Counts(ctx context.Context) (Counts, error) {
	return one(ctx, r, func(w row) (Counts, error) {
		var c Counts
		return c, w.Scan(&c.Users, &c.Statuses, &c.Domains)
	}, `SELECT
		(SELECT COUNT(*) FROM users WHERE confirmed_at IS NOT NULL AND approved AND disabled_at IS NULL),
		(SELECT COALESCE(SUM(statuses_count), 0) FROM accounts WHERE domain = ''),
		(SELECT COUNT(DISTINCT domain) FROM accounts WHERE domain <> '')`)
}
