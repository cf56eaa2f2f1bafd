package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"sync/atomic"
)

// Reader answers questions and cannot write. It is a small value to copy and
// to keep, safe for concurrent use unless it comes from a Tx. Every statement
// sees the newest commit; several in a row may see several commits.
type Reader struct {
	st *Store
	t  *txn // nil outside a transaction
	// varying statements have a text of their own each time, which is not
	// worth keeping prepared.
	varying bool
}

// Engine tells which database stands behind the Reader.
func (r Reader) Engine() Engine { return r.st.engine }

// querier is what runs statements: a pool on either engine, the SQLite
// writer's connection, or a PostgreSQL transaction.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}

// each calls f for every row. Inside a transaction the statement runs with
// the transaction's own context, because cancelling it could roll back other
// writes. f must not use the same transaction.
func (r Reader) each(ctx context.Context, f func(row) error, text string, args ...any) (err error) {
	count(ctx)
	q := r.st.reads
	if r.varying {
		q = r.st.db
	}
	if r.t != nil {
		if r.t.err != nil {
			return r.t.err
		}
		defer func() { r.t.fail(err) }()
		ctx, q = r.t.ctx, r.t.q
	}
	clean, err := r.st.engine.args(args)
	if err != nil {
		return translate(err)
	}
	rows, err := q.QueryContext(ctx, text, clean...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(row{rows}); err != nil {
			return translate(err)
		}
	}
	return translate(rows.Err())
}

// brief is ctx for a statement so short that on SQLite, where a goroutine has
// to watch for the end of ctx, it is cheaper to let it finish.
func (r Reader) brief(ctx context.Context) context.Context {
	if r.st.engine == SQLite {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

type countKey struct{}

// CountStatements returns a context under which statements are counted, those
// of writes too, for tests that hold a page to its number.
func CountStatements(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey{}, n), n
}

// counting is ctx, under which statements are counted if they are under from.
func counting(ctx, from context.Context) context.Context {
	if n, ok := from.Value(countKey{}).(*atomic.Int64); ok {
		return context.WithValue(ctx, countKey{}, n)
	}
	return ctx
}

func count(ctx context.Context) {
	if n, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// maxPrepared bounds the statements kept, should texts ever vary.
const maxPrepared = 1000

type preparer interface {
	querier
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
}

// prepared runs statements through a cache by text, because parsing costs
// SQLite more than most of our queries. pgx keeps such a cache itself.
type prepared struct {
	db    preparer // a *sql.DB or one *sql.Conn
	mu    sync.RWMutex
	stmts map[string]*sql.Stmt
}

func newPrepared(db preparer) *prepared {
	return &prepared{db: db, stmts: map[string]*sql.Stmt{}}
}

func (p *prepared) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s, err := p.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return p.db.QueryContext(ctx, text, args...)
	}
	return s.QueryContext(ctx, args...)
}

func (p *prepared) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s, err := p.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return p.db.ExecContext(ctx, text, args...)
	}
	return s.ExecContext(ctx, args...)
}

// stmt is the statement for text, nil when the cache is full.
func (p *prepared) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.RLock()
	s, n := p.stmts[text], len(p.stmts)
	p.mu.RUnlock()
	if s != nil || n >= maxPrepared {
		return s, nil
	}
	s, err := p.db.PrepareContext(ctx, steady(text))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.stmts[text]; other != nil {
		s.Close()
		return other, nil
	}
	p.stmts[text] = s
	return s, nil
}

// steady keeps SQLite from planning a statement anew each time it runs, as it
// does where a limit is nothing but an argument, to plan for that very limit:
// that costs more than most statements take.
func steady(text string) string { return strings.ReplaceAll(text, "LIMIT $", "LIMIT 0+$") }

func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.stmts {
		s.Close()
	}
	clear(p.stmts)
}
