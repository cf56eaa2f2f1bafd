package domain

// Ref is what is published of something that happened: enough for each reader
// to decide whether to look (design section 5). It is a hint, never the truth:
// who may see what is asked of the store.
//
// Of a status, boosts included, it says who made it and whom it may concern.
// Of a notification (EventNotified), a conversation (EventConversed) or
// filters, Account is whose it is. One of an announcement concerns everybody.
type Ref struct {
	Event            EventKind  `json:"event"`
	Status           ID         `json:"status,omitempty"`
	Account          ID         `json:"account,omitempty"`
	Visibility       Visibility `json:"visibility"`
	Local            bool       `json:"local,omitempty"`
	ReblogOf         ID         `json:"reblog_of,omitempty"`
	InReplyTo        ID         `json:"in_reply_to,omitempty"`
	InReplyToAccount ID         `json:"in_reply_to_account,omitempty"`
	Mentions         []ID       `json:"mentions,omitempty"`
	Tags             []string   `json:"tags,omitempty"`   // names as looked up
	Object           ID         `json:"object,omitempty"` // the notification, conversation or announcement
	Name             string     `json:"name,omitempty"`   // of a reaction
}

// TopicRefs is the notification topic of references, each as JSON.
const TopicRefs = "refs"

// TopicReaders is the notification topic on which the ids of readers are
// named, separated by spaces, whose relations have changed so that their home
// timeline must be read anew: follows, blocks, mutes, lists, followed tags.
const TopicReaders = "readers"
