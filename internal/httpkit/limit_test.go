package httpkit

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

// tripAt sends requests until one is refused and says how many passed, at most most.
func (s *site) tripAt(most int, send func(i int) *httptest.ResponseRecorder) int {
	s.t.Helper()
	for i := range most {
		if w := send(i); w.Code == http.StatusTooManyRequests {
			if w.Header().Get("Retry-After") == "" || w.Header().Get("X-RateLimit-Reset") == "" {
				s.t.Errorf("429 without its headers: %v", w.Header())
			}
			return i
		}
	}
	return most
}

func TestSEC47_EveryLimitTrips(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		class  LimitClass
		token  string
		passes int
		period time.Duration
	}{
		{LimitGeneral, "", 300, 5 * time.Minute},
		{LimitMedia, "alice", 30, 30 * time.Minute},
		{LimitDelete, "alice", 30, 30 * time.Minute},
		{LimitSignUp, "app", 5, 30 * time.Minute},
		{LimitAppRegistration, "", 5, 10 * time.Minute},
		{LimitMediaProxy, "", 30, 10 * time.Minute},
		{LimitLogin, "", 25, 5 * time.Minute},
		{LimitPasswordReset, "", 25, 5 * time.Minute},
		{LimitConfirmation, "", 25, 5 * time.Minute},
		{LimitResolve, "", 60, 10 * time.Minute},
	} {
		route := echo("POST", "/api/x", func(*Request) any { return nil })
		route.Limit = tt.class
		s := newSite(t, nil, route)
		s.clock.at = time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
		send := func(int) *httptest.ResponseRecorder {
			if tt.token == "" {
				return s.do("POST", "/api/x", "")
			}
			return s.do("POST", "/api/x", "", as(tt.token))
		}
		if n := s.tripAt(400, send); n != tt.passes {
			t.Errorf("class %d: %d pass, want %d", tt.class, n, tt.passes)
		}
		s.clock.add(tt.period)
		if w := send(0); w.Code != 200 {
			t.Errorf("class %d: still refused in the next window", tt.class)
		}
	}
}

func TestSEC47_SlowLimits(t *testing.T) {
	t.Parallel()
	for class, passes := range map[LimitClass]int{LimitPosting: 300, LimitFollow: 400, LimitReport: 400} {
		route := echo("POST", "/api/x", func(*Request) any { return nil })
		route.Limit = class
		s := newSite(t, nil, route)
		s.clock.at = time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
		n := s.tripAt(500, func(int) *httptest.ResponseRecorder {
			s.clock.add(2 * time.Second)
			return s.do("POST", "/api/x", "", as("alice"))
		})
		if n != passes {
			t.Errorf("class %d: %d pass, want %d", class, n, passes)
		}
		if w := s.do("POST", "/api/x", "", as("alice-phone")); w.Code != 429 {
			t.Errorf("class %d: another token of the same user gets through", class)
		}
	}
}

func TestSEC47_Paging(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/x", func(*Request) any { return nil }))
	s.clock.at = time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	n := s.tripAt(400, func(i int) *httptest.ResponseRecorder {
		s.clock.add(2 * time.Second)
		return s.do("GET", fmt.Sprintf("/api/x?max_id=%d", i), "", as("alice"))
	})
	if n != 300 {
		t.Errorf("%d pages pass, want 300", n)
	}
	if w := s.do("GET", "/api/x", "", as("alice")); w.Code != 200 {
		t.Errorf("a first page is refused: %d", w.Code)
	}
}

func TestSEC47_Subject(t *testing.T) {
	t.Parallel()
	route := echo("POST", "/api/reset", nil)
	route.Limit = LimitPasswordReset
	route.Handle = func(r *Request) (any, error) { return nil, r.LimitSubject(r.Params.StringOr("email", "")) }
	s := newSite(t, nil, route)
	send := func(i int, email string) *httptest.ResponseRecorder {
		return s.do("POST", "/api/reset?email="+email, "", fmt.Sprintf("Remote: 192.0.2.%d:1", i))
	}
	if n := s.tripAt(20, func(i int) *httptest.ResponseRecorder { return send(i, "a@example.org") }); n != 5 {
		t.Errorf("%d mails to one address from many, want 5", n)
	}
	if w := send(99, "b@example.org"); w.Code != 200 {
		t.Errorf("another address pays: %d", w.Code)
	}
}

func TestSEC47_KeysCannotBeDodged(t *testing.T) {
	t.Parallel()
	proxy := func(c *Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }
	for name, head := range map[string]func(i int) []string{
		"spoofed header, no proxy": func(i int) []string {
			return []string{"Remote: 192.0.2.1:1", fmt.Sprintf("X-Forwarded-For: 198.51.100.%d", i), fmt.Sprintf("X-Real-Ip: 198.51.100.%d", i), fmt.Sprintf("Forwarded: for=198.51.100.%d", i)}
		},
		"spoofed header behind a proxy": func(i int) []string {
			return []string{"Remote: 10.0.0.1:1", fmt.Sprintf("X-Forwarded-For: 198.51.100.%d, 203.0.113.9", i)}
		},
		"one IPv6 /64": func(i int) []string { return []string{fmt.Sprintf("Remote: [2001:db8:1:2:%x::%x]:1", i, i*7)} },
		"mapped IPv4": func(i int) []string {
			return []string{[]string{"Remote: 192.0.2.1:1", "Remote: [::ffff:192.0.2.1]:1"}[i%2]}
		},
		"ports": func(i int) []string { return []string{fmt.Sprintf("Remote: 192.0.2.1:%d", 1000+i)} },
	} {
		route := echo("POST", "/api/v1/apps/{id}", func(*Request) any { return nil })
		route.Limit = LimitAppRegistration
		s := newSite(t, proxy, route)
		paths := []string{"/api/v1/apps/1", "/api/v1/apps/1/", "/api/v1/apps/%31", "/api/v1/apps/2?x=1"}
		n := s.tripAt(20, func(i int) *httptest.ResponseRecorder { return s.do("POST", paths[i%len(paths)], "", head(i)...) })
		if n != 5 {
			t.Errorf("%s: %d pass, want 5", name, n)
		}
	}
	s := newSite(t, proxy, echo("GET", "/api/x", func(*Request) any { return nil }))
	n := s.tripAt(400, func(i int) *httptest.ResponseRecorder {
		if i%2 == 0 {
			return s.do("GET", "/api/unknown", "")
		}
		return s.do("GET", "/api/x", "", as(fmt.Sprint("guess", i)))
	})
	if n != 300 {
		t.Errorf("guessed tokens and unknown paths: %d pass, want 300", n)
	}
}

func TestSEC47_TokenInBodyCountsOnce(t *testing.T) {
	t.Parallel()
	route := echo("POST", "/api/v1/accounts", func(*Request) any { return nil })
	route.Limit, route.Auth = LimitSignUp, AppOnly
	s := newSite(t, nil, route)
	n := s.tripAt(20, func(int) *httptest.ResponseRecorder {
		return s.do("POST", "/api/v1/accounts", `{"access_token":"app"}`)
	})
	if n != 5 {
		t.Errorf("%d pass, want 5", n)
	}
}

func TestLimitsOff(t *testing.T) {
	t.Parallel()
	route := echo("POST", "/api/x", func(r *Request) any { return r.LimitSubject("x") })
	route.Limit = LimitPasswordReset
	s := newSite(t, func(c *Config) { c.NoRateLimits = true }, route)
	if n := s.tripAt(400, func(int) *httptest.ResponseRecorder { return s.do("POST", "/api/x", "") }); n != 400 {
		t.Errorf("refused after %d", n)
	}
}

func TestSEC60_BucketsAreBoundedAndExpire(t *testing.T) {
	t.Parallel()
	l := newLimiter()
	now := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC).UnixNano()
	ru := rule{byAddress, 3, 5 * time.Minute}
	held := limitKey{class: 1, by: byAddress, hi: 7}
	for range 10 {
		l.take(held, ru, now)
	}
	for i := range 2 * limitShards * shardMost {
		l.take(limitKey{class: 1, by: byAddress, hi: uint64(i) << 20, lo: 1}, ru, now)
	}
	if n := l.size(); n > limitShards*shardMost {
		t.Errorf("%d buckets", n)
	}
	if !l.take(held, ru, now).over {
		t.Error("a flood of addresses frees one that is being limited")
	}
	later := now + int64(time.Hour)
	for i := range uint64(10_000) {
		l.take(limitKey{class: 1, by: byUser, lo: i % 1000}, ru, later)
	}
	if n := l.size(); n > 1000 {
		t.Errorf("%d buckets remain after an hour", n)
	}
}
