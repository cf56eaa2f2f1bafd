package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"

	"coterie/internal/domain"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema.
type migration struct {
	version int
	name    string
	text    string
}

var (
	migrationName = regexp.MustCompile(`^(\d{4})_[a-z0-9_]+\.sql$`)
	bigintKey     = regexp.MustCompile(`\bBIGINT( NOT NULL)? PRIMARY KEY\b`)
	textColumnDef = regexp.MustCompile(`\bTEXT\b`)
)

// SchemaID changes whenever a migration does.
func SchemaID() string {
	list, err := migrations()
	if err != nil {
		return err.Error()
	}
	h := sha256.New()
	for _, m := range list {
		fmt.Fprintf(h, "%s\n%s\n", m.name, m.text)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// migrations are the embedded steps, in order.
func migrations() ([]migration, error) {
	entries, err := fs.ReadDir(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, e := range entries {
		m := migrationName.FindStringSubmatch(e.Name())
		if m == nil {
			return nil, fmt.Errorf("migration %s: not a name like 0001_name.sql", e.Name())
		}
		b, err := migrationFiles.ReadFile("migrations/" + e.Name())
		if err != nil {
			return nil, err
		}
		v, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, err
		}
		if len(list) > 0 && list[len(list)-1].version == v {
			return nil, fmt.Errorf("two migrations have the number %d", v)
		}
		list = append(list, migration{version: v, name: e.Name(), text: string(b)})
	}
	return list, nil
}

// schemaFor is a migration's text for the engine. Lines after "-- sqlite:" or
// "-- postgres:", up to "-- both:", are for that engine only. SQLite gets
// INTEGER keys, which are the row itself; PostgreSQL compares text bytewise.
func (e Engine) schemaFor(text string) string {
	var b strings.Builder
	only := ""
	for line := range strings.Lines(text) {
		switch mark := strings.TrimSpace(line); mark {
		case "-- sqlite:", "-- postgres:":
			only = strings.TrimSuffix(strings.TrimPrefix(mark, "-- "), ":")
		case "-- both:":
			only = ""
		default:
			if only == "" || only == string(e) {
				b.WriteString(line)
			}
		}
	}
	if e == SQLite {
		return bigintKey.ReplaceAllString(b.String(), "INTEGER PRIMARY KEY")
	}
	return textColumnDef.ReplaceAllString(b.String(), `TEXT COLLATE "C"`)
}

const makeVersions = `CREATE TABLE IF NOT EXISTS schema_migrations (
	version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)`

// pending are the steps that db lacks. A database that has steps unknown to
// us was written by a newer program.
func pending(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, to int,
) (todo []migration, applied int, err error) {
	list, err := migrations()
	if err != nil {
		return nil, 0, err
	}
	rows, err := db.QueryContext(ctx, `SELECT version FROM schema_migrations`)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	done := map[int]bool{}
	highest := 0
	for rows.Next() {
		var v int
		if err := rows.Scan(&v); err != nil {
			return nil, 0, err
		}
		done[v], highest = true, max(highest, v)
	}
	if newest := list[len(list)-1].version; highest > newest {
		return nil, 0, domain.Errorf(domain.Invalid,
			"The database is at version %d, but this program knows only %d: it was used by a newer program, which is needed to open it", highest, newest)
	}
	for _, m := range list {
		if !done[m.version] && (to == 0 || m.version <= to) {
			todo = append(todo, m)
		}
	}
	return todo, len(done), rows.Err()
}

func (st *Store) apply(ctx context.Context, db interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, todo []migration,
) error {
	for _, m := range todo {
		if _, err := db.ExecContext(ctx, st.engine.schemaFor(m.text)); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		_, err := db.ExecContext(ctx, `INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)`,
			m.version, m.name, st.Now().UnixMilli())
		if err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		st.log.Info("database changed", "migration", m.name)
	}
	return nil
}

// migrationLock is ours among PostgreSQL's advisory locks.
const migrationLock = 0x636f7465726965

func (st *Store) migratePostgres(ctx context.Context, to int) error {
	t, err := st.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer t.Rollback()
	if _, err := t.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(migrationLock)); err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, st.engine.schemaFor(makeVersions)); err != nil {
		return err
	}
	todo, _, err := pending(ctx, t, to)
	if err != nil {
		return err
	}
	if err := st.apply(ctx, t, todo); err != nil {
		return err
	}
	return t.Commit()
}

func (st *Store) migrateSQLite(ctx context.Context, to int) error {
	conn, err := st.writeDB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, makeVersions); err != nil {
		return err
	}
	todo, applied, err := pending(ctx, conn, to)
	if err != nil || len(todo) == 0 {
		return err
	}
	if applied > 0 {
		if err := st.keepCopy(ctx, conn, todo[0]); err != nil {
			return err
		}
	}
	if _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	// Another process may have come first while we waited.
	todo, _, err = pending(ctx, conn, to)
	if err == nil {
		err = st.apply(ctx, conn, todo)
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, `COMMIT`)
	}
	if err != nil {
		_, back := conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
		return errors.Join(err, back)
	}
	return nil
}

// keepCopy saves the file as it is before its first change.
func (st *Store) keepCopy(ctx context.Context, conn *sql.Conn, first migration) error {
	path := fmt.Sprintf("%s.before-%04d-%d", st.path, first.version, st.Now().UnixMilli())
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if _, err := conn.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		return fmt.Errorf("copy the database before changing it: %w", err)
	}
	st.log.Info("the database was copied before changing it", "copy", path)
	return syncFile(path)
}

func (st *Store) hasTable(ctx context.Context, name string) (bool, error) {
	return exists(ctx, st.Reader(), st.Reader().pick(
		`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1`,
		`SELECT 1 FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) AND tablename = $1`), name)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
