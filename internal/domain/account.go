package domain

import (
	"strings"
	"time"
)

// Account is a person, bot or group, here or elsewhere.
type Account struct {
	ID       ID
	Username string // as typed at sign-up; compared without case
	Domain   string // ASCII lower case; "" for an account of this community
	URI      string // explicit actor URI; "" means it is derived from the name
	URL      string // explicit profile page; "" means it is derived

	DisplayName string
	Note        string // plain source text for local accounts
	NoteHTML    string // sanitised HTML for remote accounts
	Fields      []Field

	Locked          bool // follows need approval
	Bot             bool
	Group           bool
	Discoverable    bool
	Indexable       bool
	HideCollections bool
	Memorial        bool

	// Which tabs of the profile are not shown, and whose links may name the
	// account as their author.
	HideMedia          bool
	HideMediaReplies   bool
	HideFeatured       bool
	AttributionDomains []string

	// Pictures: of people here the names of files, of others the keys under
	// which they are shown here; "" for none. The static one does not move, ""
	// where the picture itself does not.
	Avatar            string
	AvatarStatic      string
	AvatarDescription string
	Header            string
	HeaderStatic      string
	HeaderDescription string

	MovedTo     ID
	SuspendedAt time.Time
	SuspendedBy Authority // who suspended it; several may
	SilencedAt  time.Time // "limited" in the API
	SilencedBy  Authority
	// SensitizedAt is since when all its media count as sensitive.
	SensitizedAt time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time

	Rev            int64 // raised by every change that shows
	StatusesCount  int64
	FollowersCount int64
	FollowingCount int64
	LastStatusAt   time.Time
}

// Authority is a set of those who may suspend or silence an account. Each
// takes back its own decision only (facts 20).
type Authority uint8

const (
	ByStaff   Authority = 1 << iota // a decision about the account
	ByDomain                        // a decision about its domain
	ByOrigin                        // its own server
	ByErasure                       // it was deleted
)

// Field is one row of the table on a profile.
type Field struct {
	Name       string    `json:"name"`
	Value      string    `json:"value"`
	VerifiedAt time.Time `json:"verified_at,omitzero"`
}

// Local reports whether the account lives in this community.
func (a *Account) Local() bool { return a.Domain == "" }

// AvatarPath is where the avatar is shown, from the root of our address, ""
// for none.
func (a *Account) AvatarPath(static bool) string {
	return a.picturePath(a.Avatar, a.AvatarStatic, static)
}

// HeaderPath is AvatarPath for the header.
func (a *Account) HeaderPath(static bool) string {
	return a.picturePath(a.Header, a.HeaderStatic, static)
}

func (a *Account) picturePath(moving, still string, static bool) string {
	switch {
	case !a.Local() && static:
		return RemotePath(moving, VariantStatic)
	case !a.Local():
		return RemotePath(moving, VariantOriginal)
	case static && still != "":
		return MediaPath(still)
	}
	return MediaPath(moving)
}

// Picture is the files of an avatar, header or emoji; Static is "" where the
// file does not move.
type Picture struct{ File, Static string }

// Acct is the handle without leading @: the name alone for local accounts
// (behaviours 7.1).
func (a *Account) Acct() string {
	if a.Domain == "" {
		return a.Username
	}
	return a.Username + "@" + a.Domain
}

// Suspended reports whether nothing of the account may be shown.
func (a *Account) Suspended() bool { return !a.SuspendedAt.IsZero() }

// Silenced reports whether the account is limited: shown to followers only,
// except where asked for directly.
func (a *Account) Silenced() bool { return !a.SilencedAt.IsZero() }

// Sensitized reports whether all its media count as sensitive.
func (a *Account) Sensitized() bool { return !a.SensitizedAt.IsZero() }

// NameKey is the form in which names are compared and kept unique.
func NameKey(username string) string { return strings.ToLower(username) }

// Limits of a local profile (behaviours 7.7).
const (
	MaxUsername    = 30
	MaxDisplayName = 40
	MaxNote        = 500
	MaxFields      = 4
	MaxFieldText   = 255

	MaxAttributionDomains = 100
)
