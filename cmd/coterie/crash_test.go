package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// TestCrash kills the server fifty times at random moments while eight
// people's worth of posts come in, and starts it again on the same data.
// Nothing that was acknowledged may be missing, no idempotency key may have
// two posts, no start may need a repair, and every post must have reached
// whom it mentions.
func TestCrash(t *testing.T) {
	t.Parallel()
	crash(t, func(kills int) bool { return kills < 50 })
}

const writers = 8

// ledger is what the writers know of their posts, by idempotency key.
type ledger struct {
	mu      sync.Mutex
	next    int
	retry   []string          // sent, but the answer got lost
	acked   map[string]string // key to status id
	trouble []string
}

func crash(t *testing.T, goOn func(kills int) bool) {
	p := newPlace(t)
	alice, bob := p.person(t, "alice", "owner"), p.person(t, "bob", "user")
	book := &ledger{acked: map[string]string{}}
	kills := 0
	for ; goOn(kills); kills++ {
		s := p.serve(t)
		writeUntilKilled(s, book, alice)
		if list := s.complaints(); len(list) > 0 {
			t.Fatalf("start %d complains: %s", kills+1, list)
		}
		if len(book.trouble) > 0 {
			t.Fatalf("after %d kills: %s", kills+1, book.trouble)
		}
	}
	s := p.serve(t)
	if list := s.complaints(); len(list) > 0 {
		t.Fatalf("the last start complains: %s", list)
	}
	for _, key := range book.retry {
		book.post(s, key, alice)
	}
	checkPosts(s, book, alice)
	checkMentions(s, book, bob)
	if _, err := s.stop(); err != nil {
		t.Errorf("stop: %v\n%s", err, s.log())
	}
	checkFile(t, filepath.Join(p.dir, "coterie.db"))
	t.Logf("%d kills, %d posts acknowledged", kills, len(book.acked))
}

// writeUntilKilled posts from several connections and kills the server at a
// random moment.
func writeUntilKilled(s *process, book *ledger, token string) {
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for book.post(s, book.take(), token) {
			}
		})
	}
	time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
	s.kill()
	all.Wait()
}

// take is the key to post next: one whose answer got lost, or a new one.
func (b *ledger) take() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.retry); n > 0 && rand.IntN(2) == 0 {
		key := b.retry[n-1]
		b.retry = b.retry[:n-1]
		return key
	}
	b.next++
	return fmt.Sprintf("key%d", b.next)
}

// post sends one post, some of them twice at the same time, and notes the
// answers. It reports whether the server still answers.
func (b *ledger) post(s *process, key, token string) bool {
	copies := 1
	if rand.IntN(4) == 0 {
		copies = 2
	}
	lost := false
	var mu sync.Mutex
	var all sync.WaitGroup
	for range copies {
		all.Go(func() {
			status, body, err := s.call("POST", "/api/v1/statuses", token,
				url.Values{"status": {"The post " + key + " for @bob"}}, "Idempotency-Key", key)
			if err != nil {
				mu.Lock()
				lost = true
				mu.Unlock()
				return
			}
			b.note(key, status, body)
		})
	}
	all.Wait()
	if lost {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.retry = append(b.retry, key)
	}
	return !lost
}

func (b *ledger) note(key string, status int, body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var made struct{ ID string }
	if status != http.StatusOK || json.Unmarshal(body, &made) != nil || made.ID == "" {
		b.trouble = append(b.trouble, fmt.Sprintf("%s: %d %s", key, status, body))
		return
	}
	if before := b.acked[key]; before != "" && before != made.ID {
		b.trouble = append(b.trouble, fmt.Sprintf("%s: was post %s, now %s", key, before, made.ID))
	}
	b.acked[key] = made.ID
}

var keyPattern = regexp.MustCompile(`The post (key\d+) `)

// checkPosts reads the whole public timeline and compares.
func checkPosts(s *process, book *ledger, token string) {
	s.t.Helper()
	there := map[string]string{}
	path := "/api/v1/timelines/public?local=true&limit=40"
	for last := ""; ; {
		var page []struct{ ID, Content string }
		s.get(path+last, token, &page)
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			m := keyPattern.FindStringSubmatch(p.Content)
			if m == nil {
				s.t.Fatalf("post %s is not one of ours: %s", p.ID, p.Content)
			}
			if twin := there[m[1]]; twin != "" {
				s.t.Errorf("%s is two posts: %s and %s", m[1], twin, p.ID)
			}
			there[m[1]] = p.ID
		}
		last = "&max_id=" + page[len(page)-1].ID
	}
	for key, id := range book.acked {
		if there[key] != id {
			s.t.Errorf("%s was acknowledged as post %s, and there is %q", key, id, there[key])
		}
	}
	if len(there) != len(book.acked) {
		s.t.Errorf("%d posts are there, %d were acknowledged in the end", len(there), len(book.acked))
	}
}

// checkFile has SQLite look at every page of the file.
func checkFile(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity of the database: %s, %v", verdict, err)
	}
}

// checkMentions waits until each post has notified bob, once.
func checkMentions(s *process, book *ledger, token string) {
	s.t.Helper()
	await(s.t, "every post notifies whom it mentions", func() bool {
		return len(mentioned(s, token)) >= len(book.acked)
	})
	for status, n := range mentioned(s, token) {
		if n != 1 {
			s.t.Errorf("post %s notified %d times", status, n)
		}
	}
}

// mentioned counts the notifications of mentions by post.
func mentioned(s *process, token string) map[string]int {
	s.t.Helper()
	seen := map[string]int{}
	path := "/api/v1/notifications?types[]=mention&limit=80"
	for last := ""; ; {
		var page []struct {
			ID     string
			Status struct{ ID string }
		}
		s.get(path+last, token, &page)
		if len(page) == 0 {
			return seen
		}
		for _, n := range page {
			seen[n.Status.ID]++
		}
		last = "&max_id=" + page[len(page)-1].ID
	}
}
