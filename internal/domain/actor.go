package domain

import "time"

// Actor is what federation must know of a remote account.
type Actor struct {
	Account      ID
	Host         string // of its id
	Inbox        string
	SharedInbox  string
	Outbox       string
	Followers    string
	Following    string
	Featured     string // collection of its pins
	FeaturedTags string
	Features     FeaturePolicy // who may put it into collections
	Avatar       string        // remote address of the picture
	Header       string
	AlsoKnownAs  []string
	Suspended    bool // by its own server
	FetchedAt    time.Time
	BackfilledAt time.Time
	MovedAt      time.Time
}

// KeyKind is what a key signs with.
type KeyKind string

const (
	KeyRSA     KeyKind = "rsa"
	KeyEd25519 KeyKind = "ed25519"
)

// ActorKey is a key of an actor; of ours with its private part.
type ActorKey struct {
	ID        ID
	Account   ID // 0: the community's own actor
	Kind      KeyKind
	URI       string // "" for ours: derived
	Public    string // PEM or multibase
	Private   string // PEM; "" unless ours
	Owner     string // name or explicit URI of an account of ours that is gone
	FetchedAt time.Time
}

// Severity is what the staff decided about a domain.
type Severity string

const (
	SeverityNone    Severity = ""
	SeverityAllow   Severity = "allow"
	SeverityNoop    Severity = "noop" // media or reports are refused, nothing else
	SeverityLimit   Severity = "limit"
	SeveritySuspend Severity = "suspend"
)

// Valid reports whether s is a decision.
func (s Severity) Valid() bool {
	return s == SeverityAllow || s == SeverityNoop || s == SeverityLimit || s == SeveritySuspend
}

// Harder reports whether s holds a domain off more than other does.
func (s Severity) Harder(other Severity) bool { return s.rank() > other.rank() }

func (s Severity) rank() int {
	switch s {
	case SeveritySuspend:
		return 3
	case SeverityLimit:
		return 2
	case SeverityNoop:
		return 1
	}
	return 0
}

// DomainPolicy holds for a domain and its sub-domains.
type DomainPolicy struct {
	ID            ID
	Domain        string
	Severity      Severity
	RejectMedia   bool
	RejectReports bool
	Comment       string // may be public
	Private       string // for the staff alone
	Obfuscate     bool   // the public list does not spell the name out
	// ByLists: subscribed lists decided it, and it goes when they no longer do.
	ByLists   bool
	CreatedAt time.Time
}
