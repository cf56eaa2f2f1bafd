package domain

import "time"

// RepliesPolicy says which replies of its members a list shows.
type RepliesPolicy string

const (
	RepliesFollowed RepliesPolicy = "followed" // to anyone the owner follows
	RepliesList     RepliesPolicy = "list"     // to members
	RepliesNone     RepliesPolicy = "none"
)

// Valid reports whether p is one of the three policies.
func (p RepliesPolicy) Valid() bool {
	return p == RepliesFollowed || p == RepliesList || p == RepliesNone
}

// List is a named selection of followed accounts.
type List struct {
	ID        ID
	Account   ID
	Title     string
	Replies   RepliesPolicy
	Exclusive bool // its members' posts skip home
	CreatedAt time.Time
}
