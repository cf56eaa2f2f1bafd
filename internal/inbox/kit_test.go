package inbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/inbox"
	"coterie/internal/job"
	"coterie/internal/moderation"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// key is everybody's: making one takes a tenth of a second.
var key = sync.OnceValues(fetch.GenerateRSA)

// house is a community with everything below the inbox, and strangers that
// answer from memory.
type house struct {
	t        testing.TB
	ctx      context.Context
	st       *store.Store
	clock    *dbtest.Clock
	urls     domain.URLs
	remote   *remote.Service
	posts    *post.Service
	relation *relation.Service
	rules    *moderation.Service
	inbox    *inbox.Service
	runner   *job.Runner
	people   map[string]domain.Account
	events   []domain.Event

	mu    sync.Mutex
	docs  map[string]string // what strangers answer, by address
	gone  map[string]bool
	asked []string
	down  map[string]bool // hosts that do not answer
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) { f(newHouse(t, o, "coterie.test")) })
}

// single is a house on SQLite, for what does not hang on the engine.
func single(t testing.TB, host string) *house {
	t.Helper()
	return newHouse(t, dbtest.SQLite(t), host)
}

func newHouse(t testing.TB, o store.Options, host string) *house {
	t.Helper()
	h := &house{
		t: t, ctx: context.Background(), clock: dbtest.NewClock(), urls: domain.URLs{Base: "http://" + host, Host: host},
		people: map[string]domain.Account{}, docs: map[string]string{}, gone: map[string]bool{}, down: map[string]bool{},
	}
	o.Now = h.clock.Now
	h.st = dbtest.Open(t, o)
	log := slog.New(slog.DiscardHandler)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	client := fetch.New(fetch.Config{UserAgent: "test", Dev: true, Now: h.clock.Now, Log: log, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if h.isDown(strings.TrimSuffix(addr, ":80")) {
			return nil, &net.OpError{Op: "dial", Net: network, Err: net.ErrClosed}
		}
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}})
	t.Cleanup(client.Close)
	h.rules = moderation.New(h.st, moderation.Config{})
	policy := func(host string) domain.DomainPolicy {
		p, err := h.rules.Policy(context.Background(), host)
		if err != nil {
			t.Error(err)
		}
		return p
	}
	h.remote = remote.New(remote.Config{
		Store: h.st, Client: client, URLs: h.urls, Policy: policy, Now: h.clock.Now, Log: log,
		Signer: func(context.Context, domain.ID) (fetch.Key, error) {
			k, err := key()
			return fetch.Key{ID: h.urls.KeyID(h.urls.InstanceActor()), Private: k}, err
		},
	})
	h.posts = post.New(h.st, post.Options{Hosts: []string{host}, Log: log})
	h.relation = relation.New(h.st)
	h.inbox = inbox.New(inbox.Config{
		Store: h.st, Remote: h.remote, Posts: h.posts, Relation: h.relation, Moderation: h.rules, URLs: h.urls,
		Refused: func(host string) bool { return policy(host).Severity == domain.SeveritySuspend }, Log: log,
	})
	h.runner = job.NewRunner(h.st, job.Options{Log: log})
	h.runner.Handle(domain.JobInbox, h.inbox.Handle, job.HandlerOptions{MaxAttempts: inbox.Attempts, Timeout: inbox.Timeout})
	h.runner.Handle(domain.JobMove, h.relation.MoveFollowers, job.HandlerOptions{})
	h.runner.Handle(domain.JobFanout, h.hear, job.HandlerOptions{})
	for _, name := range []string{"alice", "bob", "carol", "locked"} {
		h.people[name] = h.join(domain.Account{Username: name, Locked: name == "locked"})
	}
	return h
}

func (h *house) hear(_ context.Context, j *job.Job) error {
	var e domain.Event
	err := j.Decode(&e)
	h.events = append(h.events, e)
	return err
}

func (h *house) isDown(host string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.down[host]
}

// ServeHTTP answers for every stranger.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	address := "http://" + r.Host + r.URL.RequestURI()
	h.mu.Lock()
	h.asked = append(h.asked, address)
	doc, found := h.docs[address]
	gone := h.gone[address]
	h.mu.Unlock()
	switch {
	case gone:
		w.WriteHeader(http.StatusGone)
	case r.URL.Path == "/.well-known/webfinger" && !found:
		h.finger(w, r)
	case !found:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "application/activity+json")
		_, _ = w.Write([]byte(doc))
	}
}

// finger finds an actor among the documents by its name.
func (h *house) finger(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("resource"), "acct:"), "@")
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, doc := range h.docs {
		d, err := apub.Parse([]byte(doc))
		if err != nil || d.Actor == nil || apub.Host(id) != r.Host || !strings.EqualFold(d.Actor.Username, name) {
			continue
		}
		w.Header().Set("Content-Type", "application/jrd+json")
		_, _ = w.Write([]byte(fingerOf(name, d.ID)))
		return
	}
	http.NotFound(w, r)
}

// fingerOf is what the host of an actor answers who asks for its handle.
func fingerOf(name, id string) string {
	return encode(doc{
		"subject": "acct:" + name + "@" + apub.Host(id),
		"links":   []doc{{"rel": "self", "type": "application/activity+json", "href": id}},
	})
}

// doc is the members of a document.
type doc map[string]any

// with is d with other members.
func (d doc) with(more doc) doc {
	out := maps.Clone(d)
	maps.Copy(out, more)
	return out
}

func (d doc) id() string {
	id, _ := d["id"].(string)
	return id
}

func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return b.String()
}

// show lets a stranger's server answer with a document.
func (h *house) show(d doc) doc {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.docs[d.id()] = encode(d)
	return d
}

// hide takes a document away; for good if gone.
func (h *house) hide(address string, gone bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.docs, address)
	h.gone[address] = gone
}

func (h *house) hits(address string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, a := range h.asked {
		if strings.HasPrefix(a, address) {
			n++
		}
	}
	return n
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(f func(tx *store.Tx) error) {
	h.t.Helper()
	h.must(h.st.Write(h.ctx, f))
}

func (h *house) join(a domain.Account) domain.Account {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		return tx.InsertUser(&domain.User{Account: a.ID, Role: domain.RoleUser, Approved: true, ConfirmedAt: tx.Now()}, a.Username)
	})
	return a
}

// uri is the actor id of somebody here.
func (h *house) uri(name string) string {
	a := h.people[name]
	return h.urls.ActorURI(&a)
}

func (h *house) id(name string) domain.ID { return h.people[name].ID }

// nameIn is the username that the last part of an actor id suggests.
func nameIn(id string) string {
	id = strings.TrimSuffix(id, "/")
	return strings.TrimPrefix(id[strings.LastIndex(id, "/")+1:], "@")
}

// actor is an actor of a stranger as its server shows it.
func actor(id string) doc {
	k, err := key()
	if err != nil {
		panic(err)
	}
	pem, err := fetch.EncodePublicPEM(k.Public())
	if err != nil {
		panic(err)
	}
	return doc{
		"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": nameIn(id),
		"inbox": id + "/inbox", "followers": id + "/followers", "featured": id + "/featured",
		"publicKey": doc{"id": id + "#main-key", "owner": id, "publicKeyPem": pem},
	}
}

// stranger is an account of another server that is known here.
func (h *house) stranger(id string) domain.Account {
	h.t.Helper()
	h.show(actor(id))
	a, err := h.remote.Actor(h.ctx, id)
	h.must(err)
	return a
}

// says has the letter of an actor arrive, signed by it, and works it off.
func (h *house) says(by string, activity doc) {
	h.t.Helper()
	h.letter(by, activity.with(doc{"@context": "https://www.w3.org/ns/activitystreams", "actor": by}), 0)
}

// letter stores what a signer sent as fedhttp does, and works it off.
func (h *house) letter(signer string, body any, recipient domain.ID) {
	h.t.Helper()
	a, err := h.remote.Actor(h.ctx, signer)
	h.must(err)
	h.raw(a, encode(body), recipient)
}

func (h *house) raw(signer domain.Account, body string, recipient domain.ID) {
	h.t.Helper()
	d, err := apub.Parse([]byte(body))
	h.must(err)
	h.write(func(tx *store.Tx) error {
		return tx.InsertLetter(&store.Letter{
			Activity: d.ID, Signer: signer.ID, Recipient: recipient, Host: apub.Host(signer.URI), Body: body,
		})
	})
	h.settle()
}

// settle works off what is due now.
func (h *house) settle() {
	h.t.Helper()
	if _, err := h.runner.Step(h.ctx); err != nil {
		h.t.Logf("work: %v", err)
	}
}

// outcome counts what became of letters so far.
func (h *house) outcome(o inbox.Outcome) int64 {
	var n int64
	h.inbox.Stats().Each(func(k inbox.Outcome, count int64) {
		if k == o {
			n = count
		}
	})
	return n
}

// heard are the kinds of the events since it was asked last.
func (h *house) heard() []domain.EventKind {
	var out []domain.EventKind
	for _, e := range h.events {
		out = append(out, e.Kind)
	}
	h.events = nil
	return out
}

func (h *house) wantEvents(what string, want ...domain.EventKind) {
	h.t.Helper()
	if got := h.heard(); !slices.Equal(got, want) {
		h.t.Errorf("%s: events %v, want %v", what, got, want)
	}
}

// post is a public post of somebody here, and its id.
func (h *house) post(name string, change ...func(*domain.Compose)) (domain.Status, string) {
	h.t.Helper()
	public := domain.Public
	c := domain.Compose{Text: "hello", Visibility: &public}
	for _, f := range change {
		f(&c)
	}
	made, err := h.posts.Create(h.ctx, h.id(name), c, h.clock.Now())
	h.must(err)
	st, err := h.st.Reader().AnyStatus(h.ctx, made.Status)
	h.must(err)
	a := h.people[name]
	h.settle()
	return st, h.urls.StatusURI(&st, &a)
}

// mirrored is the status of a stranger with that id; its zero value if there
// is none.
func (h *house) mirrored(uri string) domain.Status {
	h.t.Helper()
	st, err := h.st.Reader().StatusByURI(h.ctx, uri)
	if err != nil && !errors.Is(err, domain.ErrNotFound) {
		h.t.Fatal(err)
	}
	return st
}

// stands is how one account stands to another.
func (h *house) stands(from, to domain.ID) domain.Relationship {
	h.t.Helper()
	k, err := h.st.Reader().Relationships(h.ctx, from, []domain.ID{to}, h.st.Now())
	h.must(err)
	if len(k) != 1 {
		h.t.Fatal(fmt.Errorf("%d relationships", len(k)))
	}
	return k[0]
}

// follow makes somebody here follow a stranger.
func (h *house) follow(name string, target domain.Account) {
	h.t.Helper()
	h.must(h.relation.Follow(h.ctx, h.id(name), target.ID, relation.FollowOptions{}))
	h.must(h.relation.AcceptRequest(h.ctx, target.ID, h.id(name)))
	h.settle()
	h.heard()
}
