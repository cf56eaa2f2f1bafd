package store

import (
	"context"

	"coterie/internal/domain"
)

const listColumns = `l.id, l.account_id, l.title, l.replies_policy, l.exclusive, l.created_at`

func scanList(w row) (domain.List, error) {
	var l domain.List
	err := w.Scan(&l.ID, &l.Account, &l.Title, (*string)(&l.Replies), &l.Exclusive, &l.CreatedAt)
	return l, err
}

// List is owner's list with that id; another's is ErrNotFound.
func (r Reader) List(ctx context.Context, owner, id domain.ID) (domain.List, error) {
	return one(ctx, r, scanList, `SELECT `+listColumns+` FROM lists l WHERE l.account_id = $1 AND l.id = $2`, owner, id)
}

// Lists are all lists of owner, oldest first.
func (r Reader) Lists(ctx context.Context, owner domain.ID) ([]domain.List, error) {
	return all(ctx, r, scanList, `SELECT `+listColumns+` FROM lists l WHERE l.account_id = $1 ORDER BY l.id`, owner)
}

// ListsWith are the lists of owner that have member, oldest first.
func (r Reader) ListsWith(ctx context.Context, owner, member domain.ID) ([]domain.List, error) {
	return all(ctx, r, scanList, `SELECT `+listColumns+` FROM lists l JOIN list_members m ON m.list_id = l.id
		WHERE l.account_id = $1 AND m.account_id = $2 ORDER BY l.id`, owner, member)
}

// InsertList stores a new list.
func (tx *Tx) InsertList(l *domain.List) error {
	l.ID, l.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO lists (id, account_id, title, replies_policy, exclusive, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		l.ID, l.Account, l.Title, string(l.Replies), l.Exclusive, l.CreatedAt)
	return err
}

// UpdateList changes title, replies policy and exclusiveness.
func (tx *Tx) UpdateList(l domain.List) error {
	return tx.must(`UPDATE lists SET title = $1, replies_policy = $2, exclusive = $3 WHERE id = $4 AND account_id = $5`,
		l.Title, string(l.Replies), l.Exclusive, l.ID, l.Account)
}

// DeleteList removes owner's list; another's is ErrNotFound.
func (tx *Tx) DeleteList(owner, id domain.ID) error {
	return tx.must(`DELETE FROM lists WHERE account_id = $1 AND id = $2`, owner, id)
}

// ListMembers are the members of a list, newest first.
func (r Reader) ListMembers(ctx context.Context, list domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT m.id, m.account_id FROM list_members m JOIN accounts a ON a.id = m.account_id
			WHERE m.list_id = $1 AND m.id > $2 AND m.id < $3 AND a.suspended_at IS NULL ORDER BY m.id DESC LIMIT $4`,
		`SELECT m.id, m.account_id FROM list_members m JOIN accounts a ON a.id = m.account_id
			WHERE m.list_id = $1 AND m.id > $2 AND m.id < $3 AND a.suspended_at IS NULL ORDER BY m.id LIMIT $4`,
		list)
}

// AddListMember puts an account on a list and reports whether that is new.
func (tx *Tx) AddListMember(list, account domain.ID) (bool, error) {
	n, err := tx.exec(`INSERT INTO list_members (id, list_id, account_id) VALUES ($1, $2, $3) ON CONFLICT (list_id, account_id) DO NOTHING`,
		tx.NewID(), list, account)
	return n > 0, err
}

// RemoveListMembers takes accounts off a list.
func (tx *Tx) RemoveListMembers(list domain.ID, accounts []domain.ID) error {
	_, err := tx.exec(`DELETE FROM list_members WHERE list_id = $1 AND account_id`+tx.in(2), list, accounts)
	return err
}

// Followed are those of targets that account follows or has asked to follow.
func (r Reader) Followed(ctx context.Context, account domain.ID, targets []domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT target_id FROM follows WHERE account_id = $1 AND target_id`+r.in(2), account, targets)
}
