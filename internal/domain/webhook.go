package domain

import "time"

// WebhookEvent is what an address can hear of; the names are Mastodon's.
type WebhookEvent string

const (
	HookAccountApproved WebhookEvent = "account.approved"
	HookAccountCreated  WebhookEvent = "account.created"
	HookAccountUpdated  WebhookEvent = "account.updated"
	HookReportCreated   WebhookEvent = "report.created"
	HookReportUpdated   WebhookEvent = "report.updated"
	HookStatusCreated   WebhookEvent = "status.created"
	HookStatusUpdated   WebhookEvent = "status.updated"
)

// Needs is the permission of whoever has an event told; 0 for one that there
// is not.
func (e WebhookEvent) Needs() Permissions {
	switch e {
	case HookAccountApproved, HookAccountCreated, HookAccountUpdated:
		return MayManageUsers
	case HookReportCreated, HookReportUpdated:
		return MayManageReports
	case HookStatusCreated, HookStatusUpdated:
		return MayViewDevops
	}
	return 0
}

// Webhook is an address that hears of what happens here.
type Webhook struct {
	ID      ID
	URL     string
	Events  []WebhookEvent
	Secret  string // by which what is told is signed
	Enabled bool
	// Error is what the last delivery came to, "" if it was taken.
	Error     string
	TriedAt   time.Time
	CreatedAt time.Time
}

// WebhookTask is the payload of JobWebhook. What is told is looked up then.
type WebhookTask struct {
	Hook   ID           `json:"hook"`
	Event  WebhookEvent `json:"event"`
	Object ID           `json:"object"` // account, report or status
	At     time.Time    `json:"at"`
}

// JobWebhook tells one address of one event.
const JobWebhook JobKind = "notify.webhook"

// MaxWebhooks is how many there are at most.
const MaxWebhooks = 20
