package job_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

const kind domain.JobKind = "test"

var bg = context.Background()

func enqueue(t testing.TB, st *store.Store, v any, options ...job.Option) domain.ID {
	t.Helper()
	var id domain.ID
	err := st.Write(bg, func(tx *store.Tx) (err error) {
		id, err = job.Enqueue(tx, kind, v, options...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func step(t *testing.T, r *job.Runner, want int) error {
	t.Helper()
	ran, err := r.Step(bg)
	if ran != want {
		t.Errorf("%d attempts, want %d (%v)", ran, want, err)
	}
	return err
}

// recorder is a handler that notes the payloads, which are strings.
type recorder struct {
	mu   sync.Mutex
	seen []string
}

func (r *recorder) handle(_ context.Context, j *job.Job) error {
	var s string
	if err := j.Decode(&s); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, s)
	return nil
}

func TestStepRunsWhatIsDueInOrder(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := dbtest.NewClock()
		o.Now = clock.Now
		st := dbtest.Open(t, o)
		var got recorder
		r := job.NewRunner(st, job.Options{})
		r.Handle(kind, got.handle, job.HandlerOptions{})
		enqueue(t, st, "low", job.Priority(domain.PriorityLow))
		enqueue(t, st, "normal")
		enqueue(t, st, "high", job.Priority(domain.PriorityHigh))
		enqueue(t, st, "later", job.RunAt(clock.Now().Add(time.Hour)))
		if err := step(t, r, 3); err != nil {
			t.Fatal(err)
		}
		clock.Add(time.Hour)
		step(t, r, 1)
		step(t, r, 0)
		if want := []string{"high", "normal", "low", "later"}; !slices.Equal(got.seen, want) {
			t.Errorf("ran %q, want %q", got.seen, want)
		}
	})
}

func TestAJobIsPartOfItsTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		var got recorder
		r := job.NewRunner(st, job.Options{})
		r.Handle(kind, got.handle, job.HandlerOptions{})
		no := errors.New("no")
		err := st.Write(bg, func(tx *store.Tx) error {
			if _, err := job.Enqueue(tx, kind, "never"); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		step(t, r, 0)
	})
}

func TestUniqueJobsWaitOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		var got recorder
		r := job.NewRunner(st, job.Options{})
		first := true
		r.Handle(kind, func(ctx context.Context, j *job.Job) error {
			if first {
				first = false
				// While it runs, another may wait; then it fails and yields.
				enqueue(t, st, "second", job.Unique("k"))
				return errors.New("no")
			}
			return got.handle(ctx, j)
		}, job.HandlerOptions{})
		a := enqueue(t, st, "first", job.Unique("k"), job.RunAt(st.Now().Add(time.Hour)))
		b := enqueue(t, st, "same", job.Unique("k"))
		if a != b {
			t.Errorf("two jobs: %v and %v", a, b)
		}
		enqueue(t, st, "other", job.Unique("l"), job.RunAt(st.Now().Add(time.Hour)))
		step(t, r, 2)
		if !slices.Equal(got.seen, []string{"second"}) {
			t.Errorf("ran %q", got.seen)
		}
	})
}

func TestFailuresAreTriedAgainThenSetAside(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := dbtest.NewClock()
		o.Now = clock.Now
		st := dbtest.Open(t, o)
		r := job.NewRunner(st, job.Options{})
		fail := true
		r.Handle(kind, func(context.Context, *job.Job) error {
			if fail {
				panic("no\x00!")
			}
			return nil
		}, job.HandlerOptions{MaxAttempts: 3, Backoff: func(n int) time.Duration { return time.Duration(n) * time.Minute }})
		id := enqueue(t, st, 1)
		for n := 1; n <= 3; n++ {
			if err := step(t, r, 1); err == nil || !strings.Contains(err.Error(), "panic: no") {
				t.Errorf("attempt %d: %v", n, err)
			}
			step(t, r, 0)
			clock.Add(time.Duration(n) * time.Minute)
		}
		list, err := r.ListSetAside(bg, domain.MaxID, 10)
		if err != nil || len(list) != 1 || list[0].ID != id || list[0].Attempts != 3 || !strings.Contains(list[0].LastError, "panic: no!") {
			t.Fatalf("set aside: %+v, %v", list, err)
		}
		stats, err := st.Stats(bg)
		if err != nil || len(stats.Jobs) != 1 || stats.Jobs[0].State != domain.JobSetAside || stats.Jobs[0].Count != 1 {
			t.Errorf("stats: %+v, %v", stats, err)
		}
		fail = false
		if err := r.Retry(bg, id); err != nil {
			t.Fatal(err)
		}
		if err := r.Retry(bg, id); !domain.Is(err, domain.Conflict) {
			t.Errorf("second retry: %v", err)
		}
		if err := step(t, r, 1); err != nil {
			t.Error(err)
		}
		if _, err := st.Reader().Job(bg, id); !domain.Is(err, domain.NotFound) {
			t.Errorf("finished job: %v", err)
		}
	})
}

func TestPermanentAndLater(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := dbtest.NewClock()
		o.Now = clock.Now
		st := dbtest.Open(t, o)
		r := job.NewRunner(st, job.Options{})
		r.Handle(kind, func(_ context.Context, j *job.Job) error {
			var n int
			if err := j.Decode(&n); err != nil {
				return err
			}
			return job.Later(clock.Now().Add(time.Hour), errors.New("busy"))
		}, job.HandlerOptions{})
		bad := enqueue(t, st, "not a number")
		late := enqueue(t, st, 1)
		step(t, r, 2)
		if j, err := st.Reader().Job(bg, bad); err != nil || j.State != domain.JobSetAside {
			t.Errorf("permanent: %+v, %v", j, err)
		}
		j, err := st.Reader().Job(bg, late)
		if err != nil || j.State != domain.JobReady || !j.RunAt.Equal(clock.Now().Add(time.Hour)) || j.LastError != "busy" {
			t.Errorf("later: %+v, %v", j, err)
		}
	})
}

func TestPeriodicJobs(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := dbtest.NewClock()
		o.Now = clock.Now
		st := dbtest.Open(t, o)
		r := job.NewRunner(st, job.Options{})
		r.Handle(kind, func(ctx context.Context, j *job.Job) error {
			return j.Write(ctx, func(*store.Tx) error { return nil })
		}, job.HandlerOptions{Every: time.Hour})
		step(t, r, 0)
		for range 3 {
			clock.Add(time.Hour)
			step(t, r, 1)
			step(t, r, 0)
		}
	})
}

// A worker whose lease ran out cannot have an effect beside its successor's.
func TestTheTokenFencesALostLease(t *testing.T) {
	t.Parallel()
	dbtest.EachOptions(t, func(t *testing.T, o store.Options) {
		clock := dbtest.NewClock()
		if o.Path != "" {
			o.Now = clock.Now
		}
		st := dbtest.Open(t, o)
		enqueue(t, st, "x")
		slow := job.NewRunner(st, job.Options{Lease: time.Nanosecond})
		quick := job.NewRunner(st, job.Options{})
		effects := 0
		effect := func(tx *store.Tx) error {
			_, err := job.Enqueue(tx, "effect", nil)
			return err
		}
		quick.Handle(kind, func(ctx context.Context, j *job.Job) error {
			effects++
			return j.Write(ctx, effect)
		}, job.HandlerOptions{})
		slow.Handle(kind, func(ctx context.Context, j *job.Job) error {
			clock.Add(time.Second)
			for effects == 0 {
				if _, err := quick.Step(bg); err != nil {
					t.Error(err)
				}
			}
			err := j.Write(ctx, effect)
			if !errors.Is(err, store.ErrLeaseLost) {
				t.Errorf("the late one got %v", err)
			}
			return err
		}, job.HandlerOptions{})
		slow.Step(bg)
		stats, err := st.Stats(bg)
		if err != nil || effects != 1 || len(stats.Jobs) != 1 || stats.Jobs[0].Count != 1 {
			t.Errorf("%d effects; jobs %+v, %v", effects, stats.Jobs, err)
		}
	})
}

// start runs r until the returned function is called.
func start(t testing.TB, r *job.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(bg)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestRunWakesForNewAndForDueJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		r := job.NewRunner(st, job.Options{Workers: 2})
		seen := make(chan string)
		r.Handle(kind, func(_ context.Context, j *job.Job) error {
			var s string
			if err := j.Decode(&s); err != nil {
				return err
			}
			seen <- s
			return nil
		}, job.HandlerOptions{})
		defer start(t, r)()
		enqueue(t, st, "now")
		if got := <-seen; got != "now" {
			t.Errorf("got %q", got)
		}
		enqueue(t, st, "soon", job.RunAt(st.Now().Add(50*time.Millisecond)))
		if got := <-seen; got != "soon" {
			t.Errorf("got %q", got)
		}
	})
}

func TestRunReleasesWhatItCannotFinish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		r := job.NewRunner(st, job.Options{Grace: time.Millisecond})
		begun := make(chan struct{})
		r.Handle(kind, func(ctx context.Context, _ *job.Job) error {
			close(begun)
			<-ctx.Done()
			return ctx.Err()
		}, job.HandlerOptions{})
		stop := start(t, r)
		id := enqueue(t, st, "long")
		<-begun
		stop()
		j, err := st.Reader().Job(bg, id)
		if err != nil || j.State != domain.JobReady || j.Attempts != 0 {
			t.Errorf("got %+v, %v", j, err)
		}
	})
}

func TestConcurrencyPerKind(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		r := job.NewRunner(st, job.Options{Workers: 8})
		var now, most, ended atomic.Int64
		done := make(chan struct{})
		const n = 20
		r.Handle(kind, func(context.Context, *job.Job) error {
			if c := now.Add(1); c > most.Load() {
				most.Store(c)
			}
			for range 100 {
				runtime.Gosched()
			}
			now.Add(-1)
			if ended.Add(1) == n {
				close(done)
			}
			return nil
		}, job.HandlerOptions{Concurrency: 2})
		for i := range n {
			enqueue(t, st, i)
		}
		defer start(t, r)()
		<-done
		if most.Load() > 2 {
			t.Errorf("%d at once", most.Load())
		}
	})
}

// Two processes share the work of one PostgreSQL; one dies with jobs in hand.
// Its jobs are done by the other, and none by two at once.
func TestAWorkerThatDiesLosesNothing(t *testing.T) {
	t.Parallel()
	o := dbtest.Postgres(t)
	dying, living := dbtest.Open(t, o), dbtest.Open(t, o)
	const n = 60
	const lease = 300 * time.Millisecond

	var mu sync.Mutex
	done := map[string]int{}
	holds := map[string]time.Time{} // by workers that died: when at the latest they knew
	all := make(chan struct{})
	for i := range n {
		enqueue(t, dying, fmt.Sprint(i))
	}

	// The one that dies leases some and is never heard of again.
	abandoned := 0
	err := dying.Write(bg, func(tx *store.Tx) error {
		jobs, err := tx.ClaimJobs("dead", store.Quota{kind: 7}, 7, lease)
		abandoned = len(jobs)
		for _, j := range jobs {
			holds[j.Payload] = time.Now()
		}
		return err
	})
	if err != nil || abandoned != 7 {
		t.Fatal(abandoned, err)
	}
	runner := func(st *store.Store) *job.Runner {
		r := job.NewRunner(st, job.Options{Workers: 4, Lease: lease})
		r.Handle(kind, func(ctx context.Context, j *job.Job) error {
			mu.Lock()
			defer mu.Unlock()
			if at, ok := holds[j.Payload]; ok && time.Since(at) < lease-20*time.Millisecond {
				t.Errorf("job %s was taken %v into a lease of %v", j.Payload, time.Since(at), lease)
			}
			if done[j.Payload]++; len(done) == n {
				close(all)
			}
			return nil
		}, job.HandlerOptions{})
		return r
	}
	stopOne := start(t, runner(dying))
	stopTwo := start(t, runner(living))
	select {
	case <-all:
	case <-time.After(30 * time.Second):
		t.Error("jobs were lost")
	}
	stopOne()
	stopTwo()
	for p, times := range done {
		if times != 1 {
			t.Errorf("job %s was done %d times", p, times)
		}
	}
	stats, err := living.Stats(bg)
	if err != nil || len(stats.Jobs) != 0 {
		t.Errorf("left: %+v, %v", stats.Jobs, err)
	}
}

func TestOrphansOfAnEarlierProcessRunAtOnce(t *testing.T) {
	t.Parallel()
	o := dbtest.SQLite(t)
	before := dbtest.Open(t, o)
	enqueue(t, before, "orphan")
	err := before.Write(bg, func(tx *store.Tx) error {
		_, err := tx.ClaimJobs(before.ProcessID(), store.Quota{kind: 1}, 1, time.Hour)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before.Close()
	st := dbtest.Open(t, o)
	var got recorder
	r := job.NewRunner(st, job.Options{})
	r.Handle(kind, got.handle, job.HandlerOptions{})
	if err := step(t, r, 1); err != nil {
		t.Error(err)
	}
}

// TestWhatDiesWithItsProcessWaits has five jobs die with three processes:
// then they wait, and come back apart from each other.
func TestWhatDiesWithItsProcessWaits(t *testing.T) {
	t.Parallel()
	o, clock := dbtest.SQLite(t), dbtest.NewClock()
	o.Now = clock.Now
	st := dbtest.Open(t, o)
	for i := range 5 {
		enqueue(t, st, fmt.Sprint(i))
		clock.Add(time.Millisecond)
	}
	// claim is how many jobs the process of st gets.
	claim := func(st *store.Store) (n int) {
		err := st.Write(bg, func(tx *store.Tx) error {
			if err := tx.ReleaseOrphans(); err != nil {
				return err
			}
			jobs, err := tx.ClaimJobs(st.ProcessID(), store.Quota{kind: 10}, 10, time.Hour)
			n = len(jobs)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 3 {
		if n := claim(st); n != 5 {
			t.Fatalf("%d jobs came back at once, want 5", n)
		}
		st.Close()
		st = dbtest.Open(t, o)
	}
	if n := claim(st); n != 0 {
		t.Errorf("%d jobs did not wait", n)
	}
	clock.Add(9 * time.Second)
	all := claim(st)
	if all != 0 {
		t.Errorf("%d jobs waited less than ten seconds", all)
	}
	for range 12 {
		clock.Add(time.Second)
		n := claim(st)
		if all += n; n == 5 {
			t.Error("all came back together")
		}
	}
	if all != 5 {
		t.Errorf("%d of 5 jobs came back", all)
	}
}

func BenchmarkJobs(b *testing.B) {
	for name, options := range map[string]func(testing.TB) store.Options{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			o := options(b)
			o.MaxConns = 16
			st := dbtest.Open(b, o)
			const batch = 1000
			for i := 0; i < b.N; i += batch {
				err := st.Write(bg, func(tx *store.Tx) error {
					for k := i; k < min(b.N, i+batch); k++ {
						if _, err := job.Enqueue(tx, kind, k); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			var ended atomic.Int64
			done := make(chan struct{})
			r := job.NewRunner(st, job.Options{})
			r.Handle(kind, func(context.Context, *job.Job) error {
				if ended.Add(1) == int64(b.N) {
					close(done)
				}
				return nil
			}, job.HandlerOptions{})
			b.ResetTimer()
			stop := start(b, r)
			<-done
			stop()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
		})
	}
}
