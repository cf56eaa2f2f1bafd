package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"coterie/internal/domain"
	"coterie/internal/instance"
)

// configFlags are the names of design section 7: an environment variable, a
// flag, or a line of the file that COTERIE_CONFIG names.
type configFlags struct {
	Domain         string `env:"COTERIE_DOMAIN" help:"Public host of the community, with port if not standard. It is part of every address and cannot simply change later." placeholder:"HOST"`
	HandleDomain   string `env:"COTERIE_HANDLE_DOMAIN" help:"Domain shown in handles, if it differs." placeholder:"HOST"`
	Listen         string `env:"COTERIE_LISTEN" help:"Address to listen on." placeholder:"ADDRESS"`
	TLS            string `env:"COTERIE_TLS" name:"tls" default:"off" help:"auto: get certificates by ACME; off: behind a proxy."`
	DataDir        string `env:"COTERIE_DATA_DIR" default:"./data" help:"Directory of database, keys and control socket." placeholder:"DIR"`
	DatabaseURL    string `env:"COTERIE_DATABASE_URL" name:"database-url" help:"postgres://… instead of the SQLite file." placeholder:"URL"`
	MediaURL       string `env:"COTERIE_MEDIA_URL" name:"media-url" help:"s3://KEY:SECRET@HOST/BUCKET keeps pictures, video and sound there instead of in the data directory." placeholder:"URL"`
	MailURL        string `env:"COTERIE_MAIL_URL" name:"mail-url" help:"smtp://NAME:PASSWORD@HOST:587 sends mail; without it everything works but mail." placeholder:"URL"`
	OIDCIssuer     string `env:"COTERIE_OIDC_ISSUER" name:"oidc-issuer" help:"Address of an OpenID Connect provider by which people may sign in, too." placeholder:"URL"`
	OIDCClientID   string `env:"COTERIE_OIDC_CLIENT_ID" name:"oidc-client-id" help:"Our client id there." placeholder:"ID"`
	OIDCSecret     string `env:"COTERIE_OIDC_CLIENT_SECRET" name:"oidc-client-secret" help:"Our client secret there." placeholder:"SECRET"`
	OIDCName       string `env:"COTERIE_OIDC_NAME" name:"oidc-name" help:"What its button calls it; the host of the issuer when empty." placeholder:"NAME"`
	TrustedProxies string `env:"COTERIE_TRUSTED_PROXIES" default:"127.0.0.0/8,::1/128" help:"Networks whose forwarded-for headers count." placeholder:"NETS"`
	MetricsListen  string `env:"COTERIE_METRICS_LISTEN" help:"Address of the Prometheus listener; off when empty." placeholder:"ADDRESS"`
	Log            string `env:"COTERIE_LOG" default:"info" help:"Level and format, for example debug,text." placeholder:"LEVEL[,FORMAT]"`
	Registrations  string `env:"COTERIE_REGISTRATIONS" help:"First value of the setting: closed, invite, approval or open." placeholder:"MODE"`
	Dev            string `env:"COTERIE_DEV" help:"1: plain http on this machine, for trying out. Never in public." placeholder:"1"`
	RateLimits     string `env:"COTERIE_RATE_LIMITS" default:"on" help:"off: no rate limits, only with COTERIE_DEV=1." placeholder:"on|off"`
	PollMin        int    `env:"COTERIE_POLL_MIN_SECONDS" name:"poll-min-seconds" help:"Shortest life of a poll, only with COTERIE_DEV=1." placeholder:"N"`
	ScheduleMin    int    `env:"COTERIE_SCHEDULE_MIN_SECONDS" name:"schedule-min-seconds" help:"Shortest wait of a scheduled post, only with COTERIE_DEV=1." placeholder:"N"`
}

func (f *configFlags) instance() (instance.Config, error) {
	cfg := instance.Config{
		Domain: f.Domain, HandleDomain: f.HandleDomain,
		DataDir: absolute(f.DataDir), DatabaseURL: f.DatabaseURL, MediaURL: f.MediaURL, MailURL: f.MailURL,
		OIDC:          instance.OIDC{Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, Secret: f.OIDCSecret, Name: f.OIDCName},
		Registrations: domain.Registrations(f.Registrations),
		Dev:           truthy(f.Dev),
		PollMin:       time.Duration(f.PollMin) * time.Second,
		ScheduleMin:   time.Duration(f.ScheduleMin) * time.Second,
		Version:       version,
	}
	switch f.TLS {
	case "auto":
		cfg.TLS = true
	case "off", "":
	default:
		return cfg, domain.Errorf(domain.Invalid, "COTERIE_TLS must be auto or off, not %q.", f.TLS)
	}
	switch f.RateLimits {
	case "off":
		cfg.NoRateLimits = true
	case "on", "":
	default:
		return cfg, domain.Errorf(domain.Invalid, "COTERIE_RATE_LIMITS must be on or off, not %q.", f.RateLimits)
	}
	if f.PollMin < 0 || f.ScheduleMin < 0 {
		return cfg, domain.Errorf(domain.Invalid, "COTERIE_POLL_MIN_SECONDS and COTERIE_SCHEDULE_MIN_SECONDS must not be negative.")
	}
	for name, address := range map[string]string{"COTERIE_LISTEN": f.listen(), "COTERIE_METRICS_LISTEN": f.MetricsListen} {
		if _, err := net.ResolveTCPAddr("tcp", address); err != nil && address != "" {
			return cfg, domain.Errorf(domain.Invalid, "%s must be an address such as :8080 or 127.0.0.1:8080; %q is none.", name, address)
		}
	}
	for _, s := range splitList(f.TrustedProxies) {
		p, err := parsePrefix(s)
		if err != nil {
			return cfg, domain.Errorf(domain.Invalid, "COTERIE_TRUSTED_PROXIES must list networks such as 10.0.0.0/8, with commas between; %q is none.", s)
		}
		cfg.TrustedProxies = append(cfg.TrustedProxies, p)
	}
	return cfg, nil
}

// listen is the address of the main listener.
func (f *configFlags) listen() string {
	switch {
	case f.Listen != "":
		return f.Listen
	case f.TLS == "auto":
		return ":443"
	case truthy(f.Dev):
		return "127.0.0.1:8080"
	}
	return ":8080"
}

func truthy(s string) bool {
	switch strings.ToLower(s) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

// envFile reads lines NAME=value, the same names as in the environment,
// which wins over the file.
func envFile(r io.Reader) (kong.Resolver, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d of the configuration file is not NAME=value", n)
		}
		values[strings.TrimSpace(name)] = strings.Trim(strings.TrimSpace(value), `"'`)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the configuration file: %w", err)
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, env := range flag.Envs {
			if v, ok := values[env]; ok {
				return v, nil
			}
		}
		return nil, nil
	}), nil
}
