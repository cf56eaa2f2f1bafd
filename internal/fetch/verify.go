package fetch

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Scheme is the form of an HTTP signature.
type Scheme uint8

const (
	Cavage  Scheme = iota + 1 // draft-cavage-http-signatures-12
	RFC9421                   // HTTP Message Signatures
)

func (s Scheme) String() string {
	switch s {
	case Cavage:
		return "draft-cavage"
	case RFC9421:
		return "RFC 9421"
	}
	return "unsigned"
}

// The time window of facts 4.2.
const (
	clockSkew    = time.Hour
	defaultLife  = 5 * time.Minute
	longestLife  = 12 * time.Hour
	keyIDLimit   = 2048 // bytes
	schemeSecure = "https"
)

var (
	// ErrUnsigned says that the request carries no signature at all.
	ErrUnsigned = errors.New("request is not signed")
	// ErrMismatch says that the signature is well formed, in its time window
	// and not made by the key given: after it, and only after it, a cached
	// key may be fetched afresh once (key rotation, facts 4.3).
	ErrMismatch = errors.New("signature does not match the key")
)

// Rules is what a signature is held against.
type Rules struct {
	// Hosts are the public names of this server, with port where it is not
	// the default: lower case. A request for another host is refused (SEC-10).
	Hosts []string
	// Scheme of our public addresses, "https" where empty.
	Scheme string
	Now    time.Time
}

// Signature is a signature whose shape, coverage, digests and time window
// have been found good, and whose arithmetic Check does.
type Signature struct {
	KeyID   string // an http(s) URL or acct: URI of at most 2048 bytes
	Scheme  Scheme
	Created time.Time
	Expires time.Time // when it stops being accepted, without clock skew
	Value   []byte    // the signature itself, to recognise one seen before

	algorithm string
	bases     [][]byte // what may have been signed, best first
	covers    func(name string) bool
}

// Covers reports whether a header, by its lower-case name, is signed too.
func (s *Signature) Covers(name string) bool { return s.covers(name) }

// KeyLookup finds the public key of a key id: *rsa.PublicKey or
// ed25519.PublicKey. Its errors reach the caller of Verify unchanged in kind.
type KeyLookup func(ctx context.Context, keyID string) (crypto.PublicKey, error)

// Verify checks the signature of a received request: ParseSignature, then the
// key from lookup, then Check. r.Host must be the public name, body all the
// bytes received. Errors: BadRequest for malformed headers, Unauthenticated
// (ErrUnsigned, ErrMismatch or other) for refused ones, and those of lookup.
func Verify(ctx context.Context, r *http.Request, body []byte, lookup KeyLookup, rules Rules) (*Signature, error) {
	s, err := ParseSignature(r, body, rules)
	if err != nil {
		return nil, err
	}
	key, err := lookup(ctx, s.KeyID)
	if err != nil {
		return nil, fmt.Errorf("looking up key %s: %w", s.KeyID, err)
	}
	if err := s.Check(key); err != nil {
		return nil, err
	}
	return s, nil
}

// ParseSignature reads the signature of a request and does every check that
// needs no key. A Signature-Input header means RFC 9421, else draft-cavage:
// one is never judged by the rules of the other (facts 4.4).
func ParseSignature(r *http.Request, body []byte, rules Rules) (*Signature, error) {
	if rules.Scheme == "" {
		rules.Scheme = schemeSecure
	}
	for _, name := range []string{"Signature", "Signature-Input", "Date", "Content-Type", "Digest", "Content-Digest"} {
		if len(r.Header.Values(name)) > 1 {
			return nil, malformed("header %s is repeated", name)
		}
	}
	if !slices.Contains(rules.Hosts, authority(requestHost(r), rules.Scheme)) {
		return nil, refused("it is for another host")
	}
	value := r.Header.Get("Signature")
	input, isMessage := r.Header["Signature-Input"]
	if value == "" {
		err := refused("there is no signature")
		return nil, fmt.Errorf("%w: %w", err, ErrUnsigned)
	}
	var s *Signature
	var err error
	if isMessage {
		s, err = parseRFC9421(r, body, rules, input[0], value)
	} else {
		s, err = parseDraft(r, body, value)
	}
	if err != nil {
		return nil, err
	}
	if err := checkKeyID(s.KeyID); err != nil {
		return nil, err
	}
	if err := s.checkWindow(rules.Now); err != nil {
		return nil, err
	}
	if err := checkDigests(r.Header, body); err != nil {
		return nil, err
	}
	return s, nil
}

// KeyID is the key id that a request names, "" where none can be read: it says
// who a sender claims to be before its body is read, and proves nothing.
func KeyID(h http.Header) string {
	if input := h.Get("Signature-Input"); input != "" {
		if m, err := parseMessageSignature(input, h.Get("Signature")); err == nil {
			return m.keyID
		}
		return ""
	}
	if c, err := parseCavage(h.Get("Signature")); err == nil {
		return c.keyID
	}
	return ""
}

// needsDigest reports whether the body must be covered.
func needsDigest(r *http.Request, body []byte) bool {
	return len(body) > 0 || (r.Method != http.MethodGet && r.Method != http.MethodHead)
}

// parseDraft holds a draft-cavage signature to the coverage of facts 4.1, and
// to more: the target and the host must always be covered (SEC-09, SEC-10).
func parseDraft(r *http.Request, body []byte, value string) (*Signature, error) {
	h, err := parseCavage(value)
	if err != nil {
		return nil, err
	}
	need := []string{"(request-target)", "host"}
	if needsDigest(r, body) {
		need = append(need, "digest")
	}
	for _, name := range need {
		if !slices.Contains(h.headers, name) {
			return nil, refused("%s must be covered", name)
		}
	}
	s := &Signature{KeyID: h.keyID, Scheme: Cavage, Value: h.signature, algorithm: h.algorithm}
	s.covers = func(name string) bool { return slices.Contains(h.headers, name) }
	if h.algorithm == "rsa-sha256" {
		s.algorithm = algRSA
	}
	if h.algorithm == "hs2019" {
		s.algorithm = ""
	}
	switch {
	case slices.Contains(h.headers, "(created)"):
		s.Created, err = unixSeconds(h.created)
	case slices.Contains(h.headers, "date"):
		if s.Created, err = http.ParseTime(r.Header.Get("Date")); err != nil {
			err = malformed("Date cannot be read")
		}
	default:
		err = refused("date or (created) must be covered")
	}
	if err != nil {
		return nil, err
	}
	if slices.Contains(h.headers, "(expires)") {
		s.Expires, _ = unixSeconds(h.expires) // parseCavage has read it
	}
	return s, s.draftBases(h, r, body)
}

// draftBases makes the signing string, and the one without the query that
// older Mastodon, Pixelfed and others sign (facts 4.1).
func (s *Signature) draftBases(h *cavageHeader, r *http.Request, body []byte) error {
	target := requestTarget(r)
	base, err := h.signingString(r, body, target)
	if err != nil {
		return err
	}
	s.bases = [][]byte{base}
	if path, _, found := strings.Cut(target, "?"); found {
		if base, err = h.signingString(r, body, path); err != nil {
			return err
		}
		s.bases = append(s.bases, base)
	}
	return nil
}

// parseRFC9421 holds a message signature to the coverage that Mastodon
// demands (facts 4.4).
func parseRFC9421(r *http.Request, body []byte, rules Rules, input, value string) (*Signature, error) {
	m, err := parseMessageSignature(input, value)
	if err != nil {
		return nil, err
	}
	need := []string{"@method", "@target-uri"}
	if needsDigest(r, body) {
		need = append(need, "content-digest")
	}
	for _, name := range need {
		if !m.covers(name) {
			return nil, refused("%s must be covered", name)
		}
	}
	base, err := signatureBase(&m.input, requestComponents(r, body, rules.Scheme))
	if err != nil {
		return nil, err
	}
	return &Signature{
		KeyID: m.keyID, Scheme: RFC9421, Created: m.created, Expires: m.expires, Value: m.signature,
		algorithm: m.algorithm, bases: [][]byte{base}, covers: m.covers,
	}, nil
}

// checkWindow is the time window of facts 4.2.
func (s *Signature) checkWindow(now time.Time) error {
	if s.Expires.IsZero() {
		s.Expires = s.Created.Add(defaultLife)
	}
	if last := s.Created.Add(longestLife); s.Expires.After(last) {
		s.Expires = last
	}
	if s.Created.After(now.Add(clockSkew)) {
		return refused("it was made in the future")
	}
	if now.After(s.Expires.Add(clockSkew)) {
		return refused("it is too old")
	}
	return nil
}

// checkKeyID accepts the forms of facts 4.3: an http(s) URL or acct: URI.
func checkKeyID(id string) error {
	if len(id) > keyIDLimit || strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return malformed("the key id is not printable, or too long")
	}
	u, err := url.Parse(id)
	if err != nil || u.User != nil || (u.Scheme != "acct" && (u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"))) {
		return malformed("the key id is not an address")
	}
	return nil
}

// Check holds the signature against a public key. Keys of the wrong type,
// RSA keys under 2048 or over 8192 bits and odd exponents are refused before
// any arithmetic (SEC-12). A key that does not fit gives ErrMismatch.
func (s *Signature) Check(key crypto.PublicKey) error {
	if err := checkPublicKey(key, s.algorithm); err != nil {
		return err
	}
	for _, base := range s.bases {
		if verifyBytes(key, base, s.Value) {
			return nil
		}
	}
	return fmt.Errorf("%w: %w", refused("the signature is wrong"), ErrMismatch)
}
