package store

import (
	"cmp"
	"context"
	"slices"

	"coterie/internal/domain"
)

const emojiColumns = `e.id, e.shortcode, e.domain, e.uri, e.url, e.static_url, e.category, e.updated_at`

func scanEmoji(w row) (domain.Emoji, error) {
	var e domain.Emoji
	err := w.Scan(&e.ID, &e.Shortcode, &e.Domain, &e.URI, &e.URL, &e.StaticURL, &e.Category, &e.UpdatedAt)
	return e, err
}

// Emojis are those of the domains ("" is here) with these shortcodes, by
// domain and shortcode; missing ones are left out.
func (r Reader) Emojis(ctx context.Context, domains, shortcodes []string) ([]domain.Emoji, error) {
	return all(ctx, r, scanEmoji, `SELECT `+emojiColumns+` FROM emojis e
		WHERE e.domain`+r.inText(1)+` AND e.shortcode`+r.inText(2)+` ORDER BY e.domain, e.shortcode`, domains, shortcodes)
}

// SaveEmojis stores emojis, or what changed about those that are known. One
// whose UpdatedAt is not later and whose address is the same stays as it is
// (facts 10).
func (tx *Tx) SaveEmojis(list []domain.Emoji) error {
	// In order, so that concurrent transactions wait instead of deadlocking.
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b domain.Emoji) int {
		return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Shortcode, b.Shortcode))
	})
	for _, e := range list {
		at := e.UpdatedAt
		if at.IsZero() {
			at = tx.Now()
		}
		_, err := tx.exec(`INSERT INTO emojis (id, shortcode, domain, uri, url, static_url, category, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (domain, shortcode) DO UPDATE SET uri = excluded.uri, url = excluded.url, static_url = excluded.static_url,
				updated_at = excluded.updated_at WHERE emojis.url <> excluded.url OR emojis.updated_at < $9`,
			tx.NewID(), e.Shortcode, e.Domain, e.URI, e.URL, e.StaticURL, e.Category, at, e.UpdatedAt.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}
