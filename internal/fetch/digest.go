package fetch

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"

	"coterie/internal/domain"
)

// digestLimit is how many digests one header may list.
const digestLimit = 16

// digestHeader is the old Digest header of body, as draft-cavage peers read it.
func digestHeader(body []byte) string {
	sum := sha256.Sum256(body)
	return "SHA-256=" + base64.StdEncoding.EncodeToString(sum[:])
}

// contentDigestHeader is the Content-Digest header of body (RFC 9530).
func contentDigestHeader(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"
}

// checkDigests holds every digest header that the request carries against
// body, covered or not: where there are two, both must match (SEC-09).
// Whether the scheme's own header is there and covered is the caller's check.
func checkDigests(h http.Header, body []byte) error {
	if v := h.Values("Digest"); len(v) > 0 {
		if err := checkDigest(strings.Join(v, ","), body); err != nil {
			return err
		}
	}
	if v := h.Values("Content-Digest"); len(v) > 0 {
		return checkContentDigest(strings.Join(v, ","), body)
	}
	return nil
}

// checkDigest reads a Digest header: a comma list whose names are
// case-insensitive. One SHA-256 is needed, every SHA-256 and SHA-512 must
// match, others are passed over (facts 4.1).
func checkDigest(value string, body []byte) error {
	entries := strings.Split(value, ",")
	if len(entries) > digestLimit {
		return domain.Errorf(domain.BadRequest, "Digest lists too many values")
	}
	found := false
	for _, e := range entries {
		name, text, ok := strings.Cut(strings.TrimSpace(e), "=")
		if !ok {
			return domain.Errorf(domain.BadRequest, "Digest is malformed")
		}
		sum, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return domain.Errorf(domain.BadRequest, "Digest is not base64")
		}
		is256, err := matchDigest(strings.ToLower(name), sum, body)
		if err != nil {
			return err
		}
		found = found || is256
	}
	if !found {
		return domain.Errorf(domain.Unauthenticated, "Digest holds no SHA-256")
	}
	return nil
}

// checkContentDigest reads a Content-Digest header, a dictionary of byte
// sequences. As at Mastodon, sha-256 must be there (facts 4.4); a sha-512
// beside it must match too.
func checkContentDigest(value string, body []byte) error {
	dict, err := parseDictionary(value)
	if err != nil || len(dict) > digestLimit {
		return domain.Errorf(domain.BadRequest, "Content-Digest is malformed")
	}
	found := false
	for _, m := range dict {
		if m.isList || m.item.kind != sfBytes {
			return domain.Errorf(domain.BadRequest, "Content-Digest is malformed")
		}
		is256, err := matchDigest(m.key, m.item.bytes, body)
		if err != nil {
			return err
		}
		found = found || is256
	}
	if !found {
		return domain.Errorf(domain.Unauthenticated, "Content-Digest holds no sha-256")
	}
	return nil
}

// matchDigest compares one digest with the body and reports whether it was a
// SHA-256. Algorithms that are not known neither match nor fail.
func matchDigest(name string, sum, body []byte) (is256 bool, err error) {
	var want []byte
	switch name {
	case "sha-256":
		s := sha256.Sum256(body)
		want, is256 = s[:], true
	case "sha-512":
		s := sha512.Sum512(body)
		want = s[:]
	default:
		return false, nil
	}
	if subtle.ConstantTimeCompare(sum, want) != 1 {
		return false, domain.Errorf(domain.Unauthenticated, "The %s digest does not match the body", name)
	}
	return is256, nil
}
