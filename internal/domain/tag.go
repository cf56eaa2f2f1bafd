package domain

import "time"

// Tag is a hashtag. Name is the normalised form by which it is found;
// Display the form first seen.
type Tag struct {
	ID      ID
	Name    string
	Display string
}

// FeaturedTag is a hashtag shown on a profile.
type FeaturedTag struct {
	ID            ID
	Account       ID
	Tag           Tag
	StatusesCount int64
	LastStatusAt  time.Time
}
