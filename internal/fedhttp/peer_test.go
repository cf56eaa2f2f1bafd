package fedhttp_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite" // to count rows from outside

	"coterie/internal/fetch"
	"coterie/internal/store"
	"coterie/internal/testkit"
	"coterie/internal/testkit/dbtest"
)

// peerKey is the key of every stranger: making one takes a tenth of a second.
var peerKey = sync.OnceValues(fetch.GenerateRSA)

// town is a community and strangers of two hosts that answer from memory.
type town struct {
	*testkit.Community
	t   *testing.T
	st  *store.Store // a second look at the community's database
	log *logs

	mu    sync.Mutex
	docs  map[string]string // by address
	gone  map[string]bool
	asked int
	hosts map[string]int // asked, by host
	got   []letter
}

// letter is what a stranger was sent.
type letter struct {
	inbox string
	doc   testkit.Object
}

// logs keeps what is logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// take is what was logged since it was last asked.
func (l *logs) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.b.Reset()
	return l.b.String()
}

const (
	ann = "http://far.test/users/ann"
	eve = "http://far.test/users/eve"
	cy  = "http://third.test/users/cy"
)

func newTown(t *testing.T) *town {
	t.Helper()
	n := testkit.NewNetwork(t)
	w := &town{t: t, log: &logs{}, docs: map[string]string{}, gone: map[string]bool{}, hosts: map[string]int{}}
	w.Community = n.Found("one.test", testkit.LogTo(w.log))
	n.Serve("far.test", w)
	n.Serve("third.test", w)
	w.st = dbtest.Open(t, store.Options{Path: filepath.Join(w.Config.DataDir, "coterie.db"), Now: w.Clock.Now, Log: slog.New(slog.DiscardHandler)})
	for _, id := range []string{ann, eve, cy} {
		w.show(id, w.actor(id))
	}
	return w
}

// ServeHTTP answers for the strangers.
func (w *town) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	address := "http://" + r.Host + r.URL.Path
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	w.hosts[strings.ToLower(r.Host)]++
	if r.Method == http.MethodPost {
		l := letter{inbox: address}
		if err := json.NewDecoder(r.Body).Decode(&l.doc); err != nil {
			w.t.Errorf("a letter to %s: %v", address, err)
		}
		w.got = append(w.got, l)
		return
	}
	if r.URL.Path == "/.well-known/webfinger" {
		name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Query().Get("resource"), "acct:"), "@")
		rw.Header().Set("Content-Type", "application/jrd+json")
		_ = json.NewEncoder(rw).Encode(map[string]any{"subject": "acct:" + name + "@" + r.Host, "links": []any{
			map[string]any{"rel": "self", "type": activityJSON, "href": "http://" + r.Host + "/users/" + name},
		}})
		return
	}
	doc, found := w.docs[address]
	switch {
	case w.gone[address]:
		rw.WriteHeader(http.StatusGone)
	case !found:
		http.NotFound(rw, r)
	default:
		rw.Header().Set("Content-Type", activityJSON)
		_, _ = rw.Write([]byte(doc))
	}
}

func (w *town) show(address string, doc map[string]any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.docs[address] = text(w.t, doc)
}

func (w *town) hide(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gone[address] = true
}

// requests is how often strangers were asked for something.
func (w *town) requests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

// sent are the letters that strangers got since this was last asked.
func (w *town) sent() []letter {
	w.t.Helper()
	w.Settle()
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.got
	w.got = nil
	return got
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (w *town) key(id string) fetch.Key {
	w.t.Helper()
	k, err := peerKey()
	if err != nil {
		w.t.Fatal(err)
	}
	return fetch.Key{ID: id, Private: k}
}

func (w *town) actor(id string) map[string]any {
	w.t.Helper()
	pem, err := fetch.EncodePublicPEM(w.key(id).Private.Public())
	if err != nil {
		w.t.Fatal(err)
	}
	return map[string]any{
		"id": id, "type": "Person", "preferredUsername": id[strings.LastIndexByte(id, '/')+1:], "inbox": id + "/inbox",
		"publicKey": map[string]any{"id": id + "#main-key", "owner": id, "publicKeyPem": pem},
	}
}

// request is a letter to an inbox, signed by an actor unless that is "".
func (w *town) request(by, path, body string) *http.Request {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, w.Config.BaseURL()+path, strings.NewReader(body))
	r.Header.Set("Content-Type", activityJSON)
	if by != "" {
		w.sign(r, by, body)
	}
	return r
}

func (w *town) sign(r *http.Request, by, body string) {
	w.t.Helper()
	if err := fetch.Sign(r, []byte(body), w.key(by+"#main-key"), fetch.Cavage, w.Clock.Now()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) do(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	return rec
}

// send has an actor send a letter of its own.
func (w *town) send(by string, activity map[string]any) *httptest.ResponseRecorder {
	w.t.Helper()
	return w.do(w.request(by, "/inbox", text(w.t, activity)))
}

// rows counts what the database holds, but for times that are written by the
// way and the index of words. A second SQLite library must not open the file itself.
func (w *town) rows() int64 {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "copy.db")
	if err := w.st.Backup(context.Background(), path); err != nil {
		w.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var list string
	if err := db.QueryRow(`SELECT group_concat(name) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'status\_words%' ESCAPE '\'`).Scan(&list); err != nil {
		w.t.Fatal(err)
	}
	var total int64
	for table := range strings.SplitSeq(list, ",") {
		var n int64
		if err := db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		total += n
	}
	return total
}

func like(by, id, object string) map[string]any {
	return map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Like", "actor": by, "object": object}
}
