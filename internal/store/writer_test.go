package store_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

var bg = context.Background()

func put(tx *store.Tx, key string) error {
	_, err := tx.Exec(`INSERT INTO settings (key, value) VALUES ($1, '')`, key)
	return err
}

func keys(t *testing.T, st *store.Store) []string {
	t.Helper()
	list, err := store.Column[string](bg, st.Reader(), `SELECT key FROM settings ORDER BY key`)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// together makes the writes share a transaction on SQLite and run at the same
// time on PostgreSQL. A nil function is a write whose caller has left.
func together(t *testing.T, st *store.Store, fns ...func(*store.Tx) error) []error {
	t.Helper()
	errs := make([]error, len(fns))
	var wg, left sync.WaitGroup
	release := make(chan struct{})
	begun := make(chan struct{})
	if st.Engine() == store.SQLite {
		first := sync.OnceFunc(func() { close(begun) })
		wg.Go(func() {
			st.Write(bg, func(*store.Tx) error {
				first()
				<-release
				return nil
			})
		})
		<-begun
	}
	for i, fn := range fns {
		if fn == nil && st.Engine() == store.SQLite {
			left.Add(1)
		}
		wg.Go(func() {
			ctx, cancel := context.WithCancel(bg)
			defer cancel()
			if fn == nil {
				fn = func(tx *store.Tx) error { return put(tx, "cancelled") }
				if st.Engine() == store.SQLite {
					go func() {
						defer left.Done()
						for st.Waiting() <= i {
							runtime.Gosched()
						}
						cancel()
					}()
				} else {
					cancel()
				}
			}
			errs[i] = st.Write(ctx, fn)
		})
		for st.Engine() == store.SQLite && st.Waiting() <= i {
			runtime.Gosched()
		}
	}
	left.Wait()
	close(release)
	wg.Wait()
	return errs
}

func TestWriterLeavesNeighboursIntact(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		bad  func(*store.Tx) error
		kind domain.Kind
	}{
		{"error", func(tx *store.Tx) error {
			if err := put(tx, "bad"); err != nil {
				return err
			}
			return domain.Errorf(domain.Forbidden, "no")
		}, domain.Forbidden},
		{"conflict", func(tx *store.Tx) error {
			if err := put(tx, "bad"); err != nil {
				return err
			}
			return put(tx, "bad")
		}, domain.Conflict},
		{"conflict swallowed", func(tx *store.Tx) error {
			put(tx, "bad")
			put(tx, "bad")
			put(tx, "worse")
			return nil
		}, domain.Conflict},
		{"panic", func(tx *store.Tx) error {
			put(tx, "bad")
			panic("no")
		}, domain.Internal},
		{"bad text", func(tx *store.Tx) error {
			put(tx, "bad")
			return put(tx, "b\x00d")
		}, domain.Internal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, st *store.Store) {
				errs := together(t, st,
					func(tx *store.Tx) error { return put(tx, "a") },
					c.bad,
					func(tx *store.Tx) error { return put(tx, "z") })
				if errs[0] != nil || errs[2] != nil {
					t.Errorf("neighbours: %v, %v", errs[0], errs[2])
				}
				if errs[1] == nil || domain.KindOf(errs[1]) != c.kind {
					t.Errorf("got %v, want kind %d", errs[1], c.kind)
				}
				if got := keys(t, st); !slices.Equal(got, []string{"a", "z"}) {
					t.Errorf("kept %q", got)
				}
			})
		})
	}
}

func TestWriterLooksAtTheContextBeforeTheTurn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		gone, leave := context.WithCancel(bg)
		leave()
		err := st.Write(gone, func(tx *store.Tx) error { return put(tx, "cancelled") })
		if !domain.Is(err, domain.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		errs := together(t, st,
			func(tx *store.Tx) error { return put(tx, "a") },
			nil,
			func(tx *store.Tx) error { return put(tx, "z") })
		if errs[0] != nil || errs[1] == nil || errs[2] != nil {
			t.Errorf("got %v", errs)
		}
		if got := keys(t, st); !slices.Equal(got, []string{"a", "z"}) {
			t.Errorf("kept %q", got)
		}
	})
}

// A caller that leaves during its write, and reads under that context, harms
// neither itself nor others.
func TestWriterIgnoresACallerThatLeavesInItsTurn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		ctx, leave := context.WithCancel(bg)
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			st.Write(ctx, func(tx *store.Tx) error {
				leave()
				if _, err := store.Column[int64](ctx, tx.Reader, `SELECT COUNT(*) FROM jobs`); err != nil {
					t.Errorf("read under a context that ended: %v", err)
				}
				return put(tx, "left")
			})
		}()
		<-finished
		if err := st.Write(bg, func(tx *store.Tx) error { return put(tx, "z") }); err != nil {
			t.Fatal(err)
		}
		// On SQLite the second write's commit proves the first's.
		if got := keys(t, st); !slices.Equal(got, []string{"left", "z"}) {
			t.Errorf("kept %q", got)
		}
	})
}

func TestWriterOnAFullDisk(t *testing.T) {
	t.Parallel()
	o := dbtest.SQLite(t)
	probe := dbtest.Open(t, o)
	pages, err := store.First[int](bg, probe.Reader(), `PRAGMA page_count`)
	if err != nil {
		t.Fatal(err)
	}
	probe.Close()
	st := dbtest.Open(t, o.WithMaxPages(pages+10))
	big := strings.Repeat("x", 1<<20)
	errs := together(t, st,
		func(tx *store.Tx) error { return put(tx, "a") },
		func(tx *store.Tx) error { return put(tx, big) },
		func(tx *store.Tx) error { return put(tx, "z") })
	if errs[0] != nil || errs[2] != nil || !domain.Is(errs[1], domain.Unavailable) {
		t.Errorf("got %v", errs)
	}
	if got := keys(t, st); !slices.Equal(got, []string{"a", "z"}) {
		t.Errorf("kept %d keys", len(got))
	}
}

// When SQLite gives up the whole transaction, those before and after run
// again in a new one.
func TestWriterRunsTheOthersAgainAfterLosingTheTransaction(t *testing.T) {
	t.Parallel()
	st := dbtest.Open(t, dbtest.SQLite(t))
	ran := 0
	errs := together(t, st,
		func(tx *store.Tx) error { ran++; return put(tx, "a") },
		func(tx *store.Tx) error {
			put(tx, "bad")
			tx.Exec(`ROLLBACK`)
			return errors.New("lost")
		},
		func(tx *store.Tx) error { return put(tx, "z") })
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("got %v", errs)
	}
	if got := keys(t, st); ran != 2 || !slices.Equal(got, []string{"a", "z"}) {
		t.Errorf("ran %d times, kept %q", ran, got)
	}
}

// A reference that is checked at COMMIT fails the commit of the whole group.
func TestWriterFindsWhoseFaultAFailedCommitIs(t *testing.T) {
	t.Parallel()
	st := dbtest.Open(t, dbtest.SQLite(t))
	err := st.Write(bg, func(tx *store.Tx) error {
		_, err := tx.Exec(`CREATE TABLE child (of TEXT NOT NULL REFERENCES settings (key) DEFERRABLE INITIALLY DEFERRED)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	errs := together(t, st,
		func(tx *store.Tx) error { return put(tx, "a") },
		func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO child (of) VALUES ('nobody')`)
			return err
		},
		func(tx *store.Tx) error { return put(tx, "z") })
	if errs[0] != nil || !domain.Is(errs[1], domain.Conflict) || errs[2] != nil {
		t.Errorf("got %v", errs)
	}
	if got := keys(t, st); !slices.Equal(got, []string{"a", "z"}) {
		t.Errorf("kept %q", got)
	}
}

func TestWriterSurvivesAFunctionThatEndsItsGoroutine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			st.Write(bg, func(tx *store.Tx) error {
				put(tx, "bad")
				runtime.Goexit()
				return nil
			})
		}()
		<-ended
		if err := st.Write(bg, func(tx *store.Tx) error { return put(tx, "z") }); err != nil {
			t.Fatal(err)
		}
		if got := keys(t, st); !slices.Equal(got, []string{"z"}) {
			t.Errorf("kept %q", got)
		}
	})
}

func TestWriteAfterClose(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		err := st.Write(bg, func(tx *store.Tx) error { return put(tx, "z") })
		if !domain.Is(err, domain.Unavailable) {
			t.Errorf("got %v", err)
		}
	})
}

// Two PostgreSQL transactions that wait for each other: one is told to try
// again, and both succeed. SQLite has one writer.
func TestWriteTriesAgainAfterADeadlock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		for _, k := range []string{"a", "b"} {
			if err := st.Write(bg, func(tx *store.Tx) error { return put(tx, k) }); err != nil {
				t.Fatal(err)
			}
		}
		touch := func(tx *store.Tx, k string) error {
			_, err := tx.Exec(`UPDATE settings SET value = value || 'x' WHERE key = $1`, k)
			return err
		}
		both := make(chan struct{}, 2)
		meet := sync.OnceFunc(func() {
			if st.Engine() == store.Postgres {
				<-both
				<-both
			}
		})
		write := func(first, second string) error {
			came := false
			return st.Write(bg, func(tx *store.Tx) error {
				if err := touch(tx, first); err != nil {
					return err
				}
				if !came {
					came = true
					both <- struct{}{}
					meet()
				}
				return touch(tx, second)
			})
		}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		wg.Go(func() { errs[0] = write("a", "b") })
		wg.Go(func() { errs[1] = write("b", "a") })
		wg.Wait()
		if errs[0] != nil || errs[1] != nil {
			t.Fatal(errs)
		}
		got, err := store.Column[string](bg, st.Reader(), `SELECT value FROM settings`)
		if err != nil || !slices.Equal(got, []string{"xx", "xx"}) {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

func TestTxTimeStandsStill(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		err := st.Write(bg, func(tx *store.Tx) error {
			before := tx.Now()
			clock.Add(time.Hour)
			if !tx.Now().Equal(before) || tx.Now().Location() != time.UTC {
				return fmt.Errorf("time went from %v to %v", before, tx.Now())
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkWriteGrouped(b *testing.B) {
	for name, options := range map[string]func(testing.TB) store.Options{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			o := options(b)
			o.MaxConns = 16
			st := dbtest.Open(b, o)
			b.SetParallelism(64 / runtime.GOMAXPROCS(0))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					err := st.Write(bg, func(tx *store.Tx) error {
						return put(tx, tx.NewID().String())
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}
