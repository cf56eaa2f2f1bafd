package fetch

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/domain"
)

// rawPeer listens on loopback and hands over every connection.
func rawPeer(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return l.Addr().String()
}

// speaking reads the request, says text and then does more until the client
// hangs up.
func speaking(text string, more func(net.Conn)) func(net.Conn) {
	return func(conn net.Conn) {
		r := bufio.NewReader(conn)
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		_, _ = io.WriteString(conn, text)
		more(conn)
		_, _ = io.Copy(io.Discard, r)
	}
}

func silent(net.Conn) {}

func hangUp(conn net.Conn) { _ = conn.Close() }

// endless says text for as long as somebody listens, and counts the bytes.
func endless(text string, sent *atomic.Int64) func(net.Conn) {
	block := strings.Repeat(text, 1+4096/len(text))
	return func(conn net.Conn) {
		for {
			n, err := io.WriteString(conn, block)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
}

// trickle says a byte every few milliseconds.
func trickle(c string) func(net.Conn) {
	return func(conn net.Conn) {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			if _, err := io.WriteString(conn, c); err != nil {
				return
			}
		}
	}
}

// TestSEC26_BadPeers calls peers that hang, trickle, lie and never end. Each
// call ends by the deadline with the error that fits, nothing is read without
// bound, and the client serves its next caller.
func TestSEC26_BadPeers(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	const ok = "HTTP/1.1 200 OK\r\n"
	down, slow := error(nil), ErrTimeout
	for name, c := range map[string]struct {
		serve func(net.Conn)
		want  error // nil for any that is Unavailable
	}{
		"no header":            {speaking("", silent), slow},
		"half a header":        {speaking(ok+"X-A: ", silent), slow},
		"trickled header":      {speaking(ok+"X-A: ", trickle("a")), slow},
		"endless header":       {speaking(ok, endless("X-A: b\r\n", &sent)), down},
		"endless header line":  {speaking(ok+"X-A: ", endless("b", &sent)), down},
		"endless status line":  {speaking("HTTP/1.1 200 ", endless("b", &sent)), down},
		"endless continues":    {speaking("", endless("HTTP/1.1 100 Continue\r\n\r\n", &sent)), down},
		"endless early hints":  {speaking("", endless("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", &sent)), down},
		"stray switch":         {speaking("HTTP/1.1 101 Switching Protocols\r\n\r\n", silent), errors.ErrUnsupported},
		"not HTTP":             {speaking("SSH-2.0-x\r\n", silent), down},
		"hangs up at once":     {hangUp, down},
		"no body":              {speaking(ok+"Content-Length: 10\r\n\r\n", silent), slow},
		"trickled body":        {speaking(ok+"Content-Length: 60000\r\n\r\n", trickle("a")), slow},
		"trickled chunks":      {speaking(ok+"Transfer-Encoding: chunked\r\n\r\n", trickle("1\r\na\r\n")), slow},
		"endless body":         {speaking(ok+"\r\n", endless("a", &sent)), ErrTooLarge},
		"endless chunks":       {speaking(ok+"Transfer-Encoding: chunked\r\n\r\n", endless("1\r\na\r\n", &sent)), ErrTooLarge},
		"endless chunk header": {speaking(ok+"Transfer-Encoding: chunked\r\n\r\n1;", endless("a", &sent)), down},
		"endless trailer":      {speaking(ok+"Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n0\r\n", endless("X-A: b\r\n", &sent)), down},
		"shorter than it says": {speaking(ok+"Content-Length: 10\r\n\r\nabc", hangUp), down},
		"larger than we take":  {speaking(ok+"Content-Length: 99999999999\r\n\r\nabc", silent), ErrTooLarge},
		"two lengths":          {speaking(ok+"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", silent), down},
		"not gzip":             {speaking(ok+"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", silent), down},
		"hanging redirect":     {speaking("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 9\r\n\r\n", silent), down},
		"hanging error":        {speaking("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n", silent), domain.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := rawPeer(t, c.serve)
			client := testClient(t, Config{Dev: true, Limits: Limits{Total: time.Second, Body: 64 << 10}})
			_, err := client.Get(t.Context(), "http://"+address+"/", Options{})
			switch {
			case errors.Is(c.want, domain.ErrNotFound):
				if StatusOf(err) != http.StatusNotFound {
					t.Errorf("got %v", err)
				}
			case errors.Is(c.want, errors.ErrUnsupported):
				if err == nil {
					t.Error("went through")
				}
			case c.want != nil:
				if !errors.Is(err, c.want) {
					t.Errorf("got %v", err)
				}
			case !domain.Is(err, domain.Unavailable):
				t.Errorf("got %v", err)
			}
			if n := client.slots.known(); n != 0 {
				t.Errorf("%d hosts still hold a slot", n)
			}
			good := rawPeer(t, speaking(ok+"Content-Length: 2\r\n\r\nhi", silent))
			if res, err := client.Get(t.Context(), "http://"+good+"/", Options{}); err != nil || string(res.Body) != "hi" {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
	t.Cleanup(func() {
		if n := sent.Load(); n > 64<<20 {
			t.Errorf("the endless peers could say %d bytes", n)
		}
	})
}

// TestSEC26_LongerThanItSays reads what was announced and never takes the
// rest for the next answer.
func TestSEC26_LongerThanItSays(t *testing.T) {
	t.Parallel()
	address := rawPeer(t, speaking("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", silent))
	c := testClient(t, Config{Dev: true})
	for range 3 {
		res, err := c.Get(t.Context(), "http://"+address+"/", Options{})
		if err != nil || string(res.Body) != "hi" {
			t.Errorf("%+v %v", res, err)
		}
	}
}

// TestSEC26_BeforeHTTP hangs at the name, at the socket and at TLS, and sends
// what is no HTTP/2 frame.
func TestSEC26_BeforeHTTP(t *testing.T) {
	t.Parallel()
	short := Limits{Total: time.Second}
	deaf := make(chan struct{})
	t.Cleanup(func() { close(deaf) })
	h2 := httptest.NewUnstartedServer(http.NotFoundHandler())
	h2.TLS = &tls.Config{NextProtos: []string{"h2"}}
	h2.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	h2.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
			_, _ = conn.Write([]byte(strings.Repeat("\xff\xff\xff\x63 bad frames", 1000)))
			_, _ = io.Copy(io.Discard, conn)
		},
	}
	h2.StartTLS()
	t.Cleanup(h2.Close)
	roots := x509.NewCertPool()
	roots.AddCert(h2.Certificate())
	loopback := answering(netip.MustParseAddr("127.0.0.1"))
	mute := rawPeer(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	for name, c := range map[string]struct {
		cfg    Config
		target string
		want   error
	}{
		"name": {Config{Limits: short, Resolver: func(context.Context, string) ([]netip.Addr, error) {
			<-deaf
			return nil, errors.New("too late")
		}}, "https://a.example/", ErrTimeout},
		"no such name": {Config{Limits: short, Resolver: func(context.Context, string) ([]netip.Addr, error) {
			return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
		}}, "https://a.example/", nil},
		"no address": {Config{Limits: short, Resolver: answering()}, "https://a.example/", nil},
		"socket": {Config{Limits: short, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}, "https://a.example/", ErrTimeout},
		"TLS":           {Config{Dev: true, Limits: short, Resolver: loopback}, "https://" + strings.Replace(mute, "127.0.0.1", "a.example", 1) + "/", ErrTimeout},
		"TLS handshake": {Config{Dev: true, Limits: Limits{TLS: 100 * time.Millisecond}}, "https://" + mute + "/", ErrTimeout},
		"answer":        {Config{Dev: true, Limits: Limits{Wait: 100 * time.Millisecond}}, "http://" + mute + "/", ErrTimeout},
		"frames":        {Config{Dev: true, Limits: short, Roots: roots}, h2.URL, nil},
		"not trusted":   {Config{Dev: true, Limits: short, Roots: x509.NewCertPool()}, h2.URL, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := testClient(t, c.cfg).Get(t.Context(), c.target, Options{})
			if !domain.Is(err, domain.Unavailable) || (c.want != nil) != errors.Is(err, ErrTimeout) {
				t.Error(err)
			}
		})
	}
}

// TestStream reads a large answer in parts and gives its slot back.
func TestStream(t *testing.T) {
	t.Parallel()
	c := internet(t, Config{}, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 3<<20)) })
	for limit, want := range map[int64]error{3 << 20: nil, 3<<20 - 1: ErrTooLarge} {
		s, err := c.Open(t.Context(), "https://a.example.com/", Options{MaxBytes: limit})
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, s)
		if n != limit || !errors.Is(err, want) {
			t.Errorf("limit %d: read %d, %v", limit, n, err)
		}
		if err := errors.Join(s.Close(), s.Close()); err != nil || c.slots.known() != 0 {
			t.Errorf("closing: %v, %d slots", err, c.slots.known())
		}
	}
}
