package text

import (
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"coterie/internal/domain"
)

const maxHost = 253 // bytes of a name

// HostName is the one form of a host that a person names, in which hosts are
// stored and compared (SEC-06): lower case, ASCII, a port only where it is said. A
// name with a scheme, a path or an at-sign is taken for what it means. What is no
// host is Invalid.
func HostName(name string) (string, error) {
	host := strings.TrimSpace(name)
	if _, rest, found := strings.Cut(host, "://"); found {
		host = rest
	}
	host, _, _ = strings.Cut(host[strings.LastIndexByte(host, '@')+1:], "/")
	host, port, hasPort := strings.Cut(host, ":")
	ascii, err := idna.Lookup.ToASCII(host)
	ascii = strings.TrimSuffix(ascii, ".") // after it, for there are other full stops
	if err != nil || ascii == "" || len(ascii) > maxHost || strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return "", errHost
	}
	if !hasPort {
		return ascii, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", errHost
	}
	return ascii + ":" + strconv.FormatUint(n, 10), nil
}

var errHost = domain.Errorf(domain.Invalid, "Validation failed: Domain is not a valid domain name")
