package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Doors for the tests in store_test, which cannot be in this package because
// dbtest imports it.

func (o Options) WithMaxPages(n int) Options {
	o.maxPages = n
	return o
}

func (st *Store) Waiting() int { return len(st.writer.waiting) }

// Beat is a sign of life, given and looked for, at once.
func (st *Store) Beat() { st.notifier.beat() }

func (tx *Tx) Exec(text string, args ...any) (int64, error) { return tx.exec(text, args...) }

func (r Reader) In(n int) string     { return r.in(n) }
func (r Reader) InText(n int) string { return r.inText(n) }

func Column[T any](ctx context.Context, r Reader, text string, args ...any) ([]T, error) {
	return all(ctx, r, column[T], text, args...)
}

func First[T any](ctx context.Context, r Reader, text string, args ...any) (T, error) {
	return one(ctx, r, column[T], text, args...)
}

// Things is a row with every kind of column.
type Things struct {
	ID, Other domain.ID
	At, Never time.Time
	Name, No  string
	Yes       bool
	Bytes     []byte
	Doc       map[string]int
}

func (tx *Tx) InsertThings(v Things) error {
	_, err := tx.exec(`INSERT INTO things (id, other, at, never, name, no, yes, bytes, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		v.ID, nullID(v.Other), v.At, v.Never, v.Name, nullText(v.No), v.Yes, v.Bytes, asJSON(v.Doc))
	return err
}

func (r Reader) Things(ctx context.Context) ([]Things, error) {
	return all(ctx, r, func(w row) (Things, error) {
		var v Things
		err := w.Scan(&v.ID, &v.Other, &v.At, &v.Never, &v.Name, &v.No, &v.Yes, &v.Bytes, asJSON(&v.Doc))
		return v, err
	}, `SELECT id, other, at, never, name, no, yes, bytes, doc FROM things ORDER BY id`)
}

// MakeThings is the table of Things.
func (st *Store) MakeThings(ctx context.Context) error {
	return st.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec(st.engine.schemaFor(`CREATE TABLE things (id BIGINT PRIMARY KEY, other BIGINT, at BIGINT, never BIGINT,
			name TEXT NOT NULL UNIQUE CHECK (name <> 'forbidden'), no TEXT, yes BOOLEAN NOT NULL, bytes BYTEA, doc TEXT)`))
		return err
	})
}

// SearchStatusesFew is SearchStatuses with how many posts are few.
func SearchStatusesFew(ctx context.Context, r Reader, s StatusSearch, few int) ([]domain.ID, error) {
	return r.searchStatuses(ctx, s, few)
}

// SearchStatusesNewest is SearchStatuses among the newest posts.
func SearchStatusesNewest(ctx context.Context, r Reader, s StatusSearch, newest int) ([]domain.ID, error) {
	return r.searchNewest(ctx, s, newest)
}

// Settle has PostgreSQL learn of what was written, as it does by itself in time.
func Settle(ctx context.Context, st *Store) error {
	if st.engine == SQLite {
		return nil
	}
	_, err := st.db.ExecContext(ctx, `VACUUM ANALYZE`)
	return err
}
