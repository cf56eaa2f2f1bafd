package domain

import (
	"net/netip"
	"time"
)

// SignInMethod is how somebody signed in.
type SignInMethod string

const (
	ByPassword SignInMethod = "password"
	BySecond   SignInMethod = "password_and_code"
	ByBoth     SignInMethod = "password_and_passkey"
	ByPasskey  SignInMethod = "passkey"
	ByProvider SignInMethod = "provider"
	ByRecovery SignInMethod = "recovery_code"
	ByJoining  SignInMethod = "sign_up"
)

// SignIn is one time that somebody signed in.
type SignIn struct {
	ID        ID
	Account   ID
	Method    SignInMethod
	IP        string
	UserAgent string
	// Known says that the browser or its network was seen before, or that there
	// was nothing to compare with.
	Known     bool
	CreatedAt time.Time
}

// SignInsKept is how long they are remembered.
const SignInsKept = 90 * 24 * time.Hour

// Network is an address without the part that changes from day to day: what
// providers give to one customer.
func Network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	a = a.Unmap()
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return ip
	}
	return p.String()
}
