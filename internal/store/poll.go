package store

import (
	"context"

	"coterie/internal/domain"
)

const pollColumns = `p.id, p.status_id, p.account_id, p.multiple, p.hide_totals, p.expires_at, p.ended_at, p.votes_count, p.voters_count`

func scanPoll(w row) (domain.Poll, error) {
	var p domain.Poll
	err := w.Scan(&p.ID, &p.Status, &p.Account, &p.Multiple, &p.HideTotals, &p.ExpiresAt, &p.EndedAt, &p.VotesCount, &p.VotersCount)
	return p, err
}

// Polls are the polls with those ids, in no order, missing ones left out. Who
// may see them is a matter of their statuses.
func (r Reader) Polls(ctx context.Context, ids []domain.ID) ([]domain.Poll, error) {
	polls, err := all(ctx, r, scanPoll, `SELECT `+pollColumns+` FROM polls p WHERE p.id`+r.in(1), ids)
	if err != nil || len(polls) == 0 {
		return polls, err
	}
	at := make(map[domain.ID]*domain.Poll, len(polls))
	for i := range polls {
		at[polls[i].ID] = &polls[i]
	}
	return polls, r.each(ctx, func(w row) error {
		var id domain.ID
		var o domain.PollOption
		if err := w.Scan(&id, &o.Title, &o.Votes); err != nil {
			return err
		}
		if p := at[id]; p != nil {
			p.Options = append(p.Options, o)
		}
		return nil
	}, `SELECT poll_id, title, votes FROM poll_options WHERE poll_id`+r.in(1)+` ORDER BY poll_id, choice`, ids)
}

// PollTitles are the titles of the options of polls, by poll and in order. Who
// may see them is a matter of their statuses.
func (r Reader) PollTitles(ctx context.Context, polls []domain.ID) (map[domain.ID][]string, error) {
	out := map[domain.ID][]string{}
	return out, r.each(ctx, func(w row) error {
		var poll domain.ID
		var title string
		err := w.Scan(&poll, &title)
		out[poll] = append(out[poll], title)
		return err
	}, `SELECT poll_id, title FROM poll_options WHERE poll_id`+r.in(1)+` ORDER BY poll_id, choice`, polls)
}

// Poll is one poll as far as the viewer may see its status.
func (r Reader) Poll(ctx context.Context, viewer, id domain.ID) (domain.Poll, error) {
	if _, err := r.statusWhere(ctx, `s.id = (SELECT p.status_id FROM polls p WHERE p.id = $1)`, viewer, id); err != nil {
		return domain.Poll{}, err
	}
	return r.AnyPoll(ctx, id)
}

// AnyPoll is the poll with that id whoever looks: for jobs and verbs.
func (r Reader) AnyPoll(ctx context.Context, id domain.ID) (domain.Poll, error) {
	list, err := r.Polls(ctx, []domain.ID{id})
	if err != nil {
		return domain.Poll{}, err
	}
	if len(list) == 0 {
		return domain.Poll{}, domain.ErrNotFound
	}
	return list[0], nil
}

// InsertPoll stores a poll without votes, after its status. It sets a missing id.
func (tx *Tx) InsertPoll(p *domain.Poll) error {
	if p.ID == 0 {
		p.ID = tx.NewID()
	}
	_, err := tx.exec(`INSERT INTO polls (id, status_id, account_id, multiple, hide_totals, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.Status, p.Account, p.Multiple, p.HideTotals, p.ExpiresAt)
	if err != nil {
		return err
	}
	return tx.setOptions(p)
}

func (tx *Tx) setOptions(p *domain.Poll) error {
	for i, o := range p.Options {
		if _, err := tx.exec(`INSERT INTO poll_options (poll_id, choice, title) VALUES ($1, $2, $3)`, p.ID, i, o.Title); err != nil {
			return err
		}
	}
	return nil
}

// LockPoll reads a poll and makes other transactions that lock it wait until
// this one ends.
func (tx *Tx) LockPoll(id domain.ID) (domain.Poll, error) {
	if err := tx.must(`UPDATE polls SET ended_at = ended_at WHERE id = $1`, id); err != nil {
		return domain.Poll{}, err
	}
	return tx.AnyPoll(tx.ctx(), id)
}

// UpdatePoll stores settings and times of a poll that was locked.
func (tx *Tx) UpdatePoll(p *domain.Poll) error {
	return tx.must(`UPDATE polls SET multiple = $1, hide_totals = $2, expires_at = $3, ended_at = $4 WHERE id = $5`,
		p.Multiple, p.HideTotals, p.ExpiresAt, p.EndedAt, p.ID)
}

// ResetPoll gives a poll that was locked new options and forgets all votes.
func (tx *Tx) ResetPoll(p *domain.Poll) error {
	p.VotesCount, p.VotersCount = 0, 0
	if _, err := tx.exec(`DELETE FROM poll_votes WHERE poll_id = $1`, p.ID); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM poll_options WHERE poll_id = $1`, p.ID); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE polls SET votes_count = 0, voters_count = 0 WHERE id = $1`, p.ID); err != nil {
		return err
	}
	return tx.setOptions(p)
}

// DeletePoll removes a poll with its votes.
func (tx *Tx) DeletePoll(id domain.ID) error {
	return tx.must(`DELETE FROM polls WHERE id = $1`, id)
}

// Voted tells whether the account has voted in the poll.
func (r Reader) Voted(ctx context.Context, account, poll domain.ID) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM poll_votes WHERE poll_id = $1 AND account_id = $2`, poll, account)
}

// Choices are what the account voted for in the poll, in order.
func (r Reader) Choices(ctx context.Context, account, poll domain.ID) ([]int, error) {
	return all(ctx, r, column[int], `SELECT choice FROM poll_votes WHERE poll_id = $1 AND account_id = $2 ORDER BY choice`, poll, account)
}

// Vote stores choices of one voter in a poll that was locked, and counts
// them; again is true for one who is among the voters already.
func (tx *Tx) Vote(poll, voter domain.ID, choices []int, again bool) error {
	for _, c := range choices {
		if _, err := tx.exec(`INSERT INTO poll_votes (poll_id, account_id, choice) VALUES ($1, $2, $3)`, poll, voter, c); err != nil {
			return err
		}
		if err := tx.must(`UPDATE poll_options SET votes = votes + 1 WHERE poll_id = $1 AND choice = $2`, poll, c); err != nil {
			return err
		}
	}
	voters := 1
	if again {
		voters = 0
	}
	return tx.must(`UPDATE polls SET votes_count = votes_count + $1,
		voters_count = CASE WHEN voters_count < 0 THEN voters_count ELSE voters_count + $2 END WHERE id = $3`, len(choices), voters, poll)
}
