package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Config is what a Client is made of.
type Config struct {
	// UserAgent names software, version and our address (facts 2).
	UserAgent string
	// Dev allows plain http, loopback, literal addresses and every port, and
	// resolves names under .localhost to loopback. Other private addresses
	// stay refused.
	Dev bool
	// Ports that strangers may name, 80 and 443 where empty. With Dev any.
	Ports []uint16
	// AllowHosts are the "host:port" that the operator typed. Requests with
	// Options.Operator may go there, and nowhere else, whatever the address.
	AllowHosts []string
	// Allows reports whether the operator typed this "host:port" while the
	// server runs, nil for none: the same as AllowHosts.
	Allows func(hostPort string) bool
	Now    func() time.Time
	Log    *slog.Logger
	Limits Limits // zero fields take their default
	// Resolver replaces the system's, nil for none.
	Resolver Resolver
	// Dial replaces resolving and connecting for strangers, and with it the
	// check of addresses: for tests, whose communities meet in memory.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Roots are the certificate authorities, nil for the system's.
	Roots *x509.CertPool
}

// Limits bound one request. The defaults are Mastodon's (facts 2, 27).
type Limits struct {
	Total     time.Duration // waiting for a slot, every redirect and the body: 30 s
	Connect   time.Duration // name and socket: 5 s
	TLS       time.Duration // handshake: 5 s
	Wait      time.Duration // from the request sent to the answer's header: 10 s
	Body      int64         // decompressed bytes: 1 MiB
	Header    int64         // bytes of the answer's header: 64 KiB
	Redirects int           // followed by GET and HEAD: 3
	PerHost   int           // requests to one host at a time: 6
}

func (l Limits) withDefaults() Limits {
	setDefault(&l.Total, 30*time.Second)
	setDefault(&l.Connect, 5*time.Second)
	setDefault(&l.TLS, 5*time.Second)
	setDefault(&l.Wait, 10*time.Second)
	setDefault(&l.Body, 1<<20)
	setDefault(&l.Header, 64<<10)
	setDefault(&l.Redirects, 3)
	setDefault(&l.PerHost, 6)
	return l
}

func setDefault[T time.Duration | int64 | int](field *T, value T) {
	if *field == 0 {
		*field = value
	}
}

// Client is the one outbound HTTP client (SEC-25). It keeps no cookies, heeds
// no proxy settings, and is safe for concurrent use.
type Client struct {
	userAgent string
	now       func() time.Time
	log       *slog.Logger
	limits    Limits
	guard     *guard
	slots     *hostSlots
	strangers *http.Transport
	operator  *http.Transport // its own pool, so that no stranger's request meets its connections
}

// New makes a Client. Close it when done.
func New(cfg Config) *Client {
	cfg.Limits = cfg.Limits.withDefaults()
	if len(cfg.Ports) == 0 {
		cfg.Ports = []uint16{80, 443}
	}
	g := newGuard(cfg)
	dial := g.dialStranger
	if cfg.Dial != nil {
		dial = cfg.Dial
	}
	return &Client{
		userAgent: cfg.UserAgent, now: cfg.Now, log: cfg.Log, limits: cfg.Limits, guard: g,
		slots:     newHostSlots(cfg.Limits.PerHost),
		strangers: newTransport(cfg, dial),
		operator:  newTransport(cfg, g.dialOperator),
	}
}

func newTransport(cfg Config, dial func(context.Context, string, string) (net.Conn, error)) *http.Transport {
	return &http.Transport{
		DialContext:            dial,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots},
		TLSHandshakeTimeout:    cfg.Limits.TLS,
		ResponseHeaderTimeout:  cfg.Limits.Wait,
		MaxResponseHeaderBytes: cfg.Limits.Header,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           256,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        time.Minute,
		WriteBufferSize:        4 << 10,
		ReadBufferSize:         4 << 10,
	}
}

// Close closes the connections that are idle.
func (c *Client) Close() {
	c.strangers.CloseIdleConnections()
	c.operator.CloseIdleConnections()
}
