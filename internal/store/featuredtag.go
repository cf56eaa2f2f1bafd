package store

import (
	"context"

	"coterie/internal/domain"
)

// featuredTags is the list of columns with what anybody may count: the public
// and unlisted statuses of the account with the tag.
const featuredTags = `SELECT f.id, f.account_id, t.id, t.name, t.display,
		(SELECT COUNT(*) FROM status_tags st JOIN statuses s ON s.id = st.status_id
			WHERE st.tag_id = f.tag_id AND s.account_id = f.account_id AND s.visibility <= 1 AND NOT s.local_only) AS uses,
		(SELECT MAX(s.created_at) FROM status_tags st JOIN statuses s ON s.id = st.status_id
			WHERE st.tag_id = f.tag_id AND s.account_id = f.account_id AND s.visibility <= 1 AND NOT s.local_only)
	FROM featured_tags f JOIN tags t ON t.id = f.tag_id `

func scanFeaturedTag(w row) (domain.FeaturedTag, error) {
	var f domain.FeaturedTag
	err := w.Scan(&f.ID, &f.Account, &f.Tag.ID, &f.Tag.Name, &f.Tag.Display, &f.StatusesCount, &f.LastStatusAt)
	return f, err
}

// FeaturedTags are the hashtags on the profile of account, most used first.
func (r Reader) FeaturedTags(ctx context.Context, account domain.ID) ([]domain.FeaturedTag, error) {
	return all(ctx, r, scanFeaturedTag, featuredTags+`WHERE f.account_id = $1 ORDER BY uses DESC, f.id`, account)
}

// FeaturedTag is the account's featured hashtag by the id of the tag.
func (r Reader) FeaturedTag(ctx context.Context, account, tag domain.ID) (domain.FeaturedTag, error) {
	return one(ctx, r, scanFeaturedTag, featuredTags+`WHERE f.account_id = $1 AND f.tag_id = $2`, account, tag)
}

// SuggestedTags are the hashtags that account uses most and does not feature.
func (r Reader) SuggestedTags(ctx context.Context, account domain.ID, limit int) ([]domain.Tag, error) {
	return all(ctx, r, scanTag, `SELECT `+tagColumns+` FROM statuses s JOIN status_tags st ON st.status_id = s.id JOIN tags t ON t.id = st.tag_id
		WHERE s.account_id = $1 AND s.visibility <= 1
			AND NOT EXISTS (SELECT 1 FROM featured_tags f WHERE f.account_id = s.account_id AND f.tag_id = t.id)
		GROUP BY t.id, t.name, t.display ORDER BY COUNT(*) DESC, t.name LIMIT $2`, account, limit)
}

// SaveFeaturedTag puts a hashtag on the profile of account.
func (tx *Tx) SaveFeaturedTag(account, tag domain.ID) error {
	_, err := tx.exec(`INSERT INTO featured_tags (id, account_id, tag_id) VALUES ($1, $2, $3) ON CONFLICT (account_id, tag_id) DO NOTHING`,
		tx.NewID(), account, tag)
	return err
}

// DeleteFeaturedTag takes a hashtag off the profile by the id of the entry,
// and returns the tag's; another's is ErrNotFound.
func (tx *Tx) DeleteFeaturedTag(account, id domain.ID) (domain.ID, error) {
	return one(tx.ctx(), tx.Reader, column[domain.ID], `DELETE FROM featured_tags WHERE account_id = $1 AND id = $2 RETURNING tag_id`, account, id)
}
