package render

import "coterie/internal/domain"

// Webhook is an address that hears of what happens, with its secret or not.
func Webhook(h *domain.Webhook, open bool) any {
	e := struct {
		ID        domain.ID             `json:"id"`
		URL       string                `json:"url"`
		Events    []domain.WebhookEvent `json:"events"`
		Enabled   bool                  `json:"enabled"`
		Secret    string                `json:"secret,omitempty"`
		Error     *string               `json:"error"`
		TriedAt   *string               `json:"tried_at"`
		CreatedAt string                `json:"created_at"`
	}{
		ID: h.ID, URL: h.URL, Events: h.Events, Enabled: h.Enabled, Error: textOrNull(h.Error), TriedAt: orNull(h.TriedAt), CreatedAt: timestamp(h.CreatedAt),
	}
	if open {
		e.Secret = h.Secret
	}
	return e
}
