package domain

import (
	"fmt"
	"time"
)

// Visibility says for whom a status is meant. The numbers are stored.
type Visibility uint8

const (
	Public   Visibility = iota
	Unlisted            // public, but not on public timelines
	Private             // followers and the mentioned
	Direct              // the mentioned only
)

var visibilityNames = [...]string{"public", "unlisted", "private", "direct"}

func (v Visibility) String() string {
	if int(v) < len(visibilityNames) {
		return visibilityNames[v]
	}
	return fmt.Sprintf("visibility(%d)", uint8(v))
}

// MarshalText writes the API's word for v.
func (v Visibility) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the API's word.
func (v *Visibility) UnmarshalText(b []byte) error {
	p, ok := ParseVisibility(string(b))
	if !ok {
		return Errorf(Invalid, "Validation failed: Visibility is not included in the list")
	}
	*v = p
	return nil
}

// ParseVisibility reads the API's word for a visibility.
func ParseVisibility(s string) (Visibility, bool) {
	for i, n := range visibilityNames {
		if n == s {
			return Visibility(i), true
		}
	}
	return 0, false
}

// Listed reports whether anyone may see and boost it: public or unlisted.
func (v Visibility) Listed() bool { return v <= Unlisted }

// Status is one post, or one boost of a post.
//
// A local status keeps what was typed (Text) and its HTML is made when it is
// rendered, so no address of ours is ever stored; a remote one keeps its
// sanitised HTML (Content).
type Status struct {
	ID          ID
	Account     ID
	URI         string // explicit; "" means derived from the author and the id
	URL         string
	Local       bool
	LocalOnly   bool // for people of this community alone; no other server hears of it
	Visibility  Visibility
	Text        string
	ContentType string // TypePlain or TypeMarkdown
	Content     string
	Spoiler     string
	Sensitive   bool
	Language    string // "" unknown
	App         ID     // which application made it

	ReblogOf         ID // set: this row is a boost and has no text of its own
	InReplyTo        ID // may name a status that is gone
	InReplyToAccount ID // behaviours 8.6
	// InReplyToURI is what it answers while that is not known here.
	InReplyToURI string
	Conversation ID // id of the thread's first status; shared by all of it
	Poll         ID
	Quote        ID
	QuotePolicy  QuotePolicy

	CreatedAt time.Time
	EditedAt  time.Time
	Rev       int64 // raised by every change that shows, counts excepted

	RepliesCount    int64
	ReblogsCount    int64
	FavouritesCount int64
	QuotesCount     int64
}

// Reply reports whether it answers somebody else's status. Answers to
// oneself count as posts (behaviours 8.6, 11), those to what is not known here
// do not.
func (s *Status) Reply() bool {
	return s.InReplyToURI != "" || s.InReplyTo != 0 && s.InReplyToAccount != s.Account
}

// Answer makes it a reply to the parent. A reply to one's own reply goes on
// answering whom that one answered (behaviours 8.6).
func (s *Status) Answer(parent *Status) {
	s.InReplyTo, s.InReplyToAccount, s.Conversation = parent.ID, parent.Account, parent.Conversation
	s.InReplyToURI = ""
	if parent.Account == s.Account && parent.InReplyToAccount != 0 {
		s.InReplyToAccount = parent.InReplyToAccount
	}
}

// Content types of what people type. That of plain text is stored as "".
const (
	TypePlain    = ""
	TypeMarkdown = "text/markdown"
	typePlain    = "text/plain"
)

// ContentTypeName is the API's word for a stored content type.
func ContentTypeName(stored string) string {
	if stored == TypePlain {
		return typePlain
	}
	return stored
}

// ParseContentType reads the API's word for how a text is written.
func ParseContentType(name string) (stored string, ok bool) {
	switch name {
	case typePlain:
		return TypePlain, true
	case TypeMarkdown:
		return TypeMarkdown, true
	}
	return "", false
}

// Mention is an account named in a status. Mentions sort by id.
type Mention struct {
	ID      ID
	Status  ID
	Account ID
	// Silent mentions give access but are not shown in the text.
	Silent bool
}

// Edit is one revision of a status; the first is the original.
type Edit struct {
	ID          ID
	Status      ID
	Text        string
	ContentType string
	Content     string
	Spoiler     string
	Sensitive   bool
	Language    string
	PollOptions []string
	Media       []EditedMedia // in order
	CreatedAt   time.Time
}

// MaxMirroredPins is how many pinned posts of an account elsewhere are kept,
// where other servers allow more than we do.
const MaxMirroredPins = 20

// Limits of a local post (behaviours 8.1, 8.12, 8.13, 7.7).
const (
	MaxCharacters      = 500
	MaxMedia           = 4
	CharactersPerURL   = 23
	MaxPins            = 5
	MaxScheduled       = 300
	MaxScheduledPerDay = 25
	ScheduleMin        = 5 * time.Minute
	IdempotencyLife    = time.Hour
)
