package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const cleanupColumns = `c.account_id, c.enabled, c.min_age, c.keep_pinned, c.keep_favourited, c.keep_bookmarked, c.keep_direct, c.keep_media, c.keep_polls,
	c.min_favourites, c.min_reblogs`

func scanCleanup(w row) (domain.Cleanup, error) {
	var c domain.Cleanup
	var seconds int64
	err := w.Scan(&c.Account, &c.Enabled, &seconds, &c.KeepPinned, &c.KeepFavourited, &c.KeepBookmarked, &c.KeepDirect, &c.KeepMedia, &c.KeepPolls,
		&c.MinFavourites, &c.MinReblogs)
	c.MinAge = time.Duration(seconds) * time.Second
	return c, err
}

// Cleanup is what the account chose, or domain.ErrNotFound.
func (r Reader) Cleanup(ctx context.Context, account domain.ID) (domain.Cleanup, error) {
	return one(ctx, r, scanCleanup, `SELECT `+cleanupColumns+` FROM status_cleanups c WHERE c.account_id = $1`, account)
}

// CleanupsDue are up to limit that are on and due, those longest so first.
func (r Reader) CleanupsDue(ctx context.Context, now time.Time, limit int) ([]domain.Cleanup, error) {
	return all(ctx, r, scanCleanup, `SELECT `+cleanupColumns+` FROM status_cleanups c JOIN accounts a ON a.id = c.account_id
		WHERE c.enabled AND c.next_at <= $1 AND a.suspended_at IS NULL ORDER BY c.next_at, c.account_id LIMIT $2`, now, limit)
}

// cleaned is the condition of the posts and boosts that a cleanup deletes; its
// arguments are those of cleanedArgs.
const cleaned = ` FROM statuses s WHERE s.account_id = $1 AND s.id < $2
	AND (NOT $3 OR NOT EXISTS (SELECT 1 FROM pins p WHERE p.account_id = s.account_id AND p.status_id = s.id))
	AND (NOT $4 OR NOT EXISTS (SELECT 1 FROM favourites f WHERE f.account_id = s.account_id AND f.status_id = s.id))
	AND (NOT $5 OR NOT EXISTS (SELECT 1 FROM bookmarks k WHERE k.account_id = s.account_id AND k.status_id = s.id))
	AND (NOT $6 OR s.visibility <> 3)
	AND (NOT $7 OR NOT EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id AND m.position >= 0))
	AND (NOT $8 OR s.poll_id IS NULL)
	AND ($9 = 0 OR s.favourites_count < $10) AND ($11 = 0 OR s.reblogs_count < $12)`

func cleanedArgs(c *domain.Cleanup, now time.Time) []any {
	f, b := int64(c.MinFavourites), int64(c.MinReblogs)
	return []any{
		c.Account, domain.FirstID(now.Add(-c.MinAge)), c.KeepPinned, c.KeepFavourited, c.KeepBookmarked, c.KeepDirect, c.KeepMedia, c.KeepPolls, f, f, b, b,
	}
}

// OldStatuses are up to limit posts and boosts that the cleanup deletes now,
// the oldest first.
func (r Reader) OldStatuses(ctx context.Context, c *domain.Cleanup, now time.Time, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT s.id`+cleaned+` ORDER BY s.id LIMIT $13`, append(cleanedArgs(c, now), limit)...)
}

// CountOldStatuses is how many posts and boosts the cleanup would delete now.
func (r Reader) CountOldStatuses(ctx context.Context, c *domain.Cleanup, now time.Time) (int64, error) {
	return one(ctx, r, column[int64], `SELECT COUNT(*)`+cleaned, cleanedArgs(c, now)...)
}

// SaveCleanup stores what the account chose; it is due at once.
func (tx *Tx) SaveCleanup(c *domain.Cleanup) error {
	_, err := tx.exec(`INSERT INTO status_cleanups (account_id, enabled, min_age, keep_pinned, keep_favourited, keep_bookmarked, keep_direct, keep_media,
			keep_polls, min_favourites, min_reblogs, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (account_id) DO UPDATE SET enabled = excluded.enabled, min_age = excluded.min_age, keep_pinned = excluded.keep_pinned,
			keep_favourited = excluded.keep_favourited, keep_bookmarked = excluded.keep_bookmarked, keep_direct = excluded.keep_direct,
			keep_media = excluded.keep_media, keep_polls = excluded.keep_polls, min_favourites = excluded.min_favourites,
			min_reblogs = excluded.min_reblogs, next_at = excluded.next_at`,
		c.Account, c.Enabled, int64(c.MinAge/time.Second), c.KeepPinned, c.KeepFavourited, c.KeepBookmarked, c.KeepDirect, c.KeepMedia, c.KeepPolls,
		c.MinFavourites, c.MinReblogs, tx.Now())
	return err
}

// CleanedUp says when the cleanup is looked at again.
func (tx *Tx) CleanedUp(account domain.ID, next time.Time) error {
	_, err := tx.exec(`UPDATE status_cleanups SET next_at = $1 WHERE account_id = $2`, next, account)
	return err
}
