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

var quotePolicyNames = [...]string{"public", "followers", "nobody"}

// String is the API's word for p.
func (p QuotePolicy) String() string { return quotePolicyNames[min(int(p), len(quotePolicyNames)-1)] }

// ParseQuotePolicy reads the API's word for a policy.
func ParseQuotePolicy(s string) (QuotePolicy, bool) {
	for i, n := range quotePolicyNames {
		if n == s {
			return QuotePolicy(i), true
		}
	}
	return QuoteNobody, false
}

// CanQuote is the one rule of who may quote a status that it can see: its
// author; others only what everybody may see, if the policy lets them. Nobody
// quotes direct posts (behaviours 17.3).
func CanQuote(s *Status, viewer ID, follows bool) bool {
	switch {
	case viewer == 0, s.Visibility == Direct, s.ReblogOf != 0:
		return false
	case viewer == s.Account:
		return true
	case !s.Visibility.Listed():
		return false
	}
	return s.QuotePolicy == QuotePublic || s.QuotePolicy == QuoteFollowers && follows
}

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
