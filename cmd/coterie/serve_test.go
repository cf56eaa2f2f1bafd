package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
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

// TestFederationCommands says to a running server whom it talks to, and how.
func TestFederationCommands(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.person(t, "alice", "owner")
	s := p.serve(t)
	p.run(t, "domain", "block", "Bad.Example", "--comment", "spam")
	p.run(t, "domain", "limit", "loud.example", "--reject-media", "--reject-reports")
	p.run(t, "domain", "allow", "good.bad.example")
	p.run(t, "domain", "block", "gone.example")
	p.run(t, "domain", "clear", "gone.example")
	got := strings.Fields(p.run(t, "domain", "list"))
	want := strings.Fields("suspend bad.example spam  allow good.bad.example  limit loud.example, no media, no reports")
	if !slices.Equal(got, want) {
		t.Errorf("decided: %q, want %q", got, want)
	}
	var shown []struct{ Domain, Severity string }
	s.get("/api/v1/instance/domain_blocks", "", &shown)
	if len(shown) != 2 || shown[0].Domain != "bad.example" || shown[0].Severity != "suspend" || shown[1].Severity != "silence" {
		t.Errorf("the public list: %v", shown)
	}

	if out := p.run(t, "federation"); out != "secure off, limited off\n" {
		t.Errorf("to begin with: %q", out)
	}
	if out := p.run(t, "federation", "--secure", "on"); out != "secure on, limited off\n" {
		t.Errorf("changed: %q", out)
	}
	if status, _, err := s.call("GET", "/users/alice/outbox", "", nil, "Accept", "application/activity+json"); status != http.StatusUnauthorized || err != nil {
		t.Errorf("an unsigned question is answered with %d, %v", status, err)
	}

	p.run(t, "relay", "add", "https://relay.example/inbox")
	var relays []struct{ State, Inbox string }
	if err := json.Unmarshal([]byte(p.run(t, "--json", "relay", "list")), &relays); err != nil {
		t.Fatal(err)
	}
	if len(relays) != 1 || relays[0].Inbox != "https://relay.example/inbox" || relays[0].State != "pending" {
		t.Errorf("relays: %v", relays)
	}
	p.run(t, "relay", "remove", "https://relay.example/inbox")
	if out := p.run(t, "relay", "list"); out != "No relay is followed.\n" {
		t.Errorf("once removed: %q", out)
	}
}

func TestServeRefusesWhatItCannotRun(t *testing.T) {
	t.Parallel()
	for want, env := range map[string]string{
		"Set COTERIE_DOMAIN":                "COTERIE_DOMAIN=",
		"COTERIE_DATABASE_URL must be":      "COTERIE_DATABASE_URL=mysql://x",
		"and set COTERIE_DATABASE_URL to":   "COTERIE_DATABASE_URL=postgres://nobody@127.0.0.1:1/none",
		"COTERIE_LOG must be":               "COTERIE_LOG=loud",
		"COTERIE_LISTEN must be":            "COTERIE_LISTEN=127.0.0.1:http:1",
		"COTERIE_METRICS_LISTEN must be":    "COTERIE_METRICS_LISTEN=9090",
		"set COTERIE_LISTEN to a free":      "COTERIE_LISTEN=192.0.2.1:1",
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
