package store

import (
	"context"

	"coterie/internal/domain"
)

const verdictColumns = `p.not_following, p.not_followers, p.new_accounts, p.private_mentions, p.limited_accounts, p.bots`

// policyFields are where verdictColumns are read into. No row leaves them empty.
func policyFields(p *domain.NotificationPolicy) []any {
	return []any{
		(*string)(&p.NotFollowing), (*string)(&p.NotFollowers), (*string)(&p.NewAccounts),
		(*string)(&p.PrivateMentions), (*string)(&p.LimitedAccounts), (*string)(&p.Bots),
	}
}

// NotificationPolicy is account's policy, or the one that everybody begins with.
func (r Reader) NotificationPolicy(ctx context.Context, account domain.ID) (domain.NotificationPolicy, error) {
	p, err := one(ctx, r, func(w row) (domain.NotificationPolicy, error) {
		var p domain.NotificationPolicy
		return p, w.Scan(policyFields(&p)...)
	}, `SELECT `+verdictColumns+` FROM notification_policies p WHERE p.account_id = $1`, account)
	if domain.Is(err, domain.NotFound) {
		return domain.DefaultNotificationPolicy(), nil
	}
	return p, err
}

// SaveNotificationPolicy replaces account's policy.
func (tx *Tx) SaveNotificationPolicy(account domain.ID, p domain.NotificationPolicy) error {
	_, err := tx.exec(`INSERT INTO notification_policies (account_id, not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id) DO UPDATE SET not_following = excluded.not_following,
			not_followers = excluded.not_followers, new_accounts = excluded.new_accounts, private_mentions = excluded.private_mentions,
			limited_accounts = excluded.limited_accounts, bots = excluded.bots`,
		account, p.NotFollowing, p.NotFollowers, p.NewAccounts, p.PrivateMentions, p.LimitedAccounts, p.Bots)
	return err
}

// asideOf is true of a notification in alias n that belongs to the request in
// alias q.
const asideOf = `n.account_id = q.account_id AND n.from_id = q.from_id AND n.filtered AND n.type IN ('mention', 'quote')`

// requestText selects requests that have anything left, of senders who may be
// shown; the caller adds conditions.
const requestText = `SELECT q.id, q.account_id, q.from_id, q.created_at, q.updated_at,
		(SELECT n.status_id FROM notifications n WHERE ` + asideOf + ` ORDER BY n.id DESC LIMIT 1),
		(SELECT COUNT(*) FROM (SELECT 1 FROM notifications n WHERE ` + asideOf + ` LIMIT 100) AS waiting)
	FROM notification_requests q JOIN accounts a ON a.id = q.from_id
	WHERE a.suspended_at IS NULL AND EXISTS (SELECT 1 FROM notifications n WHERE ` + asideOf + `)`

func scanRequest(w row) (domain.NotificationRequest, error) {
	var q domain.NotificationRequest
	err := w.Scan(&q.ID, &q.Account, &q.From, &q.CreatedAt, &q.UpdatedAt, &q.LastStatus, &q.Count)
	return q, err
}

// NotificationRequests are those that account has neither accepted nor dismissed.
func (r Reader) NotificationRequests(ctx context.Context, account domain.ID, p domain.Page) ([]domain.NotificationRequest, error) {
	const within = ` AND q.account_id = $1 AND q.id > $2 AND q.id < $3 ORDER BY q.id`
	return pageOf(ctx, r, p, scanRequest, requestText+within+` DESC LIMIT $4`, requestText+within+` LIMIT $4`, account)
}

// NotificationRequest is account's request with that id; another's is ErrNotFound.
func (r Reader) NotificationRequest(ctx context.Context, account, id domain.ID) (domain.NotificationRequest, error) {
	return one(ctx, r, scanRequest, requestText+` AND q.account_id = $1 AND q.id = $2`, account, id)
}

// PendingNotifications counts what waits in account's requests.
func (r Reader) PendingNotifications(ctx context.Context, account domain.ID) (domain.PendingNotifications, error) {
	return one(ctx, r, func(w row) (domain.PendingNotifications, error) {
		var p domain.PendingNotifications
		return p, w.Scan(&p.Requests, &p.Notifications)
	}, `SELECT
		(SELECT COUNT(*) FROM (SELECT 1 FROM notification_requests q JOIN accounts a ON a.id = q.from_id
			WHERE q.account_id = $1 AND a.suspended_at IS NULL AND EXISTS (SELECT 1 FROM notifications n WHERE `+asideOf+`) LIMIT $2) AS waiting),
		(SELECT COUNT(*) FROM (SELECT 1 FROM notification_requests q JOIN accounts a ON a.id = q.from_id JOIN notifications n ON `+asideOf+`
			WHERE q.account_id = $1 AND a.suspended_at IS NULL LIMIT $3) AS waiting)`,
		account, domain.MaxRequestCount, domain.MaxPendingCount)
}

// AskNotification opens from's request to account, or renews it.
func (tx *Tx) AskNotification(account, from domain.ID) error {
	_, err := tx.exec(`INSERT INTO notification_requests (id, account_id, from_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, from_id) DO UPDATE SET updated_at = excluded.updated_at`,
		tx.NewID(), account, from, tx.Now(), tx.Now())
	return err
}

// TakeNotificationRequests ends account's requests with these ids and returns
// whose they were, by their id.
func (tx *Tx) TakeNotificationRequests(account domain.ID, ids []domain.ID) ([]domain.ID, error) {
	return all(tx.ctx(), tx.Reader, column[domain.ID], `DELETE FROM notification_requests WHERE account_id = $1 AND id`+tx.in(2)+` RETURNING from_id`,
		account, ids)
}

// PermitNotifications lets from's notifications to account through from now
// on, and those put aside until EndMerge.
func (tx *Tx) PermitNotifications(account, from domain.ID) error {
	_, err := tx.exec(`INSERT INTO notification_permissions (account_id, from_id, merging) VALUES ($1, $2, TRUE)
		ON CONFLICT (account_id, from_id) DO UPDATE SET merging = TRUE`, account, from)
	return err
}

// Unfilter lets through up to limit of from's notifications to account that
// were put aside, and reports how many.
func (tx *Tx) Unfilter(account, from domain.ID, limit int) (int, error) {
	n, err := tx.exec(`UPDATE notifications SET filtered = FALSE WHERE id IN (SELECT n.id FROM notifications n
		WHERE n.account_id = $1 AND n.from_id = $2 AND n.filtered ORDER BY n.id LIMIT $3)`, account, from, limit)
	return int(n), err
}

// EndMerge says that nothing of from's is put aside for account any more.
func (tx *Tx) EndMerge(account, from domain.ID) error {
	_, err := tx.exec(`UPDATE notification_permissions SET merging = FALSE WHERE account_id = $1 AND from_id = $2`, account, from)
	return err
}

// Merging reports whether anything that account accepted is still put aside.
func (r Reader) Merging(ctx context.Context, account domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM notification_permissions WHERE account_id = $1 AND merging LIMIT 1`, account)
}

// DropAside removes what of from's is put aside for account.
func (tx *Tx) DropAside(account, from domain.ID) error {
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND from_id = $2 AND filtered`, account, from)
	return err
}

// UnfiledMentions are up to limit direct statuses by from of which account was
// told and that are in none of its conversations, oldest first.
func (r Reader) UnfiledMentions(ctx context.Context, account, from domain.ID, limit int) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM notifications n JOIN statuses s ON s.id = n.status_id
		WHERE n.account_id = $1 AND n.from_id = $2 AND n.type = 'mention' AND NOT n.filtered AND s.visibility = 3
		AND NOT EXISTS (SELECT 1 FROM conversation_statuses x JOIN conversations c ON c.id = x.view_id
			WHERE c.account_id = $1 AND x.status_id = s.id)
		ORDER BY n.id LIMIT $3`, account, from, limit)
}
