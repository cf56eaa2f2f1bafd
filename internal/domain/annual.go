package domain

import "time"

// AnnualState is how the report of a year stands for somebody.
type AnnualState string

const (
	AnnualAvailable  AnnualState = "available"
	AnnualGenerating AnnualState = "generating"
	AnnualEligible   AnnualState = "eligible" // may be asked for
	AnnualIneligible AnnualState = "ineligible"
)

// AnnualSchema is the version of what AnnualData says, as Mastodon counts.
const AnnualSchema = 2

// AnnualReport is the report of one year of one account.
type AnnualReport struct {
	Account ID
	Year    int
	Data    *AnnualData // nil while it is being made
	AskedAt time.Time
	ReadAt  time.Time
}

// AnnualData is what a report says.
type AnnualData struct {
	Archetype   Archetype       `json:"archetype"`
	TimeSeries  [12]AnnualMonth `json:"time_series"`
	TopHashtags []AnnualHashtag `json:"top_hashtags"`
	TopStatuses AnnualTop       `json:"top_statuses"`
}

// AnnualMonth is how many posts, follows and followers one month brought.
type AnnualMonth struct {
	Month     int   `json:"month"` // 1 to 12
	Statuses  int64 `json:"statuses"`
	Following int64 `json:"following"`
	Followers int64 `json:"followers"`
}

// AnnualHashtag is a hashtag and how often it was used.
type AnnualHashtag struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// AnnualTop are the posts that had most of something, nil where none had any.
type AnnualTop struct {
	ByReblogs    *ID `json:"by_reblogs"`
	ByFavourites *ID `json:"by_favourites"`
	ByReplies    *ID `json:"by_replies"`
}

// Archetype is the kind of writer that somebody was.
type Archetype string

const (
	ArchetypeLurker   Archetype = "lurker"
	ArchetypeBooster  Archetype = "booster"
	ArchetypePollster Archetype = "pollster"
	ArchetypeReplier  Archetype = "replier"
	ArchetypeOracle   Archetype = "oracle"
)

// AnnualKinds counts what somebody posted in a year, by kind.
type AnnualKinds struct {
	Boosts, Replies, Polls int64
	Posts                  int64 // that are none of boosts and replies
}

// usualPosts is how many posts a year make somebody more than a lurker.
const usualPosts = 113

// Archetype is the kind of writer that the counts speak of.
func (k AnnualKinds) Archetype() Archetype {
	switch {
	case k.Posts+k.Replies+k.Boosts < usualPosts:
		return ArchetypeLurker
	case k.Boosts > 2*k.Posts:
		return ArchetypeBooster
	case 10*k.Polls > k.Posts:
		return ArchetypePollster
	case k.Replies > 2*k.Posts:
		return ArchetypeReplier
	}
	return ArchetypeOracle
}

// AnnualCampaign is the year whose report may be asked for now, 0 for none: the
// year that ends, from 10 December on.
func AnnualCampaign(now time.Time) int {
	now = now.UTC()
	if now.Month() == time.December && now.Day() >= 10 {
		return now.Year()
	}
	return 0
}

// JobAnnual makes the report of a year; the payload is an AnnualJob.
const JobAnnual JobKind = "account.annual"

// AnnualJob says whose report, and of which year.
type AnnualJob struct {
	Account ID  `json:"account"`
	Year    int `json:"year"`
}
