package fetch

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
)

// cavageHeader is a parsed draft-cavage-12 Signature header (facts 4.1).
type cavageHeader struct {
	keyID     string
	algorithm string // "" where absent, which counts as hs2019
	headers   []string
	signature []byte
	created   string // digits as sent, "" where absent
	expires   string
}

// parseCavage reads a Signature header. Repeated and unknown parameters are
// refused (SEC-12); a leading "Signature ", spaces around commas and quoted
// created and expires are tolerated, since real senders write them.
func parseCavage(value string) (*cavageHeader, error) {
	if len(value) > fieldLimit {
		return nil, malformed("the header is too long")
	}
	if len(value) > 10 && strings.EqualFold(value[:10], "Signature ") {
		value = value[10:]
	}
	params, err := cavageParams(value)
	if err != nil {
		return nil, err
	}
	h := &cavageHeader{
		keyID: params["keyId"].text, algorithm: strings.ToLower(params["algorithm"].text),
		created: params["created"].text, expires: params["expires"].text,
	}
	if h.keyID == "" || params["signature"].text == "" {
		return nil, malformed("keyId and signature are needed")
	}
	if h.signature, err = base64.StdEncoding.Strict().DecodeString(params["signature"].text); err != nil {
		return nil, malformed("signature is not base64")
	}
	for _, digits := range []string{h.created, h.expires} {
		if _, err := unixSeconds(digits); err != nil {
			return nil, err
		}
	}
	switch h.algorithm {
	case "", "hs2019", "rsa-sha256", "ed25519":
	default:
		return nil, refused("algorithm %q is not supported", h.algorithm)
	}
	return h, h.readHeaders(params["headers"])
}

// readHeaders splits the list of covered names, or takes the default of the
// algorithm.
func (h *cavageHeader) readHeaders(p cavageParam) error {
	if !p.set {
		h.headers = []string{"date"}
		if h.algorithm == "" || h.algorithm == "hs2019" {
			h.headers = []string{"(created)"}
		}
		return nil
	}
	h.headers = strings.Fields(strings.ToLower(p.text))
	if len(h.headers) == 0 || len(h.headers) > memberLimit {
		return malformed("headers covers nothing, or too much")
	}
	seen := make(map[string]bool, len(h.headers))
	for _, name := range h.headers {
		if seen[name] {
			return malformed("headers names %q twice", name)
		}
		seen[name] = true
	}
	return nil
}

type cavageParam struct {
	text string
	set  bool
}

func cavageParams(s string) (map[string]cavageParam, error) {
	params := make(map[string]cavageParam, 6)
	p := &sfParser{s: s}
	for {
		p.skip(" \t")
		name := p.span(isAlpha)
		p.skip(" \t")
		if name == "" || !p.take('=') {
			return nil, malformed("a parameter has no name or value")
		}
		p.skip(" \t")
		text, err := cavageValue(p, name)
		if err != nil {
			return nil, err
		}
		if params[name].set {
			return nil, malformed("%s is given twice", name)
		}
		params[name] = cavageParam{text, true}
		p.skip(" \t")
		if p.end() {
			return params, nil
		}
		if !p.take(',') {
			return nil, malformed("a comma is missing")
		}
	}
}

func cavageValue(p *sfParser, name string) (string, error) {
	switch name {
	case "keyId", "algorithm", "headers", "signature":
		return cavageQuoted(p)
	case "created", "expires":
		if !p.end() && p.s[p.i] == '"' {
			return cavageQuoted(p)
		}
		return p.span(isDigit), nil
	}
	return "", malformed("parameter %q is not known", name)
}

func cavageQuoted(p *sfParser) (string, error) {
	it := sfItem{}
	err := error(errField)
	if !p.end() && p.s[p.i] == '"' {
		it, err = p.quoted()
	}
	if err != nil {
		return "", malformed("a value is not a quoted string")
	}
	return it.text, nil
}

// unixSeconds reads a created or expires value; "" is the zero time.
func unixSeconds(digits string) (time.Time, error) {
	if digits == "" {
		return time.Time{}, nil
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || len(digits) > 11 {
		return time.Time{}, malformed("created and expires must be Unix seconds")
	}
	return time.Unix(n, 0).UTC(), nil
}

// signingString is the text under a draft-cavage signature: one line per
// covered name. Names that the request does not have are refused.
func (h *cavageHeader) signingString(r *http.Request, body []byte, target string) ([]byte, error) {
	var b strings.Builder
	b.Grow(512)
	for n, name := range h.headers {
		if n > 0 {
			b.WriteByte('\n')
		}
		value, err := h.line(r, body, target, name)
		if err != nil {
			return nil, err
		}
		b.WriteString(name)
		b.WriteString(": ")
		b.WriteString(value)
	}
	return []byte(b.String()), nil
}

func (h *cavageHeader) line(r *http.Request, body []byte, target, name string) (string, error) {
	switch name {
	case "(request-target)":
		return strings.ToLower(r.Method) + " " + target, nil
	case "(created)", "(expires)":
		value := h.created
		if name == "(expires)" {
			value = h.expires
		}
		if value == "" {
			return "", malformed("%s is covered and not given", name)
		}
		if h.algorithm != "" && h.algorithm != "hs2019" {
			return "", refused("%s may not be used with %s", name, h.algorithm)
		}
		return value, nil
	}
	value, ok := fieldValue(r, body, name)
	if !ok {
		return "", refused("header %q is covered and not in the request", name)
	}
	return value, nil
}

// fieldValue is the value of a header as signed: lines trimmed and joined
// with ", ". The host is the one of the request; a Content-Length that the
// server took away is the length of body.
func fieldValue(r *http.Request, body []byte, name string) (string, bool) {
	switch name {
	case "host":
		return requestHost(r), true
	case "content-length":
		if r.Header.Get("Content-Length") == "" {
			return strconv.Itoa(len(body)), true
		}
	}
	values := r.Header.Values(name)
	switch len(values) {
	case 0:
		return "", false
	case 1:
		return strings.TrimSpace(values[0]), true
	}
	trimmed := make([]string, len(values))
	for i, v := range values {
		trimmed[i] = strings.TrimSpace(v)
	}
	return strings.Join(trimmed, ", "), true
}

// requestHost is the Host of a request, received or about to be sent.
func requestHost(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// requestTarget is path and query as they stand in the request line.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

func malformed(format string, args ...any) error {
	e := domain.Errorf(domain.BadRequest, "Malformed signature: "+format, args...)
	e.Op = "fetch.Verify"
	return e
}

func refused(format string, args ...any) error {
	e := domain.Errorf(domain.Unauthenticated, "Request not signed well: "+format, args...)
	e.Op = "fetch.Verify"
	return e
}
