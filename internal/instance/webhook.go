package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
)

// The commands about webhooks, their arguments and results.
type (
	// WebhookAdd is "webhook add".
	WebhookAdd struct {
		URL    string                `json:"url"`
		Events []domain.WebhookEvent `json:"events"`
	}
	// WebhookChange is "webhook enable" and "webhook disable".
	WebhookChange struct {
		ID      domain.ID `json:"id"`
		Enabled bool      `json:"enabled"`
	}
	// WebhookOne is "webhook rotate" and "webhook remove".
	WebhookOne struct {
		ID domain.ID `json:"id"`
	}
	// Webhook is the result of all but the last, and one line of that of
	// "webhook list", which has no secrets.
	Webhook struct {
		ID      domain.ID             `json:"id"`
		URL     string                `json:"url"`
		Events  []domain.WebhookEvent `json:"events"`
		Enabled bool                  `json:"enabled"`
		Secret  string                `json:"secret,omitempty"`
		Error   string                `json:"error,omitempty"`
		TriedAt time.Time             `json:"tried_at,omitzero"`
	}
)

// webhook runs the commands about webhooks; done is false for any other.
func (in *Instance) webhook(ctx context.Context, verb string, args json.RawMessage) (v any, done bool, err error) {
	switch verb {
	case "webhook list":
		v, err = in.WebhookList(ctx)
	case "webhook add":
		v, err = command(args, func(a WebhookAdd) (Webhook, error) { return in.WebhookAdd(ctx, a) })
	case "webhook change":
		v, err = command(args, func(a WebhookChange) (Webhook, error) {
			h, err := in.moderation.ChangeWebhook(ctx, 0, a.ID, nil, &a.Enabled)
			return shownWebhook(&h, false), err
		})
	case "webhook rotate":
		v, err = command(args, func(a WebhookOne) (Webhook, error) {
			h, err := in.moderation.RotateSecret(ctx, 0, a.ID)
			return shownWebhook(&h, true), err
		})
	case "webhook remove":
		v, err = command(args, func(a WebhookOne) (struct{}, error) { return struct{}{}, in.moderation.RemoveWebhook(ctx, 0, a.ID) })
	default:
		return nil, false, nil
	}
	return v, true, err
}

// WebhookAdd tells an address of events from now on.
func (in *Instance) WebhookAdd(ctx context.Context, c WebhookAdd) (Webhook, error) {
	h, err := in.moderation.AddWebhook(ctx, 0, c.URL, c.Events)
	return shownWebhook(&h, true), err
}

// WebhookList are all webhooks.
func (in *Instance) WebhookList(ctx context.Context) ([]Webhook, error) {
	list, err := in.moderation.ListWebhooks(ctx)
	out := []Webhook{}
	for i := range list {
		out = append(out, shownWebhook(&list[i], false))
	}
	return out, err
}

func shownWebhook(h *domain.Webhook, open bool) Webhook {
	w := Webhook{ID: h.ID, URL: h.URL, Events: h.Events, Enabled: h.Enabled, Error: h.Error, TriedAt: h.TriedAt}
	if open {
		w.Secret = h.Secret
	}
	return w
}
