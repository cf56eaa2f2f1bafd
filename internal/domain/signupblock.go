package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"
)

// EmailDomainBlock keeps addresses at a domain from signing up.
type EmailDomainBlock struct {
	ID            ID
	Domain        string
	AllowApproval bool // they may ask to be let in
	CreatedAt     time.Time
}

// CanonicalEmailBlock keeps one address from signing up, however it is spelt.
type CanonicalEmailBlock struct {
	ID   ID
	Hash string // hex SHA-256 of the canonical address
}

// IPSeverity is what a network may not do.
type IPSeverity string

const (
	IPApproval IPSeverity = "sign_up_requires_approval"
	IPSignUp   IPSeverity = "sign_up_block"
	IPNoAccess IPSeverity = "no_access"
)

// Valid reports whether s is one of the three.
func (s IPSeverity) Valid() bool { return s == IPApproval || s == IPSignUp || s == IPNoAccess }

// IPBlock holds a network off.
type IPBlock struct {
	ID        ID
	Network   netip.Prefix
	Severity  IPSeverity
	Comment   string
	ExpiresAt time.Time // zero: never
	CreatedAt time.Time
}

// Barred is the hardest of what the blocks say of an address at a time, "" for
// nothing.
func Barred(list []IPBlock, from netip.Addr, now time.Time) IPSeverity {
	rank := map[IPSeverity]int{IPApproval: 1, IPSignUp: 2, IPNoAccess: 3}
	var hardest IPSeverity
	for _, b := range list {
		if b.Network.Contains(from.Unmap()) && (b.ExpiresAt.IsZero() || b.ExpiresAt.After(now)) && rank[b.Severity] > rank[hardest] {
			hardest = b.Severity
		}
	}
	return hardest
}

// CanonicalEmailHash is the digest of an address in its canonical form: lower case,
// without dots and what follows a plus in the local part.
func CanonicalEmailHash(address string) string {
	local, host, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	sum := sha256.Sum256([]byte(strings.ReplaceAll(local, ".", "") + "@" + host))
	return hex.EncodeToString(sum[:])
}
