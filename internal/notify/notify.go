// Package notify decides what an account hears of what others did, keeps it
// (behaviours 13), pushes it to apps that do not run (behaviours 15), and mails
// it where no app does; it writes every other mail, too, and tells webhooks.
// Level 5: fanout, surfaces and instance may import it. A Service is safe for
// concurrent use.
package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/mail"
	"coterie/internal/store"
)

// Config is what a Service needs. All but Mail must be given.
type Config struct {
	Store *store.Store
	// Client posts to push services and to nothing else, so that what many
	// apps share is not held up by one of them.
	Client *fetch.Client
	// Peers posts to webhooks.
	Peers *fetch.Client
	URLs  domain.URLs
	// Webhooks are all of them, remembered. Object is what one is told of: an
	// account, a report or a status; ErrNotFound where there is nothing to tell.
	Webhooks func(ctx context.Context) ([]domain.Webhook, error)
	Object   func(ctx context.Context, event domain.WebhookEvent, id domain.ID) (json.RawMessage, error)
	// Mail is the mail server, nil for none. Listens reports whether an app of
	// an account follows what happens at the moment.
	Mail    *mail.Server
	Listens func(account domain.ID) bool
	Log     *slog.Logger
}

// Service holds the verbs.
type Service struct {
	st         *store.Store
	client     *fetch.Client
	peers      *fetch.Client
	mailer     *mail.Server
	listens    func(account domain.ID) bool
	urls       domain.URLs
	log        *slog.Logger
	webhooks   func(ctx context.Context) ([]domain.Webhook, error)
	hookObject func(ctx context.Context, event domain.WebhookEvent, id domain.ID) (json.RawMessage, error)
	pushKey    atomic.Pointer[pushKey] // nil until read
}

// New makes the service.
func New(c Config) *Service {
	return &Service{
		st: c.Store, client: c.Client, peers: c.Peers, mailer: c.Mail, listens: c.Listens, urls: c.URLs, log: c.Log,
		webhooks: c.Webhooks, hookObject: c.Object,
	}
}

// Tell stores a notification for n.Account that n.From did n.Type to
// n.Status, unless one of the rules drops it. It reports whether anything new
// was stored.
func (s *Service) Tell(ctx context.Context, tx *store.Tx, n domain.Notification) (bool, error) {
	if n.Account == n.From && !n.Type.OnesOwn() {
		return false, nil
	}
	k, err := tx.Standing(ctx, n.Account, n.From, n.Status, tx.Now())
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look how %s stands to %s: %w", n.From, n.Account, err)
	}
	if dropped(n, k) {
		return false, nil
	}
	switch verdict, err := s.verdict(ctx, tx, n, k); {
	case err != nil:
		return false, err
	case verdict == domain.VerdictDrop:
		return false, nil
	default:
		n.Filtered = verdict == domain.VerdictFilter
	}
	return s.keep(ctx, tx, n)
}

// keep stores the notification and has it pushed, or asks to let it through.
func (s *Service) keep(ctx context.Context, tx *store.Tx, n domain.Notification) (bool, error) {
	var err error
	if !n.Filtered {
		if n.GroupKey, err = groupKey(tx, n); err != nil {
			return false, fmt.Errorf("find the group: %w", err)
		}
	}
	isNew, err := tx.InsertNotification(&n)
	if err != nil {
		return false, fmt.Errorf("insert the notification: %w", err)
	}
	switch {
	case !isNew:
	case !n.Filtered:
		if err := tx.Publish(domain.Ref{Event: domain.EventNotified, Account: n.Account, Object: n.ID}); err != nil {
			return false, err
		}
		if err := s.pushLater(ctx, tx, &n); err != nil {
			return false, err
		}
		err = s.mailNotice(ctx, tx, &n)
	case n.Type.Asks():
		err = tx.AskNotification(n.Account, n.From)
	}
	return isNew, err
}

// dropped are the rules of behaviours 13.3.
func dropped(n domain.Notification, k store.Standing) bool {
	switch {
	case !k.Recipient, k.SenderGone, !k.Visible:
		return true
	case n.Type.OnesOwn(), n.Type.ForStaff():
		return false
	case n.Type.Asks() && k.SenderPosition > 0 && k.SenderPosition > k.RecipientPosition:
		return false // what the staff writes is heard
	case k.Blocks, k.Mutes, k.MutesThread, k.HidesDomain && !k.Sender.Followed:
		return true
	}
	return n.Type == domain.NotifyMention && k.NamesHidden
}

// verdict is the recipient's policy on the notification (behaviours 13.4).
func (s *Service) verdict(ctx context.Context, tx *store.Tx, n domain.Notification, k store.Standing) (domain.Verdict, error) {
	if !n.Type.Filterable() {
		return domain.VerdictAccept, nil
	}
	if n.Type == domain.NotifyMention && !k.Answers {
		status, err := tx.AnyStatus(ctx, n.Status)
		if err != nil {
			return "", fmt.Errorf("look up the status: %w", err)
		}
		k.Sender.Private = status.Visibility == domain.Direct
	}
	return k.Policy.Verdict(k.Sender, tx.Now()), nil
}

// groupSpan is how long after the start of its hour a group takes in more.
const groupSpan = 12 * time.Hour

// groupKey is fixed when the notification is made (behaviours 13.6); "" means
// that it stands alone.
func groupKey(tx *store.Tx, n domain.Notification) (string, error) {
	var prefix string
	switch n.Type {
	case domain.NotifyFavourite, domain.NotifyReblog:
		prefix = string(n.Type) + "-" + n.Status.String() + "-"
	case domain.NotifyFollow, domain.NotifyAdminSignUp:
		prefix = string(n.Type) + "-"
	default:
		return "", nil
	}
	old, err := tx.GroupSince(n.Account, n.Type, groupStatus(n), tx.Now().Add(-groupSpan))
	if err != nil {
		return "", err
	}
	if len(old) > len(prefix) && old[:len(prefix)] == prefix {
		hour, err := strconv.ParseInt(old[len(prefix):], 10, 64)
		if err == nil && tx.Now().Sub(time.Unix(hour*3600, 0)) < groupSpan {
			return old, nil
		}
	}
	return prefix + strconv.FormatInt(tx.Now().Unix()/3600, 10), nil
}

func groupStatus(n domain.Notification) domain.ID {
	if n.Type == domain.NotifyFavourite || n.Type == domain.NotifyReblog {
		return n.Status
	}
	return 0
}

// Clear removes all notifications of account.
func (s *Service) Clear(ctx context.Context, account domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeleteNotifications(account) })
}

// DismissAll removes those of these notifications that are account's.
func (s *Service) DismissAll(ctx context.Context, account domain.ID, ids []domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeleteNotificationsByID(account, ids) })
}

// DismissGroup removes the notifications of account's group.
func (s *Service) DismissGroup(ctx context.Context, account domain.ID, key string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeleteNotificationGroup(account, key) })
}

// Dismiss removes one notification of account.
func (s *Service) Dismiss(ctx context.Context, account, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeleteNotification(account, id) })
}
