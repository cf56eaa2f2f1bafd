package remote_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// lab is a house that can reach strange servers.
type lab struct {
	*house
	runner *job.Runner

	mu       sync.Mutex
	peers    map[string]*peer
	policies map[string]domain.DomainPolicy
}

// peer is a strange server: what it answers at which path, and what it was
// asked.
type peer struct {
	host   string
	server *httptest.Server

	mu      sync.Mutex
	answers map[string]http.HandlerFunc // by path and query
	asked   []string
	down    bool
}

func eachLab(t *testing.T, f func(t *testing.T, l *lab)) {
	t.Helper()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) { f(t, newLab(t, o)) })
}

func newLab(t *testing.T, o store.Options) *lab {
	t.Helper()
	l := &lab{house: &house{t: t, clock: dbtest.NewClock()}, peers: map[string]*peer{}, policies: map[string]domain.DomainPolicy{}}
	o.Now = l.clock.Now
	l.st = dbtest.Open(t, o)
	log := slog.New(slog.DiscardHandler)
	client := fetch.New(fetch.Config{UserAgent: "test", Dev: true, Now: l.clock.Now, Log: log, Dial: l.dial})
	t.Cleanup(client.Close)
	l.s = remote.New(remote.Config{
		Store: l.st, Client: client, URLs: domain.URLs{Base: "http://coterie.test", Host: "coterie.test"},
		Signer: signer(t), Policy: l.policy, Now: l.clock.Now, Log: log,
	})
	l.runner = job.NewRunner(l.st, job.Options{Log: log})
	return l
}

func (l *lab) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	l.mu.Lock()
	p := l.peers[strings.TrimSuffix(addr, ":80")]
	l.mu.Unlock()
	if p == nil || p.isDown() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
	}
	return new(net.Dialer).DialContext(ctx, network, p.server.Listener.Addr().String())
}

func (l *lab) policy(host string) domain.DomainPolicy {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.policies[host]
}

func (l *lab) decide(host string, p domain.DomainPolicy) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.policies[host] = p
}

// peer opens a strange server.
func (l *lab) peer(host string) *peer {
	p := &peer{host: host, answers: map[string]http.HandlerFunc{}}
	p.server = httptest.NewServer(p)
	l.t.Cleanup(p.server.Close)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peers[host] = p
	return p
}

func (p *peer) isDown() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.down
}

func (p *peer) setDown(down bool) {
	p.server.CloseClientConnections()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.URL.RequestURI())
	answer := p.answers[r.URL.RequestURI()]
	p.mu.Unlock()
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

// hits is how often a path was asked for, all paths for "".
func (p *peer) hits(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, a := range p.asked {
		if path == "" || a == path {
			n++
		}
	}
	return n
}

func (p *peer) on(path string, f http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[path] = f
}

// say answers a path with bytes of a type.
func (p *peer) say(path, contentType, body string) {
	p.on(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	})
}

func (p *peer) fail(path string, status int) {
	p.on(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

// show answers a path with a document.
func (p *peer) show(path string, members map[string]any) {
	p.say(path, "application/activity+json", encode(members))
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// finger answers WebFinger for a handle at this peer's own host.
func (p *peer) finger(asked, subject, self string) {
	p.say("/.well-known/webfinger?resource=acct%3A"+strings.Replace(asked, "@", "%40", 1), "application/jrd+json", encode(map[string]any{
		"subject": "acct:" + subject, "links": []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": self}},
	}))
}

// person is an actor of the peer as a document, with a key of its own.
func (p *peer) person(t *testing.T, name string, more map[string]any) map[string]any {
	t.Helper()
	id := "http://" + p.host + "/users/" + name
	out := map[string]any{
		"id": id, "type": "Person", "preferredUsername": name, "name": "The " + name, "summary": "<p>hi</p>", "inbox": id + "/inbox",
		"followers": id + "/followers", "publicKey": map[string]any{"id": id + "#main-key", "owner": id, "publicKeyPem": newPEM(t)},
	}
	maps.Copy(out, more)
	return out
}

// settle shows an actor of the peer, and who has its handle.
func (p *peer) settle(t *testing.T, name string, more map[string]any) (id string) {
	t.Helper()
	d := p.person(t, name, more)
	id, _ = d["id"].(string)
	p.show(strings.TrimPrefix(id, "http://"+p.host), d)
	p.finger(name+"@"+p.host, name+"@"+p.host, id)
	return id
}

// newPEM is a public key, Ed25519 since it is made at once.
func newPEM(t *testing.T) string {
	t.Helper()
	k, err := fetch.GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	pem, err := fetch.EncodePublicPEM(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	return pem
}

// handleJobs registers what this package does in the background.
func (l *lab) handleJobs() {
	l.runner.Handle(domain.JobMovedTo, l.s.FollowMove, job.HandlerOptions{})
}

// settle works off what is due.
func (l *lab) settle() {
	l.t.Helper()
	for {
		n, err := l.runner.Step(l.t.Context())
		if err != nil {
			l.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}
