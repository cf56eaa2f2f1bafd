package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"coterie/internal/domain"
)

const (
	maxGroup   = 256              // writes in one SQLite transaction
	idleBefore = 10 * time.Second // of quiet before the log is written back
)

// errNotDone is for a write whose transaction was lost through no fault of
// its own.
var errNotDone = domain.Errorf(domain.Unavailable, "The change was not saved, please try again")

var errClosed = domain.Errorf(domain.Unavailable, "The server is shutting down")

// writer is the one writer of a SQLite database. It puts waiting writes into
// one transaction with a savepoint each, because the sync to disk at the end
// costs far more than the writes.
type writer struct {
	st      *Store
	conn    *sql.Conn
	q       *prepared
	waiting chan *write
	quit    chan struct{}
	stopped chan struct{}
	open    []*write // taken and not answered

	writes, groups atomic.Int64 // answered so far
}

// write is one call of Store.Write.
type write struct {
	ctx    context.Context
	fn     func(*Tx) error
	looked bool // at ctx
	tx     *Tx
	err    error
	done   chan struct{} // closed when tx and err are final
}

func newWriter(ctx context.Context, st *Store) (*writer, error) {
	w := &writer{
		st:      st,
		waiting: make(chan *write, maxGroup),
		quit:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	if err := w.connect(ctx); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		w.q.close()
		w.conn.Close()
	}
	conn, err := w.st.writeDB.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn, w.q = conn, newPrepared(conn)
	return nil
}

// write queues fn and waits for its commit.
func (w *writer) write(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	q := &write{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case <-w.quit:
		return nil, errClosed
	default:
	}
	select {
	case w.waiting <- q:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.quit:
		return nil, errClosed
	}
	select {
	case <-q.done:
		return q.tx, q.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.stopped:
		// It came in while the writer stopped, or was answered just then.
		select {
		case <-q.done:
			return q.tx, q.err
		default:
			return nil, errClosed
		}
	}
}

func (w *writer) close() error {
	close(w.quit)
	<-w.stopped
	w.checkpoint("TRUNCATE")
	w.q.close()
	return w.conn.Close()
}

func (w *writer) run() {
	ended := false
	defer func() {
		if ended {
			close(w.stopped)
			return
		}
		// fn ended its goroutine, as t.FailNow does in tests.
		w.exec("ROLLBACK")
		for _, q := range w.open {
			q.err = errNotDone
		}
		w.answer()
		go w.run()
	}()
	idle := time.NewTimer(idleBefore)
	dirty := false
	for {
		select {
		case q := <-w.waiting:
			w.group(q)
			dirty = true
			idle.Reset(idleBefore)
		case <-idle.C:
			if dirty {
				w.checkpoint("PASSIVE")
				dirty = false
			}
		case <-w.quit:
			for {
				select {
				case q := <-w.waiting:
					w.group(q)
					continue
				default:
				}
				break
			}
			ended = true
			return
		}
	}
}

// group does first and whatever waits by then, and answers.
func (w *writer) group(first *write) {
	w.open = append(w.open, first)
	ok := w.round(func(i int) *write { return w.member(i) })
	if !ok {
		// The commit failed: whose fault it was shows when each goes alone.
		for _, q := range append([]*write(nil), w.open...) {
			if q.err != nil {
				continue
			}
			alone := func(i int) *write {
				if i == 0 {
					return q
				}
				return nil
			}
			if !w.round(alone) && q.err == nil {
				q.err = errNotDone
			}
		}
	}
	w.answer()
}

// member is the i-th write of the group; past those taken it takes one more,
// if one waits.
func (w *writer) member(i int) *write {
	if i < len(w.open) {
		return w.open[i]
	}
	if len(w.open) >= maxGroup {
		return nil
	}
	select {
	case q := <-w.waiting:
		w.open = append(w.open, q)
		return q
	default:
		return nil
	}
}

func (w *writer) answer() {
	w.writes.Add(int64(len(w.open)))
	w.groups.Add(1)
	for _, q := range w.open {
		if q.err == nil && len(q.tx.t.notices) > 0 {
			w.st.notifier.send(q.tx.t.notices)
			q.tx.t.notices = nil
		}
		close(q.done)
	}
	clear(w.open)
	w.open = w.open[:0]
}

// round runs the writes that next yields, those without an error, in one
// transaction. When a write takes the transaction down with it, the others
// run again without it. False means the commit failed; nothing remains then,
// and a single write got the error.
func (w *writer) round(next func(i int) *write) bool {
	for {
		if err := w.begin(); err != nil {
			for i := 0; ; i++ {
				q := next(i)
				if q == nil {
					return true
				}
				if q.err == nil {
					q.err = err
				}
			}
		}
		var last *write
		drew, lost, ran := false, false, 0
		for i := 0; ; i++ {
			q := next(i)
			if q == nil {
				break
			}
			if q.err != nil {
				continue
			}
			if lost = !w.turn(q); lost {
				break
			}
			if q.err == nil {
				last, drew, ran = q, drew || q.tx.t.drew, ran+1
			}
		}
		if lost {
			continue
		}
		err := w.commit(drew)
		if err == nil {
			return true
		}
		w.exec("ROLLBACK")
		if ran == 1 {
			last.err = err
		}
		return ran <= 1
	}
}

func (w *writer) begin() error {
	err := w.exec("BEGIN IMMEDIATE")
	if err == nil {
		return nil
	}
	// A transaction left over, or a broken connection.
	w.exec("ROLLBACK")
	if cerr := w.connect(context.Background()); cerr != nil {
		return errors.Join(err, cerr)
	}
	return w.exec("BEGIN IMMEDIATE")
}

func (w *writer) commit(drew bool) error {
	if drew {
		_, err := w.q.ExecContext(context.Background(), saveIDMark, idMarkKey, int64(w.st.ids.highest()))
		if err != nil {
			return err
		}
	}
	return w.exec("COMMIT")
}

// turn runs one write inside its savepoint and sets its outcome. False means
// that the whole transaction is gone.
func (w *writer) turn(q *write) bool {
	if !q.looked {
		q.looked = true
		if q.err = q.ctx.Err(); q.err != nil {
			return true
		}
	}
	for try := 1; ; try++ {
		if q.err = w.exec("SAVEPOINT w"); q.err != nil {
			w.exec("ROLLBACK")
			return false
		}
		q.tx = w.st.newTx(q.ctx, w.q)
		err := q.tx.run(q.fn)
		if err == nil {
			err = w.exec("RELEASE w")
		}
		if err == nil {
			return true
		}
		// This fails when SQLite has given up the whole transaction, as it
		// does on a full disk.
		if back := w.exec("ROLLBACK TO w; RELEASE w"); back != nil {
			w.st.log.Warn("a write took its group down; the others run again", "error", err)
			w.exec("ROLLBACK")
			q.err = err
			return false
		}
		if try == maxTries || !q.tx.mayRedraw(err) {
			q.err = err
			return true
		}
	}
}

func (w *writer) exec(text string) error {
	_, err := w.conn.ExecContext(context.Background(), text)
	return err
}

// checkpoint writes the log back into the file, so that it starts anew.
func (w *writer) checkpoint(mode string) {
	if err := w.exec("PRAGMA wal_checkpoint(" + mode + ")"); err != nil {
		w.st.log.Warn("checkpoint", "error", err)
	}
}
