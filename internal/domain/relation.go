package domain

import "time"

// Follow is one account following another, or asking to.
type Follow struct {
	ID          ID
	Account     ID
	Target      ID
	Pending     bool // requested and not yet accepted: grants nothing
	ShowReblogs bool
	Notify      bool
	Languages   []string // nil: all
	URI         string
	CreatedAt   time.Time
}

// UndoneFor is how long a deed of another server that was taken back before it
// came is kept from taking effect: longer than a signed letter lives. Some use
// the id again later.
const UndoneFor = 24 * time.Hour

// Favourite is somebody liking a status.
type Favourite struct {
	ID       ID
	Account  ID
	Status   ID
	URI      string // of a Like that came from elsewhere
	Reaction string // emoji or :shortcode: that it came with; "" for a plain one
}

// Mute hides somebody from the muting account.
type Mute struct {
	ID                ID
	Account           ID
	Target            ID
	HideNotifications bool
	ExpiresAt         time.Time // zero: for ever
	CreatedAt         time.Time
}

// Relationship is how one account stands to another, seen from the first
// (behaviours 7.4).
type Relationship struct {
	Target              ID
	Suspended           bool // the target
	Following           bool
	Requested           bool
	ShowingReblogs      bool
	Notifying           bool
	Languages           []string
	FollowedBy          bool
	RequestedBy         bool
	Blocking            bool
	BlockedBy           bool
	Muting              bool
	MutingNotifications bool
	MutingExpiresAt     time.Time
	DomainBlocking      bool
	Endorsed            bool
	Note                string
}

// Limits of relations (behaviours 7.7).
const (
	MaxFollows      = 7500
	FollowRatio     = 1.1
	MaxLists        = 50
	MaxListTitle    = 256
	MaxNoteComment  = 2000
	MaxFeaturedTags = 10
)
