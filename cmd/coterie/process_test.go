package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The tests of this package run the program itself: the test binary starts
// again as a child, and the child is coterie.
const childEnv = "COTERIE_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" || len(os.Args) > 1 && os.Args[1] == mediaWorker {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// place is a data directory with its configuration.
type place struct {
	dir string
	env []string
}

// newPlace is a community for trying out, at a free port; more are further
// variables NAME=value.
func newPlace(t testing.TB, more ...string) *place {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	return &place{dir: dir, env: append([]string{
		childEnv + "=1", "COTERIE_DEV=1", "COTERIE_DOMAIN=coterie.test", "COTERIE_DATA_DIR=" + dir,
		"COTERIE_LISTEN=127.0.0.1:0", "COTERIE_RATE_LIMITS=off", "COTERIE_LOG=info,json",
	}, more...)}
}

func (p *place) command(args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "GOCOVERDIR=" + os.TempDir()}, p.env...)
	return cmd
}

// run runs a command to its end and returns what it printed.
func (p *place) run(t testing.TB, args ...string) string {
	t.Helper()
	cmd := p.command(args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("coterie %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return string(out)
}

// person makes an account and returns its token.
func (p *place) person(t testing.TB, name, role string) string {
	t.Helper()
	out := p.run(t, "account", "create", name, "--email", name+"@example.org", "--password", "prairie dogs at dusk",
		"--role", role, "--confirmed", "--token-scopes", "read write follow")
	words := strings.Fields(out)
	return words[len(words)-1]
}

// process is a running server.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	base string
	http *http.Client

	mu    sync.Mutex
	lines []map[string]any
	ended chan struct{}
	err   error
}

// serve starts the server and waits until it is ready.
func (p *place) serve(t testing.TB) *process {
	t.Helper()
	s := &process{
		t: t, cmd: p.command("serve"), ended: make(chan struct{}),
		http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}, Timeout: 30 * time.Second},
	}
	out, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	ready := make(chan string, 1)
	go s.read(out, ready)
	select {
	case at := <-ready:
		s.base = "http://" + at
	case <-s.ended:
		t.Fatalf("the server ended before it was ready: %v\n%s", s.err, s.log())
	case <-time.After(time.Minute):
		t.Fatalf("the server was not ready within a minute\n%s", s.log())
	}
	return s
}

// read keeps the log and says where the server listens.
func (s *process) read(out io.Reader, ready chan<- string) {
	in := bufio.NewScanner(out)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		line := map[string]any{}
		if json.Unmarshal(in.Bytes(), &line) != nil {
			line["msg"], line["level"] = in.Text(), "RAW"
		}
		s.mu.Lock()
		s.lines = append(s.lines, line)
		s.mu.Unlock()
		if line["msg"] == "ready" {
			ready <- fmt.Sprint(line["listening"])
		}
	}
	s.err = s.cmd.Wait()
	close(s.ended)
}

// log is what the server has logged.
func (s *process) log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, line := range s.lines {
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

// complaints are the lines of the log that report trouble.
func (s *process) complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, line := range s.lines {
		dev := strings.HasPrefix(fmt.Sprint(line["msg"]), "COTERIE_DEV is on")
		if line["level"] != "INFO" && !dev {
			out = append(out, fmt.Sprint(line))
		}
	}
	return out
}

// kill ends the server without a warning, as a power cut would.
func (s *process) kill() {
	_ = s.cmd.Process.Kill()
	<-s.ended
	s.http.CloseIdleConnections()
}

// stop asks the server to end and returns how it did and how long it took.
func (s *process) stop() (took time.Duration, err error) {
	start := time.Now()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.ended
	return time.Since(start), s.err
}

// call makes a request; the error is that of the connection.
func (s *process) call(method, path, token string, form url.Values, header ...string) (int, []byte, error) {
	r, err := http.NewRequest(method, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, b, err
}

// get decodes the answer to a GET, which must be 200.
func (s *process) get(path, token string, into any) {
	s.t.Helper()
	status, body, err := s.call("GET", path, token, nil)
	if err != nil || status != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s, %v", path, status, body, err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		s.t.Fatalf("GET %s: %v", path, err)
	}
}

// fresh is the same server reached over new connections only.
func (s *process) fresh() *process {
	return &process{t: s.t, base: s.base, http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Second}}
}

// await waits until ok, at most two minutes: the jobs of a server that was
// killed come free on PostgreSQL when their leases end, after one.
func await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("not within two minutes: " + what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
