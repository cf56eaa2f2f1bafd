package domain

// EventKind names something that happened and that others want to hear of.
type EventKind string

const (
	EventStatusCreated EventKind = "status.created" // boosts too
	EventStatusEdited  EventKind = "status.edited"
	EventStatusDeleted EventKind = "status.deleted" // unboosts too
	// EventStatusRefreshed: a status shows something new though nobody edited
	// it, or an old one became known. Readers see it, nobody is told.
	EventStatusRefreshed EventKind = "status.refreshed"
	EventFavourited      EventKind = "favourite.created"
	EventUnfavourited    EventKind = "favourite.removed"
	EventPinned          EventKind = "pin.created"
	EventUnpinned        EventKind = "pin.removed"
	EventPollVoted       EventKind = "poll.voted"
	EventPollEnded       EventKind = "poll.ended"
	EventFollowed        EventKind = "follow.created" // accepted at once
	EventFollowRequested EventKind = "follow.requested"
	EventFollowAccepted  EventKind = "follow.accepted"
	EventFollowRejected  EventKind = "follow.rejected" // a request refused or a follower removed
	EventUnfollowed      EventKind = "follow.removed"
	EventBlocked         EventKind = "block.created"
	EventUnblocked       EventKind = "block.removed"
	EventMuted           EventKind = "mute.created"
	EventUnmuted         EventKind = "mute.removed"
	EventFiltersChanged  EventKind = "filters.changed"
	EventAccountCreated  EventKind = "account.created"
	EventAccountUpdated  EventKind = "account.updated"
	EventAccountDeleted  EventKind = "account.deleted"

	// EventFollowRepeated: a follower whose server lost state asked again and
	// wants the answer again.
	EventFollowRepeated EventKind = "follow.repeated"
	// EventMoved: Actor says that Target is its new account.
	EventMoved EventKind = "account.moved"
	// EventReported: Object is the report, Target whom it is about.
	EventReported EventKind = "report.created"
	// A hashtag, Object, was put on Actor's profile or taken off it.
	EventTagFeatured   EventKind = "tag.featured"
	EventTagUnfeatured EventKind = "tag.unfeatured"
	// EventPollTallied: the votes of a poll have changed for a while.
	EventPollTallied EventKind = "poll.tallied"
	// Of a quote, Status is what quotes and Object what is quoted. URI is that
	// of the request where it came from elsewhere; of a revocation by another
	// server, that of the authorization.
	EventQuoteRequested EventKind = "quote.requested" // Actor quotes a post of Target
	EventQuoteAccepted  EventKind = "quote.accepted"  // Actor lets Target quote
	EventQuoteRejected  EventKind = "quote.rejected"  // Actor does not
	EventQuoteRevoked   EventKind = "quote.revoked"   // Actor does no longer
	// EventQuotePolicySet: who may quote Status has changed, and nothing else.
	EventQuotePolicySet EventKind = "quote.policy"
	// EventLetterForwarded: Object is a letter about a reply to Status, which
	// the followers of its author, Target, want to have (ActivityPub 7.1.2).
	EventLetterForwarded EventKind = "letter.forwarded"
	// Of a relay, Object is its row, by which URLs.RelayFollow names the follow.
	// That of a removed one stays until fan-out has called tx.ForgetRelay.
	EventRelayAdded   EventKind = "relay.created"
	EventRelayRemoved EventKind = "relay.removed"
	// EventNotificationsMerged: all that Actor had put aside of Target's
	// notifications stands among the others now.
	EventNotificationsMerged EventKind = "notifications.merged"

	// These travel as references only.
	EventNotified  EventKind = "notification.created" // Account has a notification, Object
	EventConversed EventKind = "conversation.changed" // Account's conversation, Object, has a new status
)

// Event is one durable fact, written in the transaction it belongs to and
// worked off by fanout. It holds references, and of deleted things what can
// no longer be looked up.
type Event struct {
	Kind   EventKind `json:"kind"`
	Actor  ID        `json:"actor,omitempty"`  // who did it; 0 is the community
	Target ID        `json:"target,omitempty"` // the account it was done to
	Status ID        `json:"status,omitempty"`
	Object ID        `json:"object,omitempty"` // another row: follow, favourite, block, poll
	// URI is the explicit id of an activity whose row is gone or changed by
	// now: what an Undo, Accept or Reject names.
	URI string `json:"uri,omitempty"`
	// Gone is what was deleted, as it was.
	Gone *GoneStatus `json:"gone,omitempty"`
}

// GoneStatus is what fan-out must know of a status that no longer exists.
type GoneStatus struct {
	URI        string     `json:"uri,omitempty"`
	Visibility Visibility `json:"visibility"`
	ReblogOf   ID         `json:"reblog_of,omitempty"`
	Mentions   []ID       `json:"mentions,omitempty"`
	Tags       []string   `json:"tags,omitempty"`
	// Reached are the remote accounts that had a part in it, beside followers
	// and the mentioned: they boosted, favourited, answered or quoted it.
	Reached []ID `json:"reached,omitempty"`
}
