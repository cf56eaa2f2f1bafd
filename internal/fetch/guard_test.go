package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"coterie/internal/domain"
)

// specialBlocks are the special-purpose registries of IANA for IPv4 and IPv6,
// multicast, and the forms that carry an IPv4 address inside an IPv6 one.
var specialBlocks = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
	"::/128", "::1/128", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32", "2001:1::1/128",
	"2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
	"fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "::ffff:0:0/96", "::ffff:0:0:0/96",
}

// edges are the first, the second and the last address of a block.
func edges(p netip.Prefix) []netip.Addr {
	last := p.Masked().Addr().AsSlice()
	for i := range last {
		for bit := range 8 {
			if i*8+bit >= p.Bits() {
				last[i] |= 0x80 >> bit
			}
		}
	}
	end, _ := netip.AddrFromSlice(last)
	first := p.Masked().Addr()
	if p.Bits() == first.BitLen() {
		return []netip.Addr{first}
	}
	return []netip.Addr{first, first.Next(), end}
}

// carried are IPv6 forms of an IPv4 address: mapped, compatible, translated,
// 6to4, Teredo, local NAT64 and ISATAP under a public prefix.
func carried(v4 [4]byte) []netip.Addr {
	var all []netip.Addr
	put := func(prefix string, at int, invert bool) {
		b := netip.MustParseAddr(prefix).As16()
		for i, c := range v4 {
			if b[at+i] = c; invert {
				b[at+i] = ^c
			}
		}
		all = append(all, netip.AddrFrom16(b))
	}
	put("::ffff:0:0", 12, false)
	put("::", 12, false)
	put("64:ff9b::", 12, false)
	put("64:ff9b:1::", 12, false)
	put("::ffff:0:0:0", 12, false)
	put("2002::", 2, false)
	put("2001:0:4136:e378:8000:63bf::", 12, true)
	put("2a00:1450::5efe:0:0", 12, false)
	put("2a00:1450::200:5efe:0:0", 12, false)
	return all
}

func specialAddrs() []netip.Addr {
	var all []netip.Addr
	for _, block := range specialBlocks {
		p := netip.MustParsePrefix(block)
		// A mapped block holds every IPv4 address: only its private ones are special.
		if block != "::ffff:0:0/96" {
			all = append(all, edges(p)...)
		}
	}
	for _, v4 := range [][4]byte{{127, 0, 0, 1}, {10, 0, 0, 1}, {169, 254, 169, 254}, {192, 168, 1, 1}, {0, 0, 0, 0}} {
		all = append(all, carried(v4)...)
	}
	return all
}

func answering(addrs ...netip.Addr) Resolver {
	return func(context.Context, string) ([]netip.Addr, error) { return addrs, nil }
}

// listener counts who connects to a port of loopback.
func listener(t *testing.T) (port uint16, connected *atomic.Int32) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	connected = new(atomic.Int32)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			connected.Add(1)
			_ = conn.Close()
		}
	}()
	return uint16(l.Addr().(*net.TCPAddr).Port), connected
}

// TestSEC23_EverySpecialAddress asks for every special address, by name and
// as a literal, with every verb.
func TestSEC23_EverySpecialAddress(t *testing.T) {
	t.Parallel()
	port, connected := listener(t)
	for _, a := range specialAddrs() {
		c := testClient(t, Config{Resolver: answering(a), Ports: []uint16{80, 443, port}})
		for _, host := range []string{"name.example", a.String(), "[" + a.String() + "]"} {
			target := "https://" + host + ":" + itoa(port) + "/"
			_, err := c.Get(t.Context(), target, Options{})
			if host == "name.example" && !errors.Is(err, ErrRefused) || err == nil {
				t.Errorf("GET %s as %s: %v", target, a, err)
			}
			if _, err := c.Head(t.Context(), target, Options{PlainHTTP: true}); err == nil {
				t.Errorf("HEAD %s as %s went through", target, a)
			}
			if _, err := c.Post(t.Context(), target, "text/plain", []byte("x"), Options{}); err == nil {
				t.Errorf("POST %s as %s went through", target, a)
			}
			if err := c.Deliver(t.Context(), target, "text/plain", []byte("x"), Options{}); err == nil {
				t.Errorf("delivery to %s as %s went through", target, a)
			}
		}
		if err := c.guard.control("tcp", netip.AddrPortFrom(a, port).String(), nil); !errors.Is(err, ErrRefused) {
			t.Errorf("the socket to %s: %v", a, err)
		}
		if c.guard.dev = true; !a.Unmap().IsLoopback() {
			if err := c.guard.checkAddr(a, 443); !errors.Is(err, ErrRefused) {
				t.Errorf("DEV, %s: %v", a, err)
			}
		}
	}
	if n := connected.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

func TestPublicAddressesPass(t *testing.T) {
	t.Parallel()
	g := testClient(t, Config{}).guard
	for _, s := range []string{"1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "192.0.1.1", "223.255.255.255", "2a00:1450:4001::1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if err := g.control("tcp", netip.AddrPortFrom(netip.MustParseAddr(s), 443).String(), nil); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

// TestSEC23_Text refuses addresses by their text alone: forms that resolvers
// read as numbers, ports outside the list, other schemes.
func TestSEC23_Text(t *testing.T) {
	t.Parallel()
	port, connected := listener(t)
	c := testClient(t, Config{
		Resolver: answering(netip.MustParseAddr("127.0.0.1")),
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+itoa(port))
		},
	})
	for _, target := range []string{
		"https://2130706433/", "https://0x7f000001/", "https://0X7F.0.0.1/", "https://017700000001/", "https://0177.0.0.1/", "https://127.1/",
		"https://127.0.1/", "https://127.0.0.1/", "https://127.0.0.1./", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
		"https://[fe80::1%25lo]/", "https://[fe80::1%lo]/", "https://localhost/", "https://localhost./", "https://intranet/", "https://example.com./",
		"https://１２７.０.０.１/", "https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://a.example:22/", "https://a.example:8080/", "https://a.example:0/",
		"https://a.example:65536/", "https://a.example:/", "https://a.example:+443/", "https://a.example:0443/", "http://a.example/", "ftp://a.example/",
		"file:///etc/passwd", "gopher://a.example/", "unix:///x", "//a.example/", "a.example", "", "https:///x", "https:a.example",
		"https://u:p@a.example/", "https://a.example@b.example/", "https://a.example\\@b.example/", "https://a%2eexample/", "https://%31%32%37.0.0.1/",
		"https://a.example /", " https://a.example/", "https://a.example/\r\nX: y", "https://a\x00.example/", "https://a..example/", "https://.example/",
		"https://a_b.example/", "https://xn--abc-.example/", "https://" + strings.Repeat("a", 64) + ".example/", "https://" + strings.Repeat("a.", 130) + "example/",
		"https://a.example/" + strings.Repeat("x", 2048),
	} {
		_, err := c.Get(t.Context(), target, Options{})
		if kind := domain.KindOf(err); err == nil || (kind != domain.Invalid && kind != domain.Forbidden) {
			t.Errorf("%.60q: %v", target, err)
		}
	}
	if n := connected.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
}

// TestSEC06_OneForm gives one form to every spelling of a host.
func TestSEC06_OneForm(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"HTTPS://A.Example": "https://a.example/", "https://a.example:443/x#y": "https://a.example/x", "http://a.example:80": "http://a.example/",
		"https://münchen.example/": "https://xn--mnchen-3ya.example/", "https://MÜNCHEN.example/": "https://xn--mnchen-3ya.example/",
		"https://xn--mnchen-3ya.example/?q=1": "https://xn--mnchen-3ya.example/?q=1", "https://a.example:8443/": "https://a.example:8443/",
		"https://ａ.example/": "https://a.example/", "http://[::1]:3000/x": "http://[::1]:3000/x", "http://[::FFFF:127.0.0.1]:3000/x": "http://127.0.0.1:3000/x",
	} {
		u, err := ParseURL(raw)
		if err != nil || u.String() != want {
			t.Errorf("%s gave %v, %v", raw, u, err)
		}
	}
}

// TestSEC24_BothAtOnce refuses a name that has a public and a private address.
func TestSEC24_BothAtOnce(t *testing.T) {
	t.Parallel()
	public, private := netip.MustParseAddr("1.1.1.1"), netip.MustParseAddr("127.0.0.1")
	for _, addrs := range [][]netip.Addr{{public, private}, {private, public}} {
		c := testClient(t, Config{Resolver: answering(addrs...)})
		if _, err := c.Get(t.Context(), "https://a.example/", Options{}); !errors.Is(err, ErrRefused) || !domain.Is(err, domain.Forbidden) {
			t.Errorf("%v: %v", addrs, err)
		}
	}
}

// TestSEC24_Rebinding answers with an allowed address first and a private one
// later, and lets the check and the socket see different ones.
func TestSEC24_Rebinding(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }))
	defer srv.Close()
	var asked atomic.Int32
	c := testClient(t, Config{Dev: true, Resolver: func(context.Context, string) ([]netip.Addr, error) {
		if asked.Add(1) == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
	}})
	target := strings.Replace(srv.URL, "127.0.0.1", "a.example", 1)
	if _, err := c.Get(t.Context(), target, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), target, Options{}); !errors.Is(err, ErrRefused) {
		t.Errorf("after rebinding: %v", err)
	}
	g := testClient(t, Config{Ports: []uint16{portOfTest(srv)}}).guard
	dialer := net.Dialer{Control: g.control}
	_, err := g.dial(t.Context(), &dialer, "tcp", srv.Listener.Addr().String(), func(netip.Addr, uint16) error { return nil })
	if !errors.Is(err, ErrRefused) {
		t.Errorf("the socket itself: %v", err)
	}
}

// TestOperatorHosts lets the operator's requests reach what the operator
// typed, and nobody else's.
func TestOperatorHosts(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://127.0.0.2:"+r.URL.Query().Get("port")+"/", http.StatusFound)
		}
	}))
	defer srv.Close()
	c := testClient(t, Config{AllowHosts: []string{srv.Listener.Addr().String()}, Ports: []uint16{portOfTest(srv)}})
	if _, err := c.Get(t.Context(), srv.URL, Options{Operator: true}); err != nil {
		t.Error(err)
	}
	typed := testClient(t, Config{Allows: func(h string) bool { return h == srv.Listener.Addr().String() }, Ports: []uint16{portOfTest(srv)}})
	if _, err := typed.Get(t.Context(), srv.URL, Options{Operator: true}); err != nil {
		t.Errorf("typed later: %v", err)
	}
	if _, err := typed.Get(t.Context(), "http://127.0.0.1:1/", Options{Operator: true}); !errors.Is(err, ErrRefused) {
		t.Errorf("another port than was typed later: %v", err)
	}
	for _, o := range []Options{{}, {PlainHTTP: true}} {
		if _, err := c.Get(t.Context(), srv.URL, o); !errors.Is(err, ErrRefused) {
			t.Errorf("a stranger's request: %v", err)
		}
	}
	for _, target := range []string{srv.URL + "/away?port=" + itoa(portOfTest(srv)), "http://127.0.0.1:1/", "https://a.example/"} {
		if _, err := c.Get(t.Context(), target, Options{Operator: true}); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// FuzzURL reads addresses: nothing panics, the canonical form stays as it is
// when read again, and its host has no letter case, user part or zone.
func FuzzURL(f *testing.F) {
	for _, s := range []string{"https://a.example/x?y#z", "http://[::1]:80", "https://0x7f.1/", "HTTPS://MÜNCHEN.example:443", "https://a%2e/", "https://u@h/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := ParseURL(raw)
		if err != nil {
			return
		}
		if u.User != nil || strings.ContainsAny(u.Host, "%@\\ ") || u.Host != strings.ToLower(u.Host) {
			t.Errorf("%q became host %q", raw, u.Host)
		}
		again, err := ParseURL(u.String())
		if len(u.String()) <= urlLimit && (err != nil || again.String() != u.String() || again.Host != u.Host) {
			t.Errorf("%q became %q, then %v %v", raw, u, again, err)
		}
	})
}
