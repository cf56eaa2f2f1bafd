package domain

import (
	"math"
	"time"
)

// TrendKind is what can trend, or be kept from it: accounts do not trend, but
// their posts may be refused.
type TrendKind string

const (
	TrendTag     TrendKind = "tag"
	TrendStatus  TrendKind = "status"
	TrendLink    TrendKind = "link"
	TrendAccount TrendKind = "account"
	// TrendPublisher is of all links of one publisher.
	TrendPublisher TrendKind = "publisher"
)

// Publisher is a domain whose links have trended.
type Publisher struct {
	ID        ID
	Domain    string
	Allowed   *bool // what the staff decided; nil: nothing
	DecidedAt time.Time
	CreatedAt time.Time
}

// Trends says what people get to see as trending.
type Trends string

const (
	TrendsOpen   Trends = "open"   // what passes the rules and no staff refused; "" is the same
	TrendsReview Trends = "review" // only what staff allowed
	TrendsOff    Trends = "off"    // nothing
)

// Valid reports whether t is one of the three.
func (t Trends) Valid() bool { return t == TrendsOpen || t == TrendsReview || t == TrendsOff }

// Trend is why something trends: the numbers behind its place. Scores are
// thousandths.
type Trend struct {
	Kind     TrendKind
	Item     ID    // of the hashtag, the status, or the oldest card of a link
	Score    int64 // now; 0 is not shown
	Peak     int64 // the highest score of late, from which a use's score decays
	PeakAt   time.Time
	Observed int64 // people today; boosts and favourites of a post
	Expected int64 // people yesterday
	// Publisher is who put a link on the web.
	Publisher ID
}

// The rules of behaviours 16.3.
const (
	TrendThreshold   = 5              // people in a day, boosts and favourites
	TrendKept        = 48 * time.Hour // that a peak counts, and a post can trend
	TagHalfLife      = 4 * time.Hour
	LinkHalfLife     = 8 * time.Hour
	PostHalfLife     = time.Hour
	UseScoreLeast    = 1000 // thousandths: a hashtag or link below it is over
	PostScoreLeast   = 300
	thousand         = 1000
	maxTrend         = 1e15
	leastExpectation = 1
)

// UseScore is how unusual it is that observed people use something today
// where expected did yesterday, in thousandths.
func UseScore(observed, expected int64) int64 {
	expected = max(expected, leastExpectation)
	if observed < TrendThreshold || observed <= expected {
		return 0
	}
	over := float64(observed - expected)
	return thousandths(over * over / float64(expected))
}

// PostScore is that of a post of some age with so many boosts and favourites.
func PostScore(marks int64, age time.Duration) int64 {
	if marks < TrendThreshold {
		return 0
	}
	over := float64(marks - 1)
	score := Decay(thousandths(over*over), age, PostHalfLife)
	if score < PostScoreLeast {
		return 0
	}
	return score
}

// Decay is what is left of a score after some time.
func Decay(score int64, after, halfLife time.Duration) int64 {
	return int64(float64(score) * math.Exp2(-max(after, 0).Hours()/halfLife.Hours()))
}

func thousandths(f float64) int64 { return int64(math.Min(f*thousand, maxTrend)) }

// Next is what becomes of a hashtag's or link's trend with the uses of now.
func (t Trend) Next(observed, expected int64, halfLife time.Duration, now time.Time) Trend {
	t.Observed, t.Expected = observed, expected
	if now.Sub(t.PeakAt) > TrendKept {
		t.Peak, t.PeakAt = 0, now
	}
	if s := UseScore(observed, expected); s > t.Peak {
		t.Peak, t.PeakAt = s, now
	}
	t.Score = Decay(t.Peak, now.Sub(t.PeakAt), halfLife)
	if t.Score < UseScoreLeast {
		t.Score = 0
	}
	return t
}
