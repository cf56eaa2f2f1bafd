package store

import (
	"context"
	"slices"
	"strings"

	"coterie/internal/domain"
)

const tagColumns = `t.id, t.name, t.display`

func scanTag(w row) (domain.Tag, error) {
	var t domain.Tag
	err := w.Scan(&t.ID, &t.Name, &t.Display)
	return t, err
}

// TagByName finds a hashtag by its normalised name.
func (r Reader) TagByName(ctx context.Context, name string) (domain.Tag, error) {
	return one(ctx, r, scanTag, `SELECT `+tagColumns+` FROM tags t WHERE t.name = $1`, name)
}

// Tag is the hashtag with that id.
func (r Reader) Tag(ctx context.Context, id domain.ID) (domain.Tag, error) {
	return one(ctx, r, scanTag, `SELECT `+tagColumns+` FROM tags t WHERE t.id = $1`, id)
}

// StatusTag is a hashtag of a status.
type StatusTag struct {
	Status domain.ID
	Tag    domain.Tag
}

// StatusTags are the hashtags of the statuses, by name.
func (r Reader) StatusTags(ctx context.Context, statuses []domain.ID) ([]StatusTag, error) {
	scan := func(w row) (StatusTag, error) {
		var s StatusTag
		err := w.Scan(&s.Status, &s.Tag.ID, &s.Tag.Name, &s.Tag.Display)
		return s, err
	}
	return all(ctx, r, scan, `SELECT st.status_id, `+tagColumns+` FROM status_tags st JOIN tags t ON t.id = st.tag_id
		WHERE st.status_id`+r.in(1)+` ORDER BY t.name`, statuses)
}

// EnsureTag gives a hashtag, made if it is new, its id. Name and Display
// count; whoever comes first decides how it is shown.
func (tx *Tx) EnsureTag(t domain.Tag) (domain.Tag, error) {
	old, err := tx.TagByName(tx.ctx(), t.Name)
	if !domain.Is(err, domain.NotFound) {
		return old, err
	}
	return one(tx.ctx(), tx.Reader, scanTag, `INSERT INTO tags (id, name, display) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id, name, display`, tx.NewID(), t.Name, t.Display)
}

// TagStatus adds the hashtags to the status.
func (tx *Tx) TagStatus(status domain.ID, tags []domain.Tag) error {
	tags = slices.Clone(tags)
	slices.SortFunc(tags, func(a, b domain.Tag) int { return strings.Compare(a.Name, b.Name) })
	for _, t := range tags {
		t, err := tx.EnsureTag(t)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO status_tags (tag_id, status_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, t.ID, status); err != nil {
			return err
		}
	}
	return nil
}

// UntagStatus takes all hashtags from the status.
func (tx *Tx) UntagStatus(status domain.ID) error {
	_, err := tx.exec(`DELETE FROM status_tags WHERE status_id = $1`, status)
	return err
}
