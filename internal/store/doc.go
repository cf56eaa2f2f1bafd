// Package store is one community's database: SQLite or PostgreSQL, migrations,
// ids, the one way to write, and every SQL text there is, one file per noun.
// Levels 3 and up may import it; surfaces get a Reader. It imports only
// domain. A Store and its Reader are safe for concurrent use; a Tx belongs to
// one goroutine.
//
// # Writing a noun file
//
// A noun, say list, has its columns in migrations and its file list.go:
//
//	const listColumns = `id, account_id, title, replies, created_at`
//
//	func scanList(w row) (domain.List, error) {
//		var l domain.List
//		err := w.Scan(&l.ID, &l.AccountID, &l.Title, &l.Replies, &l.CreatedAt)
//		return l, err
//	}
//
//	// List is the list with this id, or domain.ErrNotFound.
//	func (r Reader) List(ctx context.Context, id domain.ID) (domain.List, error) {
//		return one(ctx, r, scanList, `SELECT `+listColumns+` FROM lists WHERE id = $1`, id)
//	}
//
//	func (r Reader) Lists(ctx context.Context, ids []domain.ID) ([]domain.List, error) {
//		return all(ctx, r, scanList, `SELECT `+listColumns+` FROM lists WHERE id`+r.in(1)+` ORDER BY id`, ids)
//	}
//
//	func (tx *Tx) InsertList(l *domain.List) error {
//		l.ID, l.CreatedAt = tx.NewID(), tx.Now()
//		_, err := tx.exec(`INSERT INTO lists (`+listColumns+`) VALUES ($1, $2, $3, $4, $5)`,
//			l.ID, l.AccountID, l.Title, l.Replies, l.CreatedAt)
//		return err
//	}
//
// The helpers: all (never nil without an error), one (domain.ErrNotFound
// without a row), exists, column[T] to scan a single column, tx.exec (rows
// touched), tx.must (domain.ErrNotFound when none was). Inside a transaction
// a Tx reads with tx.Reader, and tx.ctx() is a context for it; RETURNING is a
// read, so one and all run it.
//
// Placeholders are $1, $2 … in order of first use, each number at its place
// in the arguments. Never put a value into the text: texts are cached.
//
// Arguments and columns convert by themselves. A time.Time is a BIGINT of UTC
// milliseconds and the zero time NULL, both ways. NULL reads as the zero
// domain.ID or string; to write a zero id or text as NULL, use nullID and
// nullText. JSON: asJSON(v) as argument, asJSON(&v) in Scan. Named strings
// and integers pass, nil pointers are NULL, []domain.ID goes with r.in(n) and
// []string (named strings too) with r.inText(n). Text that is not UTF-8 or
// has U+0000 in it is refused: clean it where it comes in.
//
// What differs between the engines is chosen with r.pick(sqlite, postgres).
//
// Errors are the domain's: a taken key is domain.Conflict, a reference to
// what is gone domain.Conflict, a broken CHECK or NOT NULL domain.Invalid, a
// full disk or a busy database domain.Unavailable. An error of a statement
// ends the transaction: where a conflict is expected, write ON CONFLICT.
//
// # Writing a migration
//
// Files are migrations/NNNN_name.sql, never changed once released, with one
// text for both engines: BIGINT for ids, times and numbers, BOOLEAN, TEXT,
// BYTEA. "BIGINT PRIMARY KEY" is the row id on SQLite; every TEXT becomes
// TEXT COLLATE "C" on PostgreSQL, so write TEXT in capitals where a column is
// defined and nowhere else. Lines after "-- sqlite:" or "-- postgres:" are for
// that engine only, until "-- both:".
//
// # Drivers
//
// The build tag cgosqlite swaps modernc.org/sqlite for mattn/go-sqlite3; it
// needs the tag sqlite_fts5 too, since search uses FTS5. Runs under -race
// should use both: the pure Go driver is more than ten times slower there.
package store
