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
	EventAccountApproved EventKind = "account.approved" // who waited was let in
	EventAccountUpdated  EventKind = "account.updated"
	EventAccountDeleted  EventKind = "account.deleted"

	// EventFollowRepeated: a follower whose server lost state asked again and
	// wants the answer again.
	EventFollowRepeated EventKind = "follow.repeated"
	// EventMailWanted: somebody is to get a mail.
	EventMailWanted EventKind = "mail.wanted"
	// EventMoved: Actor says that Target is its new account.
	EventMoved EventKind = "account.moved"
	// EventReported: Object is the report, Target whom it is about.
	EventReported EventKind = "report.created"
	// EventReportChanged: the staff did something about a report, Object.
	EventReportChanged EventKind = "report.updated"
	// EventWaveBegan: posts of Actor and others are held; Object is the wave.
	EventWaveBegan EventKind = "wave.created"
	// EventAppealed: Actor appeals against a strike, Object.
	EventAppealed EventKind = "appeal.created"
	// EventWarned: Object is a strike against Target, who lives here.
	EventWarned EventKind = "strike.created"
	// EventSevered: Object is a severance that has taken effect.
	EventSevered EventKind = "severance.created"
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
	// EventReplyApproved: Actor, who lives elsewhere, approves of Status, an
	// answer of Target's to a post of its own, or a boost.
	EventReplyApproved EventKind = "reply.approved"
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

	// Of announcements, Object is the one: it is shown now; it is not any more;
	// the reactions called Name under it have changed.
	EventAnnounced           EventKind = "announcement.published"
	EventAnnouncementGone    EventKind = "announcement.gone"
	EventAnnouncementReacted EventKind = "announcement.reaction"

	// Of collections, Object is the one and Item the row of Target in it. Actor
	// shows it on its profile, does no longer, has changed or deleted it (Gone
	// says who was in it, and whether it was shown); Actor has put Target into it, or asks to;
	// Target, who lives elsewhere, agreed; Target is not in it any more.
	EventCollectionShown   EventKind = "collection.shown"
	EventCollectionHidden  EventKind = "collection.hidden"
	EventCollectionChanged EventKind = "collection.changed"
	EventCollectionGone    EventKind = "collection.gone"
	EventFeatured          EventKind = "collection_item.created"
	EventFeatureAccepted   EventKind = "collection_item.accepted"
	EventUnfeatured        EventKind = "collection_item.removed"
	// Actor agrees, or does not, to be in a collection of Target, who lives
	// elsewhere. URI is that of the request.
	EventFeatureGranted EventKind = "feature.granted"
	EventFeatureRefused EventKind = "feature.refused"

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
	URI  string `json:"uri,omitempty"`
	Item ID     `json:"item,omitempty"` // of a collection
	// Name is the emoji of a reaction.
	Name string `json:"name,omitempty"`
	// Gone is what was deleted, as it was.
	Gone *GoneStatus `json:"gone,omitempty"`
	// Mirrored: Status is a stranger's, of which we tell no other server.
	Mirrored bool `json:"mirrored,omitempty"`
	// Mail is what is wanted.
	Mail *MailTask `json:"mail,omitempty"`
}

// GoneStatus is what fan-out must know of a status, or a collection, that no
// longer exists.
type GoneStatus struct {
	URI        string     `json:"uri,omitempty"`
	Visibility Visibility `json:"visibility"`
	LocalOnly  bool       `json:"local_only,omitempty"`
	ReblogOf   ID         `json:"reblog_of,omitempty"`
	Mentions   []ID       `json:"mentions,omitempty"`
	Tags       []string   `json:"tags,omitempty"`
	// Reached are the remote accounts that had a part in it, beside followers
	// and the mentioned: they boosted, favourited, answered or quoted it.
	Reached []ID `json:"reached,omitempty"`
}
