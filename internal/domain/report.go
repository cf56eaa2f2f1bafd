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

// Report tells the staff of an account, and of posts of it.
type Report struct {
	ID         ID
	Account    ID // who reports; the actor of another server that does not say who
	Target     ID
	URI        string // of a Flag that came from elsewhere
	Category   ReportCategory
	Comment    string
	Statuses   []ID
	Rules      []ID
	Forwarded  bool // to the target's own server
	CreatedAt  time.Time
	ResolvedAt time.Time
}

// Limits of a report, in characters and pieces.
const (
	MaxReportComment  = 1000
	MaxReportStatuses = 100
)
