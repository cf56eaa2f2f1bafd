// Package dbtest gives tests a store of their own, on both engines. For tests
// only; safe for parallel ones.
package dbtest

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"coterie/internal/store"
)

// Clock is a clock that moves only when told. Safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at noon of 1 March 2026.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
}

func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock, backwards too.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Each runs f on SQLite and on PostgreSQL, as parallel subtests, with the
// real clock. Without a PostgreSQL it says so and runs one; where CI is true
// that is a failure.
func Each(t *testing.T, f func(t *testing.T, st *store.Store)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o store.Options) { f(t, Open(t, o)) })
}

// EachClock is Each with a clock for each engine, since both run at once.
func EachClock(t *testing.T, f func(t *testing.T, st *store.Store, clock *Clock)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o store.Options) {
		clock := NewClock()
		o.Now = clock.Now
		f(t, Open(t, o), clock)
	})
}

// EachOptions runs f with the options of a fresh, migrated database, for
// tests that open it themselves, perhaps twice.
func EachOptions(t *testing.T, f func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, Postgres(t))
	})
}

// Open opens o and closes it with the test.
func Open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return st
}

func options() store.Options {
	return store.Options{Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), MaxConns: 4}
}

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "coterie-dbtest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	o := options()
	o.Path = filepath.Join(dir, "template.db")
	st, err := store.Open(context.Background(), o)
	if err != nil {
		return nil, err
	}
	if err := st.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(o.Path)
})

// SQLite is a fresh, migrated file.
func SQLite(t testing.TB) store.Options {
	t.Helper()
	b, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Path = filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(o.Path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}
