package httpkit

import "time"

// LimitClass says which limits count on a route, beside the general ones
// (behaviours 5.2). Limits belong to the route, never to the text of the path
// (SEC-47). The zero value is refused by Mount.
type LimitClass uint8

const (
	LimitGeneral         LimitClass = iota + 1 // the general limits only
	LimitNone                                  // none at all: static files, health
	LimitMedia                                 // uploads
	LimitDelete                                // deleting and unboosting
	LimitSignUp                                // new accounts
	LimitAppRegistration                       // POST /api/v1/apps
	LimitMediaProxy                            // remote media fetched for a viewer
	LimitLogin                                 // every check of a password or a one-time code
	LimitPasswordReset                         // mails with a reset link
	LimitConfirmation                          // mails with a confirmation link
	LimitPosting                               // posts, edits and boosts
	LimitFollow                                // follows of accounts and tags
	LimitReport                                // reports
	LimitResolve                               // looking up at another server what a browser asks for
	LimitTranslation                           // what a machine translates for a viewer
	LimitInbox                                 // other servers' deliveries, per address
)

// keyed says what a limit counts by.
type keyed uint8

const (
	byAddress keyed = iota + 1 // client address, IPv6 by /64
	byUser                     // the account, or the address of someone without one
	byToken
	bySubject // what a handler names with LimitSubject
)

// rule is one fixed window: at most n in each period, aligned to the epoch.
type rule struct {
	by     keyed
	n      int
	period time.Duration
}

// The general limits.
var (
	ruleUser      = rule{byUser, 1500, 5 * time.Minute}
	ruleToken     = rule{byToken, 300, 5 * time.Minute}
	ruleAnonymous = rule{byAddress, 300, 5 * time.Minute}
	rulePaging    = rule{byUser, 300, 15 * time.Minute}
)

// limitTable holds the rules of each class (behaviours 5.2).
var limitTable = [...][]rule{
	LimitGeneral:         nil,
	LimitNone:            nil,
	LimitMedia:           {{byUser, 30, 30 * time.Minute}},
	LimitDelete:          {{byUser, 30, 30 * time.Minute}},
	LimitSignUp:          {{byAddress, 5, 30 * time.Minute}},
	LimitAppRegistration: {{byAddress, 5, 10 * time.Minute}},
	LimitMediaProxy:      {{byAddress, 30, 10 * time.Minute}},
	LimitLogin:           {{byAddress, 25, 5 * time.Minute}, {bySubject, 25, time.Hour}},
	LimitPasswordReset:   {{byAddress, 25, 5 * time.Minute}, {bySubject, 5, 30 * time.Minute}},
	LimitConfirmation:    {{byAddress, 25, 5 * time.Minute}, {bySubject, 5, 30 * time.Minute}},
	LimitPosting:         {{byUser, 300, 3 * time.Hour}},
	LimitFollow:          {{byUser, 400, 24 * time.Hour}},
	LimitReport:          {{byUser, 400, 24 * time.Hour}},
	LimitResolve:         {{byAddress, 60, 10 * time.Minute}, {bySubject, 60, 10 * time.Minute}},
	LimitTranslation:     {{byUser, 60, 10 * time.Minute}},
	LimitInbox:           {{byAddress, 150_000, 5 * time.Minute}},
}
