package domain

import "time"

// Room is what is measured about the disk of a community, in bytes.
type Room struct {
	Free, Total     int64
	Database, Media int64 // of people here
	Copies, Budget  int64 // of media from elsewhere: now, and at most
	Members         int64
	// Before is what database and media took Span ago; Span is 0 where that
	// was not measured.
	Before int64
	Span   time.Duration
}

// ForecastSpan is how far back a forecast looks.
const ForecastSpan = 30 * 24 * time.Hour

// JobMeasure notes how much there is.
const JobMeasure JobKind = "moderation.measure"

// LeastPerMember is what a member is thought to need at least, so that a young
// community is promised nothing that it did not measure.
const LeastPerMember = 5_000_000

// Forecast is what the measures come to.
type Forecast struct {
	PerMember, PerDay int64 // bytes
	Members, Days     int64 // for which there is room; -1: not known yet
}

// Forecast divides what is free, without what copies from elsewhere may still
// take, by what a member took on average so far, and a day of late. Of less
// than a week nothing is said of days.
func (r Room) Forecast() Forecast {
	own := r.Database + r.Media
	f := Forecast{PerMember: max(LeastPerMember, own/max(r.Members, 1)), Days: -1}
	free := max(0, r.Free-max(0, r.Budget-r.Copies))
	f.Members = free / f.PerMember
	if days := int64(r.Span / (24 * time.Hour)); days >= 7 {
		f.PerDay = max(0, own-r.Before) / days
		f.Days = free / max(f.PerDay, 1)
	}
	return f
}
