package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"coterie/internal/domain"
)

// TopicJobs hears when there may be work.
const TopicJobs = "jobs"

const jobColumns = `id, kind, payload, priority, run_at, unique_key, attempts, max_attempts, state, token, last_error, created_at`

func scanJob(w row) (domain.Job, error) {
	var j domain.Job
	err := w.Scan(&j.ID, &j.Kind, &j.Payload, &j.Priority, &j.RunAt, &j.UniqueKey, &j.Attempts, &j.MaxAttempts,
		&j.State, &j.Token, &j.LastError, &j.CreatedAt)
	return j, err
}

// Enqueue stores j, which becomes ready with this transaction. Kind, Payload,
// Priority, RunAt, UniqueKey and MaxAttempts count. When a ready job of the
// kind has the same UniqueKey, that one stays, and runs at the earlier of the
// two times. The id is that of the job that will run.
func (tx *Tx) Enqueue(j domain.Job) (domain.ID, error) {
	if j.Payload == "" {
		j.Payload = "null"
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.now
	}
	id, err := one(tx.ctx(), tx.Reader, column[domain.ID], `
		INSERT INTO jobs (id, kind, payload, priority, run_at, unique_key, max_attempts, state, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', $8)
		ON CONFLICT (kind, unique_key) WHERE state = 'ready' DO UPDATE SET
			run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END
		RETURNING id`,
		tx.NewID(), j.Kind, j.Payload, j.Priority, j.RunAt, nullText(j.UniqueKey), j.MaxAttempts, tx.now)
	if err != nil {
		return 0, fmt.Errorf("enqueue %s: %w", j.Kind, err)
	}
	tx.Notify(TopicJobs, "")
	return id, nil
}

// Emit stores an event: a job of kind fan-out that goes first.
func (tx *Tx) Emit(event any) error {
	b, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("emit: %w", err)
	}
	_, err = tx.Enqueue(domain.Job{Kind: domain.JobFanout, Payload: string(b), Priority: domain.PriorityHigh})
	return err
}

// leaseClock is the time in milliseconds by which leases run: that of the
// database, which processes on several machines share. A SQLite file has one
// process, and so our clock.
func (tx *Tx) leaseClock() (int64, error) {
	if tx.st.engine == SQLite {
		return tx.now.UnixMilli(), nil
	}
	return one(tx.ctx(), tx.Reader, column[int64], `SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint`)
}

// Quota is how many jobs of each kind may be claimed.
type Quota map[domain.JobKind]int

// head is the first of the ready jobs of one kind and priority.
type head struct {
	kind     domain.JobKind
	priority domain.JobPriority
	runAt    time.Time
}

// readyHeads are the first jobs of every kind and priority that has ready
// ones, the most urgent first. It leaps from kind to kind in the index, so that
// it costs the same however many wait.
func (r Reader) readyHeads(ctx context.Context) ([]head, error) {
	scan := func(w row) (head, error) {
		var h head
		return h, w.Scan((*string)(&h.kind), &h.priority, &h.runAt)
	}
	return all(ctx, r, scan, `
		WITH RECURSIVE kinds (kind) AS (
			SELECT MIN(kind) FROM jobs WHERE state = 'ready'
			UNION ALL
			SELECT (SELECT MIN(j.kind) FROM jobs j WHERE j.state = 'ready' AND j.kind > kinds.kind) FROM kinds WHERE kinds.kind IS NOT NULL
		), heads AS (
			SELECT k.kind, p.priority, (SELECT MIN(j.run_at) FROM jobs j
				WHERE j.state = 'ready' AND j.kind = k.kind AND j.priority = p.priority) AS run_at
			FROM kinds k, (SELECT 1 AS priority UNION ALL SELECT 0 UNION ALL SELECT -1) p WHERE k.kind IS NOT NULL
		)
		SELECT kind, priority, run_at FROM heads WHERE run_at IS NOT NULL ORDER BY priority DESC, run_at`)
}

// ClaimJobs leases up to limit jobs that are due, or whose lease ran out, to
// owner, of each kind as many as the quota says; those of the highest priority
// first.
func (tx *Tx) ClaimJobs(owner string, quota Quota, limit int, lease time.Duration) ([]domain.Job, error) {
	now, err := tx.leaseClock()
	if err != nil {
		return nil, err
	}
	until := now + lease.Milliseconds()
	var out []domain.Job
	taken := Quota{}
	claim := func(kind domain.JobKind, state, where, order string, by ...any) error {
		n := min(quota[kind]-taken[kind], limit-len(out))
		if n <= 0 {
			return nil
		}
		// Materialised, or PostgreSQL may choose again for every row, past the
		// limit. The outer WHERE repeats only the state, or SQLite walks all.
		got, err := all(tx.ctx(), tx.Reader, scanJob, `
			WITH due AS MATERIALIZED (
				SELECT id FROM jobs WHERE `+state+` AND kind = $1 AND `+where+` ORDER BY `+order+` LIMIT $4`+tx.pick(``, ` FOR UPDATE SKIP LOCKED`)+`)
			UPDATE jobs SET state = 'running', owner = $5, lease_until = $6, token = token + 1, attempts = attempts + 1
			WHERE id IN (SELECT id FROM due) AND `+state+` RETURNING `+jobColumns,
			append(append([]any{kind}, by...), n, owner, until)...)
		if err != nil {
			return fmt.Errorf("claim jobs: %w", err)
		}
		slices.SortFunc(got, func(a, b domain.Job) int {
			return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID))
		})
		taken[kind] += len(got)
		out = append(out, got...)
		return nil
	}
	lost, err := all(tx.ctx(), tx.Reader, column[string], `SELECT DISTINCT kind FROM jobs WHERE state = 'running' AND lease_until < $1`, now)
	if err != nil {
		return nil, fmt.Errorf("look for jobs whose lease ran out: %w", err)
	}
	for _, kind := range lost {
		if err := claim(domain.JobKind(kind), `state = 'running'`, `priority >= $2 AND lease_until < $3`, `lease_until`, domain.PriorityLow, now); err != nil {
			return nil, err
		}
	}
	heads, err := tx.readyHeads(tx.ctx())
	if err != nil {
		return nil, fmt.Errorf("look for jobs that are due: %w", err)
	}
	for _, h := range heads {
		if h.runAt.After(tx.now) {
			continue
		}
		if err := claim(h.kind, `state = 'ready'`, `priority = $2 AND run_at <= $3`, `run_at, id`, h.priority, tx.now.UnixMilli()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// RenewJobs keeps owner's leases and returns the tokens of the jobs it still
// holds, by id. What is missing was lost to somebody else.
func (tx *Tx) RenewJobs(owner string, ids []domain.ID, lease time.Duration) (map[domain.ID]int64, error) {
	now, err := tx.leaseClock()
	if err != nil {
		return nil, err
	}
	held, err := all(tx.ctx(), tx.Reader, scanJob, `
		UPDATE jobs SET lease_until = $1 WHERE id`+tx.in(2)+` AND state = 'running' AND owner = $3 RETURNING `+jobColumns,
		now+lease.Milliseconds(), ids, owner)
	if err != nil {
		return nil, fmt.Errorf("renew jobs: %w", err)
	}
	out := make(map[domain.ID]int64, len(held))
	for _, j := range held {
		out[j.ID] = j.Token
	}
	return out, nil
}

// ErrLeaseLost is for who finishes a job that somebody else has claimed since.
var ErrLeaseLost = domain.Errorf(domain.Conflict, "The job belongs to another worker now")

func held(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrLeaseLost
	}
	return err
}

// FinishJob removes a running job. ErrLeaseLost means the holder of token is
// no longer the one; the caller's transaction must then fail.
func (tx *Tx) FinishJob(id domain.ID, token int64) error {
	return held(tx.exec(`DELETE FROM jobs WHERE id = $1 AND token = $2 AND state = 'running'`, id, token))
}

// HoldJob keeps a running job from anybody else until this transaction ends.
// ErrLeaseLost means that somebody else has it already.
func (tx *Tx) HoldJob(id domain.ID, token int64) error {
	return held(tx.exec(`UPDATE jobs SET token = token WHERE id = $1 AND token = $2 AND state = 'running'`, id, token))
}

// RetryJobAt makes a running job ready again at a later time. Where a ready
// job has its unique key by now, that one does the work.
func (tx *Tx) RetryJobAt(id domain.ID, token int64, at time.Time, lastError string) error {
	if gone, err := tx.yieldToTwin(id, token); gone || err != nil {
		return err
	}
	defer tx.Notify(TopicJobs, "")
	return held(tx.exec(`
		UPDATE jobs SET state = 'ready', owner = '', lease_until = NULL, run_at = $1, last_error = $2
		WHERE id = $3 AND token = $4 AND state = 'running'`, at, lastError, id, token))
}

// ReleaseJob gives a running job back as if it had not been claimed.
func (tx *Tx) ReleaseJob(id domain.ID, token int64) error {
	if gone, err := tx.yieldToTwin(id, token); gone || err != nil {
		return err
	}
	defer tx.Notify(TopicJobs, "")
	return held(tx.exec(`
		UPDATE jobs SET state = 'ready', owner = '', lease_until = NULL, attempts = attempts - 1
		WHERE id = $1 AND token = $2 AND state = 'running'`, id, token))
}

// yieldToTwin removes the job if a ready one has its unique key.
func (tx *Tx) yieldToTwin(id domain.ID, token int64) (bool, error) {
	n, err := tx.exec(`
		DELETE FROM jobs WHERE id = $1 AND token = $2 AND state <> 'ready' AND unique_key IS NOT NULL AND EXISTS (
			SELECT 1 FROM jobs AS twin WHERE twin.kind = jobs.kind AND twin.unique_key = jobs.unique_key AND twin.state = 'ready')`,
		id, token)
	return n > 0, err
}

// SetJobAside keeps a running job that failed for good, for a person to see.
func (tx *Tx) SetJobAside(id domain.ID, token int64, lastError string) error {
	return held(tx.exec(`
		UPDATE jobs SET state = 'aside', owner = '', lease_until = NULL, last_error = $1
		WHERE id = $2 AND token = $3 AND state = 'running'`, lastError, id, token))
}

// RetrySetAside makes a job that was set aside ready, with all its attempts.
func (tx *Tx) RetrySetAside(id domain.ID) error {
	j, err := tx.Job(tx.ctx(), id)
	if err != nil {
		return err
	}
	if j.State != domain.JobSetAside {
		return domain.Errorf(domain.Conflict, "The job is not set aside")
	}
	if gone, err := tx.yieldToTwin(id, j.Token); gone || err != nil {
		return err
	}
	tx.Notify(TopicJobs, "")
	return tx.must(`UPDATE jobs SET state = 'ready', attempts = 0, run_at = $1 WHERE id = $2 AND state = 'aside'`, tx.now, id)
}

// ReleaseOrphans gives back what earlier processes held of a SQLite file, which
// has one process at a time: jobs, and hosts that were delivered to. Elsewhere
// leases run out. A job that died with its process more than twice may be what
// kills it: it waits, longer each time and apart from others of its sort, so
// that those get done in between.
func (tx *Tx) ReleaseOrphans() error {
	if tx.st.engine != SQLite {
		return nil
	}
	_, err := tx.exec(`
		UPDATE jobs SET owner = $1, lease_until = CASE WHEN attempts > 2 THEN $2 + (attempts - 2) * 10000 + id % 10007 ELSE 0 END
		WHERE state = 'running' AND owner NOT LIKE $3`, tx.st.process+"/orphans", tx.now.UnixMilli(), tx.st.process+"%")
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE hosts SET owner = '', lease_until = NULL WHERE lease_until IS NOT NULL AND owner NOT LIKE $1`, tx.st.process+"%")
	return err
}

// Job is the unfinished job with this id.
func (r Reader) Job(ctx context.Context, id domain.ID) (domain.Job, error) {
	return one(ctx, r, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE id = $1`, id)
}

// JobActive reports whether a job of the kind with that unique key waits or runs.
func (r Reader) JobActive(ctx context.Context, kind domain.JobKind, key string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM jobs WHERE kind = $1 AND unique_key = $2 AND state = 'ready'
		UNION ALL SELECT 1 FROM jobs WHERE kind = $1 AND unique_key = $2 AND state = 'running'`, kind, key)
}

// JobsSetAside lists up to limit jobs that failed for good, newest first,
// with ids below before.
func (r Reader) JobsSetAside(ctx context.Context, before domain.ID, limit int) ([]domain.Job, error) {
	return all(ctx, r, scanJob, `
		SELECT `+jobColumns+` FROM jobs WHERE state = 'aside' AND id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// NextJobIn is how long until a job of the kinds is due or a lease may have
// run out. False means there is nothing to wait for.
func (r Reader) NextJobIn(ctx context.Context, kinds []domain.JobKind) (time.Duration, bool, error) {
	heads, err := r.readyHeads(ctx)
	if err != nil {
		return 0, false, err
	}
	leased, err := all(ctx, r, column[int64], `
		SELECT lease_until - `+r.pick(`$1`, `GREATEST($1, (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint)`)+`
		FROM jobs WHERE state = 'running' AND kind`+r.inText(2)+` ORDER BY lease_until LIMIT 1`, r.leaseFloor(), kinds)
	if err != nil {
		return 0, false, err
	}
	wait, found := time.Duration(0), false
	for _, h := range heads {
		if left := h.runAt.Sub(r.st.Now()); slices.Contains(kinds, h.kind) && (!found || left < wait) {
			wait, found = left, true
		}
	}
	if len(leased) > 0 {
		// A millisecond more, since a lease counts up to its last.
		if left := time.Duration(leased[0]+1) * time.Millisecond; !found || left < wait {
			wait, found = left, true
		}
	}
	return max(wait, 0), found, nil
}

// leaseFloor is our clock where leases run by it, else 0.
func (r Reader) leaseFloor() int64 {
	if r.st.engine == SQLite {
		return r.st.Now().UnixMilli()
	}
	return 0
}

// JobCount is how many jobs of a kind are in a state.
type JobCount struct {
	Kind  domain.JobKind
	State domain.JobState
	Count int
	// Oldest is when the first of them was or is due.
	Oldest time.Time
}

// Stats are figures for the dashboard and for metrics.
type Stats struct {
	Jobs []JobCount
	// Writes were committed in so many Groups since the start (SQLite).
	Writes, Groups int64
}

// Stats counts the jobs by kind and state.
func (st *Store) Stats(ctx context.Context) (Stats, error) {
	jobs, err := all(ctx, st.Reader(), func(w row) (JobCount, error) {
		var c JobCount
		err := w.Scan(&c.Kind, &c.State, &c.Count, &c.Oldest)
		return c, err
	}, `SELECT kind, state, COUNT(*), MIN(run_at) FROM jobs GROUP BY kind, state ORDER BY kind, state`)
	s := Stats{Jobs: jobs}
	if st.writer != nil {
		s.Writes, s.Groups = st.writer.writes.Load(), st.writer.groups.Load()
	}
	return s, err
}
