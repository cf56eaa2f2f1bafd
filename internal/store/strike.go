package store

import (
	"context"

	"coterie/internal/domain"
)

const strikeColumns = `k.id, k.account_id, k.target_id, k.action, k.text, k.report_id, k.status_ids, k.created_at, k.overruled_at,
	p.id, p.text, p.created_at, p.approved_at, p.rejected_at`

const strikesFrom = ` FROM strikes k LEFT JOIN appeals p ON p.strike_id = k.id `

func scanStrike(w row) (domain.Strike, error) {
	var k domain.Strike
	p := &k.Appeal
	err := w.Scan(&k.ID, &k.Account, &k.Target, (*string)(&k.Action), &k.Text, &k.Report, asJSON(&k.Statuses), &k.CreatedAt, &k.OverruledAt,
		&p.ID, &p.Text, &p.CreatedAt, &p.ApprovedAt, &p.RejectedAt)
	if p.ID != 0 {
		p.Strike = k.ID
	}
	return k, err
}

// Strike is the strike with that id.
func (r Reader) Strike(ctx context.Context, id domain.ID) (domain.Strike, error) {
	return one(ctx, r, scanStrike, `SELECT `+strikeColumns+strikesFrom+`WHERE k.id = $1`, id)
}

// StrikesByID are those with these ids, in no order.
func (r Reader) StrikesByID(ctx context.Context, ids []domain.ID) ([]domain.Strike, error) {
	return all(ctx, r, scanStrike, `SELECT `+strikeColumns+strikesFrom+`WHERE k.id`+r.in(1), ids)
}

// Strikes are those against an account, newest first.
func (r Reader) Strikes(ctx context.Context, target domain.ID, p domain.Page) ([]domain.Strike, error) {
	text := func(order string) string {
		return `SELECT ` + strikeColumns + strikesFrom + `WHERE k.target_id = $1 AND k.id > $2 AND k.id < $3 ORDER BY k.id ` + order + ` LIMIT $4`
	}
	return pageOf(ctx, r, p, scanStrike, text("DESC"), text(""), target)
}

// Appealed are the strikes whose appeals wait for a decision, by appeal.
func (r Reader) Appealed(ctx context.Context, limit int) ([]domain.Strike, error) {
	return all(ctx, r, scanStrike, `SELECT `+strikeColumns+` FROM appeals p JOIN strikes k ON k.id = p.strike_id
		WHERE p.approved_at IS NULL AND p.rejected_at IS NULL ORDER BY p.id LIMIT $1`, limit)
}

// InsertStrike stores a strike and gives it id and time.
func (tx *Tx) InsertStrike(k *domain.Strike) error {
	k.ID, k.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO strikes (id, account_id, target_id, action, text, report_id, status_ids, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, k.ID, k.Account, k.Target, string(k.Action), k.Text, k.Report, asJSON(ids(k.Statuses)), k.CreatedAt)
	return err
}

// InsertAppeal stores an appeal; a second one against a strike is Conflict.
func (tx *Tx) InsertAppeal(p *domain.Appeal) error {
	p.ID, p.CreatedAt = tx.NewID(), tx.Now()
	n, err := tx.exec(`INSERT INTO appeals (id, strike_id, text, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (strike_id) DO NOTHING`,
		p.ID, p.Strike, p.Text, p.CreatedAt)
	if err == nil && n == 0 {
		err = domain.Errorf(domain.Conflict, "There is an appeal against this decision already.")
	}
	return err
}

// DecideAppeal closes an appeal that waits, else ErrNotFound; an approved one
// overrules its strike.
func (tx *Tx) DecideAppeal(p *domain.Appeal, by domain.ID, approved bool) error {
	column := `rejected_at`
	if approved {
		column = `approved_at`
	}
	if err := tx.must(`UPDATE appeals SET `+column+` = $1, decided_by = $2 WHERE id = $3 AND approved_at IS NULL AND rejected_at IS NULL`,
		tx.Now(), by, p.ID); err != nil || !approved {
		return err
	}
	return tx.must(`UPDATE strikes SET overruled_at = $1 WHERE id = $2`, tx.Now(), p.Strike)
}
