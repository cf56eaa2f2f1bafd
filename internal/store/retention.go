package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// oldMirror is the condition on a post from elsewhere in alias s, with its
// remote object in alias o, that is older than $1, came here before that, and
// that nobody here has to do with: no favourite, bookmark, mention, boost,
// answer, vote or report, and no answer to somebody here. What others boosted or
// answered since, quoted or pinned, is still being read. Ids are by time, so
// those who ask end at the one of $1 and leave the many young posts alone.
const oldMirror = `NOT s.local AND s.reblog_of_id IS NULL AND s.created_at < $1 AND o.fetched_at < $1
	AND NOT EXISTS (SELECT 1 FROM favourites v JOIN users u ON u.account_id = v.account_id WHERE v.status_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM bookmarks k WHERE k.status_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM pins p WHERE p.status_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM mentions n JOIN users u ON u.account_id = n.account_id WHERE n.status_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM statuses b WHERE b.reblog_of_id = s.id AND (b.local OR b.created_at >= $1))
	AND NOT EXISTS (SELECT 1 FROM statuses r WHERE r.in_reply_to_id = s.id AND (r.local OR r.created_at >= $1))
	AND NOT EXISTS (SELECT 1 FROM users u WHERE u.account_id = s.in_reply_to_account_id)
	AND NOT EXISTS (SELECT 1 FROM quotes q WHERE q.quoted_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM quotes q JOIN users u ON u.account_id = q.quoted_account_id WHERE q.status_id = s.id)
	AND NOT EXISTS (SELECT 1 FROM poll_votes p JOIN users u ON u.account_id = p.account_id WHERE p.poll_id = s.poll_id)
	AND NOT EXISTS (SELECT 1 FROM reports t WHERE t.target_id = s.account_id AND t.status_ids LIKE '%' || CAST(s.id AS TEXT) || '%')`

// OldMirrors are up to limit posts from elsewhere before a time that nobody here
// has to do with, after one, the oldest first.
func (r Reader) OldMirrors(ctx context.Context, before time.Time, after domain.ID, limit int) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s JOIN remote_objects o ON o.status_id = s.id
		WHERE `+oldMirror+` AND s.id > $2 AND s.id < $3 ORDER BY s.id LIMIT $4`, before, after, domain.FirstID(before), limit)
}

// CountOldMirrors is how many there are.
func (r Reader) CountOldMirrors(ctx context.Context, before time.Time) (int64, error) {
	return one(ctx, r, column[int64], `SELECT COUNT(*) FROM statuses s JOIN remote_objects o ON o.status_id = s.id WHERE `+oldMirror+` AND s.id < $2`,
		before, domain.FirstID(before))
}

// CountOldAddresses is how many sign-ins and sessions from before a time still
// have the address that they came from.
func (r Reader) CountOldAddresses(ctx context.Context, before time.Time) (int64, error) {
	return one(ctx, r, column[int64], `SELECT (SELECT COUNT(*) FROM sign_ins i WHERE i.ip <> '' AND i.created_at < $1)
		+ (SELECT COUNT(*) FROM sessions s WHERE s.ip <> '' AND s.created_at < $1)`, before)
}

// ForgetAddresses forgets those addresses. That a network was seen before is
// forgotten with them.
func (tx *Tx) ForgetAddresses(before time.Time) error {
	if _, err := tx.exec(`UPDATE sign_ins SET ip = '', network = '' WHERE ip <> '' AND created_at < $1`, before); err != nil {
		return err
	}
	_, err := tx.exec(`UPDATE sessions SET ip = '' WHERE ip <> '' AND created_at < $1`, before)
	return err
}
