package store

import (
	"context"
	"slices"
	"strings"

	"coterie/internal/domain"
)

const followColumns = `f.id, f.account_id, f.target_id, f.pending, f.show_reblogs, f.notify, f.languages, f.uri, f.created_at`

func scanFollow(w row) (domain.Follow, error) {
	var f domain.Follow
	err := w.Scan(&f.ID, &f.Account, &f.Target, &f.Pending, &f.ShowReblogs, &f.Notify, asJSON(&f.Languages), &f.URI, &f.CreatedAt)
	return f, err
}

// Follow is account's follow of target, or its request.
func (r Reader) Follow(ctx context.Context, account, target domain.ID) (domain.Follow, error) {
	return one(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f WHERE f.account_id = $1 AND f.target_id = $2`, account, target)
}

// FollowByURI is account's follow or request that its server gave that id.
func (r Reader) FollowByURI(ctx context.Context, account domain.ID, uri string) (domain.Follow, error) {
	return one(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f WHERE f.uri = $1 AND f.account_id = $2`, uri, account)
}

// FollowByID is the follow or request of that row.
func (r Reader) FollowByID(ctx context.Context, id domain.ID) (domain.Follow, error) {
	return one(ctx, r, scanFollow, `SELECT `+followColumns+` FROM follows f WHERE f.id = $1`, id)
}

// SaveFollow stores a follow or changes its options; one that was accepted
// stays so. It sets id and time of a new one.
func (tx *Tx) SaveFollow(f *domain.Follow) error {
	_, err := tx.putFollow(f, `UPDATE SET show_reblogs = excluded.show_reblogs, notify = excluded.notify,
			languages = excluded.languages,
			uri = COALESCE(excluded.uri, follows.uri)`)
	return err
}

// InsertFollow stores a follow unless there is one, however soon before: only
// one of those that come at once is new and counts.
func (tx *Tx) InsertFollow(f *domain.Follow) (isNew bool, err error) {
	n, err := tx.putFollow(f, `NOTHING`)
	return n > 0, err
}

func (tx *Tx) putFollow(f *domain.Follow, otherwise string) (int64, error) {
	if f.ID == 0 {
		f.ID, f.CreatedAt = tx.NewID(), tx.Now()
	}
	var languages any
	if f.Languages != nil {
		languages = asJSON(f.Languages)
	}
	return tx.exec(`INSERT INTO follows (id, account_id, target_id, pending, show_reblogs, notify, languages, uri, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (account_id, target_id) DO `+otherwise,
		f.ID, f.Account, f.Target, f.Pending, f.ShowReblogs, f.Notify, languages, nullText(f.URI), f.CreatedAt)
}

// AcceptFollow makes a request a follow. It reports whether there was one.
func (tx *Tx) AcceptFollow(account, target domain.ID) (bool, error) {
	n, err := tx.exec(`UPDATE follows SET pending = FALSE WHERE account_id = $1 AND target_id = $2 AND pending`, account, target)
	return n > 0, err
}

// DeleteFollow removes a follow or a request and returns it; ErrNotFound if
// there was none.
func (tx *Tx) DeleteFollow(account, target domain.ID) (domain.Follow, error) {
	return one(tx.ctx(), tx.Reader, scanFollow, `DELETE FROM follows WHERE account_id = $1 AND target_id = $2
		RETURNING id, account_id, target_id, pending, show_reblogs, notify, languages, uri, created_at`, account, target)
}

// CountFollowing is how many accounts are followed or asked.
func (r Reader) CountFollowing(ctx context.Context, account domain.ID) (int64, error) {
	return one(ctx, r, column[int64], `SELECT COUNT(*) FROM follows WHERE account_id = $1`, account)
}

// Row is one entry of a list of accounts that is paged by rows of its own
// (behaviours 4.5).
type Row struct {
	ID      domain.ID // the cursor
	Account domain.ID
}

func scanRow(w row) (Row, error) {
	var e Row
	return e, w.Scan(&e.ID, &e.Account)
}

// listedAccount keeps out of a list of accounts those that are suspended and
// those that block the viewer in $4.
const listedAccount = ` AND a.suspended_at IS NULL AND NOT EXISTS (
	SELECT 1 FROM blocks vb WHERE vb.account_id = a.id AND vb.target_id = $4)`

// Followers are the accounts that follow account, as viewer may see them.
func (r Reader) Followers(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT f.id, f.account_id FROM follows f JOIN accounts a ON a.id = f.account_id
			WHERE f.target_id = $1 AND NOT f.pending AND f.id > $2 AND f.id < $3`+listedAccount+` ORDER BY f.id DESC LIMIT $5`,
		`SELECT f.id, f.account_id FROM follows f JOIN accounts a ON a.id = f.account_id
			WHERE f.target_id = $1 AND NOT f.pending AND f.id > $2 AND f.id < $3`+listedAccount+` ORDER BY f.id LIMIT $5`,
		account, viewer)
}

// Following are the accounts that account follows, as viewer may see them.
func (r Reader) Following(ctx context.Context, viewer, account domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT f.id, f.target_id FROM follows f JOIN accounts a ON a.id = f.target_id
			WHERE f.account_id = $1 AND NOT f.pending AND f.id > $2 AND f.id < $3`+listedAccount+` ORDER BY f.id DESC LIMIT $5`,
		`SELECT f.id, f.target_id FROM follows f JOIN accounts a ON a.id = f.target_id
			WHERE f.account_id = $1 AND NOT f.pending AND f.id > $2 AND f.id < $3`+listedAccount+` ORDER BY f.id LIMIT $5`,
		account, viewer)
}

// FollowRequests are the accounts that ask to follow account.
func (r Reader) FollowRequests(ctx context.Context, account domain.ID, p domain.Page) ([]Row, error) {
	return pageOf(ctx, r, p, scanRow,
		`SELECT f.id, f.account_id FROM follows f JOIN accounts a ON a.id = f.account_id
			WHERE f.target_id = $1 AND f.pending AND f.id > $2 AND f.id < $3`+listedAccount+` ORDER BY f.id DESC LIMIT $5`,
		`SELECT f.id, f.account_id FROM follows f JOIN accounts a ON a.id = f.account_id
			WHERE f.target_id = $1 AND f.pending AND f.id > $2 AND f.id < $3`+listedAccount+` ORDER BY f.id LIMIT $5`,
		account, account)
}

// CountFollowRequests counts who asks to follow account, up to most.
func (r Reader) CountFollowRequests(ctx context.Context, account domain.ID, most int) (int, error) {
	return one(ctx, r, column[int], `SELECT COUNT(*) FROM (
		SELECT 1 FROM follows WHERE target_id = $1 AND pending LIMIT $2) AS asked`, account, most)
}

// PendingFollowers are all accounts that ask to follow account.
func (r Reader) PendingFollowers(ctx context.Context, account domain.ID) ([]domain.ID, error) {
	return all(ctx, r, column[domain.ID], `SELECT account_id FROM follows WHERE target_id = $1 AND pending ORDER BY id`, account)
}

// FamiliarFollowers are, for each of targets, those whom viewer follows and
// who follow the target; at most limit each. Who hides its collections, target
// or follower, is left out (behaviours 7.9).
func (r Reader) FamiliarFollowers(ctx context.Context, viewer domain.ID, targets []domain.ID, limit int) (map[domain.ID][]domain.ID, error) {
	out := map[domain.ID][]domain.ID{}
	err := r.each(ctx, func(w row) error {
		var target, follower domain.ID
		if err := w.Scan(&target, &follower); err != nil {
			return err
		}
		if len(out[target]) < limit {
			out[target] = append(out[target], follower)
		}
		return nil
	}, `SELECT t.id, b.account_id FROM accounts t
		JOIN follows b ON b.target_id = t.id AND NOT b.pending
		JOIN follows mine ON mine.target_id = b.account_id AND mine.account_id = $1 AND NOT mine.pending
		JOIN accounts a ON a.id = b.account_id
		WHERE t.id`+r.in(2)+` AND NOT t.hide_collections AND NOT a.hide_collections AND a.suspended_at IS NULL
		ORDER BY b.id DESC`, viewer, targets)
	return out, err
}

// CountFollow changes the counters that a follow moves, in ascending order of
// id, so that concurrent transactions wait instead of deadlocking.
func (tx *Tx) CountFollow(follower, target domain.ID, by int64) error {
	following := func() error {
		_, err := tx.exec(`UPDATE accounts SET following_count = following_count + $1, rev = rev + 1 WHERE id = $2`, by, follower)
		return err
	}
	followers := func() error {
		_, err := tx.exec(`UPDATE accounts SET followers_count = followers_count + $1, rev = rev + 1 WHERE id = $2`, by, target)
		return err
	}
	if follower < target {
		return firstError(following, followers)
	}
	return firstError(followers, following)
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// HomeChanged says after the commit that what belongs on the home timelines
// of readers is another now.
func (tx *Tx) HomeChanged(readers ...domain.ID) {
	ids := make([]string, len(readers))
	for i, id := range readers {
		ids[i] = id.String()
	}
	tx.Notify(domain.TopicReaders, strings.Join(ids, " "))
}

// readersPerNotice is how many readers one notice names at most.
const readersPerNotice = 200

// FollowersHomeChanged is HomeChanged for all people here who follow account.
func (tx *Tx) FollowersHomeChanged(account domain.ID) error {
	readers, err := all(tx.ctx(), tx.Reader, column[domain.ID], `SELECT f.account_id FROM follows f JOIN users u ON u.account_id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending ORDER BY f.account_id`, account)
	for some := range slices.Chunk(readers, readersPerNotice) {
		tx.HomeChanged(some...)
	}
	return err
}
