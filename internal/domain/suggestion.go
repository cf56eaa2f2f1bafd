package domain

import "time"

// SuggestionSource is why an account is suggested.
type SuggestionSource string

const (
	Featured         SuggestionSource = "featured"           // picked by the staff
	FriendsOfFriends SuggestionSource = "friends_of_friends" // followed by those one follows
	MostFollowed     SuggestionSource = "most_followed"      // followed by many people here
)

// Legacy is the word of older clients for the source.
func (s SuggestionSource) Legacy() string {
	switch s {
	case Featured:
		return "staff"
	case MostFollowed:
		return "global"
	}
	return "past_interactions"
}

// Suggestion is an account that somebody may want to follow, and why.
type Suggestion struct {
	Account ID
	Sources []SuggestionSource
}

// MaxStaffPicks is how many accounts the staff may recommend.
const MaxStaffPicks = 10

// SuggestionsKept is how long a list of suggestions stays as it is, but for
// those that no longer fit (behaviours 16.4).
const SuggestionsKept = 15 * time.Minute
