package apub

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"coterie/internal/domain"
)

// Sync is a Collection-Synchronization header (FEP-8fcf, facts 16): whom the
// sender believes to follow it from the receiver's host.
type Sync struct {
	Collection string // the sender's followers
	URL        string // the receiver's part of them; on the sender's host
	Digest     string // see FollowersDigest
}

// ErrSync is a header that cannot be read.
var ErrSync = errors.New("unreadable Collection-Synchronization")

// ParseSync reads the header; the order of its parameters varies. The caller
// compares Collection with the sender's followers collection; URL is checked
// to be on the same origin as it.
func ParseSync(header string) (Sync, error) {
	if len(header) > 3*MaxURI {
		return Sync{}, ErrSync
	}
	var s Sync
	for header != "" {
		name, rest, ok := strings.Cut(header, "=")
		value, tail, closed := "", "", false
		if ok && strings.HasPrefix(rest, `"`) {
			value, tail, closed = strings.Cut(rest[1:], `"`)
		}
		if !closed {
			return Sync{}, ErrSync
		}
		switch strings.TrimSpace(name) {
		case "collectionId":
			s.Collection = uri(value)
		case "url":
			s.URL = uri(value)
		case "digest":
			s.Digest = strings.ToLower(value)
		}
		tail = strings.TrimLeft(tail, " ")
		if tail != "" && tail[0] != ',' {
			return Sync{}, ErrSync
		}
		header = strings.TrimLeft(tail, ", ")
	}
	if d, err := hex.DecodeString(s.Digest); err != nil || len(d) != sha256.Size || !SameOrigin(s.Collection, s.URL) {
		return Sync{}, ErrSync
	}
	return s, nil
}

// String writes the header.
func (s Sync) String() string {
	return `collectionId="` + s.Collection + `", digest="` + s.Digest + `", url="` + s.URL + `"`
}

// FollowersDigest is the Digest of follower ids that share the receiver's
// origin, in any order.
func FollowersDigest(ids []string) string { return domain.FollowersDigest(ids) }
