// Package job is durable work: rows written in the transaction they follow
// from, run after its commit by workers that lease them, tried again when they
// fail, kept for a person when they keep failing. It knows kinds, not what
// they mean; handlers are registered by those who do. Level 4 and up may
// import it. A Runner is safe for concurrent use once it runs; several, in
// several processes on one PostgreSQL, share the work, and no job is done by
// two at once as long as their leases hold.
//
// A job may run more than once: when a process dies between its effect and
// its end. A handler whose effect is in the database ends the job in the same
// transaction, with Job.Write, and so has it exactly once.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Option says how a job is to run.
type Option func(*domain.Job)

// RunAt keeps the job from running before t.
func RunAt(t time.Time) Option { return func(j *domain.Job) { j.RunAt = t } }

// Unique lets one job of the kind with this key wait at a time. While one
// waits, enqueueing keeps its payload and the earlier of the two times.
func Unique(key string) Option { return func(j *domain.Job) { j.UniqueKey = key } }

// Priority puts the job before or after others that are due.
func Priority(p domain.JobPriority) Option { return func(j *domain.Job) { j.Priority = p } }

// MaxAttempts overrides the handler's number of attempts.
func MaxAttempts(n int) Option { return func(j *domain.Job) { j.MaxAttempts = n } }

// Enqueue writes a job whose payload is v in JSON. It runs soon after the
// commit of tx, and never without it.
func Enqueue(tx *store.Tx, kind domain.JobKind, v any, options ...Option) (domain.ID, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return 0, fmt.Errorf("enqueue %s: %w", kind, err)
	}
	j := domain.Job{Kind: kind, Payload: string(b)}
	for _, o := range options {
		o(&j)
	}
	return tx.Enqueue(j)
}

// Handler does a job. nil ends it, an error or a panic has it tried again
// later. ctx ends with the handler's timeout, with the lease, or when the
// process stops.
type Handler func(ctx context.Context, j *Job) error

// Job is a job in a handler's hands.
type Job struct {
	domain.Job
	st       *store.Store
	every    time.Duration
	finished bool
}

// Decode reads the payload into v. An error is Permanent.
func (j *Job) Decode(v any) error {
	if err := json.Unmarshal([]byte(j.Payload), v); err != nil {
		return Permanent(fmt.Errorf("payload of %s: %w", j.Kind, err))
	}
	return nil
}

// Write runs fn and ends the job in one transaction, so that the effect
// happens exactly once. It fails with store.ErrLeaseLost, and without an
// effect, when another worker has the job by now. After success the handler
// returns nil.
func (j *Job) Write(ctx context.Context, fn func(tx *store.Tx) error) error {
	err := j.st.Write(ctx, func(tx *store.Tx) error {
		// First, since on PostgreSQL this takes the row from other workers.
		if err := j.finish(tx); err != nil {
			return err
		}
		return fn(tx)
	})
	j.finished = j.finished || err == nil
	return err
}

// Finished reports whether Write has ended the job.
func (j *Job) Finished() bool { return j.finished }

// Part runs fn in a transaction that does not end the job, for work that
// would keep other writes waiting in one piece. It fails like Write when
// another worker has the job; fn finds what an earlier attempt has done.
func (j *Job) Part(ctx context.Context, fn func(tx *store.Tx) error) error {
	return j.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.HoldJob(j.ID, j.Token); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (j *Job) finish(tx *store.Tx) error {
	if err := tx.FinishJob(j.ID, j.Token); err != nil {
		return err
	}
	return j.enqueueNext(tx)
}

// enqueueNext keeps a periodic job going.
func (j *Job) enqueueNext(tx *store.Tx) error {
	if j.every == 0 {
		return nil
	}
	return enqueuePeriodic(tx, j.Kind, j.every)
}

func enqueuePeriodic(tx *store.Tx, kind domain.JobKind, every time.Duration) error {
	_, err := tx.Enqueue(domain.Job{
		Kind: kind, Priority: domain.PriorityLow, UniqueKey: "periodic", RunAt: tx.Now().Add(every),
	})
	return err
}

type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

// Permanent marks an error that no further attempt can mend: the job is set
// aside at once.
func Permanent(err error) error { return permanentError{err} }

type laterError struct {
	error
	at time.Time
}

func (e laterError) Unwrap() error { return e.error }

// Later has the job tried again at a time of the handler's choice, such as
// the one a peer asked for. It counts as an attempt.
func Later(at time.Time, err error) error { return laterError{err, at} }

func isPermanent(err error) bool {
	var p permanentError
	return errors.As(err, &p)
}
