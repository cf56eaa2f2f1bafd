package store

import (
	"cmp"
	"context"
	"slices"

	"coterie/internal/domain"
)

const emojiColumns = `e.id, e.shortcode, e.domain, e.uri, e.url, e.static_url, e.category, e.updated_at, e.remote_key`

func scanEmoji(w row) (domain.Emoji, error) {
	var e domain.Emoji
	err := w.Scan(&e.ID, &e.Shortcode, &e.Domain, &e.URI, &e.URL, &e.StaticURL, &e.Category, &e.UpdatedAt, &e.Key)
	return e, err
}

// Emojis are those of the domains ("" is here) with these shortcodes, by
// domain and shortcode; missing ones are left out.
func (r Reader) Emojis(ctx context.Context, domains, shortcodes []string) ([]domain.Emoji, error) {
	return all(ctx, r, scanEmoji, `SELECT `+emojiColumns+` FROM emojis e
		WHERE e.domain`+r.inText(1)+` AND e.shortcode`+r.inText(2)+` ORDER BY e.domain, e.shortcode`, domains, shortcodes)
}

// LocalEmojis are those of this community, by shortcode.
func (r Reader) LocalEmojis(ctx context.Context) ([]domain.Emoji, error) {
	return all(ctx, r, scanEmoji, `SELECT `+emojiColumns+` FROM emojis e WHERE e.domain = '' ORDER BY e.shortcode`)
}

// AddEmoji stores an emoji of ours, in place of the one with the same
// shortcode, whose files it returns: names, "" for none.
func (tx *Tx) AddEmoji(e *domain.Emoji) (old domain.Emoji, err error) {
	list, err := tx.Emojis(tx.ctx(), []string{""}, []string{e.Shortcode})
	if err != nil {
		return old, err
	}
	if len(list) > 0 {
		old = list[0]
	}
	_, err = tx.exec(`INSERT INTO emojis (id, shortcode, domain, url, static_url, category, updated_at) VALUES ($1, $2, '', $3, $4, $5, $6)
		ON CONFLICT (domain, shortcode) DO UPDATE SET url = excluded.url, static_url = excluded.static_url, category = excluded.category,
			updated_at = excluded.updated_at`, tx.NewID(), e.Shortcode, e.URL, e.StaticURL, e.Category, tx.now)
	return old, err
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
	if len(list) == 0 {
		return nil
	}
	var domains, codes []string
	for _, e := range list {
		domains, codes = append(domains, e.Domain), append(codes, e.Shortcode)
	}
	known, err := tx.Emojis(tx.ctx(), domains, codes)
	if err != nil {
		return err
	}
	for _, e := range list {
		i := slices.IndexFunc(known, func(k domain.Emoji) bool { return k.Domain == e.Domain && k.Shortcode == e.Shortcode })
		if i >= 0 {
			if k := known[i]; k.URL == e.URL && !k.UpdatedAt.Before(e.UpdatedAt) {
				continue
			}
			if err := tx.ForgetRemote(known[i].Key); err != nil {
				return err
			}
		}
		if err := tx.saveEmoji(e); err != nil {
			return err
		}
	}
	return nil
}

// saveEmoji stores one emoji of another server under a new address of ours.
func (tx *Tx) saveEmoji(e domain.Emoji) error {
	if e.UpdatedAt.IsZero() {
		e.UpdatedAt = tx.Now()
	}
	key, err := tx.AddRemote(domain.RemoteEmoji, e.URL, "")
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO emojis (id, shortcode, domain, uri, url, static_url, category, updated_at, remote_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (domain, shortcode) DO UPDATE SET uri = excluded.uri, url = excluded.url, static_url = excluded.static_url,
			updated_at = excluded.updated_at, remote_key = excluded.remote_key`,
		tx.NewID(), e.Shortcode, e.Domain, e.URI, e.URL, e.StaticURL, e.Category, e.UpdatedAt, key)
	return err
}
