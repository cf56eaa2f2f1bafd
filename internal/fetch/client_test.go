package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
)

func itoa(port uint16) string { return strconv.Itoa(int(port)) }

func portOfTest(srv *httptest.Server) uint16 {
	return uint16(srv.Listener.Addr().(*net.TCPAddr).Port)
}

func testClient(tb testing.TB, cfg Config) *Client {
	tb.Helper()
	cfg.UserAgent, cfg.Log = "Coterie/test (+https://coterie.example)", slog.New(slog.DiscardHandler)
	cfg.Now = func() time.Time { return signedAt }
	c := New(cfg)
	tb.Cleanup(c.Close)
	return c
}

// internet serves h over TLS as every subdomain of example.com, for a client
// that has left DEV behind.
func internet(tb testing.TB, cfg Config, h http.HandlerFunc) *Client {
	tb.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.EnableHTTP2 = true
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	tb.Cleanup(srv.Close)
	cfg.Roots = x509.NewCertPool()
	cfg.Roots.AddCert(srv.Certificate())
	cfg.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
	}
	return testClient(tb, cfg)
}

func TestGetPostHead(t *testing.T) {
	t.Parallel()
	c := internet(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.ProtoMajor != 2 || r.UserAgent() != "Coterie/test (+https://coterie.example)" || r.Header.Get("Date") != "Tue, 02 Jun 2026 10:00:00 GMT" {
			t.Errorf("%s with %v", r.Proto, r.Header)
		}
		w.Header().Set("Content-Type", "application/activity+json; charset=utf-8")
		fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), body)
	})
	get, err := c.Get(t.Context(), "https://A.Example.com:443/x?y=1#z", Options{Accept: AcceptActivity, Types: IsActivity})
	if err != nil || string(get.Body) != "GET /x?y=1  " || get.URL.String() != "https://a.example.com/x?y=1" || get.Status != 200 {
		t.Errorf("%+v %v", get, err)
	}
	post, err := c.Post(t.Context(), "https://a.example.com/inbox", "text/plain", []byte("hello"), Options{})
	if err != nil || string(post.Body) != "POST /inbox text/plain hello" {
		t.Errorf("%+v %v", post, err)
	}
	head, err := c.Head(t.Context(), "https://a.example.com/", Options{Types: IsActivity})
	if err != nil || len(head.Body) != 0 || head.Header.Get("Content-Type") == "" {
		t.Errorf("%+v %v", head, err)
	}
	if err := c.Deliver(t.Context(), "https://a.example.com/inbox", "text/plain", []byte("hello"), Options{}); err != nil {
		t.Error(err)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	c := internet(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(r.URL.Query().Get("s"))
		w.Header().Set("Retry-After", r.URL.Query().Get("after"))
		w.WriteHeader(status)
	})
	for status, kind := range map[int]domain.Kind{
		400: domain.Invalid, 401: domain.Unauthenticated, 403: domain.Forbidden, 404: domain.NotFound, 406: domain.Invalid, 408: domain.Unavailable,
		410: domain.Gone, 413: domain.TooLarge, 429: domain.RateLimited, 500: domain.Unavailable, 501: domain.Invalid, 503: domain.Unavailable,
		304: domain.Invalid, 302: domain.Invalid,
	} {
		_, err := c.Get(t.Context(), fmt.Sprintf("https://a.example.com/?s=%d&after=120", status), Options{})
		if domain.KindOf(err) != kind || StatusOf(err) != status || RetryAfter(err) != 2*time.Minute {
			t.Errorf("%d: kind %v, status %d, after %v: %v", status, domain.KindOf(err), StatusOf(err), RetryAfter(err), err)
		}
		err = c.Deliver(t.Context(), fmt.Sprintf("https://a.example.com/?s=%d", status), "text/plain", nil, Options{})
		if StatusOf(err) != status || RetryAfter(err) != 0 {
			t.Errorf("delivery, %d: %v", status, err)
		}
	}
	for value, want := range map[string]time.Duration{
		"": 0, "0": 0, "30": 30 * time.Second, " 30 ": 30 * time.Second, "-1": 0, "soon": 0, "99999999999999": retryLimit,
		"Tue, 02 Jun 2026 10:01:00 GMT": time.Minute, "Tue, 02 Jun 2020 10:01:00 GMT": 0, "Tue, 02 Jun 2036 10:01:00 GMT": retryLimit,
	} {
		if got := parseRetryAfter(value, signedAt); got != want {
			t.Errorf("Retry-After %q is %v", value, got)
		}
	}
}

// TestSEC03_MediaTypes accepts the two ActivityPub types and nothing like them.
func TestSEC03_MediaTypes(t *testing.T) {
	t.Parallel()
	c := internet(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = r.URL.Query()["t"]
		_, _ = w.Write([]byte(`{"id":"https://a.example.com/1"}`))
	})
	const profile = `profile="https://www.w3.org/ns/activitystreams"`
	for contentType, ok := range map[string]bool{
		"application/activity+json": true, "application/activity+json; charset=utf-8": true, "Application/Activity+JSON": true,
		"application/ld+json; " + profile: true, "application/ld+json;charset=utf-8;" + profile: true, `application/activity+json; ` + profile: true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams https://w3id.org/security"`: true,
		"application/ld+json": false, "application/json": false, "application/json; " + profile: false, "text/html": false, "text/plain; " + profile: false,
		"image/png": false, "application/octet-stream": false, "": false, "application/activity+jsonp": false, "x-application/activity+json": false,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil"`: false, `application/ld+json; profile="https://evil/#https://www.w3.org/ns/activitystreams"`: false,
		`application/ld+json; ` + profile + `; profile="x"`: false, `text/html; a="application/activity+json"`: false, "application/activity+json, text/html": false,
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://a.example.com/", nil)
		q := r.URL.Query()
		q.Set("t", contentType)
		_, err := c.Get(t.Context(), "https://a.example.com/?"+q.Encode(), Options{Types: IsActivity})
		if (err == nil) != ok || (err != nil && (!errors.Is(err, ErrContentType) || !domain.Is(err, domain.Invalid))) {
			t.Errorf("%q: %v", contentType, err)
		}
	}
	if _, err := c.Get(t.Context(), "https://a.example.com/?t=application/activity%2Bjson&t=text/html", Options{Types: IsActivity}); !errors.Is(err, ErrContentType) {
		t.Errorf("two types: %v", err)
	}
}

// TestSEC05_Redirects stops at the cap, in circles, at other schemes, plain
// http and private hosts.
func TestSEC05_Redirects(t *testing.T) {
	t.Parallel()
	c := internet(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		if n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/n/")); err == nil {
			if n > 0 {
				http.Redirect(w, r, fmt.Sprintf("https://h%d.example.com/n/%d", n, n-1), http.StatusFound)
			}
			return
		}
		if r.URL.Path == "/circle" {
			http.Redirect(w, r, "/circle", http.StatusFound)
			return
		}
		for _, to := range r.URL.Query()["to"] {
			w.Header().Add("Location", to)
		}
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	res, err := c.Get(t.Context(), "https://a.example.com/n/3", Options{})
	if err != nil || res.URL.String() != "https://h1.example.com/n/0" {
		t.Errorf("three redirects: %+v %v", res, err)
	}
	for _, target := range []string{
		"https://a.example.com/n/4", "https://a.example.com/n/900", "https://a.example.com/circle", "https://a.example.com/?to=https://a.example.com/n/0&to=/n/0",
		"https://a.example.com/?to=http://a.example.com/n/0", "https://a.example.com/?to=ftp://a.example.com/", "https://a.example.com/?to=file:///etc/passwd",
		"https://a.example.com/?to=https://127.0.0.1/", "https://a.example.com/?to=https://localhost/", "https://a.example.com/?to=//10.0.0.1/",
		"https://a.example.com/?to=https://b.example.com:22/", "https://a.example.com/?to=https://u:p@b.example.com/", "https://a.example.com/?to=https://[::1]/",
		"https://a.example.com/?to=javascript:alert(1)", "https://a.example.com/?to=https://b.example.com%5c@evil.example.com/",
	} {
		_, err := c.Get(t.Context(), target, Options{PlainHTTP: true})
		if !errors.Is(err, ErrRedirect) && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", target, err)
		}
	}
	if _, err := c.Get(t.Context(), "https://a.example.com/n/1", Options{Redirects: -1}); !errors.Is(err, ErrRedirect) {
		t.Errorf("redirect where none is wanted: %v", err)
	}
	if _, err := c.Post(t.Context(), "https://a.example.com/?to=/n/0", "text/plain", nil, Options{}); StatusOf(err) != http.StatusTemporaryRedirect {
		t.Errorf("POST followed a redirect: %v", err)
	}
	if res, err := c.Get(t.Context(), "https://a.example.com/?to=/n/0%3Fnext=https://x.example/", Options{}); err != nil || res.URL.Path != "/n/0" {
		t.Errorf("relative: %+v %v", res, err)
	}
}

// TestSEC05_EachHopIsItsOwn signs every hop for its own host and path, and
// sends no secret and no cookie on.
func TestSEC05_EachHopIsItsOwn(t *testing.T) {
	t.Parallel()
	key := testEd25519()
	var mu sync.Mutex
	seen := map[string]http.Header{}
	c := internet(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		rules := Rules{Hosts: []string{r.Host}, Now: signedAt}
		if _, err := Verify(r.Context(), r, nil, only(testKeyID, key.Public()), rules); err != nil {
			t.Errorf("%s%s: %v", r.Host, r.URL, err)
		}
		mu.Lock()
		seen[r.Host+r.URL.Path] = r.Header.Clone()
		mu.Unlock()
		w.Header().Set("Set-Cookie", "session=1; Domain=example.com")
		switch r.Host + r.URL.Path {
		case "a.example.com/1":
			http.Redirect(w, r, "/2", http.StatusSeeOther)
		case "a.example.com/2":
			http.Redirect(w, r, "https://b.example.com/3?x=y", http.StatusMovedPermanently)
		}
	})
	for _, scheme := range []Scheme{Cavage, RFC9421} {
		o := Options{Signer: &Signer{Key{testKeyID, key}, scheme}, Header: http.Header{"Authorization": {"Bearer secret"}, "cookie": {"a=b"}}}
		if _, err := c.Get(t.Context(), "https://a.example.com/1", o); err != nil {
			t.Fatal(err)
		}
		if seen["a.example.com/1"].Get("Authorization") == "" || seen["a.example.com/2"].Get("Authorization") == "" {
			t.Error("the header did not reach its own origin")
		}
		if h := seen["b.example.com/3"]; h.Get("Authorization") != "" || h.Get("Cookie") != "" || h.Get("Referer") != "" {
			t.Errorf("another host was sent %v", h)
		}
		if strings.Contains(seen["a.example.com/2"].Get("Cookie"), "session") {
			t.Error("a cookie was kept")
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	c := internet(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("n"))
		switch r.URL.Path {
		case "/known":
			w.Header().Set("Content-Length", strconv.Itoa(size))
			_, _ = w.Write(make([]byte, size))
		case "/unknown":
			w.(http.Flusher).Flush()
			_, _ = w.Write(make([]byte, size))
		case "/bomb":
			w.Header().Set("Content-Encoding", r.URL.Query().Get("enc"))
			_, _ = w.Write(bomb.Bytes())
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("x", size))
		case "/header-many":
			for i := range size {
				w.Header().Set("X-"+strconv.Itoa(i), "y")
			}
		}
	})
	for path, want := range map[string]error{
		"/known?n=1000": nil, "/known?n=1001": ErrTooLarge, "/unknown?n=1000": nil, "/unknown?n=1001": ErrTooLarge,
		"/bomb?enc=gzip": ErrTooLarge, "/bomb?enc=br": ErrContentType, "/bomb?enc=gzip,gzip": ErrContentType,
	} {
		res, err := c.Get(t.Context(), "https://a.example.com"+path, Options{MaxBytes: 1000})
		if !errors.Is(err, want) || (want == nil && (err != nil || len(res.Body) != 1000)) {
			t.Errorf("%s: %v", path, err)
		}
		if errors.Is(want, ErrTooLarge) && !domain.Is(err, domain.TooLarge) {
			t.Errorf("%s: kind %v", path, domain.KindOf(err))
		}
		if err := c.Deliver(t.Context(), "https://a.example.com"+path, "text/plain", []byte("x"), Options{}); err != nil && !errors.Is(err, ErrContentType) {
			t.Errorf("delivery to %s: %v", path, err)
		}
	}
	for _, path := range []string{"/header?n=70000", "/header-many?n=20000"} {
		if _, err := c.Get(t.Context(), "https://a.example.com"+path, Options{}); !domain.Is(err, domain.Unavailable) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestSEC60_HostsAreForgotten bounds what runs against one host and keeps
// nothing about hosts that are idle.
func TestSEC60_HostsAreForgotten(t *testing.T) {
	t.Parallel()
	inside, leave := make(chan struct{}, 8), make(chan struct{})
	c := internet(t, Config{Limits: Limits{PerHost: 2}}, func(_ http.ResponseWriter, r *http.Request) {
		if r.Host == "slow.example.com" {
			inside <- struct{}{}
			<-leave
		}
	})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), "https://slow.example.com/", Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	<-inside
	<-inside
	if _, err := c.Get(t.Context(), "https://slow.example.com/", Options{Timeout: 20 * time.Millisecond}); !errors.Is(err, ErrTimeout) {
		t.Errorf("a third request: %v", err)
	}
	if _, err := c.Get(t.Context(), "https://other.example.com/", Options{}); err != nil {
		t.Errorf("another host: %v", err)
	}
	close(leave)
	wg.Wait()
	for i := range 50 {
		_, _ = c.Get(t.Context(), fmt.Sprintf("https://w%d.example.com/", i), Options{})
	}
	if n := c.slots.known(); n != 0 {
		t.Errorf("%d hosts are remembered", n)
	}
}

func TestGivingUpIsNotTheirFault(t *testing.T) {
	t.Parallel()
	c := internet(t, Config{}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Get(ctx, "https://a.example.com/", Options{}); !errors.Is(err, context.Canceled) || errors.Is(err, ErrTimeout) {
		t.Error(err)
	}
}
