package domain

import "time"

// Poll belongs to one status.
type Poll struct {
	ID          ID
	Status      ID
	Account     ID
	Options     []PollOption
	Multiple    bool
	HideTotals  bool
	ExpiresAt   time.Time // zero: never
	VotesCount  int64
	VotersCount int64     // -1: its origin does not tell
	EndedAt     time.Time // when its end was announced
}

// PollOption is one answer with its votes.
type PollOption struct {
	Title string
	Votes int64
}

// Expired reports whether no more votes count.
func (p *Poll) Expired(now time.Time) bool {
	return !p.ExpiresAt.IsZero() && !now.Before(p.ExpiresAt)
}

// Limits of a local poll (behaviours 8.13).
const (
	MinPollOptions    = 2
	MaxPollOptions    = 4
	MaxPollOptionText = 50
	MinPollLife       = 5 * time.Minute
	MaxPollLife       = 2629746 * time.Second
)
