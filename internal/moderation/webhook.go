package moderation

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Webhooks are all of them, oldest first, remembered without what became of
// deliveries. The caller does not change the slice.
func (s *Service) Webhooks(ctx context.Context) ([]domain.Webhook, error) {
	return recall(s, func(m *memory) *[]domain.Webhook { return m.webhooks },
		func(m *memory, v *[]domain.Webhook) { m.webhooks = v },
		func() ([]domain.Webhook, error) { return s.st.Reader().Webhooks(ctx) })
}

// ListWebhooks are all of them, with what their last deliveries came to.
func (s *Service) ListWebhooks(ctx context.Context) ([]domain.Webhook, error) {
	return s.st.Reader().Webhooks(ctx)
}

// AddWebhook tells an address of these events from now on.
func (s *Service) AddWebhook(ctx context.Context, by domain.ID, address string, events []domain.WebhookEvent) (domain.Webhook, error) {
	h := domain.Webhook{URL: strings.TrimSpace(address), Events: events, Secret: newSecret(), Enabled: true}
	if u, err := url.Parse(h.URL); err != nil || u.User != nil || u.Host == "" || s.client.CheckAddress(h.URL) != nil {
		return h, domain.Errorf(domain.Invalid, "Validation failed: Url must be a public https address")
	}
	return h, s.onWebhooks(ctx, by, "create", func(tx *store.Tx, who staff) (*domain.Webhook, error) {
		if err := who.mayHear(&h); err != nil {
			return nil, err
		}
		list, err := tx.Webhooks(ctx)
		if err != nil {
			return nil, err
		}
		if len(list) >= domain.MaxWebhooks {
			return nil, domain.Errorf(domain.Invalid, "Validation failed: There are at most %d webhooks", domain.MaxWebhooks)
		}
		return &h, tx.InsertWebhook(&h)
	})
}

// newSecret is drawn like Mastodon's.
func newSecret() string {
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// mayHear holds who has a webhook to what they may know, and sorts its events.
func (s staff) mayHear(h *domain.Webhook) error {
	slices.Sort(h.Events)
	h.Events = slices.Compact(h.Events)
	if len(h.Events) == 0 {
		return domain.Errorf(domain.Invalid, "Validation failed: Events can't be blank")
	}
	for _, e := range h.Events {
		if e.Needs() == 0 {
			return domain.Errorf(domain.Invalid, "Validation failed: Events is invalid")
		}
		if !s.role.May(e.Needs()) {
			return errRank
		}
	}
	return nil
}

// ChangeWebhook changes what a webhook hears of, and whether it does; nil
// leaves that.
func (s *Service) ChangeWebhook(ctx context.Context, by, id domain.ID, events *[]domain.WebhookEvent, enabled *bool) (domain.Webhook, error) {
	return s.changeWebhook(ctx, by, id, "update", func(h *domain.Webhook) {
		if events != nil {
			h.Events = *events
		}
		if enabled != nil {
			h.Enabled = *enabled
		}
	})
}

// RotateSecret gives a webhook another secret; the old one is void at once.
func (s *Service) RotateSecret(ctx context.Context, by, id domain.ID) (domain.Webhook, error) {
	secret := newSecret()
	return s.changeWebhook(ctx, by, id, "rotate", func(h *domain.Webhook) { h.Secret = secret })
}

func (s *Service) changeWebhook(ctx context.Context, by, id domain.ID, verb string, change func(*domain.Webhook)) (domain.Webhook, error) {
	var h domain.Webhook
	return h, s.onWebhooks(ctx, by, verb, func(tx *store.Tx, who staff) (*domain.Webhook, error) {
		var err error
		if h, err = tx.Webhook(ctx, id); err != nil {
			return nil, err
		}
		change(&h)
		if err := who.mayHear(&h); err != nil {
			return nil, err
		}
		return &h, tx.SaveWebhook(&h)
	})
}

// RemoveWebhook ends what an address hears.
func (s *Service) RemoveWebhook(ctx context.Context, by, id domain.ID) error {
	return s.onWebhooks(ctx, by, "destroy", func(tx *store.Tx, _ staff) (*domain.Webhook, error) {
		h, err := tx.Webhook(ctx, id)
		if err != nil {
			return nil, err
		}
		return &h, tx.DeleteWebhook(id)
	})
}

func (s *Service) onWebhooks(ctx context.Context, by domain.ID, verb string, do func(*store.Tx, staff) (*domain.Webhook, error)) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageWebhooks)
		if err != nil {
			return err
		}
		h, err := do(tx, who)
		if err != nil {
			return err
		}
		tx.Notify(store.TopicSettings, "")
		return who.log(tx, verb, "webhook", h.ID, h.URL, "")
	})
}
