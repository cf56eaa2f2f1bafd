package domain

import "time"

// Room is what is measured about the disk of a community, in bytes.
type Room struct {
	Free, Total     int64
	Database, Media int64 // of people here
	Copies, Budget  int64 // of media from elsewhere: now, and at most
	Members         int64
	Age             time.Duration // of the community
}

// LeastPerMember is what a member is thought to need at least, so that a young
// community is promised nothing that it did not measure.
const LeastPerMember = 5_000_000

// Forecast is what the measures come to.
type Forecast struct {
	PerMember, PerDay int64 // bytes so far
	Members, Days     int64 // for which there is room; -1: not known yet
}

// Forecast divides what is free, without what copies from elsewhere may still
// take, by what a member, and a day, took on average so far. Within the first
// week nothing is said of days.
func (r Room) Forecast() Forecast {
	own := r.Database + r.Media
	f := Forecast{PerMember: max(LeastPerMember, own/max(r.Members, 1)), Days: -1}
	free := max(0, r.Free-max(0, r.Budget-r.Copies))
	f.Members = free / f.PerMember
	if days := int64(r.Age / (24 * time.Hour)); days >= 7 {
		f.PerDay = own / days
		f.Days = free / max(f.PerDay, 1)
	}
	return f
}
