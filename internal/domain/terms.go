package domain

import (
	"slices"
	"sort"
	"time"
)

// Terms are one version of the terms of service.
type Terms struct {
	Effective string `json:"effective"` // the day from which they hold, as 2006-01-02
	Text      string `json:"text"`      // plain text
}

// TermsAcceptance says that somebody accepted a version.
type TermsAcceptance struct {
	Effective  string // the day of the version
	AcceptedAt time.Time
}

// TermsAt is the index of the version that holds at a time, -1 where none
// does. The versions are by their day.
func TermsAt(all []Terms, now time.Time) int {
	today := now.UTC().Format(time.DateOnly)
	return sort.Search(len(all), func(i int) bool { return all[i].Effective > today }) - 1
}

// TermsAsked is the version that somebody is asked about who accepted some: the
// one that holds, then each that is to come. ok is false where there is none.
func TermsAsked(all []Terms, accepted []TermsAcceptance, now time.Time) (t Terms, ok bool) {
	for _, t := range all[max(TermsAt(all, now), 0):] {
		if !slices.ContainsFunc(accepted, func(a TermsAcceptance) bool { return a.Effective == t.Effective }) {
			return t, true
		}
	}
	return Terms{}, false
}

// JobTermsMails has members told of a version by mail, a few at a time.
const JobTermsMails JobKind = "moderation.terms_mails"

// TermsMailState is how far the mail is that tells somebody of a version.
type TermsMailState string

const (
	TermsMailWaiting TermsMailState = "waiting" // for its turn
	TermsMailQueued  TermsMailState = "queued"  // to be sent next
	TermsMailSent    TermsMailState = "sent"
	TermsMailRefused TermsMailState = "refused" // the mail server did not take it
)

// TermsMails counts the mails about a version.
type TermsMails struct {
	Waiting int64 `json:"waiting"`
	Sent    int64 `json:"sent"`
	Refused int64 `json:"refused"`
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
