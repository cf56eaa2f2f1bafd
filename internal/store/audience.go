package store

import (
	"context"

	"coterie/internal/domain"
)

func scanAddress(w row) (Address, error) {
	var a Address
	return a, w.Scan(&a.Host, &a.Inbox)
}

// sharedInbox is where posts for an actor go.
const sharedInbox = `CASE WHEN r.shared_inbox <> '' THEN r.shared_inbox ELSE r.inbox END`

// reachable leaves out who gets no posts.
const reachable = `a.suspended_at IS NULL AND a.moved_to_id IS NULL`

// Inboxes are where the remote followers of account can be reached, each
// once; shared inboxes where there are any.
func (r Reader) Inboxes(ctx context.Context, account domain.ID) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, `+sharedInbox+`
		FROM follows f JOIN actors r ON r.account_id = f.account_id JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending AND `+reachable, account)
}

// InboxesOf are the shared inboxes of remote accounts, each once. Who is
// suspended or has moved away is left out.
func (r Reader) InboxesOf(ctx context.Context, accounts []domain.ID) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, `+sharedInbox+`
		FROM actors r JOIN accounts a ON a.id = r.account_id WHERE r.account_id`+r.in(1)+` AND `+reachable, accounts)
}

// OwnInboxes are the remote accounts' own inboxes, whatever became of them.
func (r Reader) OwnInboxes(ctx context.Context, accounts []domain.ID) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, r.inbox FROM actors r WHERE r.account_id`+r.in(1), accounts)
}

// AllInboxes are those of everybody known elsewhere.
func (r Reader) AllInboxes(ctx context.Context) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, `+sharedInbox+` FROM actors r JOIN accounts a ON a.id = r.account_id WHERE `+reachable)
}

// InterestedInboxes are those of who follows account, is followed by it or
// asked to, or was named in one of its latest mentions.
func (r Reader) InterestedInboxes(ctx context.Context, account domain.ID, mentions int) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, `+sharedInbox+` FROM actors r JOIN accounts a ON a.id = r.account_id
		WHERE `+reachable+` AND r.account_id IN (
			SELECT f.account_id FROM follows f WHERE f.target_id = $1
			UNION SELECT f.target_id FROM follows f WHERE f.account_id = $1
			UNION SELECT latest.account_id FROM (SELECT m.account_id FROM statuses s JOIN mentions m ON m.status_id = s.id
				WHERE s.account_id = $1 ORDER BY s.id DESC LIMIT $2) AS latest)`, account, mentions)
}

// FollowerURIs are the ids of the followers of account that live at a host.
func (r Reader) FollowerURIs(ctx context.Context, account domain.ID, host string) ([]string, error) {
	return all(ctx, r, column[string], `SELECT a.uri FROM follows f JOIN accounts a ON a.id = f.account_id JOIN actors r ON r.account_id = a.id
		WHERE f.target_id = $1 AND NOT f.pending AND r.host = $2 ORDER BY a.uri`, account, host)
}

// Reached are remote accounts that favourited, boosted, answered or quoted a
// status: one for each inbox, since their servers know the status by that.
func (r Reader) Reached(ctx context.Context, status domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT MIN(r.account_id) FROM actors r WHERE r.account_id IN (
			SELECT f.account_id FROM favourites f WHERE f.status_id = $1
			UNION SELECT s.account_id FROM statuses s WHERE s.reblog_of_id = $1
			UNION SELECT s.account_id FROM statuses s WHERE s.in_reply_to_id = $1
			UNION SELECT q.account_id FROM quotes q WHERE q.quoted_id = $1)
		GROUP BY `+sharedInbox+` ORDER BY 1`, status)
}

// RemoteVoters are remote accounts that voted in a poll, one for each inbox.
func (r Reader) RemoteVoters(ctx context.Context, poll domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT MIN(r.account_id) FROM actors r WHERE r.account_id IN (
			SELECT v.account_id FROM poll_votes v WHERE v.poll_id = $1)
		GROUP BY `+sharedInbox+` ORDER BY 1`, poll)
}
