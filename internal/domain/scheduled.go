package domain

import "time"

// Scheduled is a post that waits for its time.
type Scheduled struct {
	ID        ID
	Account   ID
	At        time.Time
	Params    Compose
	CreatedAt time.Time
}

// Compose is what a person wrote and chose before anything was checked:
// the request of POST /statuses, kept as it is in a scheduled post.
type Compose struct {
	Text        string      `json:"text"`
	ContentType *string     `json:"content_type,omitempty"` // as stored; nil: plain, or what it was
	Spoiler     string      `json:"spoiler_text,omitempty"`
	Sensitive   *bool       `json:"sensitive,omitempty"`
	Visibility  *Visibility `json:"visibility,omitempty"`
	LocalOnly   bool        `json:"local_only,omitempty"`
	Language    string      `json:"language,omitempty"`
	InReplyTo   ID          `json:"in_reply_to_id,omitempty"`
	MediaIDs    []string    `json:"media_ids,omitempty"` // of an edit, nil: as they are
	// Media are new words for attachments, where a post is edited.
	Media []ComposeMedia `json:"-"`
	// Scheduled is the scheduled post that is published.
	Scheduled      ID           `json:"-"`
	Poll           *ComposePoll `json:"poll,omitempty"`
	Idempotency    string       `json:"idempotency,omitempty"`
	App            ID           `json:"application_id,omitempty"`
	AllowedMention []ID         `json:"allowed_mentions,omitempty"` // nil: any
	Quote          ID           `json:"quoted_status_id,omitempty"`
	QuotePolicy    *QuotePolicy `json:"quote_policy,omitempty"` // nil: the author's usual one
}

// ComposeMedia changes what is said about an attachment; nil leaves it.
type ComposeMedia struct {
	ID          ID
	Description *string
	Focus       *Focus
}

// ComposePoll is the poll of a Compose.
type ComposePoll struct {
	Options    []string `json:"options"`
	Multiple   bool     `json:"multiple"`
	HideTotals bool     `json:"hide_totals"`
	ExpiresIn  int64    `json:"expires_in"` // seconds
}
