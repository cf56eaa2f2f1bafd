package instance

import (
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
)

func TestConfigCheckSaysWhatToSet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cfg  Config
		want string // part of the sentence; "" is a good configuration
	}{
		{"no domain", Config{}, "Set COTERIE_DOMAIN"},
		{"address", Config{Domain: "https://a.example"}, "bare host name"},
		{"upper case", Config{Domain: "A.example"}, "upper-case"},
		{"loopback in public", Config{Domain: "localhost:8080"}, "COTERIE_DEV=1"},
		{"literal in public", Config{Domain: "192.0.2.1"}, "IP address"},
		{"loopback for trying out", Config{Domain: "localhost:8080", Dev: true}, ""},
		{"good", Config{Domain: "a.example"}, ""},
		{"port", Config{Domain: "a.example:8443"}, ""},
		{"handle domain", Config{Domain: "a.example", HandleDomain: "x/y"}, "COTERIE_HANDLE_DOMAIN"},
		{"database", Config{Domain: "a.example", DatabaseURL: "mysql://x"}, "COTERIE_DATABASE_URL"},
		{"registrations", Config{Domain: "a.example", Registrations: "maybe"}, "COTERIE_REGISTRATIONS"},
		{"no limits in public", Config{Domain: "a.example", NoRateLimits: true}, "only together with COTERIE_DEV"},
		{"short polls in public", Config{Domain: "a.example", PollMin: time.Second}, "only together with COTERIE_DEV"},
		{"certificates for localhost", Config{Domain: "localhost", Dev: true, TLS: true}, "COTERIE_TLS"},
	} {
		err := c.cfg.Check()
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want a sentence with %q", c.name, err, c.want)
		case err != nil && !domain.Is(err, domain.Invalid):
			t.Errorf("%s: kind of %v is not Invalid", c.name, err)
		}
	}
}
