package domain

import (
	"math/bits"
	"strings"
)

// Scopes is a set of OAuth scopes as granted, one bit for each name of
// AllScopes. Its zero value allows nothing.
type Scopes uint64

// scopeNames are all scopes there are (behaviours 6.8), in the order in which
// a set is written.
var scopeNames = [...]string{
	"profile", "read", "write", "push", "follow", "admin:read", "admin:write",
	"read:accounts", "read:blocks", "read:bookmarks", "read:collections", "read:favourites",
	"read:filters", "read:follows", "read:lists", "read:mutes", "read:notifications",
	"read:search", "read:statuses",
	"write:accounts", "write:blocks", "write:bookmarks", "write:collections", "write:conversations",
	"write:favourites", "write:filters", "write:follows", "write:lists", "write:media", "write:mutes",
	"write:notifications", "write:reports", "write:statuses",
	"admin:read:accounts", "admin:read:canonical_email_blocks", "admin:read:domain_allows",
	"admin:read:domain_blocks", "admin:read:email_domain_blocks", "admin:read:ip_blocks", "admin:read:reports",
	"admin:write:accounts", "admin:write:canonical_email_blocks", "admin:write:domain_allows",
	"admin:write:domain_blocks", "admin:write:email_domain_blocks", "admin:write:ip_blocks", "admin:write:reports",
}

var (
	scopeBits   = indexScopes()
	scopeParent = parentScopes()
)

func indexScopes() map[string]Scopes {
	m := make(map[string]Scopes, len(scopeNames))
	for i, name := range scopeNames {
		m[name] = 1 << i
	}
	return m
}

// parentScopes gives for each scope what it stands for: itself and what it covers.
func parentScopes() [len(scopeNames)]Scopes {
	var table [len(scopeNames)]Scopes
	for i, parent := range scopeNames {
		table[i] = 1 << i
		for j, child := range scopeNames {
			if strings.HasPrefix(child, parent+":") {
				table[i] |= 1 << j
			}
		}
		if parent == "follow" {
			for _, noun := range [...]string{"blocks", "follows", "mutes"} {
				table[i] |= scopeBits["read:"+noun] | scopeBits["write:"+noun]
			}
		}
	}
	return table
}

// AllScopes lists every valid scope, parents first.
func AllScopes() []string { return append([]string(nil), scopeNames[:]...) }

// ParseScopes reads scopes separated by white space. An unknown name is an
// Invalid error that names it; an empty text is the empty set.
func ParseScopes(text string) (Scopes, error) {
	var s Scopes
	for name := range strings.FieldsSeq(text) {
		bit, ok := scopeBits[name]
		if !ok {
			return 0, Errorf(Invalid, "The requested scope is invalid, unknown, or malformed.")
		}
		s |= bit
	}
	return s, nil
}

// String writes the set space separated, in the order of AllScopes.
func (s Scopes) String() string {
	var b strings.Builder
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(name)
		}
	}
	return b.String()
}

// List is the set as names in the order of AllScopes, never nil.
func (s Scopes) List() []string {
	names := make([]string, 0, bits.OnesCount64(uint64(s)))
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// expand adds everything that the granted scopes cover.
func (s Scopes) expand() Scopes {
	all := s
	for rest := uint64(s); rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros64(rest); i < len(scopeParent) {
			all |= scopeParent[i]
		}
	}
	return all
}

// Covers reports whether every scope of want is granted, itself or by a
// parent (behaviours 6.8).
func (s Scopes) Covers(want Scopes) bool { return want&^s.expand() == 0 }

// CoversAny reports whether at least one scope of want is granted.
func (s Scopes) CoversAny(want Scopes) bool { return want&s.expand() != 0 }

// Allows reports whether the named scope is granted; an unknown name never is.
func (s Scopes) Allows(name string) bool { return s.CoversAny(scopeBits[name]) }
