package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Portable is an entry of what somebody takes along. Entries are read in the
// order of ID, from the one after a given id.
type Portable struct {
	ID       domain.ID
	Account  domain.ID // whom it names
	Username string
	Domain   string // "" is here
	List     domain.ID
	Title    string // of List
	// Of a follow.
	Reblogs, Notify bool
	Languages       []string
	Hide            bool // of a mute: notifications, too
}

// PortableFollows are the accounts that account follows.
func (r Reader) PortableFollows(ctx context.Context, account, after domain.ID, limit int) ([]Portable, error) {
	return all(ctx, r, scanPortableFollow, `SELECT f.id, a.id, a.username, a.domain, f.show_reblogs, f.notify, f.languages FROM follows f JOIN accounts a ON a.id = f.target_id
		WHERE f.account_id = $1 AND NOT f.pending AND f.id > $2 ORDER BY f.id LIMIT $3`, account, after, limit)
}

func scanPortableFollow(w row) (Portable, error) {
	var p Portable
	return p, w.Scan(&p.ID, &p.Account, &p.Username, &p.Domain, &p.Reblogs, &p.Notify, asJSON(&p.Languages))
}

func scanPortable(w row) (Portable, error) {
	var p Portable
	return p, w.Scan(&p.ID, &p.Account, &p.Username, &p.Domain)
}

// PortableBlocks are the accounts that account blocks.
func (r Reader) PortableBlocks(ctx context.Context, account, after domain.ID, limit int) ([]Portable, error) {
	return all(ctx, r, scanPortable, `SELECT b.id, a.id, a.username, a.domain FROM blocks b JOIN accounts a ON a.id = b.target_id
		WHERE b.account_id = $1 AND b.id > $2 ORDER BY b.id LIMIT $3`, account, after, limit)
}

// PortableMutes are the accounts that account mutes without an end.
func (r Reader) PortableMutes(ctx context.Context, account, after domain.ID, limit int) ([]Portable, error) {
	return all(ctx, r, func(w row) (Portable, error) {
		var p Portable
		return p, w.Scan(&p.ID, &p.Account, &p.Username, &p.Domain, &p.Hide)
	}, `SELECT m.id, a.id, a.username, a.domain, m.hide_notifications FROM mutes m JOIN accounts a ON a.id = m.target_id
		WHERE m.account_id = $1 AND m.expires_at IS NULL AND m.id > $2 ORDER BY m.id LIMIT $3`, account, after, limit)
}

// PortableDomainBlocks are the domains that account hides.
func (r Reader) PortableDomainBlocks(ctx context.Context, account, after domain.ID, limit int) ([]Portable, error) {
	return all(ctx, r, func(w row) (Portable, error) {
		var p Portable
		return p, w.Scan(&p.ID, &p.Domain)
	}, `SELECT id, domain FROM user_domain_blocks WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3`, account, after, limit)
}

// PortableListMembers are the members of all lists of account.
func (r Reader) PortableListMembers(ctx context.Context, account, after domain.ID, limit int) ([]Portable, error) {
	return all(ctx, r, func(w row) (Portable, error) {
		var p Portable
		return p, w.Scan(&p.ID, &p.Account, &p.Username, &p.Domain, &p.List, &p.Title)
	}, `SELECT m.id, a.id, a.username, a.domain, l.id, l.title
		FROM lists l JOIN list_members m ON m.list_id = l.id JOIN accounts a ON a.id = m.account_id
		WHERE l.account_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3`, account, after, limit)
}

// PortableSizes counts what account has of each kind.
func (r Reader) PortableSizes(ctx context.Context, account domain.ID) (map[domain.DataKind]int64, error) {
	out := map[domain.DataKind]int64{}
	err := r.each(ctx, func(w row) error {
		var kind string
		var n int64
		err := w.Scan(&kind, &n)
		out[domain.DataKind(kind)] = n
		return err
	}, `SELECT 'following', COUNT(*) FROM follows WHERE account_id = $1 AND NOT pending
		UNION ALL SELECT 'blocks', COUNT(*) FROM blocks WHERE account_id = $1
		UNION ALL SELECT 'mutes', COUNT(*) FROM mutes WHERE account_id = $1 AND expires_at IS NULL
		UNION ALL SELECT 'domain_blocks', COUNT(*) FROM user_domain_blocks WHERE account_id = $1
		UNION ALL SELECT 'lists', COUNT(*) FROM lists WHERE account_id = $1
		UNION ALL SELECT 'bookmarks', COUNT(*) FROM bookmarks WHERE account_id = $1
		UNION ALL SELECT 'filters', COUNT(*) FROM filters WHERE account_id = $1`, account)
	return out, err
}

// importColumns: what is worked off by no job any more, since that failed again
// and again, has failed.
const importColumns = `i.id, i.account_id, i.kind, i.overwrite, CASE WHEN ` + importStuck + ` THEN 'failed' ELSE i.state END, i.file_name, i.total, i.done, i.removed, i.failures,
	i.fresh, i.known, i.leaving, i.created_at, i.finished_at`

const importStuck = `(i.state = 'working' AND NOT EXISTS (SELECT 1 FROM jobs j
	WHERE j.kind = 'archive.import' AND j.unique_key = CAST(i.id AS TEXT) AND j.state IN ('ready', 'running')))`

func importInto(i *domain.Import) []any {
	return []any{
		&i.ID, &i.Account, (*string)(&i.Kind), &i.Overwrite, (*string)(&i.State), &i.FileName, &i.Total, &i.Done, &i.Removed, &i.Failures,
		&i.Fresh, &i.Known, &i.Leaving, &i.CreatedAt, &i.FinishedAt,
	}
}

func scanImport(w row) (domain.Import, error) {
	var i domain.Import
	return i, w.Scan(importInto(&i)...)
}

// Imports are the newest imports of account, without their rows.
func (r Reader) Imports(ctx context.Context, account domain.ID, limit int) ([]domain.Import, error) {
	return all(ctx, r, scanImport, `SELECT `+importColumns+` FROM imports i WHERE i.account_id = $1 ORDER BY i.id DESC LIMIT $2`, account, limit)
}

// Import is account's import with that id, without its rows; another's is
// ErrNotFound.
func (r Reader) Import(ctx context.Context, account, id domain.ID) (domain.Import, error) {
	return one(ctx, r, scanImport, `SELECT `+importColumns+` FROM imports i WHERE i.account_id = $1 AND i.id = $2`, account, id)
}

// ImportRows is the import with that id, whosever it is, with its rows.
func (r Reader) ImportRows(ctx context.Context, id domain.ID) (domain.Import, error) {
	return one(ctx, r, func(w row) (domain.Import, error) {
		var i domain.Import
		return i, w.Scan(append(importInto(&i), asJSON(&i.Rows))...)
	}, `SELECT `+importColumns+`, i.data FROM imports i WHERE i.id = $1`, id)
}

// CountImports is how many imports of account are not done.
func (r Reader) CountImports(ctx context.Context, account domain.ID) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM imports WHERE account_id = $1 AND state <> 'done'`, account)
}

// ImportFailures are the lines of an import that were not taken, after that
// one, in their order.
func (r Reader) ImportFailures(ctx context.Context, id domain.ID, after, limit int) ([]domain.ImportFailure, error) {
	return all(ctx, r, func(w row) (domain.ImportFailure, error) {
		var f domain.ImportFailure
		return f, w.Scan(&f.Line, asJSON(&f.Cells), (*string)(&f.Reason))
	}, `SELECT f.line, f.cells, f.reason FROM import_failures f WHERE f.import_id = $1 AND f.line > $2 ORDER BY f.line LIMIT $3`, id, after, limit)
}

// InsertImport stores an import with its rows, and gives it id and time.
func (tx *Tx) InsertImport(i *domain.Import) error {
	i.ID, i.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO imports (id, account_id, kind, overwrite, state, file_name, data, total, failures, fresh, known, leaving, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		i.ID, i.Account, string(i.Kind), i.Overwrite, string(i.State), i.FileName, asJSON(i.Rows), i.Total, i.Failures, i.Fresh, i.Known, i.Leaving, i.CreatedAt)
	return err
}

// StartImport has a proposed import begin, or a failed one go on; any other is
// ErrNotFound.
func (tx *Tx) StartImport(account, id domain.ID) error {
	return tx.must(`UPDATE imports AS i SET state = 'working' WHERE i.account_id = $1 AND i.id = $2 AND (i.state = 'proposed' OR `+importStuck+`)`, account, id)
}

// KeepImport stores how far an import is. The rows of one that is done go.
func (tx *Tx) KeepImport(i *domain.Import) error {
	if i.State == domain.ImportIsDone {
		i.FinishedAt = tx.Now()
		if _, err := tx.exec(`UPDATE imports SET data = '' WHERE id = $1`, i.ID); err != nil {
			return err
		}
	}
	return tx.must(`UPDATE imports SET state = $1, done = $2, removed = $3, failures = $4, finished_at = $5 WHERE id = $6`,
		string(i.State), i.Done, i.Removed, i.Failures, i.FinishedAt, i.ID)
}

// InsertImportFailures notes lines that were not taken.
func (tx *Tx) InsertImportFailures(id domain.ID, list []domain.ImportFailure) error {
	for _, f := range list {
		if _, err := tx.exec(`INSERT INTO import_failures (import_id, line, cells, reason) VALUES ($1, $2, $3, $4) ON CONFLICT (import_id, line) DO NOTHING`,
			id, f.Line, asJSON(f.Cells), string(f.Reason)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteImport forgets account's import; another's is ErrNotFound.
func (tx *Tx) DeleteImport(account, id domain.ID) error {
	return tx.must(`DELETE FROM imports WHERE account_id = $1 AND id = $2`, account, id)
}

// SweepImports forgets up to limit imports that were made before kept, and
// those before proposed that nobody started.
func (tx *Tx) SweepImports(kept, proposed time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM imports WHERE id IN (SELECT id FROM imports
		WHERE state = 'done' AND created_at < $1 OR state = 'proposed' AND created_at < $2 ORDER BY id LIMIT $3)`, kept, proposed, limit)
}
