package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

const notificationColumns = `n.id, n.account_id, n.from_id, n.type, n.status_id, n.report_id, n.severance_id, n.collection_id, n.strike_id, n.filtered, n.group_key, n.created_at`

func notificationFields(n *domain.Notification) []any {
	return []any{
		&n.ID, &n.Account, &n.From, (*string)(&n.Type), &n.Status, &n.Report, &n.Severance, &n.Collection, &n.Strike, &n.Filtered, &n.GroupKey, &n.CreatedAt,
	}
}

func scanNotification(w row) (domain.Notification, error) {
	var n domain.Notification
	return n, w.Scan(notificationFields(&n)...)
}

// NotificationQuery narrows a list of notifications; zero values do not.
type NotificationQuery struct {
	Types           []string // only these
	Exclude         []string // not these
	From            domain.ID
	IncludeFiltered bool
}

// shownNotification is shownNotificationTo of argument 1.
var shownNotification = shownNotificationTo(1)

// shownNotificationTo is true of a notification in alias n, for its owner in
// argument owner, whose sender a may be shown, and whose status, if it has
// one, its owner may still see.
func shownNotificationTo(owner int) string {
	return `a.suspended_at IS NULL AND (n.status_id = 0 OR EXISTS (
		SELECT 1 FROM statuses s JOIN accounts sa ON sa.id = s.account_id WHERE s.id = n.status_id AND ` + visible("s", "sa", owner) + `))`
}

// Notifications are those of account, newest first.
func (r Reader) Notifications(ctx context.Context, account domain.ID, q NotificationQuery, p domain.Page) ([]domain.Notification, error) {
	text := func(order string) string {
		return `SELECT ` + notificationColumns + ` FROM notifications n JOIN accounts a ON a.id = n.from_id
			WHERE n.account_id = $1 AND n.id > $2 AND n.id < $3 AND (NOT n.filtered OR $4)
			AND (n.from_id = $5 OR $5 = 0) AND ($6 OR n.type` + r.inText(7) + `) AND NOT n.type` + r.inText(8) + `
			AND ` + shownNotification + ` ORDER BY n.id ` + order + ` LIMIT $9`
	}
	return pageOf(ctx, r, p, scanNotification, text("DESC"), text(""), account, q.IncludeFiltered || q.From != 0, q.From, len(q.Types) == 0, q.Types, q.Exclude)
}

// Notification is account's notification with that id; another's is ErrNotFound.
func (r Reader) Notification(ctx context.Context, account, id domain.ID) (domain.Notification, error) {
	return one(ctx, r, scanNotification, `SELECT `+notificationColumns+` FROM notifications n JOIN accounts a ON a.id = n.from_id
		WHERE n.account_id = $1 AND n.id = $2 AND `+shownNotification, account, id)
}

// UnreadNotifications counts what is newer than after, up to most.
func (r Reader) UnreadNotifications(ctx context.Context, account, after domain.ID, q NotificationQuery, most int) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM (SELECT 1 FROM notifications n JOIN accounts a ON a.id = n.from_id
		WHERE n.account_id = $1 AND n.id > $2 AND NOT n.filtered AND ($3 OR n.type`+r.inText(4)+`) AND NOT n.type`+r.inText(5)+`
		AND (n.from_id = $6 OR $6 = 0) AND `+shownNotification+` LIMIT $7) AS unread`,
		account, after, len(q.Types) == 0, q.Types, q.Exclude, q.From, most)
}

// InsertNotification stores n and reports whether it is new: except updates,
// the same thing is told once.
func (tx *Tx) InsertNotification(n *domain.Notification) (bool, error) {
	n.ID, n.CreatedAt = tx.NewExactID(), tx.Now()
	if n.GroupKey == "" {
		n.GroupKey = domain.Ungrouped(n.ID)
	}
	count, err := tx.exec(`INSERT INTO notifications (id, account_id, from_id, type, status_id, report_id, severance_id, collection_id, strike_id, filtered, group_key, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
		n.ID, n.Account, n.From, string(n.Type), n.Status, n.Report, n.Severance, n.Collection, n.Strike, n.Filtered, n.GroupKey, n.CreatedAt)
	return count > 0, err
}

// GroupSince is the group that a notification of that type and status joins:
// the newest one that began after since, "" if there is none (behaviours 13.6).
func (tx *Tx) GroupSince(account domain.ID, typ domain.NotificationType, status domain.ID, since time.Time) (string, error) {
	keys, err := all(tx.ctx(), tx.Reader, column[string], `SELECT n.group_key FROM notifications n
		WHERE n.account_id = $1 AND n.type = $2 AND n.status_id = $3 AND NOT n.filtered AND n.id > $4 ORDER BY n.id DESC LIMIT 1`,
		account, string(typ), status, domain.FirstID(since))
	if err != nil || len(keys) == 0 {
		return "", err
	}
	return keys[0], nil
}

// DeleteNotification removes one of account's notifications.
func (tx *Tx) DeleteNotification(account, id domain.ID) error {
	return tx.must(`DELETE FROM notifications WHERE account_id = $1 AND id = $2`, account, id)
}

// DeleteNotificationsByID removes those of these that are account's.
func (tx *Tx) DeleteNotificationsByID(account domain.ID, ids []domain.ID) error {
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND id`+tx.in(2), account, ids)
	return err
}

// DeleteNotifications removes all of account's notifications.
func (tx *Tx) DeleteNotifications(account domain.ID) error {
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1`, account)
	return err
}

// TakeBackNotifications removes what from caused for account by one of types
// and, unless it is 0, that status.
func (tx *Tx) TakeBackNotifications(account, from, status domain.ID, types ...domain.NotificationType) error {
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND from_id = $2 AND (status_id = $3 OR $3 = 0) AND type`+tx.inText(4),
		account, from, status, types)
	return err
}

// DeleteStatusNotifications removes what was told of a status.
func (tx *Tx) DeleteStatusNotifications(status domain.ID) error {
	_, err := tx.exec(`DELETE FROM notifications WHERE status_id = $1 AND status_id <> 0`, status)
	return err
}

// BellFollowers are the local followers of account who want to hear of each
// of its posts.
func (r Reader) BellFollowers(ctx context.Context, account domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT f.account_id FROM follows f JOIN users u ON u.account_id = f.account_id
		WHERE f.target_id = $1 AND f.notify AND NOT f.pending ORDER BY f.account_id`, account)
}

// LocalBoosters are the people here who boosted a status.
func (r Reader) LocalBoosters(ctx context.Context, status domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT s.account_id FROM statuses s JOIN users u ON u.account_id = s.account_id
		WHERE s.reblog_of_id = $1 ORDER BY s.account_id`, status)
}

// LocalVoters are the people here who voted in a poll.
func (r Reader) LocalVoters(ctx context.Context, poll domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT DISTINCT v.account_id FROM poll_votes v JOIN users u ON u.account_id = v.account_id
		WHERE v.poll_id = $1 ORDER BY v.account_id`, poll)
}
