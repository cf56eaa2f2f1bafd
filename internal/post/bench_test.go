package post_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to count rows from outside

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// BenchmarkCreate posts with nobody and with many following: what is written
// must not grow with the followers (design section 5).
func BenchmarkCreate(b *testing.B) {
	for _, followers := range []int{0, 10_000} {
		b.Run(fmt.Sprintf("followers=%d", followers), func(b *testing.B) {
			w := newWorld(b, dbtest.SQLite(b))
			w.follow("alice", followers)
			before := rows(b, w.st)
			n := 0
			for b.Loop() {
				n++
				_, err := w.Create(w.ctx, w.ids["alice"], domain.Compose{Text: "hello @bob, #dogs at https://example.org/"}, time.Time{})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows(b, w.st)-before)/float64(n), "rows/op")
		})
	}
}

// TestPostingWritesTheSameForManyFollowers is the benchmark's promise: a
// status, its mention, its hashtag and its event, and nothing per follower.
func TestPostingWritesTheSameForManyFollowers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.post("alice", "the first #dogs")
	written := func() int64 {
		before := rows(t, w.st)
		w.post("alice", "hello @bob, #dogs")
		return rows(t, w.st) - before
	}
	alone := written()
	w.follow("alice", 1000)
	if followed := written(); alone != 4 || followed != alone {
		t.Errorf("a post writes %d rows alone and %d with 1,000 followers, want 4", alone, followed)
	}
}

// follow makes n people follow somebody.
func (w *world) follow(name string, n int) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		for i := range n {
			a := domain.Account{Username: fmt.Sprintf("follower%d", i)}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			f := domain.Follow{Account: a.ID, Target: w.ids[name], ShowReblogs: true}
			if err := tx.SaveFollow(&f); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows counts all rows of a store, but for the index of words, in a copy: a second SQLite library in one
// process must not open the file itself, as it would take away its locks.
func rows(t testing.TB, st *store.Store) int64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := st.Backup(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var total int64
	for _, table := range tables(t, db) {
		var n int64
		if err := db.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}

func tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	var list string
	if err := db.QueryRow(`SELECT group_concat(name) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'status\_words%' ESCAPE '\'`).Scan(&list); err != nil {
		t.Fatal(err)
	}
	return strings.Split(list, ",")
}

// BenchmarkCreateParallel posts from many at once, as the writer groups them.
func BenchmarkCreateParallel(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b))
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, err := w.Create(w.ctx, w.ids["alice"], domain.Compose{Text: "hello @bob, #dogs at https://example.org/"}, time.Time{})
			if err != nil {
				b.Error(err)
			}
		}
	})
}
