package main

import (
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"coterie/internal/testkit/dbtest"
)

// TestTwoProcessesShareOneDatabase runs two servers on one PostgreSQL and
// kills one of them in the middle of posting. The other loses nothing, does
// nothing twice and goes on with the work that the dead one held.
func TestTwoProcessesShareOneDatabase(t *testing.T) {
	t.Parallel()
	db := "COTERIE_DATABASE_URL=" + dbtest.Postgres(t).PostgresURL
	here, there := newPlace(t, db), newPlace(t, db)
	alice, bob := here.person(t, "alice", "owner"), here.person(t, "bob", "user")
	a, b := here.serve(t), there.serve(t)

	var owner struct{ ID string }
	b.get("/api/v1/accounts/lookup?acct=alice", bob, &owner)
	if status, body, err := b.call("POST", "/api/v1/accounts/"+owner.ID+"/follow", bob, nil); status != 200 || err != nil {
		t.Fatalf("follow: %d %s, %v", status, body, err)
	}
	var home []struct{ ID string }
	b.get("/api/v1/timelines/home", bob, &home) // from here on it is kept in memory there
	status, body, err := a.call("POST", "/api/v1/statuses", alice, url.Values{"status": {"The post key0 for @bob"}}, "Idempotency-Key", "key0")
	if err != nil {
		t.Fatal(err)
	}
	book := &ledger{acked: map[string]string{}}
	book.note("key0", status, body)
	await(t, "a post made at one server shows at home at the other", func() bool {
		b.get("/api/v1/timelines/home", bob, &home)
		return len(home) == 1
	})

	var all sync.WaitGroup
	end := make(chan struct{})
	for range writers {
		all.Go(func() {
			for book.post(a, book.take(), alice) {
			}
		})
		all.Go(func() {
			for {
				select {
				case <-end:
					return
				default:
					book.post(b, book.take(), alice)
				}
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	a.kill()
	time.Sleep(200 * time.Millisecond)
	close(end)
	all.Wait()
	for len(book.retry) > 0 {
		book.post(b, book.take(), alice)
	}
	if len(book.trouble) > 0 {
		t.Fatal(book.trouble)
	}
	checkPosts(b, book, alice)
	checkMentions(b, book, bob)
	// News of a post may have died with the first server; the other sees that
	// it is gone.
	again := here.serve(t)
	await(t, "the home kept in memory equals a fresh one", func() bool {
		var kept, fresh []struct{ ID string }
		b.get("/api/v1/timelines/home?limit=40", bob, &kept)
		again.get("/api/v1/timelines/home?limit=40", bob, &fresh)
		return slices.Equal(kept, fresh)
	})
	t.Logf("%d posts acknowledged", len(book.acked))
}
