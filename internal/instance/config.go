package instance

import (
	"context"
	"crypto/rsa"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coterie/internal/account"
	"coterie/internal/blob"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/media"
)

// Config is what one community must know before it starts. All but Domain
// has a default. Settings that people change while it runs are in the store.
type Config struct {
	Domain       string // public host, with port if not standard
	HandleDomain string // domain shown in handles; "" means Domain
	DataDir      string // made if absent
	DatabaseURL  string // postgres://…; "" means SQLite in DataDir
	MediaURL     string // s3://…; "" means files in DataDir
	MailURL      string // smtp://… or smtps://…; "" means that no mail is sent
	// OIDC is the OpenID Connect provider by which people may sign in, too;
	// without an Issuer there is none.
	OIDC           OIDC
	TrustedProxies []netip.Prefix
	Registrations  domain.Registrations // first value of the setting
	TLS            bool                 // we terminate TLS ourselves

	// Dev allows plain http, loopback and IP literals as domains. Never in public.
	Dev          bool
	NoRateLimits bool          // only with Dev
	PollMin      time.Duration // only with Dev; 0 means the usual minimum
	ScheduleMin  time.Duration // only with Dev; 0 means the usual minimum

	// MediaWorker is the command that looks at files of strangers in a process
	// of its own, such as this program with "media-worker"; empty, that is
	// done in this process.
	MediaWorker []string
	// MediaTools are the programs for video and sound, see FindMediaTools.
	MediaTools media.Tools

	DatabaseConns int // most connections at once; 0 is a sensible number
	// Hashing is the cost of a password hash; the zero value is the usual one.
	Hashing account.Hashing
	Version string
}

// OIDC names an OpenID Connect provider, and us there.
type OIDC struct {
	Issuer, ClientID, Secret string
	Name                     string // on the button; "" for the issuer's host
}

// Shared is what several communities in one process have in common.
type Shared struct {
	// Dial replaces the network, for tests whose communities meet in memory.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// NewKey replaces making the key of an actor, for tests in a hurry.
	NewKey func() (*rsa.PrivateKey, error)
	Now    func() time.Time
	Log    *slog.Logger
	// Client replaces the web client that is in the binary, for tests.
	Client fs.FS
}

// BaseURL is the scheme and host of every address made here, without a
// trailing slash.
func (c *Config) BaseURL() string {
	if c.Dev {
		return "http://" + c.Domain
	}
	return "https://" + c.Domain
}

// Handles is the domain shown in handles.
func (c *Config) Handles() string {
	if c.HandleDomain != "" {
		return c.HandleDomain
	}
	return c.Domain
}

// Check returns one sentence that says what to set, or nil.
func (c *Config) Check() error {
	if c.Domain == "" {
		return domain.Errorf(domain.Invalid, "Set COTERIE_DOMAIN to the public host name of this community, for example COTERIE_DOMAIN=coterie.example.")
	}
	if err := checkHost("COTERIE_DOMAIN", c.Domain, c.Dev); err != nil {
		return err
	}
	if c.HandleDomain != "" {
		if err := checkHost("COTERIE_HANDLE_DOMAIN", c.HandleDomain, c.Dev); err != nil {
			return err
		}
	}
	if c.DatabaseURL != "" {
		u, err := url.Parse(c.DatabaseURL)
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			return domain.Errorf(domain.Invalid, "COTERIE_DATABASE_URL must be a postgres:// address, or be left out to use the SQLite file in the data directory.")
		}
	}
	if err := c.checkOIDC(); err != nil {
		return err
	}
	if c.Registrations != "" && !c.Registrations.Valid() {
		return domain.Errorf(domain.Invalid, "COTERIE_REGISTRATIONS must be closed, invite, approval or open, not %q.", c.Registrations)
	}
	if !c.Dev && (c.NoRateLimits || c.PollMin != 0 || c.ScheduleMin != 0) {
		return domain.Errorf(domain.Invalid, "COTERIE_RATE_LIMITS=off, COTERIE_POLL_MIN_SECONDS and COTERIE_SCHEDULE_MIN_SECONDS work only together with COTERIE_DEV=1.")
	}
	if c.Dev && c.TLS {
		return domain.Errorf(domain.Invalid, "COTERIE_TLS=auto needs a public host; leave it out together with COTERIE_DEV=1.")
	}
	return nil
}

func (c *Config) checkOIDC() error {
	if c.OIDC == (OIDC{}) {
		return nil
	}
	u, err := url.Parse(c.OIDC.Issuer)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !c.Dev) {
		return domain.Errorf(domain.Invalid, "COTERIE_OIDC_ISSUER must be the https:// address of an OpenID Connect provider, not %q.", c.OIDC.Issuer)
	}
	if c.OIDC.ClientID == "" || c.OIDC.Secret == "" {
		return domain.Errorf(domain.Invalid, "COTERIE_OIDC_ISSUER needs COTERIE_OIDC_CLIENT_ID and COTERIE_OIDC_CLIENT_SECRET, too.")
	}
	return nil
}

// oidcHost is the host and port of the provider, which the operator typed.
func (c *Config) oidcHost() string {
	u, err := url.Parse(c.OIDC.Issuer)
	if err != nil || c.OIDC.Issuer == "" {
		return ""
	}
	return fetch.HostPort(u)
}

func checkHost(name, host string, dev bool) error {
	bad := func(why string) error {
		return domain.Errorf(domain.Invalid, "%s must be a bare host name such as coterie.example: %q %s.", name, host, why)
	}
	if strings.Contains(host, "/") || strings.Contains(host, "@") || strings.ContainsAny(host, " \t\r\n") {
		return bad("has more than a host in it")
	}
	if strings.ToLower(host) != host {
		return bad("has upper-case letters")
	}
	h := host
	if n, port, err := net.SplitHostPort(host); err == nil {
		if port == "" {
			return bad("ends in a colon")
		}
		h = n
	}
	if dev {
		return nil
	}
	if _, err := netip.ParseAddr(strings.Trim(h, "[]")); err == nil {
		return bad("is an IP address")
	}
	if h == "localhost" || !strings.Contains(h, ".") {
		return bad("cannot be reached by others; set COTERIE_DEV=1 to try it on this machine")
	}
	return nil
}

// makeDataDir creates the data directory, readable by its owner only.
func (c *Config) makeDataDir() error {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return domain.Errorf(domain.Invalid, "The data directory %s cannot be made (%v); set COTERIE_DATA_DIR to a directory that this user may write.", c.DataDir, err)
	}
	if err := os.MkdirAll(c.path(tempDir), 0o700); err != nil {
		return fmt.Errorf("make the directory of temporary files: %w", err)
	}
	return nil
}

// makeDatabaseFile creates an SQLite file that only its owner may read, even
// where the data directory was there before and is open to others (SEC-66).
// SQLite gives its other files the same mode.
func (c *Config) makeDatabaseFile() error {
	if c.DatabaseURL != "" {
		return nil
	}
	f, err := os.OpenFile(c.path(sqliteFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make the database file: %w", err)
	}
	return f.Close()
}

func (c *Config) path(name string) string { return filepath.Join(c.DataDir, name) }

// openMedia opens where files of media are kept.
func (c *Config) openMedia(ctx context.Context) (blob.Store, error) {
	if c.MediaURL == "" {
		return blob.OpenDisk(c.path(mediaDir))
	}
	return blob.OpenS3(ctx, c.MediaURL)
}

// databaseName is what the log calls the store, without credentials.
func (c *Config) databaseName() string {
	if c.DatabaseURL == "" {
		return c.path(sqliteFile)
	}
	u, err := url.Parse(c.DatabaseURL)
	if err != nil {
		return "postgres"
	}
	return fmt.Sprintf("postgres://%s%s", u.Host, u.Path)
}

const (
	sqliteFile = "coterie.db"
	lockFile   = "coterie.lock"
	socketFile = "control.sock"
	mediaDir   = "media"
	tempDir    = "temporary" // files that are being worked on, without names
)
