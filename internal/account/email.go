package account

import (
	"strings"

	"golang.org/x/net/idna"
)

const (
	maxEmail     = 254
	maxLocalPart = 64
)

// validEmail accepts the plain form of an address only: one at-sign, a dotted
// local part of letters, digits and the signs no mail server reads a meaning
// into, and a host name. Quotes, percent, commas, comments, white space and
// addresses of addresses are refused (SEC-45).
func validEmail(address string) bool {
	local, host, found := strings.Cut(address, "@")
	if !found || len(address) > maxEmail || len(local) > maxLocalPart {
		return false
	}
	for part := range strings.SplitSeq(local, ".") {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-'~=&/") != "" {
			return false
		}
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil || ascii == "" || strings.HasSuffix(ascii, ".") {
		return false
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return strings.Trim(strings.ToLower(ascii), "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}
