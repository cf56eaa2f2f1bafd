package httpkit

import (
	"net/http"
	"net/netip"
	"strings"
)

// maxHops is how many forwarded addresses are looked at.
const maxHops = 32

// clientIP is the address that asked: the peer of the connection, or, while
// that is a trusted proxy, the next one to the left in X-Forwarded-For. What a
// client wrote itself stands further left and is never reached (SEC-47).
func clientIP(r *http.Request, trusted []netip.Prefix) netip.Addr {
	addr := parseAddr(r.RemoteAddr)
	if len(trusted) == 0 || !within(addr, trusted) {
		return addr
	}
	lines := r.Header["X-Forwarded-For"]
	hops := 0
	for i := len(lines) - 1; i >= 0; i-- {
		rest := lines[i]
		for rest != "" && hops < maxHops {
			hops++
			var part string
			if cut := strings.LastIndexByte(rest, ','); cut >= 0 {
				part, rest = rest[cut+1:], rest[:cut]
			} else {
				part, rest = rest, ""
			}
			next := parseAddr(strings.TrimSpace(part))
			if !next.IsValid() {
				return addr
			}
			if addr = next; !within(addr, trusted) {
				return addr
			}
		}
	}
	return addr
}

// parseAddr reads an address with or without port and brackets.
func parseAddr(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

func within(a netip.Addr, nets []netip.Prefix) bool {
	for _, n := range nets {
		if n.Contains(a) {
			return true
		}
	}
	return false
}
