package store

import (
	"context"

	"coterie/internal/domain"
)

// Post is one status of a thread, as far as its order depends on it.
type Post struct {
	ID               domain.ID
	Account          domain.ID
	InReplyTo        domain.ID
	InReplyToAccount domain.ID
	Shown            bool // to the viewer (behaviours 8.14)
}

func scanPost(w row) (Post, error) {
	var p Post
	err := w.Scan(&p.ID, &p.Account, &p.InReplyTo, &p.InReplyToAccount, &p.Shown)
	return p, err
}

// threadPost are scanPost's columns of a status s by a for the viewer in
// argument 1 at the time in argument 2: hidden are what cannot be seen, what
// is by people avoided, and what is by limited strangers.
func threadPost() string {
	return `s.id, s.account_id, s.in_reply_to_id, s.in_reply_to_account_id,
		(` + visible("s", "a", 1) + ` AND (s.account_id = $1 OR NOT ` + hiddenFrom("s.account_id", "$1", "$2") + `
			AND NOT ` + domainBlocked("a.domain", "$1") + `
			AND (a.silenced_at IS NULL OR EXISTS (SELECT 1 FROM follows tf WHERE tf.account_id = $1 AND tf.target_id = s.account_id AND NOT tf.pending))))`
}

const threadArguments = `WITH RECURSIVE arguments (viewer, now) AS (SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT)), `

// Ancestors are what a status answers, the first post of the thread first, at
// most limit of those closest to it; hidden ones too, not Shown.
func (r Reader) Ancestors(ctx context.Context, viewer, status domain.ID, limit int) ([]Post, error) {
	return all(ctx, r, scanPost, threadArguments+`up (id, parent, depth) AS (
			SELECT s.id, s.in_reply_to_id, 0 FROM statuses s WHERE s.id = $3
			UNION ALL
			SELECT s.id, s.in_reply_to_id, up.depth + 1 FROM up JOIN statuses s ON s.id = up.parent WHERE up.depth < $4)
		SELECT `+threadPost()+` FROM up JOIN statuses s ON s.id = up.id JOIN accounts a ON a.id = s.account_id
		WHERE up.depth > 0 ORDER BY up.depth DESC`, viewer, r.st.Now(), status, limit)
}

// maxThread bounds how many statuses of a thread are looked at.
const maxThread = 4096

// Descendants are the answers to a status and the answers to these, down to
// depth, oldest first; hidden ones too, not Shown. To others than its author
// that is one which the author of what it answers does not want.
func (r Reader) Descendants(ctx context.Context, viewer, status domain.ID, depth int) ([]Post, error) {
	return all(ctx, r, scanPost, threadArguments+`down (id, depth) AS (
			SELECT s.id, 1 FROM statuses s WHERE s.in_reply_to_id = $3
			UNION ALL
			SELECT s.id, down.depth + 1 FROM down JOIN statuses s ON s.in_reply_to_id = down.id WHERE down.depth < $4),
		oldest (id) AS (SELECT id FROM down ORDER BY id LIMIT $5)
		SELECT `+threadPost()+` AND (s.account_id = $1 OR NOT EXISTS (
			SELECT 1 FROM reply_approvals ra WHERE ra.status_id = s.id AND ra.rejected)) FROM oldest JOIN statuses s ON s.id = oldest.id JOIN accounts a ON a.id = s.account_id
		ORDER BY s.id`, viewer, r.st.Now(), status, depth, maxThread)
}

// RepliesTo are the direct answers to a status that anyone may read, after a
// cursor and oldest first: those by author, or those by everybody else.
func (r Reader) RepliesTo(ctx context.Context, status, author domain.ID, others bool, after domain.ID, limit int) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT s.id FROM statuses s JOIN accounts a ON a.id = s.account_id
		WHERE s.in_reply_to_id = $1 AND (s.account_id = $2) <> $3 AND s.id > $4 AND s.visibility <= 1 AND NOT s.local_only AND a.suspended_at IS NULL
		ORDER BY s.id LIMIT $5`, status, author, others, after, limit)
}
