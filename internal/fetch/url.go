package fetch

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"coterie/internal/domain"
)

const (
	urlLimit  = 2048 // bytes
	hostLimit = 253  // bytes of a name
)

// ParseURL reads an address that a stranger supplied and gives its one
// canonical form: scheme http or https in lower case, host as CanonicalHost,
// no default port, no fragment, a path. It is used for identity, blocks,
// signing, caching and dialling alike (SEC-06). Refused as Invalid: white
// space and control characters, backslashes, user parts, percent-encoding in
// the host, zones. Whether the address may be dialled is the Client's matter.
func ParseURL(raw string) (*url.URL, error) {
	if raw == "" || len(raw) > urlLimit {
		return nil, badURL("it is empty or too long")
	}
	for i := range len(raw) {
		if c := raw[i]; c <= ' ' || c == 0x7f || c == '\\' {
			return nil, badURL("it has white space, control characters or a backslash")
		}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, badURL("it cannot be read")
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Opaque != "" || u.Host == "" {
		return nil, badURL("it is not http or https")
	}
	if u.User != nil || strings.Contains(rawAuthority(raw), "%") {
		return nil, badURL("its host has a user part or percent-encoding")
	}
	host, err := CanonicalHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	port, err := canonicalPort(u)
	if err != nil {
		return nil, err
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	u.Host = host + port
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

// rawAuthority is what stands between // and the path.
func rawAuthority(raw string) string {
	_, rest, _ := strings.Cut(raw, "//")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// canonicalPort is ":port", empty where it is the scheme's own.
func canonicalPort(u *url.URL) (string, error) {
	text := u.Port()
	if text == "" {
		if strings.HasSuffix(u.Host, ":") {
			return "", badURL("its port is empty")
		}
		return "", nil
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 || strconv.FormatUint(n, 10) != text {
		return "", badURL("its port is not a number")
	}
	if (u.Scheme == "https" && n == 443) || (u.Scheme == "http" && n == 80) {
		return "", nil
	}
	return ":" + text, nil
}

// CanonicalHost is the one form of a host name or address without port: names
// in lower-case ASCII (punycode), addresses as netip prints them, without
// brackets. Refused as Invalid: trailing dots, zones, empty labels, names
// that are not valid IDNA, xn-- of plain ASCII, and every text that some
// resolver reads as a short, decimal, octal or hexadecimal address.
func CanonicalHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return "", badURL("its host has a zone")
		}
		return addr.Unmap().String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil || ascii == "" || len(ascii) > hostLimit || !utf8.ValidString(host) {
		return "", badURL("its host is not a valid name")
	}
	if again, err := idna.Lookup.ToASCII(ascii); err != nil || again != ascii {
		return "", badURL("its host is not a valid name")
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", badURL("its host is not a valid name")
		}
	}
	if looksNumeric(ascii[strings.LastIndexByte(ascii, '.')+1:]) {
		return "", badURL("its host looks like an address")
	}
	return ascii, nil
}

// looksNumeric reports whether a last label makes resolvers take the whole
// host for an IPv4 address: digits, or 0x and hexadecimal digits.
func looksNumeric(label string) bool {
	if rest, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

func badURL(why string) error {
	return &domain.Error{Kind: domain.Invalid, Op: "fetch.ParseURL", Msg: "The address cannot be used: " + why}
}
