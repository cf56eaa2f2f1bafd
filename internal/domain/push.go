package domain

import (
	"slices"
	"time"
)

// PushPolicy says whose notifications are pushed.
type PushPolicy string

const (
	PushAll      PushPolicy = "all"
	PushFollowed PushPolicy = "followed" // of those the recipient follows
	PushFollower PushPolicy = "follower" // of those who follow the recipient
	PushNone     PushPolicy = "none"
)

// Valid reports whether p is one of the four.
func (p PushPolicy) Valid() bool {
	return p == PushAll || p == PushFollowed || p == PushFollower || p == PushNone
}

// PushSubscription is where an app wants to hear of notifications when it does
// not run, one for each access token (behaviours 15).
type PushSubscription struct {
	ID       ID
	Token    ID
	Account  ID
	Endpoint string
	Key      []byte // the app's P-256 point, uncompressed
	Auth     []byte // the secret it shares with us, 16 bytes
	Standard bool   // RFC 8291; else the draft that most relays still speak
	Alerts   []NotificationType
	Policy   PushPolicy
	// Bearer is the text of the access token: messages carry it, so that apps
	// with several accounts know whose they are. It is kept nowhere else.
	Bearer    string
	Failures  int // in a row
	NextTry   time.Time
	CreatedAt time.Time
}

// Wants reports whether the app asked for the type.
func (p *PushSubscription) Wants(t NotificationType) bool { return slices.Contains(p.Alerts, t) }

// Number is the subscription's id as apps read it: some take no more than 32
// bits, and nothing is ever asked by it.
func (p *PushSubscription) Number() int32 { return int32(p.ID & 0x7fffffff) }

const (
	// PushLife is how old a notification may be to be pushed.
	PushLife = 48 * time.Hour
	// MaxPushSubscriptions is how many an account may have; the oldest go first.
	MaxPushSubscriptions = 30
	// MaxPushBody is how many characters of a post a message carries.
	MaxPushBody = 140
)

// JobPush tells one subscription of one notification; PushTask is its payload.
const JobPush JobKind = "notify.push"

// JobPushAgain is JobPush for subscriptions whose last try failed: those that
// hang take no room from those that do not.
const JobPushAgain JobKind = "notify.push.again"

// PushTask is what is to be pushed and where.
type PushTask struct {
	Subscription ID `json:"subscription"`
	Notification ID `json:"notification"`
}

// JobUnfilter lets through what was put aside; Permission is its payload.
const JobUnfilter JobKind = "notify.unfilter"

// Permission is that of Account for From.
type Permission struct {
	Account ID `json:"account"`
	From    ID `json:"from"`
}
