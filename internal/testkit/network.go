package testkit

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"coterie/internal/testkit/dbtest"
)

// Network is where communities meet: in memory, over real HTTP, with one clock.
type Network struct {
	t     testing.TB
	Clock *dbtest.Clock

	mu      sync.Mutex
	members []*Community
	doors   map[string]*door
}

// door is where a community listens. One that is down refuses connections.
type door struct {
	conns chan net.Conn
	shut  chan struct{} // closed with its server
	once  sync.Once
	down  bool
	open  []net.Conn // guarded, as down is, by Network.mu
}

// NewNetwork makes an empty one.
func NewNetwork(t testing.TB) *Network {
	t.Helper()
	return &Network{t: t, Clock: dbtest.NewClock(), doors: map[string]*door{}}
}

// Pair makes two communities, one.test and two.test, that can reach each other.
func Pair(t testing.TB, options ...Option) (one, two *Community) {
	t.Helper()
	n := NewNetwork(t)
	return n.Found("one.test", options...), n.Found("two.test", options...)
}

// Found makes a community that the others can reach.
func (n *Network) Found(host string, options ...Option) *Community {
	n.t.Helper()
	c := NewInstance(n.t, append([]Option{Domain(host), func(s *setup) { s.clock, s.dial = n.Clock, n.dial }}, options...)...)
	c.net = n
	n.Serve(host, c.Handler())
	n.mu.Lock()
	defer n.mu.Unlock()
	n.members = append(n.members, c)
	return c
}

// Serve lets a handler answer for a host: a peer of another make.
func (n *Network) Serve(host string, h http.Handler) {
	n.t.Helper()
	d := &door{conns: make(chan net.Conn), shut: make(chan struct{})}
	n.mu.Lock()
	if old := n.doors[host]; old != nil {
		old.hangUp()
	}
	n.doors[host] = d
	n.mu.Unlock()
	srv := &http.Server{Handler: h}
	go func() { _ = srv.Serve(listener{d, host}) }()
	n.t.Cleanup(func() { _ = srv.Close() })
}

// Down takes a host off the network, or brings it back.
func (n *Network) Down(host string, down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.doors[host].down = down
	n.doors[host].hangUp()
}

// hangUp ends the connections that others keep.
func (d *door) hangUp() {
	for _, c := range d.open {
		_ = c.Close()
	}
	d.open = nil
}

func (n *Network) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	host := strings.TrimSuffix(addr, ":80")
	n.mu.Lock()
	d := n.doors[host]
	up := d != nil && !d.down
	n.mu.Unlock()
	if !up {
		return nil, fmt.Errorf("no one answers at %s", addr)
	}
	ours, theirs := net.Pipe()
	select {
	case d.conns <- theirs:
		n.mu.Lock()
		defer n.mu.Unlock()
		d.open = append(d.open, ours)
		return ours, nil
	case <-d.shut:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Settle works off all jobs of all communities until none is due anywhere.
func (n *Network) Settle() {
	n.t.Helper()
	n.mu.Lock()
	members := append([]*Community(nil), n.members...)
	n.mu.Unlock()
	for worked := true; worked; {
		worked = false
		for _, c := range members {
			ran, err := c.Instance.Step(context.Background())
			if err != nil {
				n.t.Logf("%s: %v", c.Config.Domain, err)
			}
			worked = worked || ran > 0
		}
	}
}

// listener hands the connections of a door to an http.Server.
type listener struct {
	*door
	host string
}

func (l listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.shut:
		return nil, net.ErrClosed
	}
}

// Close lets Accept go: the server waits for that before it is closed.
func (l listener) Close() error {
	l.once.Do(func() { close(l.shut) })
	return nil
}

func (l listener) Addr() net.Addr { return l }

// Network and String make the listener its own address.
func (l listener) Network() string { return "memory" }
func (l listener) String() string  { return l.host }
