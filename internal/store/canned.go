package store

import (
	"context"

	"coterie/internal/domain"
)

const cannedColumns = `c.id, c.kind, c.title, c.text, c.created_at, c.updated_at`

func scanCanned(w row) (domain.CannedText, error) {
	var c domain.CannedText
	return c, w.Scan(&c.ID, (*string)(&c.Kind), &c.Title, &c.Text, &c.CreatedAt, &c.UpdatedAt)
}

// CannedTexts are the texts of a kind, all where that is "", by title.
func (r Reader) CannedTexts(ctx context.Context, kind domain.CannedKind) ([]domain.CannedText, error) {
	return all(ctx, r, scanCanned, `SELECT `+cannedColumns+` FROM canned_texts c WHERE c.kind = $1 OR $1 = '' ORDER BY c.title, c.id`, string(kind))
}

// CannedText is the one with that id.
func (r Reader) CannedText(ctx context.Context, id domain.ID) (domain.CannedText, error) {
	return one(ctx, r, scanCanned, `SELECT `+cannedColumns+` FROM canned_texts c WHERE c.id = $1`, id)
}

// SaveCannedText stores a text or what it says now; a missing id is set.
func (tx *Tx) SaveCannedText(c *domain.CannedText) error {
	c.UpdatedAt = tx.Now()
	if c.ID != 0 {
		return tx.must(`UPDATE canned_texts SET kind = $1, title = $2, text = $3, updated_at = $4 WHERE id = $5`, string(c.Kind), c.Title, c.Text, c.UpdatedAt, c.ID)
	}
	c.ID, c.CreatedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO canned_texts (id, kind, title, text, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5)`,
		c.ID, string(c.Kind), c.Title, c.Text, c.CreatedAt)
	return err
}

// DeleteCannedText removes it.
func (tx *Tx) DeleteCannedText(id domain.ID) error {
	return tx.must(`DELETE FROM canned_texts WHERE id = $1`, id)
}
