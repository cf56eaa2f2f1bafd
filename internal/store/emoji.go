package store

import (
	"cmp"
	"context"
	"slices"

	"coterie/internal/domain"
)

const emojiColumns = `e.id, e.shortcode, e.domain, e.uri, e.url, e.static_url, e.category, e.updated_at, e.remote_key, e.disabled`

func scanEmoji(w row) (domain.Emoji, error) {
	var e domain.Emoji
	err := w.Scan(&e.ID, &e.Shortcode, &e.Domain, &e.URI, &e.URL, &e.StaticURL, &e.Category, &e.UpdatedAt, &e.Key, &e.Disabled)
	return e, err
}

// Emojis are those of the domains ("" is here) with these shortcodes that are
// in use, by domain and shortcode; missing ones are left out.
func (r Reader) Emojis(ctx context.Context, domains, shortcodes []string) ([]domain.Emoji, error) {
	list, err := r.AnyEmojis(ctx, domains, shortcodes)
	return slices.DeleteFunc(list, func(e domain.Emoji) bool { return e.Disabled }), err
}

// AnyEmojis is Emojis with those that are out of use.
func (r Reader) AnyEmojis(ctx context.Context, domains, shortcodes []string) ([]domain.Emoji, error) {
	return all(ctx, r, scanEmoji, `SELECT `+emojiColumns+` FROM emojis e
		WHERE e.domain`+r.inText(1)+` AND e.shortcode`+r.inText(2)+` ORDER BY e.domain, e.shortcode`, domains, shortcodes)
}

// LocalEmojis are those of this community that are in use, by shortcode.
func (r Reader) LocalEmojis(ctx context.Context) ([]domain.Emoji, error) {
	return all(ctx, r, scanEmoji, `SELECT `+emojiColumns+` FROM emojis e WHERE e.domain = '' AND NOT e.disabled ORDER BY e.shortcode`)
}

// EmojiFilter says which emojis the staff looks for.
type EmojiFilter struct {
	Local  bool   // ours, else those of others
	Domain string // of others: "" is any
	Part   string // of the shortcode, in lower case
}

// FindEmojis are emojis for the staff, those out of use too, by id.
func (r Reader) FindEmojis(ctx context.Context, f EmojiFilter, p domain.Page) ([]domain.Emoji, error) {
	text := func(order string) string {
		return `SELECT ` + emojiColumns + ` FROM emojis e WHERE (e.domain = '') = $1 AND e.id > $2 AND e.id < $3
			AND ($4 = '' OR e.domain = $4) AND ($5 = '' OR replace(lower(e.shortcode), $5, '') <> lower(e.shortcode)) ORDER BY e.id ` + order + ` LIMIT $6`
	}
	return pageOf(ctx, r, p, scanEmoji, text("DESC"), text(""), f.Local, f.Domain, f.Part)
}

// Emoji is the emoji with that id.
func (r Reader) Emoji(ctx context.Context, id domain.ID) (domain.Emoji, error) {
	return one(ctx, r, scanEmoji, `SELECT `+emojiColumns+` FROM emojis e WHERE e.id = $1`, id)
}

// ChangeEmoji stores an emoji's category and whether it is in use.
func (tx *Tx) ChangeEmoji(e domain.Emoji) error {
	return tx.must(`UPDATE emojis SET category = $1, disabled = $2 WHERE id = $3`, e.Category, e.Disabled, e.ID)
}

// DeleteEmoji forgets an emoji.
func (tx *Tx) DeleteEmoji(id domain.ID) error {
	return tx.must(`DELETE FROM emojis WHERE id = $1`, id)
}

// AddEmoji stores an emoji of ours and sets its id, in place of the one with
// the same shortcode, if there is one.
func (tx *Tx) AddEmoji(e *domain.Emoji) error {
	var err error
	e.ID, err = one(tx.ctx(), tx.Reader, column[domain.ID], `INSERT INTO emojis (id, shortcode, domain, url, static_url, category, updated_at)
		VALUES ($1, $2, '', $3, $4, $5, $6)
		ON CONFLICT (domain, shortcode) DO UPDATE SET url = excluded.url, static_url = excluded.static_url, category = excluded.category,
			disabled = FALSE, updated_at = excluded.updated_at RETURNING id`, tx.NewID(), e.Shortcode, e.URL, e.StaticURL, e.Category, tx.now)
	return err
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
	known, err := tx.AnyEmojis(tx.ctx(), domains, codes)
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
