package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const cardColumns = `c.id, c.url, c.state, c.link, c.type, c.title, c.description, c.language, c.provider, c.provider_url, c.authors,
	c.creator_id, c.html, c.embed_url, c.width, c.height, c.image, c.image_key, c.image_description, c.published_at, c.fetched_at`

func cardInto(c *domain.Card) []any {
	return []any{
		&c.ID, &c.URL, (*string)(&c.State), &c.Link, (*string)(&c.Type), &c.Title, &c.Description, &c.Language, &c.Provider, &c.ProviderURL,
		asJSON(&c.Authors), &c.Creator, &c.HTML, &c.EmbedURL, &c.Width, &c.Height, &c.Image, &c.ImageKey, &c.ImageDescription, &c.PublishedAt, &c.FetchedAt,
	}
}

func scanCard(w row) (domain.Card, error) {
	var c domain.Card
	err := w.Scan(cardInto(&c)...)
	return c, err
}

// Card is the card with that id, whatever its state.
func (r Reader) Card(ctx context.Context, id domain.ID) (domain.Card, error) {
	return one(ctx, r, scanCard, `SELECT `+cardColumns+` FROM cards c WHERE c.id = $1`, id)
}

// Cards are the cards with these ids that can be shown, in no order.
func (r Reader) Cards(ctx context.Context, ids []domain.ID) ([]domain.Card, error) {
	return all(ctx, r, scanCard, `SELECT `+cardColumns+` FROM cards c WHERE c.id`+r.in(1)+` AND c.state = $2`, ids, domain.CardShown)
}

// StatusCard is the card of a status.
type StatusCard struct {
	Status domain.ID
	Card   domain.Card
}

// StatusCards are the cards that these statuses show.
func (r Reader) StatusCards(ctx context.Context, statuses []domain.ID) ([]StatusCard, error) {
	return all(ctx, r, func(w row) (StatusCard, error) {
		var s StatusCard
		return s, w.Scan(append([]any{&s.Status}, cardInto(&s.Card)...)...)
	}, `SELECT sc.status_id, `+cardColumns+` FROM status_cards sc JOIN cards c ON c.id = sc.card_id
		WHERE sc.status_id`+r.in(1)+` AND c.state = $2`, statuses, domain.CardShown)
}

// CardStatuses are the newest statuses that have a card, at most limit.
func (r Reader) CardStatuses(ctx context.Context, card domain.ID, limit int) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.id IN (
		SELECT sc.status_id FROM status_cards sc WHERE sc.card_id = $1 ORDER BY sc.status_id DESC LIMIT $2)`, card, limit)
}

// ShowsOther reports whether a status shows media or a quote, beside which
// there is no card (behaviours 8.15).
func (r Reader) ShowsOther(ctx context.Context, status domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM attachments m WHERE m.status_id = $1 AND m.position >= 0 UNION ALL SELECT 1 FROM quotes q WHERE q.status_id = $1`, status)
}

// EnsureCard is the card of an address, made if it is new.
func (tx *Tx) EnsureCard(url string) (domain.Card, error) {
	c, err := one(tx.ctx(), tx.Reader, scanCard, `SELECT `+cardColumns+` FROM cards c WHERE c.url = $1`, url)
	if !domain.Is(err, domain.NotFound) {
		return c, err
	}
	_, err = tx.exec(`INSERT INTO cards (id, url, state) VALUES ($1, $2, $3) ON CONFLICT (url) DO NOTHING`, tx.NewID(), url, domain.CardWaiting)
	if err != nil {
		return c, err
	}
	return one(tx.ctx(), tx.Reader, scanCard, `SELECT `+cardColumns+` FROM cards c WHERE c.url = $1`, url)
}

// SetCard gives a status the card, and reports whether it had another or none.
func (tx *Tx) SetCard(status, card domain.ID) (changed bool, err error) {
	n, err := tx.exec(`INSERT INTO status_cards (status_id, card_id) VALUES ($1, $2)
		ON CONFLICT (status_id) DO UPDATE SET card_id = excluded.card_id WHERE status_cards.card_id <> excluded.card_id`, status, card)
	return n > 0, err
}

// UnsetCard takes the card from a status, and reports whether it had one.
func (tx *Tx) UnsetCard(status domain.ID) (changed bool, err error) {
	n, err := tx.exec(`DELETE FROM status_cards WHERE status_id = $1`, status)
	return n > 0, err
}

// SaveCard stores what its page says now.
func (tx *Tx) SaveCard(c *domain.Card) error {
	was, err := tx.Card(tx.ctx(), c.ID)
	if err != nil {
		return err
	}
	if c.ImageKey = was.ImageKey; was.Image != c.Image || c.ImageKey == "" {
		if err := tx.ForgetRemote(was.ImageKey); err != nil {
			return err
		}
		if c.ImageKey, err = tx.AddRemote(domain.RemoteCard, c.Image, ""); err != nil {
			return err
		}
	}
	return tx.must(`UPDATE cards SET state = $1, link = $2, type = $3, title = $4, description = $5, language = $6, provider = $7,
			provider_url = $8, authors = $9, creator_id = $10, html = $11, embed_url = $12, width = $13, height = $14, image = $15,
			image_description = $16, published_at = $17, fetched_at = $18, image_key = $19
		WHERE id = $20`,
		c.State, c.Link, c.Type, c.Title, c.Description, c.Language, c.Provider, c.ProviderURL, asJSON(list(c.Authors)), nullID(c.Creator),
		c.HTML, c.EmbedURL, c.Width, c.Height, c.Image, c.ImageDescription, c.PublishedAt, c.FetchedAt, c.ImageKey, c.ID)
}

// TouchCard raises the revision of every status that shows the card.
func (tx *Tx) TouchCard(card domain.ID) error {
	_, err := tx.exec(`UPDATE statuses SET rev = rev + 1 WHERE id IN (SELECT sc.status_id FROM status_cards sc WHERE sc.card_id = $1)`, card)
	return err
}

// ForgetCards drops at most limit cards that were fetched before a time, that
// no status shows and about which the staff decided nothing, and returns how
// many.
func (tx *Tx) ForgetCards(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM cards WHERE id IN (SELECT c.id FROM cards c WHERE c.fetched_at < $1
		AND NOT EXISTS (SELECT 1 FROM status_cards sc WHERE sc.card_id = c.id)
		AND NOT EXISTS (SELECT 1 FROM trend_reviews v WHERE v.kind = 'link' AND v.item_id = c.id) ORDER BY c.fetched_at LIMIT $2)`, before, limit)
}
