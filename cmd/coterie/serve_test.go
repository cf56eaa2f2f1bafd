package main

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestStopFinishesRequests holds serve to its promise: SIGTERM lets running
// requests end, and the process is gone within 15 seconds with status 0.
func TestStopFinishesRequests(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	token := p.person(t, "alice", "owner")
	s := p.serve(t)
	// A body that is still on its way when the signal comes.
	body, half := io.Pipe()
	r, err := http.NewRequest("POST", s.base+"/api/v1/statuses", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	answers := make(chan int, 1)
	go func() {
		res, err := s.http.Do(r)
		if err != nil {
			t.Errorf("the request under way got no answer: %v", err)
			answers <- 0
			return
		}
		res.Body.Close()
		answers <- res.StatusCode
	}()
	if _, err := io.WriteString(half, "status=written+before"); err != nil {
		t.Fatal(err)
	}
	// Connections are taken in order, so after this one ours is.
	if status, _, err := s.fresh().call("GET", "/healthz", "", nil); status != http.StatusOK {
		t.Fatalf("healthz: %d, %v", status, err)
	}
	stopped := make(chan time.Duration, 1)
	go func() {
		took, err := s.stop()
		if err != nil {
			t.Errorf("serve ended with %v\n%s", err, s.log())
		}
		stopped <- took
	}()
	await(t, "no new connections are taken", func() bool {
		_, _, err := s.fresh().call("GET", "/healthz", "", nil)
		return err != nil
	})
	if _, err := io.WriteString(half, "+the+end"); err != nil {
		t.Error(err)
	}
	half.Close()
	if got := <-answers; got != http.StatusOK {
		t.Errorf("the request under way was answered %d", got)
	}
	if took := <-stopped; took > 15*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if !strings.Contains(s.log(), "stopped") {
		t.Errorf("the log does not say that the server stopped:\n%s", s.log())
	}
	again := p.serve(t)
	var page []struct{ Content string }
	again.get("/api/v1/timelines/public", token, &page)
	if len(page) != 1 || !strings.Contains(page[0].Content, "written before the end") {
		t.Errorf("after the restart: %v", page)
	}
}

func TestCommandsWhileServing(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	token := p.person(t, "alice", "owner")
	s := p.serve(t)
	p.run(t, "rule", "add", "Be kind.", "--hint", "Always.")
	var rules []struct{ Text, Hint string }
	s.get("/api/v1/instance/rules", token, &rules)
	if len(rules) != 1 || rules[0].Text != "Be kind." || rules[0].Hint != "Always." {
		t.Errorf("rules: %v", rules)
	}
	words := strings.Fields(p.run(t, "account", "token", "alice", "--scopes", "read"))
	status, body, err := s.call("POST", "/api/v1/statuses", words[len(words)-1], url.Values{"status": {"hello"}})
	if status != http.StatusForbidden || err != nil {
		t.Errorf("posting with a token to read: %d %s, %v", status, body, err)
	}
	second := p.command("serve")
	out, err := second.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "data directory is in use by process") {
		t.Errorf("a second server on the same data: %v\n%s", err, out)
	}
}

func TestServeRefusesWhatItCannotRun(t *testing.T) {
	t.Parallel()
	for want, env := range map[string]string{
		"Set COTERIE_DOMAIN":                "COTERIE_DOMAIN=",
		"COTERIE_DATABASE_URL must be":      "COTERIE_DATABASE_URL=mysql://x",
		"and set COTERIE_DATABASE_URL to":   "COTERIE_DATABASE_URL=postgres://nobody@127.0.0.1:1/none",
		"COTERIE_LOG must be":               "COTERIE_LOG=loud",
		"set COTERIE_LISTEN to a free":      "COTERIE_LISTEN=256.0.0.1:1",
		"COTERIE_REGISTRATIONS must be":     "COTERIE_REGISTRATIONS=perhaps",
		"COTERIE_RATE_LIMITS=off, COTERIE_": "COTERIE_DEV=0",
	} {
		out, err := newPlace(t, env).command("serve").CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if last := lines[len(lines)-1]; err == nil || !strings.HasPrefix(last, "coterie: ") || !strings.Contains(last, want) {
			t.Errorf("%s: want a last line with %q, got %v:\n%s", env, want, err, out)
		}
	}
}
