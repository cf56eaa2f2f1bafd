package store

import (
	"context"

	"coterie/internal/domain"
)

const webhookColumns = `h.id, h.url, h.events, h.secret, h.enabled, h.error, h.tried_at, h.created_at`

func scanWebhook(w row) (domain.Webhook, error) {
	var h domain.Webhook
	return h, w.Scan(&h.ID, &h.URL, asJSON(&h.Events), &h.Secret, &h.Enabled, &h.Error, &h.TriedAt, &h.CreatedAt)
}

// Webhooks are all of them, oldest first.
func (r Reader) Webhooks(ctx context.Context) ([]domain.Webhook, error) {
	return all(ctx, r, scanWebhook, `SELECT `+webhookColumns+` FROM webhooks h ORDER BY h.id`)
}

// Webhook is the one with that id.
func (r Reader) Webhook(ctx context.Context, id domain.ID) (domain.Webhook, error) {
	return one(ctx, r, scanWebhook, `SELECT `+webhookColumns+` FROM webhooks h WHERE h.id = $1`, id)
}

// InsertWebhook stores one and gives it id and time. An address that hears
// already is Conflict.
func (tx *Tx) InsertWebhook(h *domain.Webhook) error {
	h.ID, h.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO webhooks (id, url, events, secret, enabled, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (url) DO NOTHING`,
		h.ID, h.URL, asJSON(h.Events), h.Secret, h.Enabled, h.CreatedAt)
	if err == nil && n == 0 {
		err = domain.Errorf(domain.Conflict, "There is a webhook of this address already.")
	}
	return err
}

// SaveWebhook stores what it hears of, its secret, and whether it does.
func (tx *Tx) SaveWebhook(h *domain.Webhook) error {
	return tx.must(`UPDATE webhooks SET events = $1, secret = $2, enabled = $3 WHERE id = $4`, asJSON(h.Events), h.Secret, h.Enabled, h.ID)
}

// WebhookTried notes what a delivery came to.
func (tx *Tx) WebhookTried(id domain.ID, failure string) error {
	_, err := tx.exec(`UPDATE webhooks SET error = $1, tried_at = $2 WHERE id = $3`, failure, tx.Now(), id)
	return err
}

// DeleteWebhook removes it.
func (tx *Tx) DeleteWebhook(id domain.ID) error {
	return tx.must(`DELETE FROM webhooks WHERE id = $1`, id)
}
