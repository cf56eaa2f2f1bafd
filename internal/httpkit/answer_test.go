package httpkit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
)

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		value  any
		status int
		kind   string
		body   string
	}{
		{"nothing", nil, 200, "application/json; charset=utf-8", "{}"},
		{"a value", map[string]any{"a": "<b>&"}, 200, "application/json; charset=utf-8", `{"a":"<b>&"}`},
		{"raw", Raw(`{"raw": 1}`), 200, "application/json; charset=utf-8", `{"raw": 1}`},
		{"raw message", json.RawMessage(`[1]`), 200, "application/json; charset=utf-8", `[1]`},
		{"status", Status(202, nil).With("X-Own", "1"), 202, "application/json; charset=utf-8", "{}"},
		{"page", Page{Items: []int{}}, 200, "application/json; charset=utf-8", "[]"},
		{"html", HTML([]byte("<p>")), 200, "text/html; charset=utf-8", "<p>"},
		{"redirect", Redirect{URL: "/x"}, 302, "", ""},
		{"cannot be encoded", math.NaN(), 500, "application/json; charset=utf-8", `{"error":"Something went wrong on our side"}`},
	} {
		s := newSite(t, nil, echo("GET", "/api/x", func(*Request) any { return tt.value }))
		w := s.do("GET", "/api/x", "")
		if w.Code != tt.status || w.Header().Get("Content-Type") != tt.kind || w.Body.String() != tt.body {
			t.Errorf("%s: %d %q %s", tt.name, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		want := "public, max-age=15"
		if tt.status >= 400 {
			want = "private, no-store"
		}
		if got := w.Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q", tt.name, got)
		}
	}
}

func TestWrittenAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/x", func(r *Request) any {
		w := r.Writer()
		w.WriteHeader(206)
		_, _ = w.Write([]byte("part"))
		w.(http.Flusher).Flush()
		return Written{}
	}))
	w := s.do("GET", "/api/x", "")
	if w.Code != 206 || w.Body.String() != "part" || !w.Flushed || w.Header().Get("Cache-Control") == "" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
}

func failing(err error) Route {
	return Route{
		Method: "GET", Pattern: "/api/x", Auth: Public, Scopes: NoScope, Limit: LimitGeneral, Cache: CacheAnonymous,
		Handle: func(*Request) (any, error) { return nil, err },
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	taken := domain.FieldError{Field: "username", Code: "ERR_TAKEN", Description: "has already been taken"}
	young := domain.FieldError{Field: "date_of_birth", Code: "ERR_BELOW_LIMIT", Description: "is below the limit"}
	for _, tt := range []struct {
		err    error
		status int
		body   string
	}{
		{domain.ErrNotFound, 404, `{"error":"Record not found"}`},
		{fmt.Errorf("read status: %w", domain.ErrNotFound), 404, `{"error":"Record not found"}`},
		{domain.Errorf(domain.Invalid, "Validation failed: Text can't be blank"), 422, `{"error":"Validation failed: Text can't be blank"}`},
		{
			&domain.Error{Kind: domain.Invalid, Fields: []domain.FieldError{taken, young}}, 422,
			`{"details":{"date_of_birth":[{"error":"ERR_BELOW_LIMIT","description":"is below the limit"}],` +
				`"username":[{"error":"ERR_TAKEN","description":"has already been taken"}]},` +
				`"error":"Validation failed: Username has already been taken, Date of birth is below the limit"}`,
		},
		{domain.Errorf(domain.BadRequest, "Bad"), 400, `{"error":"Bad"}`},
		{&domain.Error{Kind: domain.Unauthenticated}, 401, `{"error":"The access token is invalid"}`},
		{domain.Errorf(domain.Forbidden, "No"), 403, `{"error":"No"}`},
		{&domain.Error{Kind: domain.Conflict}, 409, `{"error":"Conflict during update, please try again"}`},
		{&domain.Error{Kind: domain.TooLarge}, 413, `{"error":"This is too large"}`},
		{&domain.Error{Kind: domain.RateLimited}, 429, `{"error":"Too many requests"}`},
		{&domain.Error{Kind: domain.Unavailable, Err: errors.New("secret")}, 503, `{"error":"There was a temporary problem, please try again"}`},
		{errors.New("secret"), 500, `{"error":"Something went wrong on our side"}`},
		{&domain.Error{Msg: "secret"}, 500, `{"error":"Something went wrong on our side"}`},
		{&OAuthError{400, "invalid_grant", "It is used up."}, 400, `{"error":"invalid_grant","error_description":"It is used up."}`},
		{
			WithBody(domain.Errorf(domain.Invalid, "Unexpected"), map[string]any{"unexpected_accounts": []int{}}), 422,
			`{"error":"Unexpected","unexpected_accounts":[]}`,
		},
	} {
		s := newSite(t, nil, failing(tt.err))
		w := s.do("GET", "/api/x", "")
		if w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("%v: %d %s", tt.err, w.Code, w.Body)
		}
		h := w.Header()
		if h.Get("Cache-Control") != "private, no-store" || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("X-Request-Id") == "" {
			t.Errorf("%v: %v", tt.err, h)
		}
		if (tt.status == 401) != (h.Get("WWW-Authenticate") != "") || (tt.status == 429 || tt.status == 503) != (h.Get("Retry-After") != "") {
			t.Errorf("%v: %v", tt.err, h)
		}
		logged := strings.Contains(s.log.String(), "secret") && strings.Contains(s.log.String(), h.Get("X-Request-Id"))
		if (tt.status == 500) != logged {
			t.Errorf("%v: log %s", tt.err, s.log)
		}
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	page := failing(domain.ErrNotFound)
	page.Pattern, page.Auth = "/page", SessionPage
	s := newSite(t, nil, page)
	if w := s.do("GET", "/page", ""); w.Code != 404 || w.Body.String() != "Not Found\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s = newSite(t, func(c *Config) {
		c.ErrorPage = func(w http.ResponseWriter, _ *http.Request, status int, text string) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, "<h1>%d %s", status, text)
		}
	}, page)
	if w := s.do("GET", "/page", ""); w.Body.String() != "<h1>404 " || w.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%s", w.Body)
	}
}

func TestSEC61_PanicIsContained(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/x", func(*Request) any { panic("secret") }))
	w := s.do("GET", "/api/x", "")
	if w.Code != 500 || errorText(t, w) != "Something went wrong on our side" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(s.log.String(), "secret") || !strings.Contains(s.log.String(), "status=500") {
		t.Error(s.log)
	}
}

func TestClientLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, failing(fmt.Errorf("read: %w", context.Canceled)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, httptest.NewRequest("GET", "/api/x", nil).WithContext(ctx))
	if w.Code != 503 || strings.Contains(s.log.String(), "ERROR") {
		t.Errorf("%d %s", w.Code, s.log)
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	s := newSite(t, func(c *Config) { c.OpenPaths = []string{"/media/"} }, echo("GET", "/api/v1/x", func(*Request) any { return nil }))
	for path, methods := range map[string]string{
		"/api/v1/x":              "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
		"/api/v1/unknown":        "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
		"/oauth/token":           "POST, OPTIONS",
		"/oauth/revoke":          "POST, OPTIONS",
		"/oauth/userinfo":        "GET, HEAD, POST, OPTIONS",
		"/.well-known/webfinger": "GET, HEAD, OPTIONS",
		"/nodeinfo/2.0":          "GET, HEAD, OPTIONS",
		"/@alice":                "GET, HEAD, OPTIONS",
		"/users/alice":           "GET, HEAD, OPTIONS",
		"/media/a/b.png":         "GET, HEAD, OPTIONS",
		"/@alice/5":              "",
		"/users/alice/inbox":     "",
		"/users/":                "",
		"/oauth/authorize":       "",
		"/":                      "",
	} {
		w := s.do("OPTIONS", path, "", "Origin: https://app.example", "Access-Control-Request-Method: POST",
			"Access-Control-Request-Headers: authorization,idempotency-key,x-own")
		h := w.Header()
		if h.Get("Access-Control-Allow-Methods") != methods {
			t.Errorf("%s: methods %q", path, h.Get("Access-Control-Allow-Methods"))
		}
		if h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: credentials", path)
		}
		if methods == "" {
			if h.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: open to other origins", path)
			}
			continue
		}
		if w.Code != 200 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Headers") != "authorization,idempotency-key,x-own" {
			t.Errorf("%s: %d %v", path, w.Code, h)
		}
	}
	w := s.do("GET", "/api/v1/x", "", "Origin: https://app.example")
	for _, name := range []string{"Link", "Mastodon-Async-Refresh", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-Request-Id"} {
		if !strings.Contains(w.Header().Get("Access-Control-Expose-Headers"), name) {
			t.Errorf("%s is not exposed", name)
		}
	}
}

func TestPagingParameters(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/x", func(r *Request) any {
		p := r.Page(20)
		return []int64{int64(p.MaxID), int64(p.SinceID), int64(p.MinID), int64(p.Limit)}
	}))
	for query, want := range map[string]string{
		"":                                 "[0,0,0,20]",
		"limit=5":                          "[0,0,0,5]",
		"limit=-5":                         "[0,0,0,5]",
		"limit=41":                         "[0,0,0,40]",
		"limit=99999999999999999999":       "[0,0,0,20]",
		"limit=-9223372036854775808":       "[0,0,0,40]",
		"limit=9223372036854775807":        "[0,0,0,40]",
		"limit=0":                          "[0,0,0,20]",
		"limit=x":                          "[0,0,0,20]",
		"max_id=9&since_id=3":              "[9,3,0,20]",
		"min_id=3&since_id=4":              "[0,4,3,20]",
		"max_id=x&since_id=-1&min_id=":     "[0,0,0,20]",
		"max_id[]=5&min_id[a]=3":           "[0,0,0,20]",
		"max_id=99999999999999999999999":   "[0,0,0,20]",
		"max_id=%2B5&since_id=5.5&limit[]": "[0,0,0,20]",
	} {
		if w := s.do("GET", "/api/x?"+query, ""); w.Body.String() != want {
			t.Errorf("%s: %s, want %s", query, w.Body, want)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value any
		query string
		want  string
	}{
		{Page{Items: []int{}}, "?limit=5", ""},
		{
			Page{Items: []int{1}, Next: 5, Prev: 9},
			"",
			`<https://example.org/api/t/caf%C3%A9?max_id=5>; rel="next", <https://example.org/api/t/caf%C3%A9?min_id=9>; rel="prev"`,
		},
		{
			Page{Items: []int{1}, Prev: 9, PrevSince: true},
			"?limit=5&max_id=7&since_id=1&min_id=2&offset=3",
			`<https://example.org/api/t/caf%C3%A9?limit=5&since_id=9>; rel="prev"`,
		},
		{
			Page{Items: []int{1}, Next: 5},
			"?any[]=a&any%5B%5D=b&access_token=alice&q=%22x%22&%6dax_id=4",
			`<https://example.org/api/t/caf%C3%A9?any[]=a&any%5B%5D=b&q=%22x%22&max_id=5>; rel="next"`,
		},
		{
			Page{Items: []int{1}, Next: 5},
			`?q=<a>;,"`,
			`<https://example.org/api/t/caf%C3%A9?q=%3Ca%3E%3B%2C%22&max_id=5>; rel="next"`,
		},
		{
			OffsetPage{Items: []int{1}, Offset: 10, Limit: 20, More: true},
			"?offset=10",
			`<https://example.org/api/t/caf%C3%A9?offset=30>; rel="next", <https://example.org/api/t/caf%C3%A9?offset=0>; rel="prev"`,
		},
	} {
		s := newSite(t, nil, echo("GET", "/api/t/{tag}", func(*Request) any { return tt.value }))
		if got := s.do("GET", "/api/t/caf%C3%A9"+tt.query, "").Header().Get("Link"); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.query, got, tt.want)
		}
	}
}

func TestSEC65_SafeRedirect(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/settings?tab=1":                "/settings?tab=1",
		"/@alice/5":                      "/@alice/5",
		"https://example.org/x":          "/x",
		"https://example.org.evil/x":     "/",
		"https://example.org@evil/x":     "/",
		"https://evil/x":                 "/",
		"//evil/x":                       "/",
		"///evil/x":                      "/",
		`/\evil/x`:                       "/",
		`\\evil/x`:                       "/",
		"/%2F/evil":                      "/",
		"/%2fevil":                       "/",
		"/%252Fevil":                     "/",
		"/%5Cevil":                       "/",
		"/\tevil":                        "/",
		"/x\r\nSet-Cookie: a=b":          "/",
		"/x%0d%0aSet-Cookie":             "/",
		"javascript:alert(1)":            "/",
		"evil":                           "/",
		"":                               "/",
		"/" + strings.Repeat("a", 3000):  "/",
		"https://example.org//evil":      "/",
		"/oauth/authorize?x=https://app": "/oauth/authorize?x=https://app",
	} {
		if got := SafeRedirect("https://example.org", target); got != want {
			t.Errorf("%.60q: %q, want %q", target, got, want)
		}
	}
}

func TestLimitHeaders(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/x", func(*Request) any { return nil }))
	w := s.do("GET", "/api/x", "", as("alice"))
	h := w.Header()
	// The tightest of 1500 for the user and 300 for the token; the window
	// that holds 05:06:07 ends at 05:10.
	if h.Get("X-RateLimit-Limit") != "300" || h.Get("X-RateLimit-Remaining") != "299" || h.Get("X-RateLimit-Reset") != "2026-03-04T05:10:00.000000Z" {
		t.Error(h)
	}
	for range 299 {
		w = s.do("GET", "/api/x", "", as("alice"))
	}
	if w.Code != 200 || w.Header().Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w = s.do("GET", "/api/x", "", as("alice"))
	if w.Code != 429 || errorText(t, w) != "Too many requests" || w.Header().Get("Retry-After") != "233" ||
		w.Header().Get("X-RateLimit-Remaining") != "0" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	for _, other := range []string{"alice-phone", "bob"} {
		if w := s.do("GET", "/api/x", "", as(other)); w.Code != 200 {
			t.Errorf("%s pays for alice's token: %d", other, w.Code)
		}
	}
	s.clock.add(5 * time.Minute)
	if w := s.do("GET", "/api/x", "", as("alice")); w.Code != 200 || w.Header().Get("X-RateLimit-Remaining") != "299" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestErrorsAreTranslated(t *testing.T) {
	t.Parallel()
	translate := func(c *Config) { c.Translate = func(l, s string) string { return l + ": " + s } }
	s := newSite(t, translate, failing(domain.Errorf(domain.Forbidden, "No")))
	if w := s.do("GET", "/api/x", "", as("alice")); errorText(t, w) != "de: No" {
		t.Error(w.Body)
	}
	s = newSite(t, translate, failing(&OAuthError{400, "invalid_grant", "Used up"}))
	if w := s.do("GET", "/api/x", "", as("alice")); errorText(t, w) != "invalid_grant" {
		t.Error(w.Body)
	}
}

func TestSEC64_OtherSitesCannotPostToPages(t *testing.T) {
	t.Parallel()
	ok := func(*Request) any { return nil }
	get, post, api := echo("GET", "/page", ok), echo("POST", "/page", ok), echo("POST", "/api/x", ok)
	get.Auth, post.Auth = SessionPage, SessionPage
	s := newSite(t, nil, get, post, api)
	for _, tt := range []struct {
		method, path, head string
		status             int
	}{
		{"POST", "/page", "Sec-Fetch-Site: cross-site", 403},
		{"POST", "/page", "Sec-Fetch-Site: same-site", 403},
		{"POST", "/page", "Origin: https://evil.example", 403},
		{"POST", "/page", "Origin: null", 403},
		{"POST", "/page", "Origin: https://example.org", 200},
		{"POST", "/page", "Sec-Fetch-Site: same-origin", 200},
		{"GET", "/page", "Sec-Fetch-Site: cross-site", 200},
		{"POST", "/api/x", "Origin: https://app.example", 200},
	} {
		if w := s.do(tt.method, tt.path, "", tt.head); w.Code != tt.status {
			t.Errorf("%s %s with %s: %d", tt.method, tt.path, tt.head, w.Code)
		}
	}
}

// TestConditionalRequests: what caches may keep has a tag and need not be sent
// again; what they may not has none.
func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	n := 0
	s := newSite(t, nil, echo("GET", "/api/x", func(*Request) any { return map[string]int{"n": n} }))
	tag := s.do("GET", "/api/x", "").Header().Get("Etag")
	if !strings.HasPrefix(tag, `W/"`) {
		t.Fatalf("the tag is %q", tag)
	}
	for _, known := range []string{tag, strings.TrimPrefix(tag, "W/"), `"a", ` + tag, "*"} {
		w := s.do("GET", "/api/x", "", "If-None-Match: "+known)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("Etag") != tag || w.Header().Get("Cache-Control") != "public, max-age=15" ||
			w.Header().Get("Vary") == "" || w.Header().Get("X-Ratelimit-Reset") == "" {
			t.Errorf("%s: %d %q %v", known, w.Code, w.Body, w.Header())
		}
	}
	n++
	if w := s.do("GET", "/api/x", "", "If-None-Match: "+tag); w.Code != http.StatusOK || w.Body.String() != `{"n":1}` || w.Header().Get("Etag") == tag {
		t.Errorf("once it changed: %d %s", w.Code, w.Body)
	}
	if w := s.do("GET", "/api/x", "", "If-None-Match: *", as("alice")); w.Code != http.StatusOK || w.Header().Get("Etag") != "" {
		t.Errorf("with a token: %d %v", w.Code, w.Header())
	}
}
