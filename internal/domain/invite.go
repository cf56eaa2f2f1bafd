package domain

import "time"

// Invite is a link by which its maker lets people join.
type Invite struct {
	ID      ID
	Account ID     // of its maker
	Code    string // in the link
	Note    string // for the maker, or to whom it is given
	MaxUses int    // 0: any number
	Uses    int
	// Follow has who joins follow the maker.
	Follow    bool
	ExpiresAt time.Time // zero: never
	RevokedAt time.Time // zero: not
	CreatedAt time.Time
}

// Open reports whether people may still join by it, as far as it goes itself.
func (i *Invite) Open(now time.Time) bool {
	return i.RevokedAt.IsZero() && (i.MaxUses == 0 || i.Uses < i.MaxUses) && (i.ExpiresAt.IsZero() || now.Before(i.ExpiresAt))
}

// Bounds of an invitation.
const (
	MaxInviteUses = 1000
	MaxInviteNote = 200
	MaxInvites    = 100 // open at once, of one maker
	MaxReason     = 2000
)
