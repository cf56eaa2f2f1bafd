// Package notify decides what an account hears of what others did, and keeps
// it (behaviours 13). Level 5: fanout, surfaces and instance may import it.
// A Service is safe for concurrent use.
package notify

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Service holds the verbs.
type Service struct {
	st      *store.Store
	pushKey atomic.Pointer[string] // public half, nil until read
}

// New makes the service.
func New(st *store.Store) *Service { return &Service{st: st} }

// Tell stores a notification for n.Account that n.From did n.Type to
// n.Status, unless one of the rules drops it. It reports whether anything new
// was stored.
func (s *Service) Tell(ctx context.Context, tx *store.Tx, n domain.Notification) (bool, error) {
	if n.Account == n.From && n.Type != domain.NotifyPoll {
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
	private, err := s.private(ctx, tx, n)
	if err != nil {
		return false, err
	}
	n.Filtered = filtered(n, k, private)
	if !n.Filtered {
		if n.GroupKey, err = groupKey(tx, n); err != nil {
			return false, fmt.Errorf("find the group: %w", err)
		}
	}
	isNew, err := tx.InsertNotification(&n)
	if err != nil {
		return false, fmt.Errorf("insert the notification: %w", err)
	}
	return isNew, nil
}

// dropped are the rules of behaviours 13.3.
func dropped(n domain.Notification, k store.Standing) bool {
	switch {
	case !k.Recipient, k.SenderGone, !k.Visible:
		return true
	case n.Type == domain.NotifyPoll, n.Type == domain.NotifyAdminSignUp, n.Type == domain.NotifyAdminReport:
		return false
	case k.Blocks, k.Mutes, k.MutesThread, k.HidesDomain && !k.Follows:
		return true
	}
	return n.Type == domain.NotifyMention && k.NamesHidden
}

// filtered is the notification policy that everybody begins with (behaviours
// 13.4): private mentions by strangers and what limited accounts do are put
// aside.
func filtered(n domain.Notification, k store.Standing, private bool) bool {
	switch n.Type {
	case domain.NotifyMention:
		return !k.Follows && (k.SenderLimit || private && !k.Answers)
	case domain.NotifyQuote, domain.NotifyReblog, domain.NotifyFavourite, domain.NotifyFollow, domain.NotifyFollowRequest:
		return k.SenderLimit && !k.Follows
	}
	return false
}

func (s *Service) private(ctx context.Context, tx *store.Tx, n domain.Notification) (bool, error) {
	if n.Type != domain.NotifyMention {
		return false, nil
	}
	status, err := tx.AnyStatus(ctx, n.Status)
	if err != nil {
		return false, fmt.Errorf("look up the status: %w", err)
	}
	return status.Visibility == domain.Direct, nil
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

// Dismiss removes one notification of account.
func (s *Service) Dismiss(ctx context.Context, account, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeleteNotification(account, id) })
}
