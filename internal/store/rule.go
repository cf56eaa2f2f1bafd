package store

import (
	"context"

	"coterie/internal/domain"
)

const ruleColumns = `id, text, hint`

func scanRule(w row) (domain.Rule, error) {
	var r domain.Rule
	err := w.Scan(&r.ID, &r.Text, &r.Hint)
	return r, err
}

// Rules are the rules of the community, oldest first.
func (r Reader) Rules(ctx context.Context) ([]domain.Rule, error) {
	return all(ctx, r, scanRule, `SELECT `+ruleColumns+` FROM rules ORDER BY id`)
}

// InsertRule adds a rule at the end and gives it its id.
func (tx *Tx) InsertRule(r *domain.Rule) error {
	r.ID = tx.NewID()
	tx.Notify(TopicSettings, "")
	_, err := tx.exec(`INSERT INTO rules (`+ruleColumns+`) VALUES ($1, $2, $3)`, r.ID, r.Text, r.Hint)
	return err
}

// UpdateRule changes the words of a rule.
func (tx *Tx) UpdateRule(r domain.Rule) error {
	tx.Notify(TopicSettings, "")
	return tx.must(`UPDATE rules SET text = $1, hint = $2 WHERE id = $3`, r.Text, r.Hint, r.ID)
}

// DeleteRule removes a rule.
func (tx *Tx) DeleteRule(id domain.ID) error {
	tx.Notify(TopicSettings, "")
	return tx.must(`DELETE FROM rules WHERE id = $1`, id)
}
