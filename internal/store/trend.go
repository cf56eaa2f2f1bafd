package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

func scanTrend(w row) (domain.Trend, error) {
	var t domain.Trend
	err := w.Scan((*string)(&t.Kind), &t.Item, &t.Score, &t.Peak, &t.PeakAt, &t.Observed, &t.Expected, &t.Publisher)
	return t, err
}

// Trends are all trends of a kind, the highest score first.
func (r Reader) Trends(ctx context.Context, kind domain.TrendKind) ([]domain.Trend, error) {
	return all(ctx, r, scanTrend, `SELECT x.kind, x.item_id, x.score, x.peak, x.peak_at, x.observed, x.expected, x.publisher_id
		FROM trends x WHERE x.kind = $1 ORDER BY x.score DESC, x.item_id`, kind)
}

// SaveTrends replaces all trends of a kind.
func (tx *Tx) SaveTrends(kind domain.TrendKind, list []domain.Trend) error {
	if _, err := tx.exec(`DELETE FROM trends WHERE kind = $1`, kind); err != nil {
		return err
	}
	for _, t := range list {
		_, err := tx.exec(`INSERT INTO trends (kind, item_id, score, peak, peak_at, observed, expected, publisher_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (kind, item_id) DO UPDATE SET score = excluded.score, peak = excluded.peak, peak_at = excluded.peak_at,
				observed = excluded.observed, expected = excluded.expected, publisher_id = excluded.publisher_id`,
			kind, t.Item, t.Score, t.Peak, t.PeakAt, t.Observed, t.Expected, t.Publisher)
		if err != nil {
			return err
		}
	}
	return nil
}

// ReviewTrend keeps what the staff decided; allowed nil forgets it.
func (tx *Tx) ReviewTrend(kind domain.TrendKind, item domain.ID, allowed *bool) error {
	if allowed == nil {
		_, err := tx.exec(`DELETE FROM trend_reviews WHERE kind = $1 AND item_id = $2`, kind, item)
		return err
	}
	_, err := tx.exec(`INSERT INTO trend_reviews (kind, item_id, allowed, decided_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, item_id) DO UPDATE SET allowed = excluded.allowed, decided_at = excluded.decided_at`, kind, item, *allowed, tx.Now())
	return err
}

// Use is how many people used something in public on one day and the day before.
type Use struct {
	Item             domain.ID
	Today, Yesterday int64
}

func scanUse(w row) (Use, error) {
	var u Use
	err := w.Scan(&u.Item, &u.Today, &u.Yesterday)
	return u, err
}

// The parts of a statement that counts the people who use something, before
// and after what it says is used. Its arguments are the first id of yesterday,
// when yesterday and today began, and how many people of today it takes.
// People who are limited do not count.
const (
	useArguments = `WITH span (first_id, yesterday, today, least) AS
		(SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)) `
	usesToday = `, COUNT(DISTINCT CASE WHEN s.created_at >= $3 THEN s.account_id END),
		COUNT(DISTINCT CASE WHEN s.created_at < $3 THEN s.account_id END) `
	usedBy = ` JOIN accounts a ON a.id = s.account_id
		WHERE s.id >= $1 AND s.created_at >= $2 AND s.visibility = 0 AND NOT s.local_only AND s.reblog_of_id IS NULL AND a.suspended_at IS NULL AND a.silenced_at IS NULL `
	usedEnough = ` HAVING COUNT(DISTINCT CASE WHEN s.created_at >= $3 THEN s.account_id END) >= $4`
)

// TagUses are the hashtags that at least so many people used today.
func (r Reader) TagUses(ctx context.Context, today time.Time, least int) ([]Use, error) {
	return r.uses(ctx, today, least, useArguments+`SELECT st.tag_id`+usesToday+
		`FROM statuses s JOIN status_tags st ON st.status_id = s.id`+usedBy+`GROUP BY st.tag_id`+usedEnough)
}

// LinkUses are the links that at least so many people posted today, each by
// the oldest of its cards.
func (r Reader) LinkUses(ctx context.Context, today time.Time, least int) ([]Use, error) {
	return r.uses(ctx, today, least, useArguments+`SELECT (SELECT MIN(o.id) FROM cards o WHERE o.link = c.link AND o.state = 'shown') AS item`+usesToday+
		`FROM statuses s JOIN status_cards sc ON sc.status_id = s.id JOIN cards c ON c.id = sc.card_id AND c.state = 'shown'`+usedBy+`GROUP BY c.link`+usedEnough)
}

func (r Reader) uses(ctx context.Context, today time.Time, least int, text string) ([]Use, error) {
	yesterday := today.AddDate(0, 0, -1)
	return all(ctx, r, scanUse, text, domain.FirstID(yesterday), yesterday, today, least)
}

// trendable is true of a status s by a that may trend (behaviours 16.3):
// public, in a known language, no reply, nothing hidden, by somebody who wants
// to be found.
const trendable = `s.visibility = 0 AND NOT s.local_only AND s.reblog_of_id IS NULL AND s.in_reply_to_id IS NULL AND s.in_reply_to_uri IS NULL
	AND s.spoiler = '' AND NOT s.sensitive AND s.language <> ''
	AND a.discoverable AND a.suspended_at IS NULL AND a.silenced_at IS NULL`

// MarkedStatus is a post that many boosted or favourited.
type MarkedStatus struct {
	ID, Account domain.ID
	Marks       int64
	CreatedAt   time.Time
}

// MarkedStatuses are at most limit posts since a time that may trend and have
// at least so many boosts and favourites, the most first.
func (r Reader) MarkedStatuses(ctx context.Context, since time.Time, least, limit int) ([]MarkedStatus, error) {
	return all(ctx, r, func(w row) (MarkedStatus, error) {
		var m MarkedStatus
		return m, w.Scan(&m.ID, &m.Account, &m.Marks, &m.CreatedAt)
	}, `SELECT s.id, s.account_id, s.reblogs_count + s.favourites_count AS marks, s.created_at
		FROM statuses s JOIN accounts a ON a.id = s.account_id
		WHERE s.id >= $1 AND s.created_at >= $2 AND s.reblogs_count + s.favourites_count >= $3 AND `+trendable+`
		ORDER BY marks DESC, s.id DESC LIMIT $4`, domain.FirstID(since), since, least, limit)
}

// decided is what the staff decided about a trend in alias x, NULL for
// nothing: of itself, else of its publisher.
const decided = `COALESCE((SELECT v.allowed FROM trend_reviews v WHERE v.kind = x.kind AND v.item_id = x.item_id),
		(SELECT v.allowed FROM trend_reviews v WHERE v.kind = 'publisher' AND v.item_id = x.publisher_id))`

// reviewed is true of a trend in alias x that is shown: no staff refused it,
// and where argument n says so one allowed it.
func reviewed(n string) string { return `(x.score > 0 AND COALESCE(` + decided + `, NOT ` + n + `))` }

// TrendPage asks for a part of what trends.
type TrendPage struct {
	Review    bool     // only what staff allowed
	Languages []string // come first
	Limit     int
	Offset    int
}

// TrendingTags are hashtags, the highest score first.
func (r Reader) TrendingTags(ctx context.Context, p TrendPage) ([]domain.Tag, error) {
	return all(ctx, r, scanTag, `SELECT `+tagColumns+` FROM trends x JOIN tags t ON t.id = x.item_id
		WHERE x.kind = 'tag' AND `+reviewed("$1")+` ORDER BY x.score DESC, x.item_id LIMIT $2 OFFSET $3`, p.Review, p.Limit, p.Offset)
}

// TrendingLinks are the ids of cards, those in the wanted languages first.
func (r Reader) TrendingLinks(ctx context.Context, p TrendPage) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT c.id FROM trends x JOIN cards c ON c.id = x.item_id AND c.state = 'shown'
		WHERE x.kind = 'link' AND `+reviewed("$1")+`
		ORDER BY CASE WHEN c.language`+r.inText(2)+` THEN 0 ELSE 1 END, x.score DESC, x.item_id LIMIT $3 OFFSET $4`,
		p.Review, p.Languages, p.Limit, p.Offset)
}

// TrendingStatuses are posts for the viewer, 0 for an anonymous one: not of
// whom the viewer avoids or is blocked by, nor what may not trend any more.
func (r Reader) TrendingStatuses(ctx context.Context, viewer domain.ID, p TrendPage) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT s.id FROM trends x JOIN statuses s ON s.id = x.item_id JOIN accounts a ON a.id = s.account_id
		WHERE x.kind = 'status' AND `+reviewed("$1")+` AND `+trendable+`
			AND NOT EXISTS (SELECT 1 FROM trend_reviews v WHERE v.kind = 'account' AND v.item_id = s.account_id AND NOT v.allowed)
			AND NOT `+hiddenFrom("s.account_id", "$2", "$3")+` AND NOT `+domainBlocked("a.domain", "$2")+`
		ORDER BY CASE WHEN s.language`+r.inText(4)+` THEN 0 ELSE 1 END, x.score DESC, s.id DESC LIMIT $5 OFFSET $6`,
		p.Review, viewer, r.st.Now(), p.Languages, p.Limit, p.Offset)
}

// LinkTrends reports whether a link, by the address that its card shows or
// that posts name, is among what trends.
func (r Reader) LinkTrends(ctx context.Context, address string, review bool) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM trends x JOIN cards o ON o.id = x.item_id JOIN cards c ON c.link = o.link
		WHERE x.kind = 'link' AND `+reviewed("$1")+` AND c.state = 'shown' AND (c.link = $2 OR c.url = $2)`, review, address)
}

// Linked are the public posts for the viewer, 0 for an anonymous one, that
// show the card of an address, by authors who want to be found (behaviours 11).
func (r Reader) Linked(ctx context.Context, viewer domain.ID, address string, languages []string, p domain.Page) ([]domain.ID, error) {
	text := `SELECT sc.status_id, sc.status_id FROM status_cards sc JOIN statuses s ON s.id = sc.status_id JOIN accounts a ON a.id = s.account_id
		WHERE ` + listed() + ` AND NOT ` + domainBlocked("a.domain", "$4") + ` AND a.discoverable
		AND sc.card_id IN (SELECT c.id FROM cards o JOIN cards c ON c.link = o.link AND c.state = 'shown' WHERE o.state = 'shown' AND (o.link = $6 OR o.url = $6))`
	args := []any{viewer, r.st.Now(), address}
	if len(languages) > 0 {
		text += ` AND (s.language = '' OR s.language` + r.inText(7) + `)`
		args = append(args, languages)
	}
	return pageIDs(r.pageEntries(ctx, p, "sc.status_id", text, args...))
}

// LinkDay is how much a link was posted in public on one day.
type LinkDay struct {
	Card     domain.ID
	Day      int64 // days since the epoch, UTC
	Uses     int64
	Accounts int64
}

// LinkDays are the days since the one of since on which the links of these
// cards were posted.
func (r Reader) LinkDays(ctx context.Context, cards []domain.ID, since time.Time) ([]LinkDay, error) {
	return all(ctx, r, func(w row) (LinkDay, error) {
		var d LinkDay
		return d, w.Scan(&d.Card, &d.Day, &d.Uses, &d.Accounts)
	}, `SELECT o.id, s.created_at / 86400000, COUNT(*), COUNT(DISTINCT s.account_id)
		FROM cards o JOIN cards c ON c.link = o.link AND c.state = 'shown' JOIN status_cards sc ON sc.card_id = c.id
			JOIN statuses s ON s.id = sc.status_id
		WHERE o.id`+r.in(1)+` AND sc.status_id >= $2 AND s.created_at >= $3 AND s.visibility = 0 AND NOT s.local_only
		GROUP BY o.id, s.created_at / 86400000`, cards, domain.FirstID(since), since)
}

// LinkCard is the oldest card of a link, by which the link trends.
func (r Reader) LinkCard(ctx context.Context, address string) (domain.ID, error) {
	return one(ctx, r, column[domain.ID], `SELECT c.id FROM cards o JOIN cards c ON c.link = o.link AND c.state = 'shown'
		WHERE o.state = 'shown' AND (o.link = $1 OR o.url = $1) ORDER BY c.id LIMIT 1`, address)
}
