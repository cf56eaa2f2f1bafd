package domain

import "time"

// Identity is an account at an OpenID Connect provider. It is known by issuer
// and subject; an address that the provider tells joins nothing (SEC-44).
type Identity struct {
	ID        ID
	Account   ID
	Issuer    string
	Subject   string
	Name      string // to recognise it by
	CreatedAt time.Time
}

// MaxIdentities is how many one account may have.
const MaxIdentities = 5
