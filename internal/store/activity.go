package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Week is what happened here in one week.
type Week struct {
	Number        int64 // weeks since a time
	Statuses      int64 // posts of people here, without boosts
	Logins        int64 // people who signed in
	Registrations int64
}

const weekLength = 7 * 24 * time.Hour

// Weeks are those since a time in which something happened here, in their
// order. One statement, which looks at what people here did alone.
func (r Reader) Weeks(ctx context.Context, since time.Time) ([]Week, error) {
	return all(ctx, r, func(w row) (Week, error) {
		var k Week
		return k, w.Scan(&k.Number, &k.Statuses, &k.Logins, &k.Registrations)
	}, `WITH span (since, length, first_id) AS (SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT)),
		deeds (week, kind, who) AS (
			SELECT (s.created_at - $1) / $2, 0, s.id FROM accounts a JOIN statuses s ON s.account_id = a.id
				WHERE a.domain = '' AND s.id >= $3 AND s.created_at >= $1 AND s.reblog_of_id IS NULL
			UNION ALL SELECT (t.created_at - $1) / $2, 1, t.account_id FROM tokens t WHERE t.created_at >= $1 AND t.account_id IS NOT NULL
			UNION ALL SELECT (n.created_at - $1) / $2, 1, n.account_id FROM sessions n WHERE n.created_at >= $1
			UNION ALL SELECT (u.created_at - $1) / $2, 2, u.account_id FROM users u WHERE u.created_at >= $1)
		SELECT week, COUNT(CASE WHEN kind = 0 THEN 1 END), COUNT(DISTINCT CASE WHEN kind = 1 THEN who END), COUNT(CASE WHEN kind = 2 THEN 1 END)
		FROM deeds GROUP BY week ORDER BY week`, since, weekLength.Milliseconds(), domain.FirstID(since))
}
