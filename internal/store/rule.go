package store

import (
	"context"

	"coterie/internal/domain"
)

const ruleColumns = `id, text, hint, translations`

func scanRule(w row) (domain.Rule, error) {
	var r domain.Rule
	err := w.Scan(&r.ID, &r.Text, &r.Hint, asJSON(&r.Translations))
	return r, err
}

// Rules are the rules of the community, in their order.
func (r Reader) Rules(ctx context.Context) ([]domain.Rule, error) {
	return all(ctx, r, scanRule, `SELECT `+ruleColumns+` FROM rules ORDER BY position, id`)
}

// InsertRule adds a rule at the end and gives it its id.
func (tx *Tx) InsertRule(r *domain.Rule) error {
	r.ID = tx.NewID()
	tx.Notify(TopicSettings, "")
	_, err := tx.exec(`INSERT INTO rules (`+ruleColumns+`, position)
		VALUES ($1, $2, $3, $4, (SELECT COALESCE(MAX(position), 0) + 1 FROM rules))`, r.ID, r.Text, r.Hint, asJSON(r.Translations))
	return err
}

// UpdateRule changes the words of a rule.
func (tx *Tx) UpdateRule(r domain.Rule) error {
	tx.Notify(TopicSettings, "")
	return tx.must(`UPDATE rules SET text = $1, hint = $2, translations = $3 WHERE id = $4`, r.Text, r.Hint, asJSON(r.Translations), r.ID)
}

// DeleteRule removes a rule.
func (tx *Tx) DeleteRule(id domain.ID) error {
	tx.Notify(TopicSettings, "")
	return tx.must(`DELETE FROM rules WHERE id = $1`, id)
}

// OrderRules puts the rules into this order; one that is not there is ErrNotFound.
func (tx *Tx) OrderRules(ids []domain.ID) error {
	tx.Notify(TopicSettings, "")
	for i, id := range ids {
		if err := tx.must(`UPDATE rules SET position = $1 WHERE id = $2`, i+1, id); err != nil {
			return err
		}
	}
	return nil
}
