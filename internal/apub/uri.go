package apub

import (
	"html"
	"net/url"
	"strings"
)

// Public is the collection everybody is in.
const Public = "https://www.w3.org/ns/activitystreams#Public"

// IsPublic reports whether the address means everybody, in any spelling.
func IsPublic(s string) bool {
	return s == Public || s == "as:Public" || s == "Public"
}

// uri cleans an identifier: http or https with a host, or Public. It is kept
// byte for byte; what is no such address becomes "". Spellings of Public
// become Public.
func uri(s string) string {
	if IsPublic(s) {
		return Public
	}
	if webURL(s) == nil {
		return ""
	}
	return s
}

// href cleans an address that people follow or media is fetched from: like
// uri, but surrounding space and HTML entities (WordPress) are taken out.
func href(s string) string {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "&") && (strings.Contains(s, "&#") || strings.Contains(s, "&amp;")) {
		s = html.UnescapeString(s)
	}
	if webURL(s) == nil {
		return ""
	}
	return s
}

// webURL parses an absolute http or https address; nil when it is none, too
// long, or holds what browsers read differently (SEC-52).
func webURL(s string) *url.URL {
	if len(s) < 8 || len(s) > MaxURI {
		return nil
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>' {
			return nil
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return nil
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	return u
}

// Host is the lower-case host, with the port if there is one, of an http(s)
// address; "" when it is none.
func Host(s string) string {
	u := webURL(s)
	if u == nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// SameOrigin reports whether both are http(s) addresses of the same scheme,
// host and port: the only thing authority is drawn from (facts 3, SEC-01,
// SEC-02).
func SameOrigin(a, b string) bool {
	ua, ub := webURL(a), webURL(b)
	return ua != nil && ub != nil && ua.Scheme == ub.Scheme && strings.EqualFold(ua.Host, ub.Host)
}
