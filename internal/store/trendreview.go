package store

import (
	"context"

	"coterie/internal/domain"
)

// Reviewed is something that can trend, and what the staff decided about it.
type Reviewed struct {
	Item    domain.ID
	Allowed *bool // nil: nothing was decided
}

func scanReviewed(w row) (Reviewed, error) {
	var v Reviewed
	return v, w.Scan(&v.Item, &v.Allowed)
}

// TrendItems are all that trend of a kind, whatever was decided, the highest
// score first.
func (r Reader) TrendItems(ctx context.Context, kind domain.TrendKind, limit, offset int) ([]Reviewed, error) {
	return all(ctx, r, scanReviewed, `SELECT x.item_id, `+decided+` FROM trends x
		WHERE x.kind = $1 AND x.score > 0 ORDER BY x.score DESC, x.item_id LIMIT $2 OFFSET $3`, string(kind), limit, offset)
}

// TrendReviews are what was decided about these items of a kind, in no order.
func (r Reader) TrendReviews(ctx context.Context, kind domain.TrendKind, items []domain.ID) ([]Reviewed, error) {
	return all(ctx, r, scanReviewed, `SELECT v.item_id, v.allowed FROM trend_reviews v WHERE v.kind = $1 AND v.item_id`+r.in(2), string(kind), items)
}

// TagRules is what the staff decided about a hashtag, but for its trending.
type TagRules struct {
	Tag              domain.ID
	Usable, Listable bool
}

// TagRules are those of these hashtags, in no order.
func (r Reader) TagRules(ctx context.Context, tags []domain.ID) ([]TagRules, error) {
	return all(ctx, r, func(w row) (TagRules, error) {
		var t TagRules
		return t, w.Scan(&t.Tag, &t.Usable, &t.Listable)
	}, `SELECT t.id, t.usable, t.listable FROM tags t WHERE t.id`+r.in(1), tags)
}

// TagsByID are the hashtags with these ids, in no order.
func (r Reader) TagsByID(ctx context.Context, tags []domain.ID) ([]domain.Tag, error) {
	return all(ctx, r, scanTag, `SELECT `+tagColumns+` FROM tags t WHERE t.id`+r.in(1), tags)
}

// TagPage are hashtags, newest first.
func (r Reader) TagPage(ctx context.Context, p domain.Page) ([]domain.Tag, error) {
	text := func(order string) string {
		return `SELECT ` + tagColumns + ` FROM tags t WHERE $1 AND t.id > $2 AND t.id < $3 ORDER BY t.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanTag, text("DESC"), text(""), true)
}

// UnusableTags are those of the hashtags, by name, that no post here may have.
func (r Reader) UnusableTags(ctx context.Context, names []string) ([]string, error) {
	return all(ctx, r, column[string], `SELECT t.name FROM tags t WHERE NOT t.usable AND t.name`+r.inText(1)+` ORDER BY t.name`, names)
}

// SetTag stores how a hashtag is written and what the staff decided about it.
func (tx *Tx) SetTag(t domain.Tag, rules TagRules) error {
	return tx.must(`UPDATE tags SET display = $1, usable = $2, listable = $3 WHERE id = $4`, t.Display, rules.Usable, rules.Listable, t.ID)
}

const publisherColumns = `p.id, p.domain, v.allowed, v.decided_at, p.created_at FROM publishers p LEFT JOIN trend_reviews v ON v.kind = 'publisher' AND v.item_id = p.id`

func scanPublisher(w row) (domain.Publisher, error) {
	var p domain.Publisher
	return p, w.Scan(&p.ID, &p.Domain, &p.Allowed, &p.DecidedAt, &p.CreatedAt)
}

// Publisher is the one with that id.
func (r Reader) Publisher(ctx context.Context, id domain.ID) (domain.Publisher, error) {
	return one(ctx, r, scanPublisher, `SELECT `+publisherColumns+` WHERE p.id = $1`, id)
}

// PublisherPage are publishers, newest first.
func (r Reader) PublisherPage(ctx context.Context, p domain.Page) ([]domain.Publisher, error) {
	text := func(order string) string {
		return `SELECT ` + publisherColumns + ` WHERE $1 AND p.id > $2 AND p.id < $3 ORDER BY p.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanPublisher, text("DESC"), text(""), true)
}

// PublisherOf is the id of a publisher, who is known from now on.
func (tx *Tx) PublisherOf(host string) (domain.ID, error) {
	return one(tx.ctx(), tx.Reader, column[domain.ID], `INSERT INTO publishers (id, domain, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (domain) DO UPDATE SET domain = excluded.domain RETURNING id`, tx.NewID(), host, tx.Now())
}
