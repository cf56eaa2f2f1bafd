package httpkit

import (
	"net/url"
	"strings"
)

// SafeRedirect turns a target that a client supplied into a path of this site
// with its query, or "/" if it leads anywhere else: another host or scheme, a
// doubled or backslashed slash, plain or encoded, a control character (SEC-65).
func SafeRedirect(baseURL, target string) string {
	const home = "/"
	if rest, ok := strings.CutPrefix(target, baseURL); ok && strings.HasPrefix(rest, "/") && baseURL != "" {
		target = rest
	}
	if len(target) > 2048 || !strings.HasPrefix(target, "/") {
		return home
	}
	for _, c := range target {
		if c < 0x20 || c == 0x7f || c == '\\' {
			return home
		}
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return home
	}
	// Browsers and proxies decode at different times, so look at every layer.
	path := u.Path
	for range 3 {
		if strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") {
			return home
		}
		next, err := url.PathUnescape(path)
		if err != nil || next == path {
			break
		}
		path = next
	}
	return u.RequestURI()
}
