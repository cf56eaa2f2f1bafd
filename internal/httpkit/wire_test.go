package httpkit

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// endless is a body without an end that counts what is taken from it.
type endless struct{ taken int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.taken += int64(len(p))
	return len(p), nil
}

func TestSEC59_EndlessBodyIsCut(t *testing.T) {
	t.Parallel()
	route := echo("POST", "/api/x", summary)
	route.Body = BodyProfile
	s := newSite(t, func(c *Config) { c.TempDir = t.TempDir() }, route)
	start := "--b\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\"\r\n\r\n"
	for kind, most := range map[string]int64{
		"application/json":                  maxText,
		"application/x-www-form-urlencoded": maxText,
		"multipart/form-data; boundary=b":   bodyCaps[BodyProfile],
	} {
		body := &endless{}
		r := httptest.NewRequest("POST", "/api/x", nil)
		r.Body, r.ContentLength = io.NopCloser(body), -1
		if strings.HasPrefix(kind, "multipart") {
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(start), body))
		}
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.h.ServeHTTP(w, r)
		if w.Code != 413 || body.taken > most+64<<10 {
			t.Errorf("%s: %d after %d bytes", kind, w.Code, body.taken)
		}
	}
}

func TestSEC59_LyingLengths(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("POST", "/api/x", summary))
	server := httptest.NewServer(s.h)
	t.Cleanup(server.Close)
	for name, tt := range map[string]struct {
		raw    string
		status int
	}{
		"declared too long": {"Content-Length: 99999999\r\n\r\n", 413},
		"declared too short": {
			"Content-Length: 3\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\ns=abc", 200,
		},
		"chunked and broken off": {"Transfer-Encoding: chunked\r\n\r\n5\r\ns=abcXX", 400},
		"both":                   {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\ns=a\r\n0\r\n\r\n", 200},
		"chunked too long":       {"Transfer-Encoding: chunked\r\n\r\n200000\r\n" + strings.Repeat("x", 0x200000) + "\r\n0\r\n\r\n", 413},
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = fmt.Fprintf(conn, "POST /api/x HTTP/1.1\r\nHost: example.org\r\n%s", tt.raw) }()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if res.StatusCode != tt.status {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
		_ = conn.Close()
	}
}

func TestHeadHasNoBody(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, echo("GET", "/api/x", func(*Request) any { return []int{1, 2} }))
	server := httptest.NewServer(s.h)
	t.Cleanup(server.Close)
	res, err := server.Client().Head(server.URL + "/api/x")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 || len(body) != 0 || res.ContentLength != 5 {
		t.Errorf("%d, length %d, %q", res.StatusCode, res.ContentLength, body)
	}
}
