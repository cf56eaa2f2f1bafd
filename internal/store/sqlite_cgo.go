//go:build cgosqlite

package store

import (
	"database/sql/driver"
	"errors"

	sqlite3 "github.com/mattn/go-sqlite3"
)

func sqliteDriver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// sqliteCode is the extended result code of err, 0 when it is not SQLite's.
func sqliteCode(err error) int {
	var e sqlite3.Error
	if errors.As(err, &e) {
		return int(e.ExtendedCode)
	}
	return 0
}
