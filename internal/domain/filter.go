package domain

import "time"

// FilterAction says what a client should do with a match.
type FilterAction string

const (
	FilterWarn FilterAction = "warn"
	FilterHide FilterAction = "hide"
	FilterBlur FilterAction = "blur"
)

// Valid reports whether a is one of the three actions.
func (a FilterAction) Valid() bool {
	return a == FilterWarn || a == FilterHide || a == FilterBlur
}

// FilterContexts are the places a filter may apply to (behaviours 12.1).
var FilterContexts = [...]string{"home", "notifications", "public", "thread", "account"}

// Filter is a set of keywords and statuses that its owner wants less of.
type Filter struct {
	ID        ID
	Account   ID
	Title     string
	Contexts  []string
	Action    FilterAction
	ExpiresAt time.Time // zero: never
	CreatedAt time.Time
	Keywords  []FilterKeyword
	Statuses  []FilterStatus
}

// Expired reports whether the filter no longer annotates anything. It stays
// listed (behaviours 12.7).
func (f *Filter) Expired(now time.Time) bool {
	return !f.ExpiresAt.IsZero() && !now.Before(f.ExpiresAt)
}

// FilterKeyword is one word or phrase of a filter.
type FilterKeyword struct {
	ID        ID
	Filter    ID
	Keyword   string
	WholeWord bool
}

// FilterStatus is one status of a filter.
type FilterStatus struct {
	ID     ID
	Filter ID
	Status ID
}

// Limits of filters. The three counts, per account, keep the work of looking
// at a page of statuses bounded.
const (
	MaxFilterTitle   = 256
	MaxFilterKeyword = 512
	MaxFilters       = 200
	MaxKeywords      = 1000
	MaxFiltered      = 5000 // statuses
)

// TopicFilters is the notification topic on which the ids of accounts are
// named whose filters have changed.
const TopicFilters = "filters"
