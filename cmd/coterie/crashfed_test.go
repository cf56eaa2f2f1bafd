package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/fetch"
)

// TestCrashWithPeers kills the server at random moments while strangers write
// to it and it writes to strangers. Every activity that was acknowledged must
// have taken effect once, and everything that was posted must reach every
// follower elsewhere after the restart.
func TestCrashWithPeers(t *testing.T) {
	t.Parallel()
	const kills, strangers = 12, 4
	p := newPlace(t)
	alice := p.person(t, "alice", "owner")
	var peers []*stranger
	for range strangers {
		peers = append(peers, newStranger(t))
	}
	s := p.serve(t)
	for _, z := range peers {
		z.send(t, s, z.activity("Follow", `"http://coterie.test/users/alice"`))
	}
	await(t, "everybody follows", func() bool { return followers(s, alice) == strangers })
	book := &ledger{acked: map[string]string{}}
	for range kills {
		peersUntilKilled(s, book, alice, peers)
		s = p.serve(t)
		if len(book.trouble) > 0 {
			t.Fatal(book.trouble)
		}
	}
	for _, z := range peers {
		z.retryAll(s)
	}
	checkArrivals(t, s, book, peers)
	checkEffects(t, s, alice, peers)
	if _, err := s.stop(); err != nil {
		t.Errorf("stop: %v\n%s", err, s.log())
	}
}

func followers(s *process, token string) int {
	var me struct {
		FollowersCount int `json:"followers_count"`
	}
	s.get("/api/v1/accounts/verify_credentials", token, &me)
	return me.FollowersCount
}

// peersUntilKilled has alice post and every stranger write to her, and kills
// the server in the midst of it.
func peersUntilKilled(s *process, book *ledger, alice string, peers []*stranger) {
	var all sync.WaitGroup
	all.Go(func() {
		for book.post(s, book.take(), alice) {
			time.Sleep(5 * time.Millisecond) // the peers have to keep up
		}
	})
	for _, z := range peers {
		for range 2 {
			all.Go(func() {
				for z.write(s) {
				}
			})
		}
	}
	time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond)
	s.kill()
	all.Wait()
}

// checkArrivals waits until every post is at every stranger's.
func checkArrivals(t *testing.T, s *process, book *ledger, peers []*stranger) {
	t.Helper()
	for _, z := range peers {
		await(t, "every post arrives at "+z.host, func() bool {
			z.mu.Lock()
			defer z.mu.Unlock()
			for _, id := range book.acked {
				if !z.got["http://coterie.test/users/alice/statuses/"+id] {
					return false
				}
			}
			return true
		})
	}
	t.Logf("%d posts reached %d peers", len(book.acked), len(peers))
}

// checkEffects compares what the strangers know was taken with what is there.
func checkEffects(t *testing.T, s *process, alice string, peers []*stranger) {
	t.Helper()
	want := map[string]bool{}
	for _, z := range peers {
		for uri := range z.acked {
			want[uri] = true
		}
	}
	var seen map[string]int
	await(t, "every acknowledged activity takes effect", func() bool {
		seen = mentionedURIs(s, alice)
		return len(seen) >= len(want)
	})
	for uri := range want {
		if seen[uri] != 1 {
			t.Errorf("%s told alice %d times", uri, seen[uri])
		}
	}
	t.Logf("%d activities of strangers took effect", len(want))
}

// mentionedURIs counts the mentions that somebody was told of.
func mentionedURIs(s *process, token string) map[string]int {
	s.t.Helper()
	seen := map[string]int{}
	path := "/api/v1/notifications?types[]=mention&limit=80"
	for last := ""; ; {
		var page []struct {
			ID     string
			Status struct{ URI string }
		}
		s.get(path+last, token, &page)
		if len(page) == 0 {
			return seen
		}
		for _, n := range page {
			seen[n.Status.URI]++
		}
		last = "&max_id=" + page[len(page)-1].ID
	}
}

// stranger is a server of its own with one account, zoe.
type stranger struct {
	host  string
	key   fetch.Key
	actor []byte
	http  http.Client
	count atomic.Int64

	mu    sync.Mutex
	got   map[string]bool // ids of objects that were delivered here
	retry []string        // activities whose answer got lost
	acked map[string]bool // ids of notes that were acknowledged
}

func newStranger(t testing.TB) *stranger {
	t.Helper()
	z := &stranger{got: map[string]bool{}, acked: map[string]bool{}}
	srv := httptest.NewServer(z)
	t.Cleanup(srv.Close)
	z.host = strings.TrimPrefix(srv.URL, "http://")
	private, err := fetch.GenerateRSA()
	if err != nil {
		t.Fatal(err)
	}
	public, err := fetch.EncodePublicPEM(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	z.key = fetch.Key{ID: z.id() + "#main-key", Private: private}
	z.actor, err = json.Marshal(map[string]any{
		"@context": []string{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":       z.id(), "type": "Person", "preferredUsername": "zoe", "inbox": z.id() + "/inbox", "outbox": z.id() + "/outbox",
		"followers": z.id() + "/followers",
		"publicKey": map[string]string{"id": z.key.ID, "owner": z.id(), "publicKeyPem": public},
	})
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func (z *stranger) id() string { return "http://" + z.host + "/users/zoe" }

func (z *stranger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/activity+json")
	switch r.URL.Path {
	case "/users/zoe":
		_, _ = w.Write(z.actor)
	case "/.well-known/webfinger":
		w.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(w, `{"subject":"acct:zoe@%s","links":[{"rel":"self","type":"application/activity+json","href":%q}]}`, z.host, z.id())
	case "/users/zoe/inbox":
		z.take(r)
		w.WriteHeader(http.StatusAccepted)
	default:
		http.NotFound(w, r)
	}
}

// take notes whose object was delivered.
func (z *stranger) take(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var a struct {
		Type   string
		Object json.RawMessage
	}
	var o struct{ ID string }
	if json.Unmarshal(body, &a) != nil || a.Type != "Create" || json.Unmarshal(a.Object, &o) != nil {
		return
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	z.got[o.ID] = true
}

func (z *stranger) activity(kind, object string) string {
	return fmt.Sprintf(`{"@context":"https://www.w3.org/ns/activitystreams","id":"http://%s/activities/%d","type":%q,"actor":%q,"object":%s}`,
		z.host, z.count.Add(1), kind, z.id(), object)
}

// note is a Create that mentions alice.
func (z *stranger) note() string {
	return z.activity("Create", fmt.Sprintf(`{"id":"http://%s/notes/%d","type":"Note","attributedTo":%q,"content":"<p>@alice hello</p>",
		"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["http://coterie.test/users/alice"],"published":%q,
		"tag":[{"type":"Mention","href":"http://coterie.test/users/alice","name":"@alice@coterie.test"}]}`,
		z.host, z.count.Add(1), z.id(), time.Now().UTC().Format(time.RFC3339)))
}

// deliver posts an activity to alice and returns the answer's status.
func (z *stranger) deliver(s *process, body string) (int, error) {
	r, err := http.NewRequest(http.MethodPost, s.base+"/users/alice/inbox", bytes.NewReader([]byte(body)))
	if err != nil {
		return 0, err
	}
	r.Host = "coterie.test"
	r.Header.Set("Content-Type", "application/activity+json")
	if err := fetch.Sign(r, []byte(body), z.key, fetch.Cavage, time.Now()); err != nil {
		return 0, err
	}
	res, err := z.http.Do(r)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode, res.Body.Close()
}

// send delivers what must be taken.
func (z *stranger) send(t testing.TB, s *process, body string) {
	t.Helper()
	if status, err := z.deliver(s, body); err != nil || status != http.StatusAccepted {
		t.Fatalf("%s: %d, %v", body, status, err)
	}
}

// write sends one note, new or one whose answer got lost, and reports whether
// the server still answers.
func (z *stranger) write(s *process) bool {
	body := z.next()
	status, err := z.deliver(s, body)
	z.mu.Lock()
	defer z.mu.Unlock()
	switch {
	case err != nil:
		z.retry = append(z.retry, body)
		return false
	case status == http.StatusAccepted:
		var a struct{ Object struct{ ID string } }
		if json.Unmarshal([]byte(body), &a) == nil {
			z.acked[a.Object.ID] = true
		}
	default:
		z.retry = append(z.retry, body)
	}
	return true
}

func (z *stranger) next() string {
	z.mu.Lock()
	defer z.mu.Unlock()
	if n := len(z.retry); n > 0 {
		body := z.retry[n-1]
		z.retry = z.retry[:n-1]
		return body
	}
	return z.note()
}

// retryAll sends until nothing is left without an answer.
func (z *stranger) retryAll(s *process) {
	for deadline := time.Now().Add(time.Minute); len(z.retry) > 0 && time.Now().Before(deadline); {
		z.write(s)
	}
}
