package domain

// Ref is what fan-out publishes of a status, boosts included: enough for each
// reader to decide whether to look (design section 5). It is a hint, never
// the truth: who may see the status is asked of the store.
type Ref struct {
	Event            EventKind  `json:"event"` // created, edited or deleted
	Status           ID         `json:"status"`
	Account          ID         `json:"account"`
	Visibility       Visibility `json:"visibility"`
	Local            bool       `json:"local,omitempty"`
	ReblogOf         ID         `json:"reblog_of,omitempty"`
	InReplyTo        ID         `json:"in_reply_to,omitempty"`
	InReplyToAccount ID         `json:"in_reply_to_account,omitempty"`
	Mentions         []ID       `json:"mentions,omitempty"`
	Tags             []string   `json:"tags,omitempty"` // names as looked up
}

// TopicReaders is the notification topic on which the ids of readers are
// named, separated by spaces, whose relations have changed so that their home
// timeline must be read anew: follows, blocks, mutes, lists, followed tags.
const TopicReaders = "readers"
