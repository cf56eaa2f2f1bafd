package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"coterie/internal/domain"
)

// Backup writes a consistent copy of the SQLite file to path, which must not
// exist, while everything goes on. The copy is whole and on disk once it has
// that name. PostgreSQL has its own tool for this.
func (st *Store) Backup(ctx context.Context, path string) error {
	if st.engine == Postgres {
		return domain.Errorf(domain.Invalid, "Use pg_dump to back up a PostgreSQL database")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return domain.Errorf(domain.Conflict, "There is a file at %s already", path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup: %w", err)
	}
	// SQLite writes into an empty file: this one only its owner may read.
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	db := sql.OpenDB(sqliteConnector{path: st.path})
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, part); err != nil {
		os.Remove(part)
		return translate(fmt.Errorf("backup: %w", err))
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}
