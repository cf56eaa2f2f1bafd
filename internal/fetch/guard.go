package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"coterie/internal/domain"
)

// Resolver finds the addresses of a canonical host name.
type Resolver func(ctx context.Context, host string) ([]netip.Addr, error)

// guard decides where a connection may go. It is the only place that does:
// what is decided on is the address that is connected to (SEC-23, SEC-24).
type guard struct {
	dev      bool
	ports    []uint16
	operator []string // host:port that the operator typed, any address
	allows   func(hostPort string) bool
	resolve  Resolver
	public   *ssrf.Guardian
	dialer   net.Dialer
	timeout  time.Duration
	attempts int
}

// dialAttempts is how many addresses of one name are tried.
const dialAttempts = 4

func newGuard(cfg Config) *guard {
	g := &guard{
		dev: cfg.Dev, ports: cfg.Ports, operator: cfg.AllowHosts, allows: cfg.Allows, resolve: cfg.Resolver,
		public: ssrf.New(ssrf.WithAnyPort()), timeout: cfg.Limits.Connect, attempts: dialAttempts,
	}
	if g.resolve == nil {
		g.resolve = systemResolver
	}
	g.dialer.Timeout = cfg.Limits.Connect
	g.dialer.KeepAlive = 15 * time.Second
	return g
}

func systemResolver(ctx context.Context, host string) ([]netip.Addr, error) {
	return new(net.Resolver).LookupNetIP(ctx, "ip", host)
}

// checkURL refuses addresses by their text, before any name is looked up.
// https is demanded unless plain says that http will do.
func (g *guard) checkURL(u *url.URL, plain bool) error {
	if u.Scheme != schemeSecure && !plain && !g.dev {
		return notAllowed(u.Host, "plain http")
	}
	if g.dev {
		return nil
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return notAllowed(u.Host, "an address instead of a name")
	}
	if !strings.Contains(host, ".") {
		return notAllowed(u.Host, "a name without a dot")
	}
	return g.checkPort(u.Host, portOf(u))
}

func (g *guard) checkPort(host string, port uint16) error {
	if g.dev || slices.Contains(g.ports, port) {
		return nil
	}
	return notAllowed(host, "port "+strconv.Itoa(int(port)))
}

// isOperator reports whether the operator typed exactly this host and port.
func (g *guard) isOperator(hostPort string) bool {
	return slices.Contains(g.operator, hostPort) || g.allows != nil && g.allows(hostPort)
}

// checkAddr allows global unicast addresses only, after unmapping; in DEV
// loopback too.
func (g *guard) checkAddr(a netip.Addr, port uint16) error {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" {
		return notAllowed(a.String(), "its address")
	}
	if g.dev && a.IsLoopback() {
		return nil
	}
	network := "tcp4"
	if a.Is6() {
		network = "tcp6"
	}
	err := g.public.Safe(network, netip.AddrPortFrom(a, port).String(), nil)
	if err != nil || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || isCarrier(a) {
		return notAllowed(a.String(), "its address")
	}
	return nil
}

// isCarrier reports addresses that carry an IPv4 address inside of them:
// ISATAP interface identifiers, wherever they stand (RFC 5214).
func isCarrier(a netip.Addr) bool {
	b := a.As16()
	return a.Is6() && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe && (b[8] == 0 || b[8] == 2)
}

// dialStranger connects to a host that a stranger named. All its addresses
// must be public, so that a name which answers public and private at once is
// refused, and the socket is checked once more as it connects.
func (g *guard) dialStranger(ctx context.Context, network, addr string) (net.Conn, error) {
	dialer := g.dialer
	dialer.Control = g.control
	return g.dial(ctx, &dialer, network, addr, g.checkAddr)
}

// control is the last word on a socket: it sees the address in use.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("reading the address dialled: %w", err)
	}
	if err := g.checkPort(address, to.Port()); err != nil {
		return err
	}
	return g.checkAddr(to.Addr(), to.Port())
}

// dialOperator connects to a host that the operator typed.
func (g *guard) dialOperator(ctx context.Context, network, addr string) (net.Conn, error) {
	if !g.isOperator(addr) {
		return nil, notAllowed(addr, "not one that the operator typed")
	}
	return g.dial(ctx, &g.dialer, network, addr, func(netip.Addr, uint16) error { return nil })
}

func (g *guard) dial(ctx context.Context, d *net.Dialer, network, addr string, check func(netip.Addr, uint16) error) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	host, portText, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", addr, err)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", addr, err)
	}
	addrs, err := g.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		if err := check(a, uint16(port)); err != nil {
			return nil, err
		}
	}
	var failed error
	for i, a := range addrs[:min(len(addrs), g.attempts)] {
		conn, err := g.attempt(ctx, d, network, netip.AddrPortFrom(a.Unmap(), uint16(port)), len(addrs)-i)
		if err == nil {
			return conn, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

// attempt connects to one address, leaving time for the others.
func (g *guard) attempt(ctx context.Context, d *net.Dialer, network string, to netip.AddrPort, left int) (net.Conn, error) {
	if left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.timeout/2)
		defer cancel()
	}
	return d.DialContext(ctx, network, to.String())
}

// lookup resolves a name. A resolver that does not heed its context does not
// hold the caller.
func (g *guard) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	if g.dev && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}, nil
	}
	type answer struct {
		addrs []netip.Addr
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		addrs, err := g.resolve(ctx, host)
		done <- answer{addrs, err}
	}()
	select {
	case <-ctx.Done():
		return nil, fmt.Errorf("resolving %s: %w", host, ctx.Err())
	case got := <-done:
		if got.err != nil {
			return nil, fmt.Errorf("resolving %s: %w", host, got.err)
		}
		if len(got.addrs) == 0 {
			return nil, fmt.Errorf("resolving %s: no address", host)
		}
		return got.addrs, nil
	}
}

func notAllowed(host, what string) error {
	e := domain.Errorf(domain.Forbidden, "%s may not be called: %s is not allowed", host, what)
	return fmt.Errorf("%w: %w", e, ErrRefused)
}

// HostPort is the host and port that a web address leads to, as
// Config.AllowHosts has them.
func HostPort(u *url.URL) string {
	return net.JoinHostPort(strings.ToLower(u.Hostname()), strconv.Itoa(int(portOf(u))))
}

// portOf is the port of a canonical URL.
func portOf(u *url.URL) uint16 {
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		return uint16(n)
	}
	if u.Scheme == schemeSecure {
		return 443
	}
	return 80
}
