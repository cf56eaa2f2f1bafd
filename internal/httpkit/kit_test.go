package httpkit

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
)

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// site is a kit with routes, served in memory.
type site struct {
	t     testing.TB
	h     http.Handler
	kit   *Kit
	clock *clock
	log   *bytes.Buffer
}

// authenticate knows the tokens of the tests.
func authenticate(_ context.Context, token string) (Viewer, error) {
	read, _ := domain.ParseScopes("read")
	switch token {
	case "alice":
		return Viewer{Account: 1, Token: 11, App: 7, Scopes: read, Locale: "de"}, nil
	case "bob":
		return Viewer{Account: 2, Token: 12, App: 7, Scopes: read}, nil
	case "alice-phone":
		return Viewer{Account: 1, Token: 13, App: 7, Scopes: read}, nil
	case "writer":
		write, _ := domain.ParseScopes("write follow")
		return Viewer{Account: 3, Token: 14, App: 7, Scopes: write}, nil
	case "app":
		return Viewer{Token: 15, App: 7, Scopes: read}, nil
	case "pending":
		return Viewer{Account: 4, Token: 16, App: 7, Scopes: read, Refused: domain.Errorf(domain.Forbidden, "Your login is currently pending approval")}, nil
	case "revoked":
		return Viewer{}, domain.Errorf(domain.Unauthenticated, "The access token was revoked")
	}
	return Viewer{}, domain.ErrNotFound
}

func newSite(t testing.TB, tweak func(*Config), routes ...Route) *site {
	t.Helper()
	s := &site{t: t, clock: &clock{at: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}, log: new(bytes.Buffer)}
	cfg := Config{
		BaseURL: "https://example.org", Authenticate: authenticate, Now: s.clock.now,
		Log: slog.New(slog.NewTextHandler(s.log, nil)),
	}
	if tweak != nil {
		tweak(&cfg)
	}
	var err error
	if s.kit, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	if err := Mount(mux, s.kit, routes); err != nil {
		t.Fatal(err)
	}
	s.h = s.kit.Wrap(mux)
	return s
}

// do sends a request; head is "Name: value" lines.
func (s *site) do(method, target, body string, head ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	var rd io.Reader
	if body != "" {
		rd = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, rd)
	for _, line := range head {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Remote" {
			r.RemoteAddr = value
			continue
		}
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

func as(token string) string { return "Authorization: Bearer " + token }

// echo is a public route that answers what fn reads.
func echo(method, pattern string, fn func(*Request) any) Route {
	return Route{
		Method: method, Pattern: pattern, Auth: Public, Scopes: NoScope, Limit: LimitGeneral, Cache: CacheAnonymous,
		Handle: func(r *Request) (any, error) { return fn(r), nil },
	}
}

func errorText(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var body struct{ Error string }
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("body %q: %v", w.Body, err)
	}
	return body.Error
}

func TestMountRefusesIncompleteRoutes(t *testing.T) {
	t.Parallel()
	good := echo("GET", "/api/v1/x", func(*Request) any { return nil })
	for name, spoil := range map[string]func(*Route){
		"no audience":    func(r *Route) { r.Auth = 0 },
		"no scope":       func(r *Route) { r.Scopes = nil },
		"unknown scope":  func(r *Route) { r.Scopes = []string{"read:everything"} },
		"no limit class": func(r *Route) { r.Limit = 0 },
		"no cache class": func(r *Route) { r.Cache = 0 },
		"no handler":     func(r *Route) { r.Handle = nil },
		"the method":     func(r *Route) { r.Method = "FETCH" },
		"the pattern":    func(r *Route) { r.Pattern = "api" },
		"takes no token": func(r *Route) { r.Auth, r.Scopes = Peer, []string{"read"} },
	} {
		s := newSite(t, nil)
		bad := good
		spoil(&bad)
		err := Mount(http.NewServeMux(), s.kit, []Route{bad})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := newSite(t, nil)
	if err := Mount(http.NewServeMux(), s.kit, []Route{good}, []Route{good}); err == nil {
		t.Error("the same route twice is accepted")
	}
}

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	route := func(path string, a Audience, scopes ...string) Route {
		return Route{
			Method: "GET", Pattern: path, Auth: a, Scopes: scopes, Limit: LimitGeneral, Cache: CacheNever,
			Handle: func(r *Request) (any, error) { return map[string]any{"account": r.Viewer.Account}, nil },
		}
	}
	s := newSite(
		t, nil,
		route("/api/public", Public, "read:statuses"), route("/api/open", Public, ""),
		route("/api/app", App, ""), route("/api/apponly", AppOnly, "read:accounts"),
		route("/api/user", User, "read:lists", "write:lists"), route("/api/newcomer", Newcomer, ""),
		route("/page", SessionPage, ""), route("/peer", Peer, ""),
	)
	for _, tt := range []struct {
		path, token string
		status      int
		text        string
	}{
		{"/api/public", "", 200, ""},
		{"/api/public", "alice", 200, ""},
		{"/api/public", "app", 200, ""},
		{"/api/public", "nonsense", 401, "The access token is invalid"},
		{"/api/public", "revoked", 401, "The access token was revoked"},
		{"/api/public", "writer", 403, "This action is outside the authorized scopes"},
		{"/api/public", "pending", 403, "Your login is currently pending approval"},
		{"/api/public", strings.Repeat("a", 600), 401, "The access token is invalid"},
		{"/api/open", "writer", 200, ""},
		{"/api/app", "", 401, "The access token is invalid"},
		{"/api/app", "app", 200, ""},
		{"/api/app", "alice", 200, ""},
		{"/api/apponly", "app", 200, ""},
		{"/api/apponly", "alice", 403, "This method requires a client credentials authentication"},
		{"/api/user", "", 401, "The access token is invalid"},
		{"/api/user", "app", 422, "This method requires an authenticated user"},
		{"/api/user", "alice", 200, ""},
		{"/api/user", "writer", 200, ""},
		{"/api/user", "pending", 403, "Your login is currently pending approval"},
		{"/api/newcomer", "pending", 200, ""},
		{"/api/newcomer", "app", 422, "This method requires an authenticated user"},
		{"/page", "nonsense", 200, ""},
		{"/peer", "nonsense", 200, ""},
	} {
		var head []string
		if tt.token != "" {
			head = append(head, as(tt.token))
		}
		w := s.do("GET", tt.path, "", head...)
		if w.Code != tt.status {
			t.Errorf("%s as %.20q: %d, want %d", tt.path, tt.token, w.Code, tt.status)
			continue
		}
		if tt.text != "" && errorText(t, w) != tt.text {
			t.Errorf("%s as %.20q: %s", tt.path, tt.token, w.Body)
		}
		if w.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: Cache-Control %q", tt.path, w.Header().Get("Cache-Control"))
		}
	}
}

func TestTokenAsParameter(t *testing.T) {
	t.Parallel()
	who := func(r *Request) any { return map[string]any{"account": r.Viewer.Account} }
	get, post := echo("GET", "/api/who", who), echo("POST", "/api/who", who)
	get.Cache = CacheAnonymous
	s := newSite(t, nil, get, post)
	for _, w := range []*httptest.ResponseRecorder{
		s.do("GET", "/api/who?access_token=alice", ""),
		s.do("GET", "/api/who?bearer_token=alice", ""),
		s.do("POST", "/api/who", "access_token=alice", "Content-Type: application/x-www-form-urlencoded"),
		s.do("POST", "/api/who", `{"bearer_token":"alice"}`, "Content-Type: application/json"),
		s.do("GET", "/api/who", "", "Authorization: bearer  alice"),
	} {
		if w.Code != 200 || w.Body.String() != `{"account":"1"}` {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("an answer to a token may be kept: %q", w.Header().Get("Cache-Control"))
		}
	}
	if w := s.do("POST", "/api/who", "access_token=x", "Content-Type: application/x-www-form-urlencoded"); w.Code != 401 {
		t.Errorf("bad token in the body: %d", w.Code)
	}
}

func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	ok := func(r *Request) any { return map[string]any{"id": r.Path("id")} }
	s := newSite(t, nil, echo("GET", "/api/v1/lists/{id}", ok), echo("PUT", "/api/v1/lists/{id}", ok), echo("PATCH", "/api/v1/me", ok))
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/api/v1/lists/5", 200, ""},
		{"GET", "/api/v1/lists/5/", 200, ""},
		{"HEAD", "/api/v1/lists/5", 200, ""},
		{"PUT", "/api/v1/lists/5", 200, ""},
		{"PATCH", "/api/v1/lists/5", 200, ""},
		{"PUT", "/api/v1/me", 200, ""},
		{"PATCH", "/api/v1/me/", 200, ""},
		{"DELETE", "/api/v1/lists/5", 405, "GET, PUT, PATCH"},
		{"GET", "/api/v1/me", 405, "PUT, PATCH"},
		{"GET", "/api/v1/nothing", 404, ""},
		{"POST", "/api/v9/x", 404, ""},
		{"GET", "/api/v1/lists/%00", 404, ""},
		{"GET", "/api/v1/lists/%ff", 404, ""},
	} {
		w := s.do(tt.method, tt.path, "")
		if w.Code != tt.status || w.Header().Get("Allow") != tt.allow {
			t.Errorf("%s %s: %d, Allow %q", tt.method, tt.path, w.Code, w.Header().Get("Allow"))
		}
		if tt.status == 404 && errorText(t, w) != "Record not found" {
			t.Errorf("%s: %s", tt.path, w.Body)
		}
		if w.Header().Get("X-Request-Id") == "" || w.Header().Get("X-Ratelimit-Limit") == "" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: headers %v", tt.method, tt.path, w.Header())
		}
	}
}

func TestLocaleAndDeprecation(t *testing.T) {
	t.Parallel()
	route := echo("GET", "/api/v1/instance", func(r *Request) any { return map[string]any{"locale": r.Locale()} })
	route.Deprecated, route.Cache = 1668384000, CacheInstance
	s := newSite(t, func(c *Config) {
		c.Locale = func(h string) string { return "<" + h + ">" }
	}, route)
	w := s.do("GET", "/api/v1/instance", "", "Accept-Language: fr")
	if w.Body.String() != `{"locale":"<fr>"}` || w.Header().Get("Deprecation") != "@1668384000" ||
		w.Header().Get("Cache-Control") != "public, max-age=300" || w.Header().Get("Vary") != "Authorization, Cookie, Origin, Sec-Fetch-Site" {
		t.Errorf("%s %v", w.Body, w.Header())
	}
	if w := s.do("GET", "/api/v1/instance", "", "Accept-Language: fr", as("alice")); w.Body.String() != `{"locale":"de"}` {
		t.Error(w.Body)
	}
	if w := s.do("GET", "/api/v1/instance", "", "Accept-Language: fr,"+strings.Repeat("a-b,", 100_000)); len(w.Body.Bytes()) > 300 {
		t.Error("a long Accept-Language is read to its end")
	}
}

func TestAccessLogHasNoQuery(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/v1/search", func(*Request) any { return nil }))
	s.do("GET", "/api/v1/search?q=secret&access_token=alice", "")
	s.do("GET", "/nowhere?q=secret&access_token=alice", "", as("alice"))
	line := s.log.String()
	if strings.Contains(line, "secret") || strings.Contains(line, "alice") {
		t.Error(line)
	}
	for _, want := range []string{"path=/api/v1/search", "status=200", "method=GET", "bytes=2", "status=404"} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan bool), make(chan bool)
	slow := echo("GET", "/api/slow", func(*Request) any { inside <- true; <-leave; return nil })
	slow.Load = LoadBackground
	s := newSite(t, func(c *Config) { c.Gates = map[Load]int{LoadBackground: 1} }, slow)
	done := make(chan int)
	go func() { done <- s.do("GET", "/api/slow", "").Code }()
	<-inside
	if w := s.do("GET", "/api/slow", ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	leave <- true
	if code := <-done; code != 200 {
		t.Error(code)
	}
	go func() { <-inside; leave <- true }()
	if w := s.do("GET", "/api/slow", ""); w.Code != 200 {
		t.Errorf("after the first left: %d", w.Code)
	}
}

func TestSEC47_ClientAddress(t *testing.T) {
	t.Parallel()
	nets := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, tt := range []struct {
		remote, forwarded string
		trusted           []netip.Prefix
		want              string
	}{
		{"192.0.2.1:99", "203.0.113.5", nil, "192.0.2.1"},
		{"127.0.0.1:99", "203.0.113.5", nil, "127.0.0.1"},
		{"192.0.2.1:99", "203.0.113.5", nets, "192.0.2.1"},
		{"127.0.0.1:99", "203.0.113.5", nets, "203.0.113.5"},
		{"127.0.0.1:99", "198.51.100.1, 203.0.113.5", nets, "203.0.113.5"},
		{"127.0.0.1:99", "198.51.100.1, 203.0.113.5, 10.1.2.3", nets, "203.0.113.5"},
		{"127.0.0.1:99", "198.51.100.1|203.0.113.5", nets, "203.0.113.5"},
		{"127.0.0.1:99", "203.0.113.5, nonsense", nets, "127.0.0.1"},
		{"127.0.0.1:99", "203.0.113.5, nonsense, 10.1.2.3", nets, "10.1.2.3"},
		{"127.0.0.1:99", "203.0.113.5:4711", nets, "203.0.113.5"},
		{"127.0.0.1:99", "", nets, "127.0.0.1"},
		{"[::1]:99", "2001:db8::7", nets, "2001:db8::7"},
		{"[::1]:99", "[2001:db8::7]:88", nets, "2001:db8::7"},
		{"[::ffff:127.0.0.1]:99", "::ffff:203.0.113.5", nets, "203.0.113.5"},
		{"[fe80::1%eth0]:99", "", nets, "fe80::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.remote
		if tt.forwarded != "" {
			r.Header["X-Forwarded-For"] = strings.Split(tt.forwarded, "|")
		}
		if got := clientIP(r, tt.trusted).String(); got != tt.want {
			t.Errorf("%s for %q: %s, want %s", tt.remote, tt.forwarded, got, tt.want)
		}
	}
}
