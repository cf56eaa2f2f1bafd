package domain

import "time"

// Terms are one version of the terms of service.
type Terms struct {
	Effective string `json:"effective"` // the day from which they hold, as 2006-01-02
	Text      string `json:"text"`      // plain text
}

// Week is what happened in a community in one week.
type Week struct {
	Begins        time.Time // Monday, UTC
	Statuses      int64     // posts of people here, without boosts
	Logins        int64     // people who signed in
	Registrations int64
}

// WeekOf is the Monday, at midnight UTC, of the week that t is in.
func WeekOf(t time.Time) time.Time {
	t = t.UTC().Truncate(24 * time.Hour)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}
