package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Counts are the figures of the community's own people.
type Counts struct {
	Users    int64 // active logins
	Recent   int64 // of those, seen since the time asked about
	Statuses int64 // local, boosts too
	Domains  int64 // peers known
	// Contact is the owner, else the admin who came first; 0 before the first run.
	Contact domain.ID
}

// Counts counts in one statement. It reads all accounts, so keep the answer
// for some minutes.
func (r Reader) Counts(ctx context.Context, since time.Time) (Counts, error) {
	return one(ctx, r, func(w row) (Counts, error) {
		var c Counts
		return c, w.Scan(&c.Recent, &c.Users, &c.Statuses, &c.Domains, &c.Contact)
	}, `SELECT COUNT(*) FILTER (WHERE seen_at >= $1), COUNT(*),
		(SELECT CAST(COALESCE(SUM(statuses_count), 0) AS BIGINT) FROM accounts WHERE domain = ''),
		(SELECT COUNT(DISTINCT domain) FROM accounts WHERE domain <> ''),
		(SELECT account_id FROM users WHERE role IN ('owner', 'admin') AND disabled_at IS NULL
			ORDER BY role DESC, account_id LIMIT 1)
		FROM users WHERE confirmed_at IS NOT NULL AND approved AND disabled_at IS NULL`, since)
}
