package domain

import "time"

// The rules by which posts are held as a wave of spam (docs/moderation.md).
const (
	// NewcomerFor is how long an account elsewhere is new here.
	NewcomerFor = 7 * 24 * time.Hour
	// WaveSpan is how long what was written to strangers counts.
	WaveSpan = 24 * time.Hour
	// StrangersReached is how many strangers alike posts, or one post that
	// answers nothing, may reach.
	StrangersReached = 3
	// WavePosts is how many held posts make a whole server suspect.
	WavePosts = 10
)

// Newcomer reports whether somebody elsewhere became known here so lately that
// their posts to strangers are looked at. What they say of their age does not
// count.
func Newcomer(a *Account, now time.Time) bool {
	return !a.Local() && now.Sub(a.ID.Time()) < NewcomerFor
}

// HeldFor names the rule that holds a post.
type HeldFor string

const (
	HeldAlike  HeldFor = "alike"  // posts like it reached as many strangers as may be
	HeldMany   HeldFor = "many"   // it mentions many strangers at once and answers nothing
	HeldOrigin HeldFor = "origin" // its server sends a wave, and its author came with it
)

// Approach is a post of a newcomer elsewhere to strangers here, as the rules
// see it.
type Approach struct {
	Strangers int  // people here whom it mentions and who have nothing to do with its author
	Answers   bool // a post that is known here
	Baited    bool // it has a link, a picture or a hashtag
	// Edited: it was here before, and names nobody anew.
	Edited bool
	// Reached is how many strangers posts like it would have reached with it;
	// Known, whether one like it was held.
	Reached int64
	Known   bool
	// Wave is the latest of its server, and Author when its author became known.
	Wave   Wave
	Author time.Time
}

// Held says why the post waits for the staff, "" if it does not.
func (a *Approach) Held(now time.Time) HeldFor {
	w := &a.Wave
	current := w.ID != 0 && (now.Sub(w.LastAt) < WaveSpan || now.Sub(w.DecidedAt) < WaveSpan)
	switch {
	case a.Strangers == 0:
		return ""
	case current && w.State == WaveReleased:
		return "" // the staff has just said that it is none
	case a.Known, a.Reached > StrangersReached && a.Reached > int64(a.Strangers):
		return HeldAlike
	case a.Strangers > StrangersReached && !a.Answers && !a.Edited:
		return HeldMany
	case current && w.Posts >= WavePosts && a.Baited && a.Author.After(w.CreatedAt):
		return HeldOrigin
	}
	return ""
}

// WaveState is how a wave stands.
type WaveState string

const (
	WaveOpen      WaveState = "open"
	WaveReleased  WaveState = "released"
	WaveConfirmed WaveState = "confirmed"
)

// Wave is what was held of one server.
type Wave struct {
	ID        ID
	Host      string
	State     WaveState
	Pattern   ID    // the same in waves of alike posts; 0 where they are not
	Posts     int64 // held so far
	LastAt    time.Time
	DecidedAt time.Time
	CreatedAt time.Time
}

// HeldPost is a post of a wave that waits.
type HeldPost struct {
	ID         ID
	Wave       ID
	Account    ID
	URI        string
	Why        HeldFor
	Text       string // plain
	Strangers  int
	JSON       []byte // compressed
	ReleasedAt time.Time
	CreatedAt  time.Time
}

// JobRelease takes in held posts that were released; the payload is their wave.
const JobRelease JobKind = "remote.release"
