package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// What is counted by day: between the times in arguments 1 and 2, of the
// hashtag or the domain in argument 3 where the measure is of one. When a
// favourite, a follow or an account became known is in its id.
const (
	byDay   = ` GROUP BY day ORDER BY day`
	dayOfID = ` / 65536 / 86400000 AS day, `
	spanID  = ` / 65536 >= $1 AND `
	endID   = ` / 65536 < $2`
	tagUsed = ` FROM status_tags st JOIN statuses s ON s.id = st.status_id JOIN accounts a ON a.id = s.account_id
		WHERE s.created_at >= $1 AND s.created_at < $2 AND st.tag_id = $3 AND s.visibility = 0`
)

var (
	measures = map[string]string{
		"new_users":    `SELECT u.created_at / 86400000 AS day, COUNT(*) FROM users u WHERE u.created_at >= $1 AND u.created_at < $2` + byDay,
		"active_users": `SELECT d.day, d.people FROM active_days d WHERE d.day * 86400000 >= $1 AND d.day * 86400000 < $2 ORDER BY d.day`,
		"interactions": `SELECT day, CAST(SUM(n) AS BIGINT) FROM (
			SELECT f.id` + dayOfID + `COUNT(*) AS n FROM favourites f JOIN users u ON u.account_id = f.account_id WHERE f.id` + spanID + `f.id` + endID + ` GROUP BY day
			UNION ALL SELECT s.created_at / 86400000 AS day, COUNT(*) AS n FROM statuses s WHERE s.local AND s.created_at >= $1 AND s.created_at < $2
				AND (s.reblog_of_id IS NOT NULL OR s.in_reply_to_id IS NOT NULL) GROUP BY day) AS both_kinds` + byDay,
		"opened_reports":   `SELECT r.created_at / 86400000 AS day, COUNT(*) FROM reports r WHERE r.created_at >= $1 AND r.created_at < $2` + byDay,
		"resolved_reports": `SELECT r.resolved_at / 86400000 AS day, COUNT(*) FROM reports r WHERE r.resolved_at >= $1 AND r.resolved_at < $2` + byDay,
	}
	tagMeasures = map[string]string{
		"tag_uses":     `SELECT s.created_at / 86400000 AS day, COUNT(*)` + tagUsed + byDay,
		"tag_accounts": `SELECT s.created_at / 86400000 AS day, COUNT(DISTINCT s.account_id)` + tagUsed + byDay,
		"tag_servers":  `SELECT s.created_at / 86400000 AS day, COUNT(DISTINCT a.domain)` + tagUsed + byDay,
	}
	hostMeasures = map[string]string{
		"instance_accounts": `SELECT a.id` + dayOfID + `COUNT(*) FROM accounts a WHERE a.id` + spanID + `a.id` + endID + ` AND a.domain = $3` + byDay,
		"instance_statuses": `SELECT s.created_at / 86400000 AS day, COUNT(*) FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE s.created_at >= $1 AND s.created_at < $2 AND a.domain = $3` + byDay,
		"instance_reports": `SELECT r.created_at / 86400000 AS day, COUNT(*) FROM reports r JOIN accounts a ON a.id = r.target_id
			WHERE r.created_at >= $1 AND r.created_at < $2 AND a.domain = $3` + byDay,
		"instance_follows": `SELECT f.id` + dayOfID + `COUNT(*) FROM follows f JOIN accounts a ON a.id = f.target_id
			WHERE NOT f.pending AND f.id` + spanID + `f.id` + endID + ` AND a.domain = $3` + byDay,
		"instance_followers": `SELECT f.id` + dayOfID + `COUNT(*) FROM follows f JOIN accounts a ON a.id = f.account_id
			WHERE NOT f.pending AND f.id` + spanID + `f.id` + endID + ` AND a.domain = $3` + byDay,
	}
)

// MeasureOf is which measure of what: of a hashtag, of a domain, or of the
// community.
type MeasureOf struct {
	Key  string
	Tag  domain.ID
	Host string
}

// DayCount is how often something happened on a day, counted since the epoch.
type DayCount struct{ Day, Count int64 }

// Measure counts something by day; a key that is not known is ErrNotFound.
func (r Reader) Measure(ctx context.Context, m MeasureOf, since, until time.Time) ([]DayCount, error) {
	scan := func(w row) (DayCount, error) {
		var d DayCount
		return d, w.Scan(&d.Day, &d.Count)
	}
	if text, ok := measures[m.Key]; ok {
		return all(ctx, r, scan, text, since, until)
	}
	if text, ok := tagMeasures[m.Key]; ok {
		return all(ctx, r, scan, text, since, until, m.Tag)
	}
	if text, ok := hostMeasures[m.Key]; ok {
		return all(ctx, r, scan, text, since, until, m.Host)
	}
	return nil, domain.ErrNotFound
}

// What is counted by kind, the most first; arguments as above, then how many
// kinds.
var (
	dimensions = map[string]string{
		"languages": `SELECT u.locale, COUNT(*) AS n FROM users u WHERE u.created_at >= $1 AND u.created_at < $2 AND u.locale <> '' GROUP BY u.locale ORDER BY n DESC, u.locale LIMIT $3`,
		"servers": `SELECT a.domain, COUNT(*) AS n FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE s.created_at >= $1 AND s.created_at < $2 GROUP BY a.domain ORDER BY n DESC, a.domain LIMIT $3`,
	}
	tagDimensions = map[string]string{
		"tag_servers":   `SELECT a.domain, COUNT(*) AS n` + tagUsed + ` GROUP BY a.domain ORDER BY n DESC, a.domain LIMIT $4`,
		"tag_languages": `SELECT s.language, COUNT(*) AS n` + tagUsed + ` AND s.language <> '' GROUP BY s.language ORDER BY n DESC, s.language LIMIT $4`,
	}
	hostDimensions = map[string]string{
		"instance_accounts": `SELECT a.username, COUNT(*) AS n FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE s.created_at >= $1 AND s.created_at < $2 AND a.domain = $3 GROUP BY a.username ORDER BY n DESC, a.username LIMIT $4`,
		"instance_languages": `SELECT s.language, COUNT(*) AS n FROM statuses s JOIN accounts a ON a.id = s.account_id
			WHERE s.created_at >= $1 AND s.created_at < $2 AND a.domain = $3 AND s.language <> '' GROUP BY s.language ORDER BY n DESC, s.language LIMIT $4`,
	}
)

// KindCount is how often something of one kind happened.
type KindCount struct {
	Kind  string
	Count int64
}

// Dimension counts something by kind; a key that is not known is ErrNotFound.
func (r Reader) Dimension(ctx context.Context, m MeasureOf, since, until time.Time, limit int) ([]KindCount, error) {
	scan := func(w row) (KindCount, error) {
		var k KindCount
		return k, w.Scan(&k.Kind, &k.Count)
	}
	if text, ok := dimensions[m.Key]; ok {
		return all(ctx, r, scan, text, since, until, limit)
	}
	if text, ok := tagDimensions[m.Key]; ok {
		return all(ctx, r, scan, text, since, until, m.Tag, limit)
	}
	if text, ok := hostDimensions[m.Key]; ok {
		return all(ctx, r, scan, text, since, until, m.Host, limit)
	}
	return nil, domain.ErrNotFound
}

// Stay is how many people joined on one day and were last seen on another,
// both counted since the epoch.
type Stay struct{ Joined, Seen, Count int64 }

// Stays are those of people who joined between two times.
func (r Reader) Stays(ctx context.Context, since, until time.Time) ([]Stay, error) {
	return all(ctx, r, func(w row) (Stay, error) {
		var s Stay
		return s, w.Scan(&s.Joined, &s.Seen, &s.Count)
	}, `SELECT u.created_at / 86400000 AS joined, COALESCE(u.seen_at, u.created_at) / 86400000 AS seen, COUNT(*) FROM users u
		WHERE u.created_at >= $1 AND u.created_at < $2 GROUP BY joined, seen ORDER BY joined, seen`, since, until)
}
