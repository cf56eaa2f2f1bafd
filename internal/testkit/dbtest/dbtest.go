// Package dbtest gives tests a store of their own, on both engines. For tests
// only; safe for parallel ones.
package dbtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"coterie/internal/store"
)

// PostgresEnv names the server for tests, as a connection string.
const PostgresEnv = "COTERIE_TEST_POSTGRES"

const postgresDefault = "postgres://postgres@127.0.0.1:5432/postgres?connect_timeout=3"

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
	EachAt(t, time.Now, f)
}

// EachAt is Each with a clock.
func EachAt(t *testing.T, now func() time.Time, f func(t *testing.T, st *store.Store)) {
	t.Helper()
	EachOptions(t, func(t *testing.T, o store.Options) {
		o.Now = now
		f(t, Open(t, o))
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

var postgresTemplate = sync.OnceValues(func() (string, error) {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, postgresURL(""))
	if err != nil {
		return "", err
	}
	defer admin.Close(ctx)
	name := "coterie_template_" + store.SchemaID()
	if _, err := admin.Exec(ctx, `SELECT pg_advisory_lock(7431)`); err != nil {
		return "", err
	}
	var ready bool
	err = admin.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1 AND datistemplate`, name).Scan(&ready)
	if err != nil || ready {
		return name, err
	}
	if _, err := admin.Exec(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
		return "", err
	}
	if _, err := admin.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
		return "", err
	}
	o := options()
	o.PostgresURL = postgresURL(name)
	st, err := store.Open(ctx, o)
	if err != nil {
		return "", err
	}
	if err := st.Close(); err != nil {
		return "", err
	}
	_, err = admin.Exec(ctx, `ALTER DATABASE `+name+` IS_TEMPLATE true`)
	return name, err
})

// postgresURL is the address of database name on the server for tests.
func postgresURL(name string) string {
	s := os.Getenv(PostgresEnv)
	if s == "" {
		s = postgresDefault
	}
	u, err := url.Parse(s)
	if err != nil || name == "" {
		return s
	}
	u.Path = "/" + name
	return u.String()
}

// Postgres is a fresh, migrated database, or the end of the test.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	ctx := context.Background()
	template, err := postgresTemplate()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL is needed where CI is true: %v", err)
		}
		t.Skipf("NOT TESTED ON POSTGRESQL (set %s): %v", PostgresEnv, err)
	}
	admin, err := pgx.Connect(ctx, postgresURL(""))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(ctx)
	name := "coterie_test_" + strings.ToLower(rand.Text())
	if _, err := admin.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin, err := pgx.Connect(ctx, postgresURL(""))
		if err != nil {
			t.Error(err)
			return
		}
		defer admin.Close(ctx)
		if _, err := admin.Exec(ctx, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)); err != nil {
			t.Error(err)
		}
	})
	o := options()
	o.PostgresURL = postgresURL(name)
	return o
}
