package domain

import "time"

// CannedKind is what a text of the staff is for.
type CannedKind string

const (
	CannedWarning   CannedKind = "warning"   // goes with a decision about an account
	CannedRejection CannedKind = "rejection" // to who may not join
)

// Valid reports whether k is one of the two.
func (k CannedKind) Valid() bool { return k == CannedWarning || k == CannedRejection }

// CannedText is a text that the staff uses again and again.
type CannedText struct {
	ID        ID
	Kind      CannedKind
	Title     string // for the staff alone
	Text      string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Bounds of canned texts, in pieces and characters.
const (
	MaxCannedTexts = 100
	MaxCannedTitle = 100
)
