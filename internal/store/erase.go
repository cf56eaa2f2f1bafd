package store

import (
	"cmp"
	"context"
	"slices"

	"coterie/internal/domain"
)

// StatusesBy are up to limit statuses and boosts of an account, whoever may
// see them, oldest first: for erasing.
func (r Reader) StatusesBy(ctx context.Context, account domain.ID, limit int) ([]domain.Status, error) {
	return all(ctx, r, scanStatus, `SELECT `+statusColumns+` FROM statuses s WHERE s.account_id = $1 ORDER BY s.id LIMIT $2`, account, limit)
}

// HideAccount takes an account out of sight before it is erased: it counts as
// suspended and says nothing of itself any more.
func (tx *Tx) HideAccount(id domain.ID) error {
	if _, err := tx.exec(`DELETE FROM account_words WHERE account_id = $1`, id); err != nil {
		return err
	}
	a, err := tx.Account(tx.ctx(), id)
	if err != nil {
		return err
	}
	if !a.Local() {
		for _, key := range []string{a.Avatar, a.Header} {
			if err := tx.ForgetRemote(key); err != nil {
				return err
			}
		}
	}
	if _, err := tx.exec(`UPDATE media_files SET doomed_at = $1 WHERE account_id = $2 AND account_id <> 0`, tx.now, id); err != nil {
		return err
	}
	return tx.must(`UPDATE accounts SET suspended_at = $1, suspended_by = suspended_by | $2,
		display_name = '', note = '', note_html = '', fields = '[]', avatar = '', avatar_static = '', header = '', header_static = '', rev = rev + 1 WHERE id = $3`, tx.now, domain.ByErasure, id)
}

// EraseFollows removes up to limit follows and requests of and to an account
// and counts them off on the other side. It reports how many went.
func (tx *Tx) EraseFollows(account domain.ID, limit int) (int, error) {
	gone, err := all(tx.ctx(), tx.Reader, func(w row) (domain.Follow, error) {
		var f domain.Follow
		return f, w.Scan(&f.Account, &f.Target, &f.Pending)
	}, `DELETE FROM follows WHERE id IN (
			SELECT f.id FROM follows f WHERE f.account_id = $1 OR f.target_id = $2 ORDER BY f.id LIMIT $3)
		RETURNING account_id, target_id, pending`, account, account, limit)
	if err != nil {
		return 0, err
	}
	// Ascending, so that concurrent transactions wait instead of deadlocking.
	slices.SortFunc(gone, func(a, b domain.Follow) int { return cmp.Compare(other(a, account), other(b, account)) })
	for _, f := range gone {
		switch {
		case f.Pending:
			continue
		case f.Account == account:
			_, err = tx.exec(`UPDATE accounts SET followers_count = followers_count - 1, rev = rev + 1 WHERE id = $1`, f.Target)
		default:
			_, err = tx.exec(`UPDATE accounts SET following_count = following_count - 1, rev = rev + 1 WHERE id = $1`, f.Account)
		}
		if err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

func other(f domain.Follow, account domain.ID) domain.ID {
	if f.Account == account {
		return f.Target
	}
	return f.Account
}

// EraseFavourites removes up to limit favourites of an account and counts
// them off. It reports how many went.
func (tx *Tx) EraseFavourites(account domain.ID, limit int) (int, error) {
	ids, err := all(tx.ctx(), tx.Reader, column[domain.ID], `DELETE FROM favourites WHERE id IN (
			SELECT f.id FROM favourites f WHERE f.account_id = $1 ORDER BY f.id LIMIT $2)
		RETURNING status_id`, account, limit)
	if err != nil {
		return 0, err
	}
	var counts []Counter
	for _, id := range ids {
		counts = append(counts, FavouritesOf(id, -1))
	}
	return len(ids), tx.Count(counts...)
}

// EraseVotes removes the votes of an account in up to limit polls and counts
// them off. It reports in how many polls.
func (tx *Tx) EraseVotes(account domain.ID, limit int) (int, error) {
	polls, err := all(tx.ctx(), tx.Reader, column[domain.ID],
		`SELECT DISTINCT poll_id FROM poll_votes WHERE account_id = $1 ORDER BY poll_id LIMIT $2`, account, limit)
	if err != nil {
		return 0, err
	}
	for _, poll := range polls {
		if err := tx.eraseVote(account, poll); err != nil {
			return 0, err
		}
	}
	return len(polls), nil
}

func (tx *Tx) eraseVote(account, poll domain.ID) error {
	if _, err := tx.exec(`UPDATE polls SET voters_count = CASE WHEN voters_count < 0 THEN voters_count ELSE voters_count - 1 END,
			votes_count = votes_count - (SELECT COUNT(*) FROM poll_votes v WHERE v.poll_id = $1 AND v.account_id = $2)
		WHERE id = $3`, poll, account, poll); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE poll_options SET votes = votes - 1 WHERE poll_id = $1
			AND choice IN (SELECT v.choice FROM poll_votes v WHERE v.poll_id = $2 AND v.account_id = $3)`, poll, poll, account); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM poll_votes WHERE poll_id = $1 AND account_id = $2`, poll, account)
	return err
}

// eraseTexts remove up to $2 rows each that may be many and that nothing
// counts. The few others go with the account's row.
var eraseTexts = [...]string{
	`DELETE FROM notifications WHERE id IN (SELECT n.id FROM notifications n WHERE n.account_id = $1 LIMIT $2)`,
	`DELETE FROM notifications WHERE id IN (SELECT n.id FROM notifications n WHERE n.from_id = $1 LIMIT $2)`,
	`DELETE FROM mentions WHERE id IN (SELECT m.id FROM mentions m WHERE m.account_id = $1 LIMIT $2)`,
	`DELETE FROM bookmarks WHERE id IN (SELECT b.id FROM bookmarks b WHERE b.account_id = $1 LIMIT $2)`,
	`DELETE FROM conversations WHERE id IN (SELECT c.id FROM conversations c WHERE c.account_id = $1 LIMIT $2)`,
	`DELETE FROM attachments WHERE id IN (SELECT t.id FROM attachments t WHERE t.account_id = $1 AND t.remote_url = '' LIMIT $2)`,
	`DELETE FROM scheduled_statuses WHERE id IN (SELECT s.id FROM scheduled_statuses s WHERE s.account_id = $1 LIMIT $2)`,
}

// EraseRows removes up to limit rows of each kind that hang on an account. It
// reports how many went.
func (tx *Tx) EraseRows(account domain.ID, limit int) (int, error) {
	var sum int64
	for _, text := range eraseTexts {
		n, err := tx.exec(text, account, limit)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return int(sum), nil
}

// DeleteAccount removes the row of an account that has no statuses any more,
// and everything that still hangs on it. Its keys stay while letters wait for
// its signature.
func (tx *Tx) DeleteAccount(id domain.ID) error {
	if err := tx.keepKeys(id); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM accounts WHERE id = $1`, id)
	return err
}
