package store

import (
	"cmp"
	"slices"

	"coterie/internal/domain"
)

// Counter is a number on a row that others share, and how it changes.
type Counter struct {
	kind counterKind
	id   domain.ID
	by   int64
}

type counterKind uint8

const (
	statusesOf counterKind = iota
	repliesTo
	reblogsOf
	favouritesOf
)

// An account's counters show on its profile, so they raise its revision; a
// status is rendered apart from its counters, so they leave it alone.
var counterTexts = [...]string{
	statusesOf: `UPDATE accounts SET statuses_count = statuses_count + $1, rev = rev + 1,
		last_status_at = CASE WHEN $1 > 0 THEN $2 ELSE last_status_at END WHERE id = $3`,
	repliesTo:    `UPDATE statuses SET replies_count = replies_count + $1 WHERE id = $2`,
	reblogsOf:    `UPDATE statuses SET reblogs_count = reblogs_count + $1 WHERE id = $2`,
	favouritesOf: `UPDATE statuses SET favourites_count = favourites_count + $1 WHERE id = $2`,
}

// StatusesOf counts posts and boosts of an account; a growing one also moves
// its last_status_at to now.
func StatusesOf(account domain.ID, by int64) Counter { return Counter{statusesOf, account, by} }

// RepliesTo counts replies to a status.
func RepliesTo(status domain.ID, by int64) Counter { return Counter{repliesTo, status, by} }

// ReblogsOf counts boosts of a status.
func ReblogsOf(status domain.ID, by int64) Counter { return Counter{reblogsOf, status, by} }

// FavouritesOf counts favourites of a status.
func FavouritesOf(status domain.ID, by int64) Counter { return Counter{favouritesOf, status, by} }

// Count changes shared counters in ascending order of id, so that concurrent
// transactions wait for each other instead of deadlocking. Rows that are gone
// and the id 0 are passed over. Call it before the transaction touches those
// rows in another way.
func (tx *Tx) Count(changes ...Counter) error {
	slices.SortFunc(changes, func(a, b Counter) int { return cmp.Compare(a.id, b.id) })
	for _, c := range changes {
		if c.id == 0 || c.by == 0 {
			continue
		}
		args := []any{c.by, c.id}
		if c.kind == statusesOf {
			args = []any{c.by, tx.now, c.id}
		}
		if _, err := tx.exec(counterTexts[c.kind], args...); err != nil {
			return err
		}
	}
	return nil
}

// LockAccount makes other transactions that lock the account wait until this
// one ends: for limits on how many rows an account may have.
func (tx *Tx) LockAccount(id domain.ID) error {
	return tx.must(`UPDATE accounts SET rev = rev WHERE id = $1`, id)
}
