package dbtest

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"coterie/internal/store"
)

// PostgresEnv names the server for tests, as a connection string.
const PostgresEnv = "COTERIE_TEST_POSTGRES"

const postgresDefault = "postgres://postgres@127.0.0.1:5432/postgres?connect_timeout=3"

// Postgres is an empty, migrated database, or the end of the test.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	ctx := context.Background()
	s, err := servers()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("PostgreSQL is needed where CI is true: %v", err)
		}
		t.Skipf("NOT TESTED ON POSTGRESQL (set %s): %v", PostgresEnv, err)
	}
	name, err := s.take(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.give(name) })
	o := options()
	o.PostgresURL = postgresURL(name)
	return o
}

// postgresURL is the address of database name on the server for tests.
func postgresURL(name string) string {
	s := os.Getenv(PostgresEnv)
	if s == "" {
		s = postgresDefault
	}
	u, err := url.Parse(s)
	if err != nil || name == "" {
		return s
	}
	u.Path = "/" + name
	return u.String()
}

// server hands out databases. To make one costs PostgreSQL half a second of
// work, to empty one a hundredth, so they are kept: those of this process by
// free, those of earlier ones by their names, coterie_test_SCHEMA_NUMBER. Who
// holds the advisory lock of schema and number has the database; a process
// keeps its locks until it ends. Number 0 stands for the template.
type server struct {
	schema string

	mu    sync.Mutex
	admin *pgx.Conn
	next  int
	free  []string
}

var servers = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, postgresURL(""))
	if err != nil {
		return nil, err
	}
	s := &server{schema: store.SchemaID(), admin: admin}
	if _, err := admin.Exec(ctx, `SELECT pg_advisory_lock(7431)`); err != nil {
		return nil, err
	}
	defer func() { _, _ = admin.Exec(ctx, `SELECT pg_advisory_unlock(7431)`) }()
	if _, err := admin.Exec(ctx, `SELECT pg_advisory_lock_shared($1, 0)`, lockOf(s.schema)); err != nil {
		return nil, err
	}
	var ready bool
	err = admin.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1 AND datistemplate`, s.template()).Scan(&ready)
	if err != nil || ready {
		return s, err
	}
	if err := s.forgetOld(ctx); err != nil {
		return nil, err
	}
	return s, s.makeTemplate(ctx)
})

func (s *server) template() string { return templatePrefix + s.schema }

const (
	templatePrefix = "coterie_template_"
	testPrefix     = "coterie_test_"
)

// lockOf is the first half of the key of the advisory locks of a schema.
func lockOf(schema string) int32 {
	h := fnv.New32a()
	h.Write([]byte(schema))
	return int32(h.Sum32())
}

func (s *server) makeTemplate(ctx context.Context) error {
	name := s.template()
	if _, err := s.admin.Exec(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
		return err
	}
	if _, err := s.admin.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`); err != nil {
		return err
	}
	o := options()
	o.PostgresURL = postgresURL(name)
	st, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	if err := st.Close(); err != nil {
		return err
	}
	_, err = s.admin.Exec(ctx, `ALTER DATABASE `+name+` IS_TEMPLATE true`)
	return err
}

// forgetOld drops the databases of other schemas that nobody uses and that
// have not changed for a day.
func (s *server) forgetOld(ctx context.Context) error {
	rows, err := s.admin.Query(ctx, `SELECT datname FROM pg_database WHERE (starts_with(datname, $1) OR starts_with(datname, $2))
		AND (pg_stat_file('base/' || oid, true)).modification < now() - interval '1 day' ORDER BY datname`, templatePrefix, testPrefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		schema, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(name, testPrefix), templatePrefix), "_")
		var unused bool
		if err := s.admin.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, 0)`, lockOf(schema)).Scan(&unused); err != nil {
			return err
		}
		if !unused || schema == s.schema {
			continue
		}
		if strings.HasPrefix(name, templatePrefix) {
			if _, err := s.admin.Exec(ctx, `ALTER DATABASE `+name+` IS_TEMPLATE false`); err != nil {
				return err
			}
		}
		if _, err := s.admin.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			return err
		}
		if _, err := s.admin.Exec(ctx, `SELECT pg_advisory_unlock($1, 0)`, lockOf(schema)); err != nil {
			return err
		}
	}
	return nil
}

// take is an empty database that nobody else has.
func (s *server) take(ctx context.Context) (string, error) {
	name, isNew, err := s.pick(ctx)
	if err != nil || isNew {
		return name, err
	}
	err = empty(ctx, name)
	if err == nil {
		return name, nil
	}
	if !errors.Is(err, errChanged) {
		return "", fmt.Errorf("empty %s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.admin.Exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
		return "", err
	}
	return name, s.create(ctx, name)
}

// pick is the name of a database that is this process's; a new one is empty.
func (s *server) pick(ctx context.Context) (name string, isNew bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.free); n > 0 {
		name, s.free = s.free[n-1], s.free[:n-1]
		return name, false, nil
	}
	for ours := false; !ours; {
		s.next++
		if err := s.admin.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, lockOf(s.schema), s.next).Scan(&ours); err != nil {
			return "", false, err
		}
	}
	name = fmt.Sprintf("%s%s_%d", testPrefix, s.schema, s.next)
	var there bool
	err = s.admin.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1`, name).Scan(&there)
	if err != nil || there {
		return name, false, err
	}
	return name, true, s.create(ctx, name)
}

func (s *server) give(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, name)
}

// create makes the database, and notes how its schema looks.
func (s *server) create(ctx context.Context, name string) error {
	if _, err := s.admin.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+s.template()); err != nil {
		return err
	}
	db, err := pgx.Connect(ctx, postgresURL(name))
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	var mark string
	if err := db.QueryRow(ctx, schemaMark).Scan(&mark); err != nil {
		return err
	}
	// What a migration filled a table with comes back when the rest goes.
	_, err = db.Exec(ctx, `CREATE SCHEMA kept; CREATE TABLE kept.roles AS TABLE public.roles;
		COMMENT ON DATABASE `+name+` IS '`+mark+`'`)
	return err
}

// schemaMark is a digest of the tables and indexes, and of the steps taken.
const schemaMark = `SELECT md5(string_agg(line, ' ' ORDER BY line)) FROM (
	SELECT relkind::text || relname::text AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace
	UNION ALL SELECT 'step' || version FROM schema_migrations) AS lines`

// errChanged is for a database whose schema a test has changed.
var errChanged = errors.New("the schema has changed")

// empty ends what the last test left running in the database and removes all
// rows.
func empty(ctx context.Context, name string) error {
	db, err := pgx.Connect(ctx, postgresURL(name))
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	var same bool
	err = db.QueryRow(ctx, `SELECT COALESCE(shobj_description(oid, 'pg_database'), '') = (`+schemaMark+`) FROM pg_database WHERE datname = current_database()`).Scan(&same)
	if err != nil {
		return err
	}
	if !same {
		return errChanged
	}
	_, err = db.Exec(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
		SET session_replication_role = replica;
		DO $$ DECLARE name text; BEGIN
			FOR name IN SELECT quote_ident(relname) FROM pg_class
				WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_migrations' LOOP
				EXECUTE 'DELETE FROM ' || name;
			END LOOP;
		END $$;
		INSERT INTO public.roles SELECT * FROM kept.roles`)
	return err
}
