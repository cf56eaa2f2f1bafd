package notify

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// NewPush is what an app says of itself when it subscribes (behaviours 15.1).
type NewPush struct {
	Endpoint string
	Key      string // P-256 point in any kind of base64
	Auth     string // 16 bytes in the same
	Standard bool
	PushWish
}

// PushWish is what it wants to hear.
type PushWish struct {
	Alerts []domain.NotificationType // unknown ones are passed over
	Policy domain.PushPolicy         // "" is all
}

// Subscribe has the app with that token hear of account's notifications from
// now on, in place of what it subscribed to before. bearer is the token's text.
func (s *Service) Subscribe(ctx context.Context, account, token domain.ID, bearer string, n NewPush) (domain.PushSubscription, error) {
	p := domain.PushSubscription{Token: token, Account: account, Endpoint: n.Endpoint, Standard: n.Standard, Bearer: bearer}
	var bad []string
	if s.client.CheckAddress(n.Endpoint) != nil {
		bad = append(bad, "Endpoint must be a public https address")
	}
	var err error
	if p.Key, err = anyBase64(n.Key); err == nil {
		_, err = ecdh.P256().NewPublicKey(p.Key)
	}
	if err != nil {
		bad = append(bad, "Key p256dh is invalid")
	}
	if p.Auth, err = anyBase64(n.Auth); err != nil || len(p.Auth) != 16 {
		bad = append(bad, "Key auth is invalid")
	}
	if len(bad) > 0 {
		return p, domain.Errorf(domain.Invalid, "Validation failed: %s", strings.Join(bad, ", "))
	}
	if p.Alerts, p.Policy, err = n.read(); err != nil {
		return p, err
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error { return tx.SavePushSubscription(&p, domain.MaxPushSubscriptions) })
	return p, err
}

// read checks the wish.
func (w PushWish) read() ([]domain.NotificationType, domain.PushPolicy, error) {
	if w.Policy == "" {
		w.Policy = domain.PushAll
	}
	if !w.Policy.Valid() {
		return nil, "", domain.Errorf(domain.Invalid, "Validation failed: Policy is not included in the list")
	}
	alerts := []domain.NotificationType{}
	for _, t := range domain.NotificationTypes() {
		if slices.Contains(w.Alerts, t) {
			alerts = append(alerts, t)
		}
	}
	return alerts, w.Policy, nil
}

// anyBase64 reads base64 with either alphabet, padded or not.
func anyBase64(s string) ([]byte, error) {
	s = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(strings.TrimSpace(s), "="))
	return base64.RawURLEncoding.DecodeString(s)
}

// PushSubscription is that of an access token.
func (s *Service) PushSubscription(ctx context.Context, token domain.ID) (domain.PushSubscription, error) {
	return s.st.Reader().PushSubscriptionOf(ctx, token)
}

// ChangePush replaces what the app with that token wants to hear.
func (s *Service) ChangePush(ctx context.Context, token domain.ID, w PushWish) (domain.PushSubscription, error) {
	alerts, policy, err := w.read()
	if err != nil {
		return domain.PushSubscription{}, err
	}
	var p domain.PushSubscription
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ChangePushSubscription(token, alerts, policy); err != nil {
			return err
		}
		p, err = tx.PushSubscriptionOf(ctx, token)
		return err
	})
	return p, err
}

// Unsubscribe ends the subscription of an access token. Without one it is no
// error.
func (s *Service) Unsubscribe(ctx context.Context, token domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeletePushSubscriptionOf(token) })
}

// UnsubscribeByTicket ends the subscription that a message named with its
// ticket. A bad ticket is ErrNotFound.
func (s *Service) UnsubscribeByTicket(ctx context.Context, ticket string) error {
	k, err := s.key(ctx)
	if err != nil {
		return err
	}
	id, ok := k.ticketed(ticket)
	if !ok {
		return domain.ErrNotFound
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeletePushSubscription(id) })
}

// pushLater has a notification sent to the apps that asked for its type.
func (s *Service) pushLater(ctx context.Context, tx *store.Tx, n *domain.Notification) error {
	list, err := tx.PushSubscriptions(ctx, n.Account)
	if err != nil {
		return fmt.Errorf("find the push subscriptions: %w", err)
	}
	for _, p := range list {
		if !p.Wants(n.Type) || p.Policy == domain.PushNone {
			continue
		}
		kind := domain.JobPush
		if p.Failures > 0 {
			kind = domain.JobPushAgain
		}
		if _, err := job.Enqueue(tx, kind, domain.PushTask{Subscription: p.ID, Notification: n.ID}); err != nil {
			return err
		}
	}
	return nil
}
