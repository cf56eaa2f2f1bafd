package store

import (
	"context"

	"coterie/internal/domain"
)

const searchIndexKey = "search_index"

// SearchIndex is how far the search words of all posts are; before the first
// SaveSearchIndex it is the zero value.
func (r Reader) SearchIndex(ctx context.Context) (domain.SearchIndex, error) {
	x, err := one(ctx, r, func(w row) (domain.SearchIndex, error) {
		var x domain.SearchIndex
		return x, w.Scan(asJSON(&x))
	}, `SELECT value FROM settings WHERE key = $1`, searchIndexKey)
	if domain.Is(err, domain.NotFound) {
		return domain.SearchIndex{}, nil
	}
	return x, err
}

// SaveSearchIndex replaces it.
func (tx *Tx) SaveSearchIndex(x domain.SearchIndex) error {
	_, err := tx.exec(`INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		searchIndexKey, asJSON(x))
	return err
}

// CountIndexed is how many posts have words, or might have.
func (r Reader) CountIndexed(ctx context.Context) (int64, error) {
	return one(ctx, r, column[int64], `SELECT COUNT(*) FROM statuses WHERE reblog_of_id IS NULL`)
}

// IndexedText is what a post is searched by, and the words made of it.
type IndexedText struct {
	ID      domain.ID
	Local   bool
	Poll    domain.ID
	Spoiler string
	Text    string // of a local post, as typed
	Content string // of another, HTML
	Words   string
}

// IndexedTexts are posts with smaller ids, newest first, without boosts.
func (r Reader) IndexedTexts(ctx context.Context, before domain.ID, limit int) ([]IndexedText, error) {
	return all(ctx, r, func(w row) (IndexedText, error) {
		var x IndexedText
		return x, w.Scan(&x.ID, &x.Local, &x.Poll, &x.Spoiler, &x.Text, &x.Content, &x.Words)
	}, `SELECT s.id, s.local, COALESCE(s.poll_id, 0), s.spoiler, s.text, s.content, s.words FROM statuses s
		WHERE s.id < $1 AND s.reblog_of_id IS NULL ORDER BY s.id DESC LIMIT $2`, before, limit)
}

// SetWords gives a post other search words, unless it got new ones meanwhile
// or is gone.
func (tx *Tx) SetWords(id domain.ID, old, words string) error {
	_, err := tx.exec(`UPDATE statuses SET words = $1 WHERE id = $2 AND words = $3`, words, id, old)
	return err
}
