package domain

import "time"

// DomainList is a block list of others that the community subscribes to.
type DomainList struct {
	ID     ID
	URL    string
	Title  string
	Active bool   // it counts; what others only look at does not
	ETag   string // of what it said last
	// Entries is how many domains it named last.
	Entries int64
	// Error is what the last try came to, "" if it succeeded.
	Error     string
	TriedAt   time.Time
	FetchedAt time.Time // when it was had last
	RemovedAt time.Time // since when its entries are being dropped
	CreatedAt time.Time
}

// Name is what people call the list.
func (l *DomainList) Name() string {
	if l.Title != "" {
		return l.Title
	}
	return l.URL
}

// ListEntry is what one list says of one domain.
type ListEntry struct {
	List   ID
	Policy DomainPolicy
}

// ListVotes is how many lists name a domain, and how many of them want it at
// least limited, suspended, without media, without reports.
type ListVotes struct {
	Domain                     string
	Named, Limit, Suspend      int64
	RejectMedia, RejectReports int64
}

// Agreed is what at least quorum of the lists say of the domain: the hardest
// severity that so many reach, SeverityNone if they agree on nothing.
func (v *ListVotes) Agreed(quorum int64) DomainPolicy {
	p := DomainPolicy{
		Domain: v.Domain, ByLists: true, RejectMedia: v.RejectMedia >= quorum, RejectReports: v.RejectReports >= quorum,
	}
	switch {
	case v.Suspend >= quorum:
		p.Severity = SeveritySuspend
	case v.Limit >= quorum:
		p.Severity = SeverityLimit
	case v.Named >= quorum && (p.RejectMedia || p.RejectReports):
		p.Severity = SeverityNoop
	}
	return p
}

// ListQuorum is how many of the lists that count must agree: as many as was
// set, else more than half of them.
func ListQuorum(set, active int) int64 {
	if set > 0 {
		return int64(set)
	}
	return int64(active/2 + 1)
}

// Bounds of subscriptions.
const (
	MaxDomainLists     = 20
	MaxDomainListTitle = 100 // characters
)

// Of subscriptions: all are to be read anew; one is, whose id is the payload;
// what they agree on is put into force.
const (
	JobRefreshLists JobKind = "moderation.refresh-lists"
	JobFetchList    JobKind = "moderation.fetch-list"
	JobApplyLists   JobKind = "moderation.apply-lists"
)
