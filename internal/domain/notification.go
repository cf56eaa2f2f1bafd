package domain

import (
	"strings"
	"time"
)

// NotificationType is the API's word for what happened (behaviours 13.1).
type NotificationType string

const (
	NotifyMention       NotificationType = "mention"
	NotifyStatus        NotificationType = "status"
	NotifyReblog        NotificationType = "reblog"
	NotifyFollow        NotificationType = "follow"
	NotifyFollowRequest NotificationType = "follow_request"
	NotifyFavourite     NotificationType = "favourite"
	NotifyPoll          NotificationType = "poll"
	NotifyUpdate        NotificationType = "update"
	NotifyQuote         NotificationType = "quote"
	NotifyQuotedUpdate  NotificationType = "quoted_update"
	NotifyAdminSignUp   NotificationType = "admin.sign_up"
	NotifyAdminReport   NotificationType = "admin.report"
	NotifyAdminAppeal   NotificationType = "admin.appeal"
	NotifyAdminWave     NotificationType = "admin.spam_wave"
	NotifySevered       NotificationType = "severed_relationships"
	NotifyWarned        NotificationType = "moderation_warning"

	NotifyCollected        NotificationType = "added_to_collection"
	NotifyCollectionUpdate NotificationType = "collection_update"
)

// NotificationTypes are all that are told, in the API's order.
func NotificationTypes() []NotificationType {
	return []NotificationType{
		NotifyMention, NotifyStatus, NotifyReblog, NotifyFollow, NotifyFollowRequest, NotifyFavourite, NotifyPoll,
		NotifyUpdate, NotifyQuote, NotifyQuotedUpdate, NotifyAdminSignUp, NotifyAdminReport, NotifyAdminAppeal, NotifyAdminWave,
		NotifySevered, NotifyWarned,
		NotifyCollected, NotifyCollectionUpdate,
	}
}

// Baseline reports whether every app may be expected to know the type; others
// have a fallback for those that do not (behaviours 13.2).
func (t NotificationType) Baseline() bool {
	switch t {
	case NotifyAdminSignUp, NotifyAdminReport, NotifyAdminAppeal, NotifyAdminWave, NotifySevered, NotifyWarned, NotifyCollected, NotifyCollectionUpdate:
		return false
	}
	return true
}

// Grouped reports whether several of the type are shown as one (behaviours 13.6).
func (t NotificationType) Grouped() bool {
	switch t {
	case NotifyFavourite, NotifyReblog, NotifyFollow, NotifyAdminSignUp:
		return true
	}
	return false
}

// GroupedTypes are the types that are shown together.
func GroupedTypes() []NotificationType {
	return []NotificationType{NotifyFavourite, NotifyReblog, NotifyFollow, NotifyAdminSignUp}
}

// Filterable reports whether the policy of the recipient has a say on the type
// (behaviours 13.4).
func (t NotificationType) Filterable() bool {
	switch t {
	case NotifyMention, NotifyQuote, NotifyReblog, NotifyFavourite, NotifyFollow, NotifyFollowRequest, NotifyCollected:
		return true
	}
	return false
}

// Asks reports whether a notification of the type that was put aside asks its
// recipient to let the sender through (behaviours 13.5).
func (t NotificationType) Asks() bool { return t == NotifyMention || t == NotifyQuote }

// ForStaff reports whether the type is for those who run the community, who
// hear of it whomever they have blocked.
func (t NotificationType) ForStaff() bool {
	switch t {
	case NotifyAdminSignUp, NotifyAdminReport, NotifyAdminAppeal, NotifyAdminWave:
		return true
	}
	return false
}

// OnesOwn reports whether the type is of the recipient itself rather than of
// somebody else: such have it as their sender (behaviours 13.3).
func (t NotificationType) OnesOwn() bool {
	return t == NotifyPoll || t == NotifySevered || t == NotifyWarned
}

// Ungrouped is the key of a notification that stands alone.
func Ungrouped(id ID) string { return ungroupedPrefix + id.String() }

// UngroupedID is the notification that a key of Ungrouped names.
func UngroupedID(key string) (ID, bool) {
	text, ok := strings.CutPrefix(key, ungroupedPrefix)
	if !ok {
		return 0, false
	}
	return ParseID(text)
}

const ungroupedPrefix = "ungrouped-"

// Notification tells Account that From did something.
type Notification struct {
	ID        ID
	Account   ID
	From      ID
	Type      NotificationType
	Status    ID
	Report    ID
	Severance ID
	Strike    ID
	Filtered  bool
	GroupKey  string
	CreatedAt time.Time

	Collection ID
}

// NotificationGroup is what a page shows of the notifications with one key.
type NotificationGroup struct {
	Key    string
	Newest Notification // of those up to the page's upper end
	Count  int          // of the same
	// Senders are the newest ones, newest first.
	Senders []ID
	// PageMin is the oldest of the group's within the page; 0 outside of pages.
	PageMin ID
}

// MaxSampledSenders is how many senders of a group are named.
const MaxSampledSenders = 8

// Verdict is what becomes of a notification.
type Verdict string

const (
	VerdictAccept Verdict = "accept"
	VerdictFilter Verdict = "filter" // put aside
	VerdictDrop   Verdict = "drop"
)

// Valid reports whether v is one of the three.
func (v Verdict) Valid() bool { return v == VerdictAccept || v == VerdictFilter || v == VerdictDrop }

// NotificationPolicy is what an account decided about those it does not know
// (behaviours 13.4).
type NotificationPolicy struct {
	NotFollowing    Verdict
	NotFollowers    Verdict
	NewAccounts     Verdict
	PrivateMentions Verdict
	LimitedAccounts Verdict
	Bots            Verdict
}

// DefaultNotificationPolicy is the one that everybody begins with.
func DefaultNotificationPolicy() NotificationPolicy {
	return NotificationPolicy{
		NotFollowing: VerdictAccept, NotFollowers: VerdictAccept, NewAccounts: VerdictAccept,
		PrivateMentions: VerdictFilter, LimitedAccounts: VerdictFilter, Bots: VerdictAccept,
	}
}

// Sender is how somebody who causes a notification stands to its recipient.
type Sender struct {
	Followed     bool      // by the recipient
	FollowedBack time.Time // since when it follows the recipient; zero: it does not
	Since        time.Time // when its account was made
	Limited      bool
	Bot          bool
	Permitted    bool // the recipient accepted a request of it
	Private      bool // it is a private mention that answers nothing of the recipient's
}

// For how long a follower or an account counts as new.
const (
	newFollower = 3 * 24 * time.Hour
	newAccount  = 30 * 24 * time.Hour
)

// Verdict is the strictest word of the policy on the sender.
func (p NotificationPolicy) Verdict(s Sender, now time.Time) Verdict {
	if s.Permitted {
		return VerdictAccept
	}
	verdict := VerdictAccept
	hear := func(applies bool, v Verdict) {
		if applies && (v == VerdictDrop || v == VerdictFilter && verdict == VerdictAccept) {
			verdict = v
		}
	}
	hear(s.FollowedBack.IsZero() || now.Sub(s.FollowedBack) < newFollower, p.NotFollowers)
	if !s.Followed {
		hear(true, p.NotFollowing)
		hear(now.Sub(s.Since) < newAccount, p.NewAccounts)
		hear(s.Private, p.PrivateMentions)
		hear(s.Limited, p.LimitedAccounts)
		hear(s.Bot, p.Bots)
	}
	return verdict
}

// NotificationRequest asks Account to let From's notifications through, which
// were put aside (behaviours 13.5).
type NotificationRequest struct {
	ID         ID
	Account    ID
	From       ID
	LastStatus ID  // 0: none is left
	Count      int // at most MaxRequestCount
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Up to where waiting requests and their notifications are counted.
const (
	MaxRequestCount = 100
	MaxPendingCount = 1000
)

// PendingNotifications is how much waits to be let through.
type PendingNotifications struct {
	Requests      int
	Notifications int
}
