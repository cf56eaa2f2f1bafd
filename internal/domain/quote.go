package domain

import "time"

// QuotePolicy says who may quote a status without being asked. The numbers
// are stored.
type QuotePolicy uint8

const (
	QuotePublic QuotePolicy = iota
	QuoteFollowers
	QuoteNobody
)

// QuoteState is how a quote stands with whom it quotes (behaviours, quotes).
type QuoteState string

const (
	QuotePending  QuoteState = "pending"
	QuoteAccepted QuoteState = "accepted"
	QuoteRejected QuoteState = "rejected"
	QuoteRevoked  QuoteState = "revoked"
	QuoteDeleted  QuoteState = "deleted" // the quoted status is gone
)

// Quote is one status quoting another (FEP-044f).
type Quote struct {
	Status        ID // that quotes
	Account       ID
	Quoted        ID     // 0 while it is not known here
	QuotedURI     string // of a remote one
	QuotedAccount ID
	State         QuoteState
	Legacy        bool   // made the old way, without asking
	ApprovalURI   string // of the remote authorization; ours are derived
	RequestURI    string
	CreatedAt     time.Time
	CheckedAt     time.Time // when the authorization was last looked at
}
