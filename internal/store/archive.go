package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Archive is the one that the account asked for last, or domain.ErrNotFound.
func (r Reader) Archive(ctx context.Context, account domain.ID) (domain.Archive, error) {
	return one(ctx, r, func(w row) (domain.Archive, error) {
		var a domain.Archive
		return a, w.Scan(&a.Account, &a.Ready, &a.Failed, &a.File, &a.Size, &a.Done, &a.Total, &a.CreatedAt, &a.FinishedAt, &a.ExpiresAt)
	}, `SELECT a.account_id, a.state = 'done', a.state = 'working' AND NOT EXISTS (SELECT 1 FROM jobs j
			WHERE j.kind = 'archive.make' AND j.unique_key = CAST(a.account_id AS TEXT) AND j.state IN ('ready', 'running')),
			a.file, a.size, a.done, a.total, a.created_at, a.finished_at, a.expires_at
		FROM archives a WHERE a.account_id = $1`, account)
}

// BeginArchive notes that the account asks for an archive of about so many
// parts. The file of an earlier one is doomed.
func (tx *Tx) BeginArchive(account domain.ID, total int64) error {
	old, err := tx.Archive(tx.ctx(), account)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return err
	}
	if err := tx.DoomFiles(old.File); err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO archives (account_id, state, total, created_at) VALUES ($1, 'working', $2, $3)
		ON CONFLICT (account_id) DO UPDATE SET state = 'working', file = '', size = 0, done = 0, total = excluded.total,
			created_at = excluded.created_at, finished_at = NULL, expires_at = NULL`, account, total, tx.Now())
	return err
}

// ArchiveGrew notes how many parts of an archive are made.
func (tx *Tx) ArchiveGrew(account domain.ID, done int64) error {
	return tx.must(`UPDATE archives SET done = $1, total = CASE WHEN total < $2 THEN $3 ELSE total END WHERE account_id = $4 AND state = 'working'`,
		done, done, done, account)
}

// FinishArchive stores that the archive is ready, with how many parts, and that
// its file stays for so long.
func (tx *Tx) FinishArchive(account domain.ID, file string, size, done int64, kept time.Duration) error {
	expires := tx.now.Add(kept)
	if err := tx.must(`UPDATE media_files SET doomed_at = $1 WHERE name = $2`, expires, file); err != nil {
		return err
	}
	return tx.must(`UPDATE archives SET state = 'done', file = $1, size = $2, done = $3, total = $4, finished_at = $5, expires_at = $6 WHERE account_id = $7`,
		file, size, done, done, tx.Now(), expires, account)
}

// CountParts is about how many parts an archive of the account has: posts,
// boosts and files.
func (r Reader) CountParts(ctx context.Context, account domain.ID) (int64, error) {
	return one(ctx, r, column[int64], `SELECT (SELECT COUNT(*) FROM statuses WHERE account_id = $1)
		+ (SELECT COUNT(*) FROM attachments WHERE account_id = $1 AND status_id IS NOT NULL AND file <> '')`, account)
}
