package job

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Backoff is the usual wait after the n-th failed attempt: 15 seconds, doubled
// each time up to 12 hours, and up to a quarter more or less, so that what
// failed together does not come back together.
func Backoff(n int) time.Duration {
	const first, longest = 15 * time.Second, 12 * time.Hour
	d := longest
	if n < 13 {
		d = min(first<<max(n-1, 0), longest)
	}
	return d*3/4 + time.Duration(rand.Int64N(int64(d/2)))
}

// attempt runs a leased job once, writes what came of it and returns the
// handler's error.
func (r *Runner) attempt(ctx context.Context, row domain.Job) error {
	h := r.handlers[row.Kind]
	j := &Job{Job: row, st: r.st, every: h.Every}
	limit := h.MaxAttempts
	if j.MaxAttempts > 0 {
		limit = j.MaxAttempts
	}
	var err error
	if j.Attempts > limit {
		// Each attempt ended with its process.
		err = Permanent(errors.New("every attempt was cut short"))
	} else {
		timed, cancel := context.WithTimeoutCause(ctx, h.Timeout, errTimeout)
		err = call(timed, h.run, j)
		if err != nil && context.Cause(timed) == errTimeout {
			err = fmt.Errorf("%w: %w", errTimeout, err)
		}
		cancel()
	}
	if err != nil {
		r.o.Log.Warn("job failed", "kind", j.Kind, "job", j.ID.String(), "attempt", j.Attempts, "error", err)
	}
	if j.finished {
		return err
	}
	if serr := r.settle(ctx, j, h, limit, err); serr != nil {
		// The lease ends by itself, and the job is claimed again.
		r.o.Log.Warn("the end of a job could not be written", "kind", j.Kind, "job", j.ID.String(), "error", serr)
	}
	return err
}

// call runs the handler; a panic is an error.
func call(ctx context.Context, run Handler, j *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return run(ctx, j)
}

// maxErrorText bounds the error kept with a job, in bytes.
const maxErrorText = 2000

// settle writes what came of an attempt. The token guards each outcome.
func (r *Runner) settle(ctx context.Context, j *Job, h handler, limit int, err error) error {
	cause := context.Cause(ctx)
	return r.st.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		var later laterError
		switch {
		case err == nil:
			return j.finish(tx)
		case cause == errStopping:
			return tx.ReleaseJob(j.ID, j.Token)
		case isPermanent(err) || j.Attempts >= limit:
			if err := tx.SetJobAside(j.ID, j.Token, errorText(err)); err != nil {
				return err
			}
			return j.enqueueNext(tx)
		case errors.As(err, &later):
			return tx.RetryJobAt(j.ID, j.Token, later.at, errorText(err))
		default:
			return tx.RetryJobAt(j.ID, j.Token, tx.Now().Add(h.Backoff(j.Attempts)), errorText(err))
		}
	})
}

// errorText is err as text the store takes.
func errorText(err error) string {
	s := []rune(err.Error())
	out := make([]byte, 0, min(len(s), maxErrorText))
	for _, c := range s {
		if len(out) >= maxErrorText {
			break
		}
		if c != 0 {
			out = append(out, string(c)...)
		}
	}
	return string(out)
}

// stepBatch is how many jobs Step claims at once.
const stepBatch = 16

// Step runs everything that is due by the store's clock, one job after the
// other, and what becomes due by that, then returns how many attempts it
// made. err joins the errors of handlers and of the store. It is for tests
// and for commands; not while Run runs.
func (r *Runner) Step(ctx context.Context) (ran int, err error) {
	if err := r.prepare(ctx); err != nil {
		return 0, err
	}
	quota := make(store.Quota, len(r.handlers))
	for kind := range r.handlers {
		quota[kind] = stepBatch
	}
	for ctx.Err() == nil {
		jobs, cerr := r.claim(ctx, quota, stepBatch)
		if cerr != nil {
			return ran, errors.Join(err, cerr)
		}
		if len(jobs) == 0 {
			return ran, err
		}
		for _, j := range jobs {
			ran++
			if aerr := r.attempt(ctx, j); aerr != nil {
				err = errors.Join(err, fmt.Errorf("job %s: %w", j.Kind, aerr))
			}
		}
	}
	return ran, errors.Join(err, ctx.Err())
}

// ListSetAside lists up to limit jobs that failed for good, newest first, with ids
// below before.
func (r *Runner) ListSetAside(ctx context.Context, before domain.ID, limit int) ([]domain.Job, error) {
	return r.st.Reader().JobsSetAside(ctx, before, limit)
}

// Retry makes a job that was set aside ready again, with all its attempts.
func (r *Runner) Retry(ctx context.Context, id domain.ID) error {
	return r.st.Write(ctx, func(tx *store.Tx) error { return tx.RetrySetAside(id) })
}
