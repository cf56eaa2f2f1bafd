package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"coterie/internal/domain"
)

// Tx is a write transaction. It belongs to the function it was given to and
// to one goroutine. The first error of a statement ends it: every later
// statement returns that error, and so does Write.
type Tx struct {
	Reader
	now time.Time
}

// txn is what a Tx and its Reader share.
type txn struct {
	ctx     context.Context // never the caller's
	q       querier
	err     error // the first error of a statement
	drew    bool  // ids were given
	notices []notice
}

func (t *txn) fail(err error) {
	if t.err == nil && err != nil {
		t.err = err
	}
}

// newTx begins a transaction of a caller, whose context it takes nothing of but
// that statements are counted.
func (st *Store) newTx(caller context.Context, q querier) *Tx {
	t := &txn{ctx: counting(context.Background(), caller), q: q}
	return &Tx{Reader: Reader{st: st, t: t}, now: st.Now()}
}

// Now is the time of the transaction, which does not move: UTC, whole
// milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// NewID is an id above every id this process has given.
func (tx *Tx) NewID() domain.ID {
	tx.t.drew = true
	return tx.st.ids.next(tx.now)
}

// NewExactID is NewID for what the API tells as a number, which JavaScript
// reads exactly: notifications (behaviours 2.2).
func (tx *Tx) NewExactID() domain.ID {
	tx.t.drew = true
	return tx.st.ids.nextExact(tx.now)
}

// NewIDAt is an id of the millisecond of t, or of now when t is later: for
// what was made elsewhere, earlier.
func (tx *Tx) NewIDAt(t time.Time) domain.ID {
	tx.t.drew = true
	return idAt(t, tx.now)
}

// exec runs a statement without an answer and returns how many rows it touched.
func (tx *Tx) exec(text string, args ...any) (n int64, err error) {
	if tx.t.err != nil {
		return 0, tx.t.err
	}
	defer func() { tx.t.fail(err) }()
	count(tx.t.ctx)
	clean, err := tx.st.engine.args(args)
	if err != nil {
		return 0, translate(err)
	}
	res, err := tx.t.q.ExecContext(tx.t.ctx, text, clean...)
	if err != nil {
		return 0, translate(err)
	}
	n, err = res.RowsAffected()
	return n, translate(err)
}

// must is exec for statements that have to touch a row: none is
// domain.ErrNotFound, and the transaction goes on.
func (tx *Tx) must(text string, args ...any) error {
	n, err := tx.exec(text, args...)
	if err == nil && n == 0 {
		return domain.ErrNotFound
	}
	return err
}

// Notify tells everyone who listens to topic, in every process, after the
// commit. It may get lost: what has to happen is a job.
func (tx *Tx) Notify(topic, payload string) {
	n := notice{Topic: topic, Payload: payload}
	for _, m := range tx.t.notices {
		if m == n {
			return
		}
	}
	tx.t.notices = append(tx.t.notices, n)
}

// Publish has the reference travel after the commit.
func (tx *Tx) Publish(ref domain.Ref) error {
	b, err := json.Marshal(ref)
	if err != nil {
		return fmt.Errorf("write the reference of %s: %w", ref.Event, err)
	}
	tx.Notify(domain.TopicRefs, string(b))
	return nil
}

// run calls fn. A panic becomes an Internal error, and an error that a
// statement met is returned even if fn did not.
func (tx *Tx) run(fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			tx.st.log.Error("panic in a write", "panic", p, "stack", string(debug.Stack()))
			err = &domain.Error{Kind: domain.Internal, Op: "store.Write", Msg: "Something went wrong", Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.t.err
}

// mayRedraw tells whether running fn again can help: an id drawn here was
// taken, most likely by another process.
func (tx *Tx) mayRedraw(err error) bool {
	return tx.t.drew && troubleOf(err) == primaryKeyTaken
}

// maxTries is how often fn runs at most.
const maxTries = 5

// Write runs fn in a transaction and returns after its commit. If fn or one
// of its statements fails, nothing of it remains. fn may run several times,
// so it has no effect outside the Tx: no network, no waiting, no channel.
//
// ctx counts until fn's turn comes. A caller whose ctx ends later gets an
// Unavailable error, but the write stands.
func (st *Store) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if st.closed.Load() {
		return errClosed
	}
	var tx *Tx
	var err error
	if st.engine == Postgres {
		tx, err = st.writePostgres(ctx, fn)
	} else {
		tx, err = st.writer.write(ctx, fn)
	}
	if err != nil {
		return translate(err)
	}
	if st.engine == Postgres {
		st.rememberIDs(tx)
	}
	if len(tx.t.notices) > 0 {
		st.notifier.send(tx.t.notices)
	}
	return nil
}

func (st *Store) writePostgres(ctx context.Context, fn func(tx *Tx) error) (*Tx, error) {
	for try := 1; ; try++ {
		tx, err := st.tryPostgres(ctx, fn)
		if err == nil {
			return tx, nil
		}
		again := troubleOf(err) == lostRace || tx != nil && tx.mayRedraw(err)
		if !again || try == maxTries {
			return nil, err
		}
		select {
		case <-time.After(time.Duration(try*try) * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (st *Store) tryPostgres(ctx context.Context, fn func(tx *Tx) error) (*Tx, error) {
	conn, err := st.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	t, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return nil, err
	}
	finished := false
	// Deferred, so that a test that ends inside fn gives its connection back.
	defer func() {
		if !finished {
			t.Rollback()
		}
	}()
	tx := st.newTx(ctx, t)
	if err := tx.run(fn); err != nil {
		return tx, err
	}
	finished = true
	if err := t.Commit(); err != nil {
		return tx, errors.Join(errors.New("commit"), err)
	}
	return tx, nil
}

// ctx is the transaction's own context, for reads inside of it.
func (tx *Tx) ctx() context.Context { return tx.t.ctx }
