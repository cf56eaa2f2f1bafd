package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Options are a runner's; zero values are sensible.
type Options struct {
	// Workers is how many jobs run at once.
	Workers int
	// Lease is how long a job stays with a worker that gives no sign of life.
	Lease time.Duration
	// Grace is how long running jobs may go on when the runner stops.
	Grace time.Duration
	Log   *slog.Logger
}

// HandlerOptions are those of one kind of job; zero values are sensible.
type HandlerOptions struct {
	MaxAttempts int           // then it is set aside
	Timeout     time.Duration // of one attempt
	Concurrency int           // at once in this process
	// Every makes the kind periodic: there is always one, run this long after
	// the last ended.
	Every time.Duration
	// Backoff is the wait after the n-th failed attempt, from 1.
	Backoff func(n int) time.Duration
}

type handler struct {
	run Handler
	HandlerOptions
}

// Runner leases jobs and runs their handlers.
type Runner struct {
	st       *store.Store
	o        Options
	owner    string
	handlers map[domain.JobKind]handler
	wake     chan struct{}

	mu      sync.Mutex
	running map[domain.ID]*run
	perKind map[domain.JobKind]int
	workers sync.WaitGroup
}

// usualConcurrency is how many jobs of a kind run at once where its handler
// does not say.
const usualConcurrency = 32

// run is a leased job.
type run struct {
	token int64
	lose  context.CancelCauseFunc
}

var (
	errStopping = errors.New("the process is stopping")
	errTimeout  = errors.New("the job took too long")
)

// NewRunner makes a runner without handlers.
func NewRunner(st *store.Store, o Options) *Runner {
	if o.Workers == 0 {
		o.Workers = 32
	}
	if o.Lease == 0 {
		o.Lease = 30 * time.Second
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{
		st:       st,
		o:        o,
		owner:    st.ProcessID() + "/" + rand.Text()[:6],
		handlers: map[domain.JobKind]handler{},
		wake:     make(chan struct{}, 1),
		running:  map[domain.ID]*run{},
		perKind:  map[domain.JobKind]int{},
	}
}

// Handle sets the handler of a kind, before Run or Step. Jobs of kinds
// without one are left alone.
func (r *Runner) Handle(kind domain.JobKind, run Handler, o HandlerOptions) {
	if o.MaxAttempts == 0 {
		o.MaxAttempts = 10
	}
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Minute
	}
	if o.Concurrency == 0 {
		o.Concurrency = usualConcurrency
	}
	o.Concurrency = min(o.Concurrency, r.o.Workers)
	if o.Backoff == nil {
		o.Backoff = Backoff
	}
	r.handlers[kind] = handler{run, o}
}

// Run works until ctx ends, then lets running jobs go on for the grace, takes
// them back after it, and returns. It fails only if it cannot begin.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return fmt.Errorf("start the job runner: %w", err)
	}
	stopListening := r.st.Listen(store.TopicJobs, func(store.Notice) { r.poke() })
	defer stopListening()
	work, stopWork := context.WithCancelCause(context.WithoutCancel(ctx))
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		r.renew(work)
	}()
	r.dispatch(ctx, work)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		r.workers.Wait()
	}()
	select {
	case <-finished:
	case <-time.After(r.o.Grace):
	}
	stopWork(errStopping)
	<-finished
	<-renewed
	return nil
}

// prepare takes over from a process that died and keeps periodic jobs going.
func (r *Runner) prepare(ctx context.Context) error {
	return r.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ReleaseOrphans(); err != nil {
			return err
		}
		for kind, h := range r.handlers {
			if h.Every > 0 {
				if err := enqueuePeriodic(tx, kind, h.Every); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (r *Runner) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// dispatch claims jobs and starts them until ctx ends; they run under work.
func (r *Runner) dispatch(ctx, work context.Context) {
	for ctx.Err() == nil {
		n, err := r.startDue(work)
		if err != nil {
			r.o.Log.Error("claim jobs", "error", err)
		}
		if n > 0 {
			continue
		}
		var timer <-chan time.Time
		if d, found := r.nextIn(ctx, err != nil); found {
			timer = time.After(d)
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-timer:
		}
	}
}

const (
	afterError = time.Second
	// sweep is how often several processes look for work nobody told them of.
	sweep = time.Minute
)

// nextIn is how long to wait without being woken; false is for ever.
func (r *Runner) nextIn(ctx context.Context, failed bool) (time.Duration, bool) {
	if failed {
		return afterError, true
	}
	kinds := slices.Collect(maps.Keys(r.quota()))
	if len(kinds) == 0 {
		return 0, false // the next job to end wakes us
	}
	d, found, err := r.st.Reader().NextJobIn(ctx, kinds)
	if err != nil {
		return afterError, true
	}
	if r.st.Engine() == store.Postgres && (!found || d > sweep) {
		return sweep, true
	}
	return d, found
}

// quota divides the free workers among the kinds; nil if there are none.
func (r *Runner) quota() store.Quota {
	r.mu.Lock()
	defer r.mu.Unlock()
	free := r.o.Workers - len(r.running)
	if free <= 0 {
		return nil
	}
	out := store.Quota{}
	for kind, h := range r.handlers {
		if n := min(h.Concurrency-r.perKind[kind], free); n > 0 {
			out[kind] = n
		}
	}
	return out
}

// startDue claims what is due and there are workers for, and starts it.
func (r *Runner) startDue(work context.Context) (int, error) {
	quota := r.quota()
	if len(quota) == 0 {
		return 0, nil
	}
	jobs, err := r.claim(work, quota, r.o.Workers-r.busy())
	if err != nil {
		return 0, err
	}
	for _, j := range jobs {
		ctx, lose := context.WithCancelCause(work)
		r.mu.Lock()
		r.running[j.ID] = &run{token: j.Token, lose: lose}
		r.perKind[j.Kind]++
		r.mu.Unlock()
		r.workers.Go(func() {
			defer lose(nil)
			defer r.ended(j)
			r.attempt(ctx, j)
		})
	}
	return len(jobs), nil
}

func (r *Runner) busy() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.running)
}

func (r *Runner) ended(j domain.Job) {
	r.mu.Lock()
	if now := r.running[j.ID]; now != nil && now.token == j.Token {
		delete(r.running, j.ID)
	}
	r.perKind[j.Kind]--
	r.mu.Unlock()
	r.poke()
}

// claim leases jobs. It does not heed the end of ctx, since a claim nobody
// hears of would hold its jobs until the lease ends.
func (r *Runner) claim(ctx context.Context, quota store.Quota, limit int) (jobs []domain.Job, err error) {
	err = r.st.Write(context.WithoutCancel(ctx), func(tx *store.Tx) (err error) {
		jobs, err = tx.ClaimJobs(r.owner, quota, limit, r.o.Lease)
		return err
	})
	return jobs, err
}

// renew keeps the leases of running jobs and ends the context of those that
// were lost.
func (r *Runner) renew(work context.Context) {
	tick := time.NewTicker(r.o.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-work.Done():
			return
		case <-tick.C:
		}
		held := r.snapshot()
		if len(held) == 0 {
			continue
		}
		ids := make([]domain.ID, 0, len(held))
		for id := range held {
			ids = append(ids, id)
		}
		var tokens map[domain.ID]int64
		err := r.st.Write(work, func(tx *store.Tx) (err error) {
			tokens, err = tx.RenewJobs(r.owner, ids, r.o.Lease)
			return err
		})
		if err != nil {
			r.o.Log.Warn("renew job leases", "error", err)
			continue
		}
		for id, h := range held {
			if tokens[id] != h.token {
				h.lose(store.ErrLeaseLost)
			}
		}
	}
}

func (r *Runner) snapshot() map[domain.ID]*run {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := make(map[domain.ID]*run, len(r.running))
	for id, h := range r.running {
		held[id] = h
	}
	return held
}
