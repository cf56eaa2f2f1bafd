package domain

import "time"

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
)

// Notification tells Account that From did something.
type Notification struct {
	ID        ID
	Account   ID
	From      ID
	Type      NotificationType
	Status    ID
	Report    ID
	Filtered  bool
	GroupKey  string
	CreatedAt time.Time
}
