package domain

import "time"

// Cleanup is which old posts of somebody are deleted by themselves.
type Cleanup struct {
	Account ID
	Enabled bool
	MinAge  time.Duration // one of CleanupAges
	// What is never deleted: posts that are pinned, favourited or bookmarked by
	// their author, for those named alone, with media, with a poll, or with so
	// many favourites or boosts; 0: however many.
	KeepPinned, KeepFavourited, KeepBookmarked, KeepDirect, KeepMedia, KeepPolls bool
	MinFavourites, MinReblogs                                                    int
}

const day = 24 * time.Hour

// CleanupAges are the ages from which posts can be deleted: those that
// Mastodon has.
func CleanupAges() []time.Duration {
	return []time.Duration{14 * day, 30 * day, 61 * day, 91 * day, 183 * day, 365 * day, 730 * day}
}

// NewCleanup is what holds for whoever has not chosen: nothing is deleted.
func NewCleanup(account ID) Cleanup {
	return Cleanup{Account: account, MinAge: CleanupAges()[0], KeepPinned: true, KeepFavourited: true, KeepBookmarked: true, KeepDirect: true}
}

// MaxCleanupCount is the largest number of favourites or boosts that can be asked for.
const MaxCleanupCount = 1_000_000

// Check is the rule that the cleanup breaks.
func (c *Cleanup) Check() error {
	known := false
	for _, age := range CleanupAges() {
		known = known || c.MinAge == age
	}
	switch {
	case !known:
		return Errorf(Invalid, "Validation failed: Min status age is not included in the list")
	case c.MinFavourites < 0 || c.MinReblogs < 0 || c.MinFavourites > MaxCleanupCount || c.MinReblogs > MaxCleanupCount:
		return Errorf(Invalid, "Validation failed: Min favs and min reblogs must be numbers from 0 to %d", MaxCleanupCount)
	}
	return nil
}

// JobCleanup deletes old posts of those who want it.
const JobCleanup JobKind = "status.cleanup"
