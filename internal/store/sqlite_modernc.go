//go:build !cgosqlite

package store

import (
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

func sqliteDriver() driver.Driver { return &sqlite.Driver{} }

// sqliteCode is the extended result code of err, 0 when it is not SQLite's.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
