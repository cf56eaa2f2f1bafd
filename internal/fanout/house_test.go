package fanout_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/account"
	"coterie/internal/apub"
	"coterie/internal/deliver"
	"coterie/internal/domain"
	"coterie/internal/fanout"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/moderation"
	"coterie/internal/notify"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/stream"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/timeline"
)

var update = flag.Bool("update", false, "write the golden letters anew")

var ours = domain.URLs{Base: "http://coterie.test", Host: "coterie.test"}

// request is one letter as it arrived somewhere.
type request struct {
	inbox, key, sync string
	body             []byte
}

// world is everybody else: it takes letters for any host and writes them down.
type world struct {
	*httptest.Server
	mu  sync.Mutex
	got []request
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{}
	w.Server = httptest.NewServer(http.HandlerFunc(w.take))
	t.Cleanup(w.Close)
	return w
}

var keyID = regexp.MustCompile(`keyId="([^"]*)"`)

func (w *world) take(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	got := request{inbox: "http://" + r.Host + r.URL.Path, sync: r.Header.Get("Collection-Synchronization"), body: body}
	if m := keyID.FindStringSubmatch(r.Header.Get("Signature")); m != nil {
		got.key = m[1]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, got)
	rw.WriteHeader(http.StatusAccepted)
}

func (w *world) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", w.Listener.Addr().String())
}

// house is a community with alice and bob in it, and people elsewhere.
type house struct {
	t          testing.TB
	ctx        context.Context
	st         *store.Store
	clock      *dbtest.Clock
	world      *world
	posts      *post.Service
	relation   *relation.Service
	accounts   *account.Service
	moderation *moderation.Service
	deliver    *deliver.Service
	remote     *remote.Service
	fanout     *fanout.Service
	runner     *job.Runner
	people     map[string]domain.Account
	n          int
	trouble    error // what the next look at the settings meets
}

// aKey is everybody's: making one takes a tenth of a second.
var aKey = sync.OnceValues(fetch.GenerateRSA)

// newHouse has rita and nora, who follow alice, and others who do not get
// anything: umar's host is refused, mo has moved and sue is suspended.
func newHouse(t testing.TB, o store.Options) *house {
	t.Helper()
	h := &house{t: t, ctx: t.Context(), clock: dbtest.NewClock(), world: newWorld(t), people: map[string]domain.Account{}}
	o.Now = h.clock.Now
	h.st = dbtest.Open(t, o)
	h.wire()
	h.join("alice")
	h.join("bob")
	h.meet("rita", "far.test", "http://far.test/inbox")
	h.meet("rob", "far.test", "http://far.test/inbox")
	h.meet("nora", "near.test", "")
	h.meet("sam", "stranger.test", "")
	h.meet("umar", "refused.test", "")
	h.meet("mo", "moved.test", "")
	h.meet("sue", "suspended.test", "")
	h.write(func(tx *store.Tx) error {
		if err := tx.SetMovedTo(h.id("mo"), h.id("sam")); err != nil {
			return err
		}
		return tx.Suspend(h.id("sue"), domain.ByStaff)
	})
	for _, name := range []string{"rita", "rob", "nora", "umar", "mo", "sue"} {
		h.follows(name, "alice")
	}
	return h
}

func (h *house) wire() {
	log := slog.New(slog.DiscardHandler)
	h.posts = post.New(h.st, post.Options{Hosts: []string{"coterie.test"}, Log: log})
	h.relation = relation.New(h.st)
	var err error
	h.accounts, err = account.New(h.st, account.Config{Hashing: account.Hashing{MemoryKiB: 8, Passes: 1}, Domains: []string{"coterie.test"}, Origin: "https://coterie.test", Log: log})
	if err != nil {
		h.t.Fatal(err)
	}
	h.moderation = moderation.New(h.st, moderation.Config{})
	client := fetch.New(fetch.Config{UserAgent: "test", Dev: true, Now: h.clock.Now, Log: log, Dial: h.world.dial})
	h.t.Cleanup(client.Close)
	h.deliver = deliver.New(deliver.Config{
		Store: h.st, Client: client, URLs: ours, NewKey: aKey, Log: log,
		Refused: func(host string) bool { return host == "refused.test" },
	})
	h.remote = remote.New(remote.Config{
		Store: h.st, Client: client, URLs: ours, Signer: h.deliver.Key, Prover: h.deliver.ProofKey, Now: h.clock.Now, Log: log,
		Policy: func(string) domain.DomainPolicy { return domain.DomainPolicy{} },
	})
	h.fanout = fanout.New(fanout.Config{
		Store: h.st, Hub: stream.New(h.st, log), Conversations: timeline.NewConversations(h.st),
		Notify: notify.New(notify.Config{Store: h.st, Client: client, URLs: ours, Webhooks: h.moderation.Webhooks, Log: log}),
		Remote: h.remote, Deliver: h.deliver, URLs: ours, Settings: func(ctx context.Context) (domain.Settings, error) {
			if err := h.trouble; err != nil {
				h.trouble = nil
				return domain.Settings{}, err
			}
			return h.moderation.Settings(ctx)
		},
	})
	h.runner = job.NewRunner(h.st, job.Options{})
	for kind, run := range map[domain.JobKind]job.Handler{
		domain.JobFanout: h.fanout.Handle, domain.JobDeliver: h.deliver.Handle, domain.JobDeliverAgain: h.deliver.Handle,
		domain.JobTally: h.posts.Tally, domain.JobPollEnd: h.posts.EndPoll, domain.JobRemoveBoosts: h.posts.RemoveBoosts,
		domain.JobErasePosts: h.posts.EraseAll, domain.JobEraseAccount: h.accounts.Erase,
	} {
		h.runner.Handle(kind, run, job.HandlerOptions{})
	}
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

func (h *house) emit(e domain.Event) { h.write(func(tx *store.Tx) error { return tx.Emit(e) }) }

func (h *house) person(name string) domain.Account {
	h.t.Helper()
	a, ok := h.people[name]
	if !ok {
		h.t.Fatalf("there is no %s", name)
	}
	return a
}

func (h *house) id(name string) domain.ID { return h.person(name).ID }

func (h *house) join(name string) {
	h.t.Helper()
	a := domain.Account{Username: name, Discoverable: true}
	h.write(func(tx *store.Tx) error {
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		u := domain.User{Account: a.ID, Email: name + "@example.org", Role: domain.RoleUser, Approved: true, ConfirmedAt: tx.Now()}
		return tx.InsertUser(&u, u.Email)
	})
	h.people[name] = a
}

// meet makes an account elsewhere known; without a shared inbox, its own is
// where everything goes.
func (h *house) meet(name, host, shared string) {
	h.t.Helper()
	uri := "http://" + host + "/users/" + name
	a := domain.Account{Username: name, Domain: host, URI: uri, URL: "http://" + host + "/@" + name}
	h.write(func(tx *store.Tx) error {
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		return tx.SaveActor(domain.Actor{Account: a.ID, Host: host, Inbox: uri + "/inbox", SharedInbox: shared})
	})
	h.people[name] = a
}

// follows makes one follow another by a request of theirs.
func (h *house) follows(from, to string) {
	h.t.Helper()
	f := domain.Follow{Account: h.id(from), Target: h.id(to), ShowReblogs: true}
	if from := h.person(from); !from.Local() {
		f.URI = from.URI + "/follows/1"
	}
	h.write(func(tx *store.Tx) error { return tx.SaveFollow(&f) })
}

// post publishes something as somebody here.
func (h *house) post(name, text string, change ...func(*domain.Compose)) domain.ID {
	h.t.Helper()
	c := domain.Compose{Text: text}
	for _, f := range change {
		f(&c)
	}
	made, err := h.posts.Create(h.ctx, h.id(name), c, time.Time{})
	h.must(err)
	return made.Status
}

func seenBy(v domain.Visibility) func(*domain.Compose) {
	return func(c *domain.Compose) { c.Visibility = &v }
}

// theirs mirrors a post of somebody elsewhere.
func (h *house) theirs(name string, v domain.Visibility, change ...func(*store.Tx, *domain.Status) error) domain.ID {
	h.t.Helper()
	h.n++
	a := h.person(name)
	st := domain.Status{Account: a.ID, URI: fmt.Sprintf("%s/notes/%d", a.URI, h.n), Visibility: v, Content: "<p>Hi</p>"}
	h.write(func(tx *store.Tx) error {
		st.ID = tx.NewID()
		if err := tx.InsertStatus(&st, ""); err != nil {
			return err
		}
		for _, f := range change {
			if err := f(tx, &st); err != nil {
				return err
			}
		}
		return nil
	})
	return st.ID
}

// settle works off what is due.
func (h *house) settle() {
	h.t.Helper()
	for {
		n, err := h.runner.Step(context.Background())
		if err != nil {
			h.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// mail is what arrives by now; the next call begins anew.
func (h *house) mail() []request {
	h.t.Helper()
	h.settle()
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	got := h.world.got
	h.world.got = nil
	slices.SortStableFunc(got, func(a, b request) int { return strings.Compare(a.inbox, b.inbox) })
	return got
}

// inboxes are where letters arrive by now, each with the kinds of activity.
func (h *house) inboxes() []string {
	h.t.Helper()
	var out []string
	for _, r := range h.mail() {
		d, err := apub.Parse(r.body)
		h.must(err)
		out = append(out, d.Type+" "+strings.TrimPrefix(r.inbox, "http://"))
	}
	return out
}

var (
	number   = regexp.MustCompile(`\d{15,}`)
	volatile = regexp.MustCompile(`("(?:proofValue|signatureValue|publicKeyPem|publicKeyMultibase)": )"[^"]*"`)
	digest   = regexp.MustCompile(`digest="[0-9a-f]*"`)
)

// script writes letters down for a golden file: each body once, with who gets
// it, ids numbered and what is random left out.
func script(t testing.TB, mail []request) string {
	t.Helper()
	var b strings.Builder
	names := map[string]string{}
	for i, r := range mail {
		if slices.ContainsFunc(mail[:i], func(o request) bool { return bytes.Equal(o.body, r.body) }) {
			continue
		}
		for _, o := range mail[i:] {
			if bytes.Equal(o.body, r.body) {
				fmt.Fprintf(&b, "POST %s by %s\n", o.inbox, o.key)
				if o.sync != "" {
					fmt.Fprintf(&b, "  %s\n", digest.ReplaceAllString(o.sync, `digest="…"`))
				}
			}
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, r.body, "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteString(volatile.ReplaceAllString(withoutContexts(pretty.String()), `$1"…"`) + "\n\n")
	}
	return number.ReplaceAllStringFunc(b.String(), func(s string) string {
		if names[s] == "" {
			names[s] = fmt.Sprintf("<%d>", len(names)+1)
		}
		return names[s]
	})
}

// withoutContexts leaves out the lists of vocabularies, of which apub has its
// own goldens.
func withoutContexts(text string) string {
	var kept []string
	end := ""
	for line := range strings.Lines(text) {
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		switch {
		case end != "":
			if line == end {
				end = ""
			}
		case strings.HasPrefix(line, indent+`"@context": [`):
			end = indent + "],\n"
		default:
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// compare holds a text against a golden file.
func compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("what is sent differs from %s:\n%s", file, got)
	}
}
