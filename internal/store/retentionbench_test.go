package store_test

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

var retentionPosts = flag.Int("retention.posts", 20_000, "posts from elsewhere that BenchmarkOldPosts looks through; docs/performance.md tells of 200000")

// BenchmarkOldPosts looks for old posts where all are young, finds the next
// hundred that go, counts them all, and looks where all are kept: nine of ten posts are old,
// and a tenth of those was kept by a bookmark.
func BenchmarkOldPosts(b *testing.B) {
	for _, engine := range []struct {
		name string
		open func(testing.TB) store.Options
	}{{"sqlite", dbtest.SQLite}, {"postgres", dbtest.Postgres}} {
		b.Run(engine.name, func(b *testing.B) {
			st := dbtest.Open(b, engine.open(b))
			before := oldPosts(b, st)
			ctx, r := context.Background(), st.Reader()
			b.Run("young", func(b *testing.B) { // none is old
				for b.Loop() {
					if list, err := r.OldMirrors(ctx, st.Now().AddDate(-10, 0, 0), 0, 100); err != nil || len(list) != 0 {
						b.Fatal(len(list), err)
					}
				}
			})
			b.Run("next", func(b *testing.B) {
				for b.Loop() {
					if list, err := r.OldMirrors(ctx, before, 0, 100); err != nil || len(list) != 100 {
						b.Fatal(len(list), err)
					}
				}
			})
			b.Run("count", func(b *testing.B) {
				for b.Loop() {
					if n, err := r.CountOldMirrors(ctx, before); err != nil || n == 0 {
						b.Fatal(n, err)
					}
				}
			})
			if err := st.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.Exec(`INSERT INTO bookmarks (id, account_id, status_id) SELECT s.id, s.account_id, s.id FROM statuses s WHERE true ON CONFLICT DO NOTHING`)
				return err
			}); err != nil {
				b.Fatal(err)
			}
			b.Run("kept", func(b *testing.B) {
				for b.Loop() {
					if list, err := r.OldMirrors(ctx, before, 0, 100); err != nil || len(list) != 0 {
						b.Fatal(len(list), err)
					}
				}
			})
		})
	}
}

// oldPosts writes the posts and says before when they are old.
func oldPosts(b *testing.B, st *store.Store) time.Time {
	b.Helper()
	var author domain.ID
	start := st.Now().Add(-time.Duration(*retentionPosts) * time.Minute)
	for n := 0; n < *retentionPosts; {
		if err := st.Write(context.Background(), func(tx *store.Tx) error {
			if author == 0 {
				a := domain.Account{Username: "far", Domain: "far.example", URI: "https://far.example/1"}
				if err := tx.InsertAccount(&a); err != nil {
					return err
				}
				author = a.ID
			}
			var posts, objects, marks rowsOf
			for range min(500, *retentionPosts-n) {
				at := start.Add(time.Duration(n) * time.Minute)
				id := tx.NewIDAt(at)
				posts = append(posts, []any{id, author, fmt.Sprintf("https://far.example/posts/%d", n), false, domain.Public, "<p>hello</p>", id, at})
				objects = append(objects, []any{id, []byte("{}"), at})
				if n%10 == 0 {
					marks = append(marks, []any{id, author, id})
				}
				n++
			}
			if err := posts.insert(tx, `statuses (id, account_id, uri, local, visibility, content, conversation_id, created_at)`); err != nil {
				return err
			}
			if err := objects.insert(tx, `remote_objects (status_id, json, fetched_at)`); err != nil {
				return err
			}
			return marks.insert(tx, `bookmarks (id, account_id, status_id)`)
		}); err != nil {
			b.Fatal(err)
		}
	}
	if err := store.Settle(context.Background(), st); err != nil {
		b.Fatal(err)
	}
	return start.Add(time.Duration(*retentionPosts) * time.Minute * 9 / 10)
}
