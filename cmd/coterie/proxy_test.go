package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// proxy is a reverse proxy of which the README has an example.
type proxy struct {
	// example finds the example in the README, set makes a whole
	// configuration of it.
	example *regexp.Regexp
	set     func(example string, p *proxied) string
	start   func(file, dir string) *exec.Cmd
}

var proxies = map[string]proxy{
	"nginx": {
		example: regexp.MustCompile("(?s)```nginx\n(.*?)```"),
		set: func(example string, p *proxied) string {
			example = strings.NewReplacer(
				"listen 443", "listen "+p.at, "listen [::]:443 ssl http2;\n", "\n", "coterie.example;", "coterie.test;", "127.0.0.1:8080", p.to,
				"/etc/letsencrypt/live/coterie.example/fullchain.pem", p.cert, "/etc/letsencrypt/live/coterie.example/privkey.pem", p.key,
			).Replace(example)
			return fmt.Sprintf("daemon off;\npid %s/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n"+
				"client_body_temp_path %[1]s;\nproxy_temp_path %[1]s;\nfastcgi_temp_path %[1]s;\nuwsgi_temp_path %[1]s;\nscgi_temp_path %[1]s;\n%s}\n", p.dir, example)
		},
		start: func(file, dir string) *exec.Cmd { return exec.Command("nginx", "-e", "stderr", "-p", dir, "-c", file) },
	},
	"caddy": {
		example: regexp.MustCompile("(?s)```\n(coterie\\.example \\{.*?)```"),
		set: func(example string, p *proxied) string {
			example = strings.NewReplacer(
				"coterie.example {", "https://coterie.test:"+p.port+" {\n\tbind 127.0.0.1\n\ttls "+p.cert+" "+p.key, "127.0.0.1:8080", p.to,
			).Replace(example)
			return "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + example
		},
		start: func(file, dir string) *exec.Cmd {
			cmd := exec.Command("caddy", "run", "--adapter", "caddyfile", "--config", file)
			cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
			return cmd
		},
	},
}

// proxied is a server behind a proxy.
type proxied struct {
	dir, cert, key string
	at, port       string // where the proxy listens
	to             string // and the server
	tls            *tls.Config
}

// TestProxiesOfTheReadme_SEC47 runs the server behind each reverse proxy
// as the README sets it up: limits count the visitor and not what a visitor
// says of themselves, and streams are neither cut nor held back. Without the program
// the part is left out, which the script of the tests says.
func TestProxiesOfTheReadme_SEC47(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := kind.example.FindSubmatch(readme)
			if found == nil {
				t.Fatal("the README has no example")
			}
			if _, err := exec.LookPath(name); err != nil {
				t.Skip("it is not installed")
			}
			place := newPlace(t, "COTERIE_RATE_LIMITS=on")
			token := place.person(t, "alice", "owner")
			p := newProxied(t, place.serve(t))
			p.run(t, kind, string(found[1]))
			p.limits(t)
			p.streams(t, token)
			p.socket(t, token)
		})
	}
}

func newProxied(t *testing.T, s *process) *proxied {
	t.Helper()
	p := &proxied{dir: t.TempDir(), to: strings.TrimPrefix(s.base, "http://")}
	p.cert, p.key = filepath.Join(p.dir, "cert.pem"), filepath.Join(p.dir, "key.pem")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"coterie.test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	for file, content := range map[string][]byte{p.cert: chain, p.key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})} {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p.tls = &tls.Config{ServerName: "coterie.test", RootCAs: x509.NewCertPool()}
	p.tls.RootCAs.AppendCertsFromPEM(chain)
	return p
}

// run starts the proxy at a free port and waits until it answers.
func (p *proxied) run(t *testing.T, kind proxy, example string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.at = free.Addr().String()
	_, p.port, _ = net.SplitHostPort(p.at)
	_ = free.Close()
	file := filepath.Join(p.dir, "conf")
	if err := os.WriteFile(file, []byte(kind.set(example, p)), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := kind.start(file, p.dir)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); <-ended }) // whose workers end with it
	for range 600 {
		select {
		case <-ended:
			t.Fatalf("the proxy ended: %s", said.String())
		case <-time.After(100 * time.Millisecond):
		}
		if c, err := net.Dial("tcp", p.at); err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatal("the proxy does not listen")
}

// client is a visitor with one of the addresses of the loopback interface.
func (p *proxied) client(from string) *http.Client {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		TLSClientConfig: p.tls.Clone(), ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return d.DialContext(ctx, "tcp", p.at) },
	}}
}

// limits has one visitor claim to be another each time.
func (p *proxied) limits(t *testing.T) {
	app := url.Values{"client_name": {"x"}, "redirect_uris": {"urn:ietf:wg:oauth:2.0:oob"}}.Encode()
	register := func(c *http.Client, as int) int {
		r, err := http.NewRequest(http.MethodPost, "https://coterie.test/api/v1/apps", strings.NewReader(app))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"} {
			r.Header.Set(name, fmt.Sprintf("192.0.2.%d", as))
		}
		r.Header.Set("Forwarded", fmt.Sprintf("for=192.0.2.%d", as))
		res, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	one, other := p.client("127.0.0.2"), p.client("127.0.0.3")
	passes := 0
	for as := range 8 {
		if register(one, as) == http.StatusOK {
			passes++
		}
	}
	if passes != 5 {
		t.Errorf("somebody who says to be another each time registers %d apps, want 5", passes)
	}
	if got := register(other, 0); got != http.StatusOK {
		t.Errorf("another visitor pays for it: %d", got)
	}
}

// streams expects a server-sent event while the request goes on.
func (p *proxied) streams(t *testing.T, token string) {
	r, err := http.NewRequest(http.MethodGet, "https://coterie.test/api/v1/streaming/user", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := p.client("127.0.0.4").Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the stream answers %d", res.StatusCode)
	}
	p.post(t, token, "behind a proxy")
	in := bufio.NewScanner(res.Body)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		if strings.Contains(in.Text(), "behind a proxy") {
			return
		}
	}
	t.Errorf("the event did not come: %v", in.Err())
}

func (p *proxied) socket(t *testing.T, token string) {
	settings := p.tls.Clone()
	settings.NextProtos = []string{"http/1.1"} // which sockets begin with
	d := websocket.Dialer{
		TLSClientConfig: settings, HandshakeTimeout: time.Minute,
		NetDialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "tcp", p.at)
		},
	}
	c, res, err := d.Dial("wss://coterie.test/api/v1/streaming?stream=user", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		t.Fatalf("open a socket: %v, %v", err, res)
	}
	defer c.Close()
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	p.post(t, token, "through a socket")
	for {
		_, said, err := c.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(said, []byte("through a socket")) {
			return
		}
	}
}

func (p *proxied) post(t *testing.T, token, status string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, "https://coterie.test/api/v1/statuses", strings.NewReader(url.Values{"status": {status}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := p.client("127.0.0.5").Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("posting answers %d", res.StatusCode)
	}
}
