package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

func TestIDsRise(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := dbtest.NewClock()
		o.Now = clock.Now
		st := dbtest.Open(t, o)
		var last domain.ID
		draw := func(st *store.Store, n int) {
			err := st.Write(bg, func(tx *store.Tx) error {
				for range n {
					id := tx.NewID()
					if id <= last {
						return fmt.Errorf("%d after %d", id, last)
					}
					last = id
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
		draw(st, 100_000) // more than a millisecond has
		clock.Add(time.Second)
		draw(st, 1)
		if at := last.Time(); !at.Equal(clock.Now()) {
			t.Errorf("the id is of %v, it is %v", at, clock.Now())
		}
		clock.Add(-time.Hour)
		draw(st, 10)
		if o.Path != "" {
			st.Close()
			draw(dbtest.Open(t, o), 10)
		}
	})
}

func TestNewIDAtTakesTheTimeButNotTheFuture(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		err := st.Write(bg, func(tx *store.Tx) error {
			past := tx.Now().Add(-time.Hour)
			if got := tx.NewIDAt(past).Time(); !got.Equal(past) {
				t.Errorf("got %v, want %v", got, past)
			}
			if got := tx.NewIDAt(tx.Now().Add(time.Hour)).Time(); !got.Equal(tx.Now()) {
				t.Errorf("got %v, want now", got)
			}
			if got := tx.NewIDAt(time.Unix(-5, 0)); got <= 0 {
				t.Errorf("got %d", got)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Two processes may draw the same id: the second takes another.
func TestATakenIDIsDrawnAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		if err := st.MakeThings(bg); err != nil {
			t.Fatal(err)
		}
		tries := 0
		err := st.Write(bg, func(tx *store.Tx) error {
			tries++
			id := tx.NewID()
			if tries == 1 {
				if err := tx.InsertThings(store.Things{ID: id, Name: "other"}); err != nil {
					return err
				}
			}
			return tx.InsertThings(store.Things{ID: id, Name: "mine"})
		})
		if err != nil || tries != 2 {
			t.Errorf("%d tries: %v", tries, err)
		}
		got, err := st.Reader().Things(bg)
		if err != nil || len(got) != 1 || got[0].Name != "mine" {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		if err := st.MakeThings(bg); err != nil {
			t.Fatal(err)
		}
		want := []store.Things{
			{ID: 1, Name: ""},
			{
				ID: 2, Other: 1, At: time.Date(1969, 12, 31, 23, 59, 59, 1_000_000, time.UTC), Name: "ä'\"$1?", No: "x",
				Yes: true, Bytes: []byte{0, 255}, Doc: map[string]int{"a": 1},
			},
		}
		err := st.Write(bg, func(tx *store.Tx) error {
			for _, v := range want {
				if err := tx.InsertThings(v); err != nil {
					return err
				}
			}
			got, err := tx.Things(bg)
			if err != nil || len(got) != 2 {
				t.Errorf("in the transaction: %+v, %v", got, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.Reader().Things(bg)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v\nwant %+v", got, err, want)
		}
	})
}

func TestLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		if err := st.MakeThings(bg); err != nil {
			t.Fatal(err)
		}
		err := st.Write(bg, func(tx *store.Tx) error {
			for i, name := range []string{"b", "a", "Z", "ä"} {
				if err := tx.InsertThings(store.Things{ID: domain.ID(i + 1), Name: name}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r := st.Reader()
		ctx, counted := store.CountStatements(bg)
		names := func(where string, arg any) []string {
			list, err := store.Column[string](ctx, r, `SELECT name FROM things WHERE `+where+` ORDER BY name`, arg)
			if err != nil {
				t.Error(err)
			}
			return list
		}
		type name string
		if got := names("id"+r.In(1), []domain.ID{1, 3, 4, 99}); !slices.Equal(got, []string{"Z", "b", "ä"}) {
			t.Errorf("ids, bytewise: %q", got)
		}
		if got := names("name"+r.InText(1), []name{"a", "ä", `"`}); !slices.Equal(got, []string{"a", "ä"}) {
			t.Errorf("texts: %q", got)
		}
		if got := names("id"+r.In(1), []domain.ID(nil)); len(got) != 0 || got == nil {
			t.Errorf("no ids: %q", got)
		}
		if got := names("name"+r.InText(1), []string(nil)); len(got) != 0 {
			t.Errorf("no texts: %q", got)
		}
		if n := counted.Load(); n != 4 {
			t.Errorf("counted %d statements", n)
		}
		_, err = store.First[string](bg, r, `SELECT name FROM things WHERE id = $1`, domain.ID(99))
		if !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("no row: %v", err)
		}
	})
}

func TestErrorsAreTheDomains(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		if err := st.MakeThings(bg); err != nil {
			t.Fatal(err)
		}
		insert := func(v store.Things) error {
			return st.Write(bg, func(tx *store.Tx) error { return tx.InsertThings(v) })
		}
		if err := insert(store.Things{ID: 1, Name: "a"}); err != nil {
			t.Fatal(err)
		}
		if err := insert(store.Things{ID: 1, Name: "b"}); !domain.Is(err, domain.Conflict) {
			t.Errorf("taken key: %v", err)
		}
		if err := insert(store.Things{ID: 2, Name: "a"}); !domain.Is(err, domain.Conflict) {
			t.Errorf("taken name: %v", err)
		}
		if err := insert(store.Things{ID: 2, Name: "forbidden"}); !domain.Is(err, domain.Invalid) {
			t.Errorf("broken rule: %v", err)
		}
		for _, s := range []string{"\x00", "\xff"} {
			if err := insert(store.Things{ID: 3, Name: s}); err == nil {
				t.Errorf("stored %q", s)
			}
		}
		ctx, cancel := context.WithCancel(bg)
		cancel()
		if _, err := st.Reader().Things(ctx); !domain.Is(err, domain.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled read: %v", err)
		}
	})
}

// logged collects what is logged.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func TestMigrationKeepsACopyOfTheFile(t *testing.T) {
	t.Parallel()
	var log logged
	o := dbtest.SQLite(t)
	o.Path = filepath.Join(t.TempDir(), "old.db")
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	o.MigrateTo = 1
	old := dbtest.Open(t, o)
	if err := old.Write(bg, func(tx *store.Tx) error { return put(tx, "before") }); err != nil {
		t.Fatal(err)
	}
	old.Close()
	o.MigrateTo = 0
	st := dbtest.Open(t, o)
	if got := keys(t, st); !slices.Contains(got, "before") {
		t.Errorf("after: %q", got)
	}
	copies, err := filepath.Glob(o.Path + ".before-0002-*")
	if err != nil || len(copies) != 1 || !strings.Contains(log.b.String(), copies[0]) {
		t.Fatalf("copies %q, %v; log:\n%s", copies, err, log.b.String())
	}
	o.Path, o.MigrateTo = copies[0], 1
	if got := keys(t, dbtest.Open(t, o)); !slices.Equal(got, []string{"before"}) {
		t.Errorf("the copy: %q", got)
	}
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		st := dbtest.Open(t, o)
		err := st.Write(bg, func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'future', 0)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		st.Close()
		_, err = store.Open(bg, o)
		if !domain.Is(err, domain.Invalid) || !strings.Contains(err.Error(), "newer program") {
			t.Errorf("got %v", err)
		}
	})
}

// emptySchema is the address of a database without a table.
func emptySchema(t *testing.T, o store.Options) string {
	t.Helper()
	err := dbtest.Open(t, o).Write(bg, func(tx *store.Tx) error {
		// Another test of the process may have had this database, and left its own.
		if _, err := tx.Exec(`DROP SCHEMA IF EXISTS empty CASCADE`); err != nil {
			return err
		}
		_, err := tx.Exec(`CREATE SCHEMA empty`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(o.PostgresURL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", "empty")
	u.RawQuery = q.Encode()
	return u.String()
}

func TestProcessesThatMigrateAtOnceWait(t *testing.T) {
	t.Parallel()
	o := dbtest.Postgres(t)
	o.PostgresURL = emptySchema(t, o)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			st, err := store.Open(bg, o)
			if err != nil {
				t.Error(err)
				return
			}
			st.Close()
		})
	}
	wg.Wait()
}

func TestBackup(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		st := dbtest.Open(t, o)
		if err := st.Write(bg, func(tx *store.Tx) error { return put(tx, "kept") }); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "copy.db")
		err := st.Backup(bg, path)
		if o.PostgresURL != "" {
			if !domain.Is(err, domain.Invalid) || !strings.Contains(err.Error(), "pg_dump") {
				t.Errorf("got %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Backup(bg, path); !domain.Is(err, domain.Conflict) {
			t.Errorf("over an existing file: %v", err)
		}
		o.Path = path
		if got := keys(t, dbtest.Open(t, o)); !slices.Contains(got, "kept") {
			t.Errorf("the copy: %q", got)
		}
	})
}

func TestNotifyReachesListenersAfterTheCommit(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		here := dbtest.Open(t, o)
		there := here
		if o.PostgresURL != "" {
			there = dbtest.Open(t, o)
		}
		heard := make(chan store.Notice, 1000)
		stop := there.Listen("topic", func(n store.Notice) { heard <- n })
		if o.PostgresURL != "" {
			if n := <-heard; !n.Missed {
				t.Errorf("on connecting: %+v", n)
			}
		}
		err := here.Write(bg, func(tx *store.Tx) error {
			tx.Notify("topic", "never")
			return errors.New("no")
		})
		if err == nil {
			t.Error("no error")
		}
		const n = 100
		err = here.Write(bg, func(tx *store.Tx) error {
			for i := range n { // more than one NOTIFY carries
				tx.Notify("topic", fmt.Sprint(i, strings.Repeat(" ", 500)))
				tx.Notify("other", "not heard")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if got := (<-heard).Payload; !strings.HasPrefix(got, fmt.Sprint(i)+" ") {
				t.Fatalf("heard %q as number %d", got, i)
			}
		}
		stop()
		here.Notify("topic", "after")
		if len(heard) != 0 {
			t.Errorf("heard %+v after the end", <-heard)
		}
	})
}

// TestLostNoticesAreMissed has notices get lost between two processes in each
// of the ways they can, and wants the listeners to hear so.
func TestLostNoticesAreMissed(t *testing.T) {
	t.Parallel()
	o := dbtest.Postgres(t)
	here, there := dbtest.Open(t, o), dbtest.Open(t, o)
	heard := make(chan store.Notice, 100)
	defer there.Listen("topic", func(n store.Notice) { heard <- n })()
	missed, after := store.Notice{Missed: true}, store.Notice{Payload: "after"}
	hears := func(what string, want ...store.Notice) {
		t.Helper()
		for _, n := range want {
			if got := <-heard; got != n {
				t.Errorf("%s: heard %+v, want %+v", what, got, n)
			}
		}
	}
	hears("on connecting", missed)
	here.Notify("topic", "after")
	hears("at first", after)
	here.Notify("topic", strings.Repeat("x", 8000))
	here.Notify("topic", "after")
	hears("a notice too long", missed, after)
	raw := func(envelope string) {
		t.Helper()
		err := here.Write(bg, func(tx *store.Tx) error {
			_, err := store.First[string](bg, tx.Reader, `SELECT pg_notify('coterie', $1)::text`, envelope)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	raw(`{"f":"other","s":1,"n":[{"t":"topic","p":"after"}]}`)
	hears("a new process", after)
	for range 4 {
		here.Beat()
		here.Notify("topic", "after")
		hears("a beat", after)
		there.Beat()
	}
	hears("a process that fell silent", missed)
	raw(`{"f":"third","s":1,"n":[{"t":"topic","p":"after"}]}`)
	raw(`{"f":"third","s":2,"b":true}`)
	raw(`{"f":"fourth","s":1,"n":[{"t":"topic","p":"after"}]}`)
	hears("a process that says good-bye", after, after)
}

func TestOpenNeedsADatabase(t *testing.T) {
	t.Parallel()
	o := dbtest.SQLite(t)
	o.Path = filepath.Join(t.TempDir(), "missing", "x.db")
	if st, err := store.Open(bg, o); err == nil {
		st.Close()
		t.Error("opened a file in a directory that is not there")
	}
	o.Path = ""
	if _, err := store.Open(bg, o); !domain.Is(err, domain.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	st := dbtest.Open(t, dbtest.SQLite(t))
	if _, err := store.Column[string](bg, st.Reader(), `DELETE FROM settings RETURNING key`); err == nil {
		t.Error("a Reader wrote")
	}
	if err := st.Ping(bg); err != nil {
		t.Error(err)
	}
}

// The log is written back into the file when the store closes.
func TestCloseEmptiesTheLog(t *testing.T) {
	t.Parallel()
	o := dbtest.SQLite(t)
	st := dbtest.Open(t, o)
	if err := st.Write(bg, func(tx *store.Tx) error { return put(tx, "x") }); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(o.Path + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("%d bytes are left", info.Size())
	}
}
