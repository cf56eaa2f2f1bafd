package store

import (
	"cmp"
	"context"
	"slices"

	"coterie/internal/domain"
)

// GroupPage is a page of groups, the one with the newest notification first.
// Next and Prev are cursors: the oldest and the newest id that it covers.
type GroupPage struct {
	Groups     []domain.NotificationGroup
	Next, Prev domain.ID
}

// NotificationGroups is a page of account's notifications, those of the types
// in grouped together by their key (behaviours 13.7). Two statements, the
// second only if there are groups of several.
func (r Reader) NotificationGroups(ctx context.Context, account domain.ID, q NotificationQuery, grouped []string, p domain.Page) (GroupPage, error) {
	heads, err := r.groupHeads(ctx, account, q, grouped, p)
	if err != nil || len(heads) == 0 {
		return GroupPage{}, err
	}
	// What the page covers: as far as heads were found, or all that was asked
	// for when there were no more.
	low, high := heads[len(heads)-1].ID, heads[0].ID
	switch full := len(heads) == p.Limit; {
	case full:
	case p.Ascending():
		high = p.Before() - 1
	default:
		low = p.After() + 1
	}
	page := GroupPage{Groups: make([]domain.NotificationGroup, 0, len(heads))}
	var keys []string
	for _, n := range heads {
		if slices.Contains(grouped, string(n.Type)) && n.GroupKey != domain.Ungrouped(n.ID) {
			keys = append(keys, n.GroupKey)
			continue
		}
		page.Groups = append(page.Groups, alone(n))
	}
	if len(keys) > 0 {
		together, err := r.groups(ctx, account, low, high, keys)
		if err != nil {
			return GroupPage{}, err
		}
		page.Groups = append(page.Groups, together...)
	}
	slices.SortFunc(page.Groups, func(a, b domain.NotificationGroup) int { return cmp.Compare(b.Newest.ID, a.Newest.ID) })
	page.Next, page.Prev = low, high
	if len(heads) < p.Limit {
		page.Next, page.Prev = bounds(page.Groups)
	}
	return page, nil
}

// bounds are the oldest and the newest notification that the groups show.
func bounds(groups []domain.NotificationGroup) (oldest, newest domain.ID) {
	for i, g := range groups {
		if i == 0 || g.PageMin < oldest {
			oldest = g.PageMin
		}
		newest = max(newest, g.Newest.ID)
	}
	return oldest, newest
}

// alone is the group of a notification that has none.
func alone(n domain.Notification) domain.NotificationGroup {
	return domain.NotificationGroup{Key: domain.Ungrouped(n.ID), Newest: n, Count: 1, Senders: []domain.ID{n.From}, PageMin: n.ID}
}

// groupHeads are one notification of each group, newest first: the newest
// within the cursors, or reading upwards the oldest.
func (r Reader) groupHeads(ctx context.Context, account domain.ID, q NotificationQuery, grouped []string, p domain.Page) ([]domain.Notification, error) {
	text := func(other, order string) string {
		return `SELECT ` + notificationColumns + ` FROM notifications n JOIN accounts a ON a.id = n.from_id
			WHERE n.account_id = $1 AND n.id > $2 AND n.id < $3 AND (NOT n.filtered OR $4)
			AND ($5 OR n.type` + r.inText(6) + `) AND NOT n.type` + r.inText(7) + `
			AND NOT (n.type` + r.inText(8) + ` AND EXISTS (SELECT 1 FROM notifications o JOIN accounts oa ON oa.id = o.from_id
				WHERE o.account_id = n.account_id AND o.group_key = n.group_key AND ` + other + ` AND oa.suspended_at IS NULL))
			AND ` + shownNotification + `
			ORDER BY n.id ` + order + ` LIMIT $9`
	}
	return pageOf(ctx, r, p, scanNotification, text(`o.id > n.id AND o.id < $3`, "DESC"), text(`o.id < n.id AND o.id > $2`, ""),
		account, q.IncludeFiltered, len(q.Types) == 0, q.Types, q.Exclude, grouped)
}

// groups are those with these keys, in no order, up to the notification high;
// PageMin is their oldest from low on. Below the floor of a group are those
// whose senders are not named. Without MATERIALIZED, CROSS and "+ 0" SQLite
// walks all of account's notifications instead of its index of groups.
func (r Reader) groups(ctx context.Context, account, low, high domain.ID, keys []string) ([]domain.NotificationGroup, error) {
	var out []domain.NotificationGroup
	err := r.each(ctx, func(w row) error {
		var n domain.Notification
		var count int
		var oldest domain.ID
		err := w.Scan(append(notificationFields(&n), &count, &oldest)...)
		if len(out) == 0 || out[len(out)-1].Key != n.GroupKey {
			out = append(out, domain.NotificationGroup{Key: n.GroupKey, Newest: n, Count: count, PageMin: oldest})
		}
		last := &out[len(out)-1]
		last.Senders = append(last.Senders, n.From)
		return err
	}, `WITH sums AS MATERIALIZED (
			SELECT n.group_key, COUNT(*) AS members, MIN(CASE WHEN n.id >= $1 THEN n.id END) AS oldest
			FROM notifications n JOIN accounts a ON a.id = n.from_id
			WHERE n.account_id = $2 AND n.group_key`+r.inText(3)+` AND n.id <= $4 AND a.suspended_at IS NULL
			GROUP BY n.group_key), floors AS MATERIALIZED (
			SELECT s.group_key, s.members, s.oldest, COALESCE((SELECT n.id FROM notifications n JOIN accounts a ON a.id = n.from_id
				WHERE n.account_id = $2 AND n.group_key = s.group_key AND n.id <= $4 AND a.suspended_at IS NULL
				ORDER BY n.id DESC LIMIT 1 OFFSET $5), 0) AS lowest
			FROM sums s)
		SELECT `+notificationColumns+`, f.members, f.oldest
		FROM floors f CROSS JOIN notifications n JOIN accounts a ON a.id = n.from_id
		WHERE n.account_id = $2 AND n.group_key = f.group_key AND n.id <= $4 AND n.id + 0 >= f.lowest AND a.suspended_at IS NULL
		ORDER BY n.group_key, n.id DESC`, low, account, keys, high, domain.MaxSampledSenders-1)
	return out, err
}

// NotificationGroup is all of account's group with that key, which may name a
// single notification whatever its type; none is ErrNotFound.
func (r Reader) NotificationGroup(ctx context.Context, account domain.ID, key string) (domain.NotificationGroup, error) {
	if id, ok := domain.UngroupedID(key); ok {
		n, err := r.Notification(ctx, account, id)
		return alone(n), err
	}
	list, err := r.groups(ctx, account, 0, domain.MaxID, []string{key})
	if err == nil && len(list) == 0 {
		err = domain.ErrNotFound
	}
	if err != nil {
		return domain.NotificationGroup{}, err
	}
	return list[0], nil
}

// GroupSenders are those who caused the notifications of a group, by the id
// of the notification.
func (r Reader) GroupSenders(ctx context.Context, account domain.ID, key string, p domain.Page) ([]Row, error) {
	single, _ := domain.UngroupedID(key)
	text := func(order string) string {
		return `SELECT n.id, n.from_id FROM notifications n JOIN accounts a ON a.id = n.from_id
			WHERE n.account_id = $1 AND n.id > $2 AND n.id < $3 AND (n.group_key = $4 OR n.id = $5) AND a.suspended_at IS NULL
			ORDER BY n.id ` + order + ` LIMIT $6`
	}
	return pageOf(ctx, r, p, scanRow, text("DESC"), text(""), account, key, single)
}

// UnreadGroups is UnreadNotifications with those of the types in grouped
// counted together by their key.
func (r Reader) UnreadGroups(ctx context.Context, account, after domain.ID, q NotificationQuery, grouped []string, most int) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM (SELECT DISTINCT CASE WHEN n.type`+r.inText(1)+` THEN n.group_key ELSE CAST(n.id AS TEXT) END
		FROM notifications n JOIN accounts a ON a.id = n.from_id
		WHERE n.account_id = $2 AND n.id > $3 AND NOT n.filtered AND ($4 OR n.type`+r.inText(5)+`) AND NOT n.type`+r.inText(6)+`
		AND (n.from_id = $7 OR $7 = 0) AND `+shownNotificationTo(2)+` LIMIT $8) AS unread`,
		grouped, account, after, len(q.Types) == 0, q.Types, q.Exclude, q.From, most)
}

// DeleteNotificationGroup removes the notifications of account's group.
func (tx *Tx) DeleteNotificationGroup(account domain.ID, key string) error {
	single, _ := domain.UngroupedID(key)
	_, err := tx.exec(`DELETE FROM notifications WHERE account_id = $1 AND (group_key = $2 OR id = $3)`, account, key, single)
	return err
}
