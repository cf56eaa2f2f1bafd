package domain

import "time"

// Passkey is a WebAuthn credential of a person here.
type Passkey struct {
	ID         ID
	Account    ID
	Credential string // base64url of the credential's id
	Record     string // the credential as JSON: key, counter and flags
	Name       string // what its owner calls it
	CreatedAt  time.Time
	UsedAt     time.Time // zero: not yet
}

// OneTimeSecret is what one-time codes of an account are made from (RFC 6238).
type OneTimeSecret struct {
	Account   ID
	Secret    string // base32
	Confirmed bool   // a first code was right: codes are asked for
}

// Ceremony is a sign-in, or the making of a passkey, of which the first half
// is done.
type Ceremony struct {
	Account  ID // 0: nobody yet
	Kind     CeremonyKind
	State    string // what WebAuthn must remember, as JSON; "" without it
	Attempts int    // answers that were tried
	// CreatedAt is when it began; it lasts CeremonyLife.
	CreatedAt time.Time
}

// CeremonyKind is what a Ceremony is for.
type CeremonyKind string

const (
	CeremonySecondFactor CeremonyKind = "second_factor" // the password was right
	CeremonyPasskey      CeremonyKind = "passkey"       // somebody signs in by passkey alone
	CeremonyRegistration CeremonyKind = "registration"  // a passkey is being made
	CeremonyFirstFactor  CeremonyKind = "first_factor"  // the password was right, and the role asks for more
	CeremonyProof        CeremonyKind = "proof"         // somebody signed in shows that it is them
	CeremonyWork         CeremonyKind = "work"          // a proof of work that was used
	CeremonyProvider     CeremonyKind = "provider"      // somebody is at an OpenID Connect provider
	CeremonyIdentity     CeremonyKind = "identity"      // somebody came back from there whom nobody here is
	CeremonyJoin         CeremonyKind = "join"          // a passkey is being made by who is about to join
)

const (
	// CeremonyLife is how long a ceremony waits for its second half.
	CeremonyLife = 10 * time.Minute
	// CeremonyAttempts is how many answers it takes.
	CeremonyAttempts = 5
	// MaxPasskeys is how many one account may have.
	MaxPasskeys = 20
	// RecoveryCodes is how many are made at once.
	RecoveryCodes = 10
)

// Factors are what an account is signed in with.
type Factors struct {
	Password      bool
	OneTime       bool // codes of an app
	Passkeys      []Passkey
	RecoveryCodes int // not used yet
}

// Any tells whether a password alone does not sign in.
func (f Factors) Any() bool { return f.OneTime || len(f.Passkeys) > 0 }
