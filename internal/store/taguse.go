package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// TagDay is how much a hashtag was used in public on one day.
type TagDay struct {
	Tag      domain.ID
	Day      int64 // days since the epoch, UTC
	Uses     int64
	Accounts int64
}

// TagDays are the days since the one of since on which these hashtags were used.
func (r Reader) TagDays(ctx context.Context, tags []domain.ID, since time.Time) ([]TagDay, error) {
	return all(ctx, r, func(w row) (TagDay, error) {
		var d TagDay
		return d, w.Scan(&d.Tag, &d.Day, &d.Uses, &d.Accounts)
	}, `SELECT st.tag_id, s.created_at / 86400000, COUNT(*), COUNT(DISTINCT s.account_id)
		FROM status_tags st JOIN statuses s ON s.id = st.status_id
		WHERE st.tag_id`+r.in(1)+` AND st.status_id >= $2 AND s.created_at >= $3 AND s.visibility = 0 AND NOT s.local_only
		GROUP BY st.tag_id, s.created_at / 86400000`, tags, domain.FirstID(since), since)
}

// TagMark is how an account stands to a hashtag.
type TagMark struct {
	Tag                  domain.ID
	Following, Featuring bool
}

// TagMarks are how account stands to these hashtags.
func (r Reader) TagMarks(ctx context.Context, account domain.ID, tags []domain.ID) ([]TagMark, error) {
	return all(ctx, r, func(w row) (TagMark, error) {
		var m TagMark
		return m, w.Scan(&m.Tag, &m.Following, &m.Featuring)
	}, `SELECT t.id, EXISTS (SELECT 1 FROM tag_follows f WHERE f.account_id = $1 AND f.tag_id = t.id),
			EXISTS (SELECT 1 FROM featured_tags f WHERE f.account_id = $1 AND f.tag_id = t.id)
		FROM tags t WHERE t.id`+r.in(2), account, tags)
}

// TagSearch asks for hashtags.
type TagSearch struct {
	Prefix   string // normalised, not empty
	Reviewed bool   // but for the exact one, only those that staff decided about
	Limit    int
	Offset   int
}

// SearchTags are the hashtags whose name begins so and that somebody has used
// where all can see it: the exact one first, then what trends, then by name.
func (r Reader) SearchTags(ctx context.Context, q TagSearch) ([]domain.Tag, error) {
	return all(ctx, r, scanTag, `SELECT `+tagColumns+` FROM tags t LEFT JOIN trends x ON x.kind = 'tag' AND x.item_id = t.id
		WHERE t.name >= $1 AND t.name < $2 AND t.listable
			AND (NOT $3 OR t.name = $1 OR EXISTS (SELECT 1 FROM trend_reviews v WHERE v.kind = 'tag' AND v.item_id = t.id))
			AND EXISTS (SELECT 1 FROM status_tags st JOIN statuses s ON s.id = st.status_id WHERE st.tag_id = t.id AND s.visibility <= 1 AND NOT s.local_only)
		ORDER BY CASE WHEN t.name = $1 THEN 0 ELSE 1 END, COALESCE(x.score, 0) DESC, t.name LIMIT $4 OFFSET $5`,
		q.Prefix, q.Prefix+afterAll, q.Reviewed, q.Limit, q.Offset)
}
