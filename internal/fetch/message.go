package fetch

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// messageSignature is one RFC 9421 signature: its covered components and
// parameters, and its value.
type messageSignature struct {
	input     sfMember
	signature []byte
	keyID     string
	algorithm string // "" where absent
	created   time.Time
	expires   time.Time // zero where absent
}

// parseMessageSignature reads Signature-Input and Signature. As at Mastodon
// there must be exactly one signature, with keyid and created (facts 4.4);
// repeated or unknown parameters are refused (SEC-12).
func parseMessageSignature(input, signature string) (*messageSignature, error) {
	inputs, err := parseDictionary(input)
	if err != nil {
		return nil, malformed("Signature-Input is not a dictionary")
	}
	values, err := parseDictionary(signature)
	if err != nil {
		return nil, malformed("Signature is not a dictionary")
	}
	if len(inputs) != 1 || len(values) != 1 {
		return nil, refused("exactly one signature is read")
	}
	in, value := inputs[0], values[0]
	if !in.isList || value.isList || value.item.kind != sfBytes || in.key != value.key || len(value.item.bytes) == 0 {
		return nil, malformed("Signature-Input and Signature do not fit")
	}
	m := &messageSignature{input: in, signature: value.item.bytes}
	seen := make(map[string]bool, len(in.list))
	for n := range in.list {
		var b strings.Builder
		in.list[n].write(&b)
		if in.list[n].kind != sfString || in.list[n].text == "" || seen[b.String()] {
			return nil, malformed("a component is not a string, or covered twice")
		}
		seen[b.String()] = true
	}
	for n := range in.item.params {
		if err := m.readParam(&in.item.params[n]); err != nil {
			return nil, err
		}
	}
	if m.keyID == "" || m.created.IsZero() {
		return nil, refused("keyid and created are needed")
	}
	return m, nil
}

func (m *messageSignature) readParam(p *sfParam) error {
	kind := sfString
	switch p.key {
	case "created":
		kind, m.created = sfInteger, time.Unix(p.value.num, 0).UTC()
	case "expires":
		kind, m.expires = sfInteger, time.Unix(p.value.num, 0).UTC()
	case "keyid":
		m.keyID = p.value.text
	case "alg":
		m.algorithm = p.value.text
		if m.algorithm != algRSA && m.algorithm != algEd25519 {
			return refused("algorithm %q is not supported", m.algorithm)
		}
	case "nonce", "tag":
	default:
		return malformed("parameter %q is not known", p.key)
	}
	if p.value.kind != kind || p.value.num < 0 || p.value.num > 1e11 {
		return malformed("parameter %q has the wrong type", p.key)
	}
	return nil
}

// covers reports whether the plain component of that name is signed.
func (m *messageSignature) covers(name string) bool {
	for n := range m.input.list {
		if m.input.list[n].text == name && len(m.input.list[n].params) == 0 {
			return true
		}
	}
	return false
}

// signatureBase is the text under an RFC 9421 signature (section 2.5). value
// gives each component.
func signatureBase(input *sfMember, value func(*sfItem) (string, error)) ([]byte, error) {
	var b strings.Builder
	b.Grow(512)
	for n := range input.list {
		v, err := value(&input.list[n])
		if err != nil {
			return nil, err
		}
		input.list[n].write(&b)
		b.WriteString(": ")
		b.WriteString(v)
		b.WriteByte('\n')
	}
	b.WriteString(`"@signature-params": `)
	input.writeList(&b)
	return []byte(b.String()), nil
}

// requestComponents gives the components of a request whose scheme is the
// one that the public sees.
func requestComponents(r *http.Request, body []byte, scheme string) func(*sfItem) (string, error) {
	return func(c *sfItem) (string, error) {
		if c.text == "@query-param" {
			return queryParam(r.URL, c)
		}
		if len(c.params) > 0 {
			return "", refused("parameters of component %q are not supported", c.text)
		}
		if strings.HasPrefix(c.text, "@") {
			return derivedComponent(r, scheme, c.text)
		}
		if c.text != strings.ToLower(c.text) {
			return "", malformed("component %q is not lower case", c.text)
		}
		v, ok := fieldValue(r, body, c.text)
		if !ok {
			return "", refused("header %q is covered and not in the request", c.text)
		}
		return v, nil
	}
}

func derivedComponent(r *http.Request, scheme, name string) (string, error) {
	target := requestTarget(r)
	path, query, _ := strings.Cut(target, "?")
	switch name {
	case "@method":
		return r.Method, nil
	case "@target-uri":
		return scheme + "://" + authority(requestHost(r), scheme) + target, nil
	case "@authority":
		return authority(requestHost(r), scheme), nil
	case "@scheme":
		return scheme, nil
	case "@request-target":
		return target, nil
	case "@path":
		return path, nil
	case "@query":
		return "?" + query, nil
	}
	return "", refused("component %q is not supported", name)
}

// queryParam is the re-encoded value of one query parameter (RFC 9421
// section 2.2.8). Repeated parameters are refused.
func queryParam(u *url.URL, c *sfItem) (string, error) {
	name := c.param("name")
	if name == nil || name.kind != sfString || len(c.params) != 1 {
		return "", malformed("@query-param has no name")
	}
	decoded, err := url.QueryUnescape(name.text)
	if err != nil {
		return "", malformed("@query-param has a bad name")
	}
	values := u.Query()[decoded]
	if len(values) != 1 {
		return "", refused("query parameter %q is not there once", decoded)
	}
	return strings.ReplaceAll(url.QueryEscape(values[0]), "+", "%20"), nil
}

// authority is a host in the form that @authority and @target-uri use: lower
// case, without the default port.
func authority(host, scheme string) string {
	host = strings.ToLower(host)
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}
