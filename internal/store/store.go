package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"coterie/internal/domain"
)

// Options say where the data is. Either Path or PostgresURL is needed.
type Options struct {
	// Path is the SQLite file, made if it is missing. Its directory exists,
	// and the caller holds the lock that keeps other processes out of it.
	Path string
	// PostgresURL is a connection string; the database exists.
	PostgresURL string
	// Now is the clock.
	Now func() time.Time
	Log *slog.Logger
	// MaxConns bounds the connections of the pool; 0 is a sensible number.
	MaxConns int
	// MigrateTo stops migrating at this version; 0 is the newest. For tests.
	MigrateTo int
	// maxPages bounds the SQLite file, for tests of a full disk.
	maxPages int
}

// Store is one community's database. It is safe for concurrent use.
type Store struct {
	engine   Engine
	path     string
	now      func() time.Time
	log      *slog.Logger
	process  string
	db       *sql.DB // PostgreSQL: everything; SQLite: the read pool
	writeDB  *sql.DB // SQLite: the writer's one connection
	reads    querier
	writer   *writer
	notifier *notifier
	ids      idSource
	idMark   atomic.Int64 // PostgreSQL: the id mark written last
	closed   atomic.Bool
}

// Open connects, brings the schema up to date and starts the writer.
func Open(ctx context.Context, o Options) (*Store, error) {
	st := &Store{now: o.Now, log: o.Log, process: rand.Text()}
	if st.now == nil || st.log == nil {
		return nil, errors.New("store.Open: Now and Log are needed")
	}
	var err error
	switch {
	case o.PostgresURL != "":
		err = st.openPostgres(ctx, o)
	case o.Path != "":
		err = st.openSQLite(ctx, o)
	default:
		err = domain.Errorf(domain.Invalid, "No database is named: give a file or a PostgreSQL address")
	}
	if err != nil {
		st.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return st, nil
}

func (st *Store) openPostgres(ctx context.Context, o Options) error {
	st.engine = Postgres
	cfg, err := pgx.ParseConfig(o.PostgresURL)
	if err != nil {
		return err
	}
	// Our statements are short: compiling them takes longer than running them.
	cfg.RuntimeParams["jit"] = "off"
	st.db = stdlib.OpenDB(*cfg)
	n := o.MaxConns
	if n == 0 {
		n = 16
	}
	st.db.SetMaxOpenConns(n)
	st.db.SetMaxIdleConns(n)
	st.reads = st.db
	st.notifier = newNotifier(st, cfg)
	if err := st.migratePostgres(ctx, o.MigrateTo); err != nil {
		return err
	}
	return st.recallIDs(ctx)
}

func (st *Store) openSQLite(ctx context.Context, o Options) error {
	st.engine, st.path = SQLite, o.Path
	st.notifier = newNotifier(st, nil)
	st.writeDB = sql.OpenDB(sqliteConnector{path: o.Path, maxPages: o.maxPages})
	st.writeDB.SetMaxOpenConns(1)
	if err := st.migrateSQLite(ctx, o.MigrateTo); err != nil {
		return err
	}
	st.db = sql.OpenDB(sqliteConnector{path: o.Path, readOnly: true})
	n := o.MaxConns
	if n == 0 {
		n = max(4, 2*runtime.GOMAXPROCS(0))
	}
	st.db.SetMaxOpenConns(n)
	st.db.SetMaxIdleConns(n)
	st.reads = newPrepared(st.db)
	if err := st.recallIDs(ctx); err != nil {
		return err
	}
	w, err := newWriter(ctx, st)
	st.writer = w
	return err
}

// Close waits for writes that have begun and lets go of the database. Later
// calls of Write fail.
func (st *Store) Close() error {
	if st.closed.Swap(true) {
		return nil
	}
	var errs []error
	if st.notifier != nil {
		st.notifier.close()
	}
	if st.writer != nil {
		errs = append(errs, st.writer.close())
	}
	if p, ok := st.reads.(*prepared); ok {
		p.close()
	}
	if st.db != nil {
		errs = append(errs, st.db.Close())
	}
	if st.writeDB != nil {
		errs = append(errs, st.writeDB.Close())
	}
	return errors.Join(errs...)
}

// Reader is for those who only ask.
func (st *Store) Reader() Reader { return Reader{st: st} }

// Engine tells which database stands behind the Store.
func (st *Store) Engine() Engine { return st.engine }

// Now is the store's clock: UTC, whole milliseconds.
func (st *Store) Now() time.Time { return time.UnixMilli(st.now().UnixMilli()).UTC() }

// ProcessID tells this opening of the database from every other.
func (st *Store) ProcessID() string { return st.process }

// Ping asks the database for a sign of life.
func (st *Store) Ping(ctx context.Context) error {
	_, err := exists(ctx, st.Reader(), `SELECT 1`)
	return err
}

// sqliteConnector opens connections that are all set up alike.
type sqliteConnector struct {
	path     string
	readOnly bool
	maxPages int
}

func (c sqliteConnector) Driver() driver.Driver { return sqliteDriver() }

func (c sqliteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := sqliteDriver().Open(c.path)
	if err != nil {
		return nil, err
	}
	pragmas := []string{
		"busy_timeout = 10000",
		"journal_mode = WAL",
		"synchronous = FULL",
		"foreign_keys = ON",
		"cache_size = -16000",
		"mmap_size = 268435456",
		"temp_store = MEMORY",
		"journal_size_limit = 67108864",
	}
	if c.readOnly {
		pragmas = append(pragmas, "query_only = ON")
	}
	if c.maxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count = %d", c.maxPages))
	}
	for _, p := range pragmas {
		if _, err := conn.(driver.ExecerContext).ExecContext(ctx, "PRAGMA "+p, nil); err != nil {
			conn.Close()
			return nil, fmt.Errorf("PRAGMA %s: %w", p, err)
		}
	}
	return conn, nil
}

const idMarkKey = "highest_id"

const saveIDMark = `INSERT INTO engine_state (key, value) VALUES ($1, $2)
	ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE engine_state.value < excluded.value`

// recallIDs keeps new ids above those of earlier processes, whatever the
// clock says now.
func (st *Store) recallIDs(ctx context.Context) error {
	has, err := st.hasTable(ctx, "engine_state")
	if err != nil || !has {
		return err
	}
	id, err := one(ctx, st.Reader(), column[domain.ID], `SELECT value FROM engine_state WHERE key = $1`, idMarkKey)
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	st.ids.raise(id)
	return err
}

// rememberIDs writes the highest id given, at most once a second, beside the
// transaction: a row that every write touches would make them wait for each
// other.
func (st *Store) rememberIDs(tx *Tx) {
	old, id := st.idMark.Load(), st.ids.highest()
	if !tx.t.drew || id.Time().Sub(domain.ID(old).Time()) < time.Second || !st.idMark.CompareAndSwap(old, int64(id)) {
		return
	}
	if _, err := st.db.ExecContext(tx.ctx(), saveIDMark, idMarkKey, int64(id)); err != nil {
		st.log.Warn("the highest id could not be written", "error", err)
	}
}
