package domain

import "time"

// Announcement is what those who run the community tell everybody here.
type Announcement struct {
	ID   ID
	Text string // plain text, as typed
	// When what it speaks of begins and ends; zero: it does not say. With
	// AllDay both are the first moment of a day, the last one included.
	StartsAt    time.Time
	EndsAt      time.Time
	AllDay      bool
	PublishedAt time.Time // it is shown from then on
	UpdatedAt   time.Time
	Read        bool // by whoever looks
}

// AnnouncementState is where an announcement stands.
type AnnouncementState string

const (
	AnnouncementScheduled AnnouncementState = "scheduled"
	AnnouncementPublished AnnouncementState = "published"
	AnnouncementEnded     AnnouncementState = "ended"
)

// AllDayLength is how long the last day of an announcement is.
const AllDayLength = 24 * time.Hour

// Over is when the announcement is no longer shown; zero: never.
func (a *Announcement) Over() time.Time {
	if a.AllDay && !a.EndsAt.IsZero() {
		return a.EndsAt.Add(AllDayLength)
	}
	return a.EndsAt
}

// State is where the announcement stands at that time.
func (a *Announcement) State(now time.Time) AnnouncementState {
	over := a.Over()
	switch {
	case !over.IsZero() && !now.Before(over):
		return AnnouncementEnded
	case now.Before(a.PublishedAt):
		return AnnouncementScheduled
	}
	return AnnouncementPublished
}

// Reaction is one emoji under an announcement.
type Reaction struct {
	Announcement ID
	Name         string // the emoji itself, or the shortcode of one of ours
	Count        int64
	Me           bool // whoever looks is among them
}

// MaxReactions is how many different reactions an announcement may have.
const MaxReactions = 8

// JobAnnouncement tells that an announcement has begun or ended; its id is the
// payload.
const JobAnnouncement JobKind = "moderation.announcement"
