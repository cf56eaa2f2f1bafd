package text

import (
	"strings"

	"golang.org/x/net/idna"
)

// EmailKey is the form in which addresses are compared: lower case, the host
// in ASCII.
func EmailKey(address string) string {
	local, host, found := strings.Cut(strings.TrimSpace(address), "@")
	if !found {
		return strings.ToLower(local)
	}
	return strings.ToLower(local) + "@" + ASCIIHost(host)
}

// ASCIIHost is a host name in lower case and ASCII as far as it can be.
func ASCIIHost(host string) string {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	return strings.ToLower(strings.TrimSpace(host))
}
