package httpkit

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Config is what a Kit needs. Authenticate, Log and Now must be given.
type Config struct {
	// BaseURL is our own scheme and host, such as "https://example.org".
	BaseURL      string
	Authenticate Authenticator
	// Session finds who is signed in to the web client. It is asked only when
	// no token came along and our own page sent the request. Nil: nobody.
	Session SessionAuthenticator
	// Locale picks a supported language for an Accept-Language header, which
	// may be empty. Nil: "en" always.
	Locale func(acceptLanguage string) string
	Log    *slog.Logger
	// AccessLevel is the level of the line written per request (slog.LevelInfo).
	AccessLevel slog.Level
	Now         func() time.Time
	// TrustedProxies are the networks whose X-Forwarded-For counts. None by default.
	TrustedProxies []netip.Prefix
	// NoRateLimits switches all limits off, for load tests.
	NoRateLimits bool
	// SecurityHeaders adds headers to every answer; may be nil.
	SecurityHeaders func(h http.Header, r *http.Request)
	// Translate says a sentence of an error in a language. Nil: as it is.
	Translate func(locale, sentence string) string
	// ErrorPage answers an error on a SessionPage route in HTML; an empty
	// sentence asks for the usual one of the status. Nil: plain text.
	ErrorPage func(w http.ResponseWriter, r *http.Request, status int, sentence string)
	// OpenPaths are further prefixes that scripts of any origin may GET: media
	// files (behaviours section 3).
	OpenPaths []string
	// Barred reports whether nothing is answered to an address; nil: never.
	Barred func(netip.Addr) bool
	// Gates is how many requests of a load class may run at once; a class
	// without an entry has no gate.
	Gates map[Load]int
	// Observe hears of every answer when it is done: the pattern of its route
	// ("" where there is none), its status and how long it took. Nil: nobody.
	Observe func(route string, status int, took time.Duration)
	// TempDir is where large uploads are kept while they are handled ("": the system's).
	TempDir string
}

// Kit serves routes. Make one per community with New.
type Kit struct {
	cfg     Config
	limits  *limiter
	gates   [LoadFree + 1]gate
	buffers sync.Pool
	origins http.CrossOriginProtection
}

// New checks the configuration and makes a Kit.
func New(cfg Config) (*Kit, error) {
	if cfg.Authenticate == nil || cfg.Log == nil || cfg.Now == nil {
		return nil, fmt.Errorf("httpkit: Authenticate, Log and Now are needed")
	}
	cfg.BaseURL = strings.TrimSuffix(cfg.BaseURL, "/")
	if !strings.HasPrefix(cfg.BaseURL, "http://") && !strings.HasPrefix(cfg.BaseURL, "https://") {
		return nil, fmt.Errorf("httpkit: base URL %q has no scheme", cfg.BaseURL)
	}
	k := &Kit{cfg: cfg, limits: newLimiter()}
	if err := k.origins.AddTrustedOrigin(cfg.BaseURL); err != nil {
		return nil, fmt.Errorf("httpkit: base URL %q: %w", cfg.BaseURL, err)
	}
	k.buffers.New = func() any { return new(bytes.Buffer) }
	for load, n := range cfg.Gates {
		if load > LoadFree {
			return nil, fmt.Errorf("httpkit: unknown load class %d", load)
		}
		k.gates[load].max = int64(n)
	}
	return k, nil
}

// Wrap is the outermost handler: request id, client address, CORS, security
// headers, recovery and the access log. Everything that is served goes through it.
func (k *Kit) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := k.exchange(w, r)
		defer k.logAccess(x, r)
		defer k.rescue(x, r)
		if allowed := k.corsMethods(r.URL.Path); allowed != nil {
			h := x.Header()
			h["Access-Control-Allow-Origin"] = corsOrigin
			h["Access-Control-Expose-Headers"] = corsExpose
			if r.Method == http.MethodOptions {
				preflight(x, r, allowed)
				return
			}
		}
		if k.cfg.SecurityHeaders != nil {
			k.cfg.SecurityHeaders(x.Header(), r)
		}
		next.ServeHTTP(x, r)
	})
}

// exchange finds the state that Wrap made, or makes it for a mux that is
// served without Wrap.
func (k *Kit) exchange(w http.ResponseWriter, r *http.Request) *exchange {
	if x, ok := w.(*exchange); ok {
		return x
	}
	x := &exchange{ResponseWriter: w, start: k.cfg.Now(), id: newRequestID()}
	x.client = clientIP(r, k.cfg.TrustedProxies)
	x.set(0, "X-Request-Id", x.id)
	x.Header()["X-Content-Type-Options"] = noSniff
	return x
}

func newRequestID() string {
	const digits = "0123456789abcdef"
	var b [32]byte
	for half := 0; half < 32; half += 16 {
		n := rand.Uint64()
		for i := range 16 {
			b[half+i] = digits[n&15]
			n >>= 4
		}
	}
	return string(b[:])
}

func (k *Kit) logAccess(x *exchange, r *http.Request) {
	ctx := r.Context()
	if k.cfg.Observe != nil {
		route := ""
		if x.req.ep != nil {
			route = x.req.ep.Pattern
		}
		k.cfg.Observe(route, x.code(), k.cfg.Now().Sub(x.start))
	}
	if !k.cfg.Log.Enabled(ctx, k.cfg.AccessLevel) {
		return
	}
	// The path only: a query may hold a token or what someone searched for.
	k.cfg.Log.LogAttrs(ctx, k.cfg.AccessLevel, "request",
		slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.Int("status", x.code()), slog.Int64("bytes", x.bytes),
		slog.Duration("took", k.cfg.Now().Sub(x.start)), slog.String("id", x.id))
}
