package domain

import "time"

// SeveranceType is the API's word for what ended follows.
type SeveranceType string

const (
	SeveredByDomainBlock     SeveranceType = "domain_block"       // a decision of the staff about a domain
	SeveredByAccount         SeveranceType = "account_suspension" // one about somebody there
	SeveredByUserDomainBlock SeveranceType = "user_domain_block"  // somebody's own about a domain
)

// Severance is a decision that ended follows of people here.
type Severance struct {
	ID        ID
	Type      SeveranceType
	Target    string // the domain, or the handle
	CreatedAt time.Time
}

// SeveredTies is how many follows a severance ended for one account here.
type SeveredTies struct {
	Severance
	Followers int // who followed it
	Following int // whom it followed
}
