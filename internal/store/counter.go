package store

import (
	"cmp"
	"slices"
	"time"

	"coterie/internal/domain"
)

// Counter is a number on a row that others share, and how it changes.
type Counter struct {
	kind counterKind
	id   domain.ID
	by   int64
	at   time.Time
}

type counterKind uint8

const (
	statusesOf counterKind = iota
	repliesTo
	reblogsOf
	favouritesOf
	quotesOf
)

// An account's counters show on its profile, so they raise its revision; a
// status is rendered apart from its counters, so they leave it alone.
var counterTexts = [...]string{
	statusesOf: `UPDATE accounts SET statuses_count = statuses_count + $1, rev = rev + 1,
		last_status_at = CASE WHEN $1 > 0 AND (last_status_at IS NULL OR last_status_at < $2) THEN $2 ELSE last_status_at END WHERE id = $3`,
	repliesTo:    `UPDATE statuses SET replies_count = replies_count + $1 WHERE id = $2`,
	reblogsOf:    `UPDATE statuses SET reblogs_count = reblogs_count + $1 WHERE id = $2`,
	favouritesOf: `UPDATE statuses SET favourites_count = favourites_count + $1 WHERE id = $2`,
	quotesOf:     `UPDATE statuses SET quotes_count = quotes_count + $1 WHERE id = $2`,
}

// StatusesOf counts posts and boosts of an account; a growing one also moves
// its last_status_at up to at, which is now where it is zero.
func StatusesOf(account domain.ID, by int64, at time.Time) Counter {
	return Counter{kind: statusesOf, id: account, by: by, at: at}
}

// RepliesTo counts replies to a status.
func RepliesTo(status domain.ID, by int64) Counter {
	return Counter{kind: repliesTo, id: status, by: by}
}

// ReblogsOf counts boosts of a status.
func ReblogsOf(status domain.ID, by int64) Counter {
	return Counter{kind: reblogsOf, id: status, by: by}
}

// FavouritesOf counts favourites of a status.
func FavouritesOf(status domain.ID, by int64) Counter {
	return Counter{kind: favouritesOf, id: status, by: by}
}

// QuotesOf counts accepted quotes of a status.
func QuotesOf(status domain.ID, by int64) Counter {
	return Counter{kind: quotesOf, id: status, by: by}
}

// CountsOf are the counters that a post or boost adds to, by 1 or -1. What only
// the people addressed know of is not counted where all can see it.
func CountsOf(s *domain.Status, by int64) []Counter {
	var list []Counter
	if s.Visibility != domain.Direct {
		list = append(list, StatusesOf(s.Account, by, s.CreatedAt))
	}
	if s.ReblogOf != 0 {
		list = append(list, ReblogsOf(s.ReblogOf, by))
	}
	if s.Visibility.Listed() {
		list = append(list, RepliesTo(s.InReplyTo, by))
	}
	return list
}

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
			at := c.at
			if at.IsZero() {
				at = tx.now
			}
			args = []any{c.by, at, c.id}
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
