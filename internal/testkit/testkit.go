// Package testkit is for tests only: a whole community in memory of the test,
// with a fixed cast, a clock that moves when told and background work that
// runs when told. Any test may import it. A Community may be used by several
// goroutines, as its users would.
package testkit

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/instance"
	"coterie/internal/testkit/dbtest"
)

// Password is everybody's.
const Password = "prairie dogs at dusk"

// cast are the people of every community, in this order; alice owns it.
var cast = [...]struct {
	name string
	role domain.Role
}{
	{"alice", domain.RoleOwner},
	{"bob", domain.RoleUser},
	{"carol", domain.RoleUser},
	{"dave", domain.RoleUser},
	{"erin", domain.RoleUser},
}

// Person is somebody with an account and a token for everything.
type Person struct {
	Name  string
	ID    domain.ID
	Token string
}

// Community is an instance under test.
type Community struct {
	*instance.Instance
	T      testing.TB
	Clock  *dbtest.Clock
	Config instance.Config
	people map[string]Person
	net    *Network // nil unless others can reach it
	shared instance.Shared
}

// Option changes how a community is made.
type Option func(*setup)

type setup struct {
	cfg      instance.Config
	postgres bool
	bare     bool
	log      io.Writer
	clock    *dbtest.Clock
	dial     func(ctx context.Context, network, addr string) (net.Conn, error)
	client   fs.FS
}

// Domain makes it live at another host than coterie.test.
func Domain(host string) Option { return func(s *setup) { s.cfg.Domain = host } }

// WebClient gives it a built web client; else it has none, whatever is in the
// binary.
func WebClient(build fs.FS) Option { return func(s *setup) { s.client = build } }

// Postgres makes it use PostgreSQL.
func Postgres() Option { return func(s *setup) { s.postgres = true } }

// Bare leaves the cast out: a community before its first run.
func Bare() Option { return func(s *setup) { s.bare = true } }

// Limited turns rate limits on, which are off otherwise.
func Limited() Option { return func(s *setup) { s.cfg.NoRateLimits = false } }

// LogTo receives the log, which is thrown away otherwise.
func LogTo(w io.Writer) Option { return func(s *setup) { s.log = w } }

// With changes the configuration at will.
func With(f func(*instance.Config)) Option { return func(s *setup) { f(&s.cfg) } }

// Dialled counts the connections that it opens.
func Dialled(n *atomic.Int64) Option {
	return func(s *setup) {
		s.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			n.Add(1)
			return dialHere(ctx, network, addr)
		}
	}
}

// NewInstance makes a community with its cast, on SQLite unless asked
// otherwise, that ends with the test.
func NewInstance(t testing.TB, options ...Option) *Community {
	t.Helper()
	s := setup{log: io.Discard, cfg: instance.Config{
		Domain: "coterie.test", Dev: true, NoRateLimits: true, Version: "test",
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Hashing:        account.Hashing{MemoryKiB: 8, Passes: 1},
		DatabaseConns:  4,
	}}
	for _, o := range options {
		o(&s)
	}
	if s.postgres {
		s.cfg.DataDir, s.cfg.DatabaseURL = t.TempDir(), dbtest.Postgres(t).PostgresURL
	} else {
		file := dbtest.SQLite(t).Path
		s.cfg.DataDir = filepath.Dir(file)
		if err := os.Rename(file, filepath.Join(s.cfg.DataDir, "coterie.db")); err != nil {
			t.Fatal(err)
		}
	}
	if s.clock == nil {
		s.clock = dbtest.NewClock()
	}
	if s.client == nil {
		s.client = fstest.MapFS{}
	}
	if s.dial == nil {
		s.dial = dialHere
	}
	c := &Community{T: t, Clock: s.clock, Config: s.cfg, people: map[string]Person{}, shared: instance.Shared{
		Dial: s.dial, NewKey: testKey, Now: s.clock.Now, Client: s.client, Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}}
	c.open()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close the community: %v", err)
		}
	})
	if !s.bare {
		for _, p := range cast {
			c.Join(p.name, p.role)
		}
		c.Settle()
	}
	return c
}

func (c *Community) open() {
	c.T.Helper()
	var err error
	if c.Instance, err = instance.New(context.Background(), c.Config, c.shared); err != nil {
		c.T.Fatal(err)
	}
}

// Restart ends the community as its process would, and begins it again on the
// same data.
func (c *Community) Restart() { c.RestartAfter(func() {}) }

// RestartAfter is Restart with something done while nobody has the data.
func (c *Community) RestartAfter(change func()) {
	c.T.Helper()
	if err := c.Close(); err != nil {
		c.T.Fatalf("close the community: %v", err)
	}
	change()
	c.open()
	if c.net != nil {
		c.net.Serve(c.Config.Domain, c.Handler())
	}
}

// Beside is a second process that serves the same community, which must be on
// PostgreSQL: SQLite has one. It knows the people who have joined so far.
func (c *Community) Beside() *Community {
	c.T.Helper()
	if c.Config.DatabaseURL == "" {
		c.T.Fatal("SQLite serves one process")
	}
	second := &Community{T: c.T, Clock: c.Clock, Config: c.Config, people: maps.Clone(c.people), shared: c.shared}
	second.Config.DataDir = c.T.TempDir()
	second.open()
	c.T.Cleanup(func() {
		if err := second.Close(); err != nil {
			c.T.Errorf("close the second process: %v", err)
		}
	})
	return second
}

// dialHere connects within this machine: tests talk to nobody outside.
func dialHere(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("tests do not connect to %s", addr)
	}
	return new(net.Dialer).DialContext(ctx, network, addr)
}

// testKey is the key of every actor: making one takes a tenth of a second.
var testKey = sync.OnceValues(fetch.GenerateRSA)

// Both runs f on a community with SQLite and on one with PostgreSQL.
func Both(t *testing.T, f func(t *testing.T, c *Community), options ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, NewInstance(t, options...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, NewInstance(t, append([]Option{Postgres()}, options...)...))
	})
}

// Join makes another account.
func (c *Community) Join(name string, role domain.Role) Person {
	c.T.Helper()
	made, err := c.AccountCreate(context.Background(), instance.AccountCreate{
		Name: name, Email: name + "@example.org", Password: Password, Role: string(role), Confirmed: true,
		TokenScopes: strings.Join(domain.AllScopes(), " "),
	})
	if err != nil {
		c.T.Fatalf("%s joins: %v", name, err)
	}
	p := Person{Name: made.Name, ID: made.ID, Token: made.Token}
	c.people[name] = p
	return p
}

// Person is somebody of the cast, or who joined.
func (c *Community) Person(name string) Person {
	c.T.Helper()
	p, ok := c.people[name]
	if !ok {
		c.T.Fatalf("there is no %s here", name)
	}
	return p
}

// Settle works off all jobs that are due, those of communities in reach too.
func (c *Community) Settle() {
	c.T.Helper()
	if c.net != nil {
		c.net.Settle()
		return
	}
	if err := c.Instance.Settle(context.Background()); err != nil {
		c.T.Fatalf("settle: %v", err)
	}
}

// After moves the clock and works off what became due.
func (c *Community) After(d time.Duration) {
	c.T.Helper()
	c.Clock.Add(d)
	c.Settle()
}

// PlaceOf is where somebody stands who signed up by themselves.
func (c *Community) PlaceOf(t testing.TB, username string) domain.Place {
	t.Helper()
	p, err := c.Place(context.Background(), username)
	if err != nil {
		t.Fatalf("where %s stands: %v", username, err)
	}
	return p
}
