package httpkit

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// discard is a ResponseWriter that keeps nothing.
type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

func benchmark(b *testing.B, h http.Handler) {
	r := httptest.NewRequest("GET", "/api/v1/timelines/home?limit=20", nil)
	r.Header.Set("Authorization", "Bearer alice")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(&discard{http.Header{}}, r)
	}
}

// BenchmarkRoute is what the kit costs: a trivial GET with a token.
func BenchmarkRoute(b *testing.B) {
	body := Raw(`[{"id":"1"}]`)
	route := echo("GET", "/api/v1/timelines/home", func(*Request) any { return body })
	route.Auth, route.Scopes = User, []string{"read:statuses"}
	for _, logged := range []bool{false, true} {
		name := "silent"
		if logged {
			name = "logged"
		}
		b.Run(name, func(b *testing.B) {
			s := newSite(b, func(c *Config) {
				// Two looks at the clock per request keep it below every limit.
				var ticks atomic.Int64
				c.Now = func() time.Time { return time.UnixMilli(ticks.Add(1000)) }
				c.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
				if !logged {
					c.AccessLevel = slog.LevelDebug
				}
			}, route)
			if w := s.do("GET", "/api/v1/timelines/home", "", as("alice")); w.Code != http.StatusOK {
				b.Fatal(w.Code)
			}
			benchmark(b, s.h)
		})
	}
}

// BenchmarkBare is the same answer by net/http alone.
func BenchmarkBare(b *testing.B) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/timelines/home", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte(`[{"id":"1"}]`))
	})
	benchmark(b, mux)
}
