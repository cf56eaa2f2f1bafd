package store

import (
	"context"

	"coterie/internal/domain"
)

// ListReaders are, of the lists with these ids, those whose members made the
// statuses: a Candidate for each, with its list. One statement.
func (r Reader) ListReaders(ctx context.Context, statuses, lists []domain.ID) ([]ListCandidate, error) {
	return all(ctx, r, func(w row) (ListCandidate, error) {
		var c ListCandidate
		return c, c.scan(w, &c.List, (*string)(&c.Replies))
	}, `WITH arguments (now) AS (SELECT CAST($1 AS BIGINT)),
		readers (id, list, replies) AS (SELECT l.account_id, l.id, l.replies_policy FROM lists l WHERE l.id`+r.in(2)+`)
		SELECT `+candidateColumns("w.id", "$1", `EXISTS (SELECT 1 FROM list_members rl WHERE rl.list_id = w.list AND rl.account_id = s.in_reply_to_account_id)`)+`, w.list, w.replies
		FROM statuses s JOIN accounts a ON a.id = s.account_id CROSS JOIN readers w
		JOIN list_members wm ON wm.list_id = w.list AND wm.account_id = s.account_id `+candidateJoin("w.id")+`
		WHERE s.id`+r.in(3), r.st.Now(), lists, statuses)
}

// ListCandidate is a status that a list's timeline may hold.
type ListCandidate struct {
	Candidate
	List    domain.ID
	Replies domain.RepliesPolicy
}

// PublicStatus is what the public timelines ask of a status, whoever looks.
type PublicStatus struct {
	Local    bool
	Reply    bool // to somebody else
	Language string
	Media    bool
}

// PublicReaders are those of the viewers on whose public or hashtag timeline a
// status may stand (behaviours 11, 14.7). One statement; a status that stands
// on none is no viewer.
func (r Reader) PublicReaders(ctx context.Context, status domain.ID, viewers []domain.ID) (PublicStatus, []domain.ID, error) {
	var p PublicStatus
	ids, err := all(ctx, r, func(w row) (domain.ID, error) {
		var id domain.ID
		return id, w.Scan(&id, &p.Local, &p.Reply, &p.Language, &p.Media)
	}, `WITH arguments (now) AS (SELECT CAST($1 AS BIGINT)),
		readers (id) AS (SELECT a.id FROM accounts a WHERE a.id`+r.in(2)+`)
		SELECT w.id, s.local,
			NOT (s.in_reply_to_uri IS NULL AND (s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id)), s.language,
			EXISTS (SELECT 1 FROM attachments m WHERE m.status_id = s.id AND m.position >= 0)
		FROM statuses s JOIN accounts a ON a.id = s.account_id CROSS JOIN readers w
		WHERE s.id = $3 AND s.visibility = 0 AND s.reblog_of_id IS NULL AND a.suspended_at IS NULL AND a.silenced_at IS NULL
			AND NOT `+hiddenFrom("s.account_id", "w.id", "$1")+` AND NOT `+domainBlocked("a.domain", "w.id"), r.st.Now(), viewers, status)
	return p, ids, err
}

// FollowersAmong are those of the readers who follow the account or one of the
// hashtags. One statement.
func (r Reader) FollowersAmong(ctx context.Context, account domain.ID, tags []string, readers []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT a.id FROM accounts a WHERE a.id`+r.in(1)+` AND (
		EXISTS (SELECT 1 FROM follows f WHERE f.account_id = a.id AND f.target_id = $2 AND NOT f.pending)
		OR EXISTS (SELECT 1 FROM tag_follows tf JOIN tags t ON t.id = tf.tag_id WHERE tf.account_id = a.id AND t.name`+r.inText(3)+`))`,
		readers, account, tags)
}

// ListsAmong are those of the lists that the account is in. One statement.
func (r Reader) ListsAmong(ctx context.Context, account domain.ID, lists []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT m.list_id FROM list_members m WHERE m.account_id = $1 AND m.list_id`+r.in(2), account, lists)
}
