package domain

import "time"

// ReportCategory is what somebody finds wrong.
type ReportCategory string

const (
	ReportSpam      ReportCategory = "spam"
	ReportLegal     ReportCategory = "legal"
	ReportViolation ReportCategory = "violation"
	ReportOther     ReportCategory = "other"
)

// Valid reports whether c is one of the four categories.
func (c ReportCategory) Valid() bool {
	switch c {
	case ReportSpam, ReportLegal, ReportViolation, ReportOther:
		return true
	}
	return false
}

// Report tells the staff of an account, and of posts and collections of it.
type Report struct {
	ID          ID
	Account     ID // who reports; the actor of another server that does not say who
	Target      ID
	URI         string // of a Flag that came from elsewhere
	Category    ReportCategory
	Comment     string
	Statuses    []ID
	Rules       []ID
	Collections []ID     // of the target
	Forwarded   bool     // to other servers
	ForwardTo   []string // to the people of these domains who have to do with it
	Assigned    ID       // of the staff; 0: nobody
	ResolvedBy  ID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ResolvedAt  time.Time
}

// Limits of a report, in characters and pieces.
const (
	MaxReportComment  = 1000
	MaxReportStatuses = 100 // and as many collections
)

// StaffNote is a remark of the staff on a report or an account, for each other.
type StaffNote struct {
	ID        ID
	Report    ID // one of the two
	Target    ID
	Account   ID // who wrote it
	Content   string
	CreatedAt time.Time
}
