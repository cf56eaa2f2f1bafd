package store

import (
	"context"

	"coterie/internal/domain"
)

// TagRow is one entry of the followed hashtags.
type TagRow struct {
	ID  domain.ID // the cursor
	Tag domain.Tag
}

// FollowedTags are the hashtags that account follows.
func (r Reader) FollowedTags(ctx context.Context, account domain.ID, p domain.Page) ([]TagRow, error) {
	scan := func(w row) (TagRow, error) {
		var t TagRow
		return t, w.Scan(&t.ID, &t.Tag.ID, &t.Tag.Name, &t.Tag.Display)
	}
	return pageOf(ctx, r, p, scan,
		`SELECT f.id, t.id, t.name, t.display FROM tag_follows f JOIN tags t ON t.id = f.tag_id
			WHERE f.account_id = $1 AND f.id > $2 AND f.id < $3 ORDER BY f.id DESC LIMIT $4`,
		`SELECT f.id, t.id, t.name, t.display FROM tag_follows f JOIN tags t ON t.id = f.tag_id
			WHERE f.account_id = $1 AND f.id > $2 AND f.id < $3 ORDER BY f.id LIMIT $4`,
		account)
}

// FollowsTag reports whether account follows the hashtag of that name.
func (r Reader) FollowsTag(ctx context.Context, account domain.ID, name string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM tag_follows f JOIN tags t ON t.id = f.tag_id WHERE f.account_id = $1 AND t.name = $2`, account, name)
}

// FeaturesTag reports whether account features the hashtag of that name.
func (r Reader) FeaturesTag(ctx context.Context, account domain.ID, name string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM featured_tags f JOIN tags t ON t.id = f.tag_id WHERE f.account_id = $1 AND t.name = $2`, account, name)
}

// SaveTagFollow makes account follow a hashtag.
func (tx *Tx) SaveTagFollow(account, tag domain.ID) error {
	_, err := tx.exec(`INSERT INTO tag_follows (id, account_id, tag_id) VALUES ($1, $2, $3) ON CONFLICT (account_id, tag_id) DO NOTHING`,
		tx.NewID(), account, tag)
	return err
}

// DeleteTagFollow ends it.
func (tx *Tx) DeleteTagFollow(account, tag domain.ID) error {
	_, err := tx.exec(`DELETE FROM tag_follows WHERE account_id = $1 AND tag_id = $2`, account, tag)
	return err
}
