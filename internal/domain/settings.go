package domain

import "time"

// Registrations says how people join.
type Registrations string

const (
	RegistrationsClosed   Registrations = "closed"
	RegistrationsInvite   Registrations = "invite"
	RegistrationsApproval Registrations = "approval"
	RegistrationsOpen     Registrations = "open"
)

// Valid reports whether r is one of the four modes.
func (r Registrations) Valid() bool {
	switch r {
	case RegistrationsClosed, RegistrationsInvite, RegistrationsApproval, RegistrationsOpen:
		return true
	}
	return false
}

// Settings are what the people who run the community decide while it runs.
// They are one JSON document in the store; the zero value of a field means
// its default.
type Settings struct {
	Title            string        `json:"title"`
	ShortDescription string        `json:"short_description"` // plain text
	Description      string        `json:"description"`       // plain text, about page
	ContactEmail     string        `json:"contact_email,omitempty"`
	ContactAccount   ID            `json:"contact_account,omitempty"`
	Registrations    Registrations `json:"registrations"`
	ClosedMessage    string        `json:"closed_message,omitempty"`
	Languages        []string      `json:"languages,omitempty"`
	// SecureMode demands a signature of every server that reads here.
	SecureMode bool `json:"secure_mode,omitempty"`
	// LimitedFederation refuses every server that is not allowed by name.
	LimitedFederation bool `json:"limited_federation,omitempty"`
	// Trends says what people get to see as trending.
	Trends Trends `json:"trends,omitempty"`

	UpdatedAt time.Time `json:"updated_at,omitzero"` // set when stored
}
