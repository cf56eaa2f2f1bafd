package store

import (
	"context"

	"coterie/internal/domain"
)

const editColumns = `e.id, e.status_id, e.text, e.content_type, e.content, e.spoiler, e.sensitive, e.language, e.poll_options, e.media, e.created_at`

func scanEdit(w row) (domain.Edit, error) {
	var e domain.Edit
	err := w.Scan(&e.ID, &e.Status, &e.Text, &e.ContentType, &e.Content, &e.Spoiler, &e.Sensitive, &e.Language,
		asJSON(&e.PollOptions), asJSON(&e.Media), &e.CreatedAt)
	return e, err
}

// Edits are the revisions of a status, the original first; none if it was
// never edited (behaviours 8.10).
func (r Reader) Edits(ctx context.Context, status domain.ID) ([]domain.Edit, error) {
	return all(ctx, r, scanEdit, `SELECT `+editColumns+` FROM status_edits e WHERE e.status_id = $1 ORDER BY e.id`, status)
}

// InsertEdit stores a revision; its id says when it was stored, CreatedAt
// since when it was shown.
func (tx *Tx) InsertEdit(e *domain.Edit) error {
	e.ID = tx.NewID()
	_, err := tx.exec(`INSERT INTO status_edits (id, status_id, text, content_type, content, spoiler, sensitive, language, poll_options, media, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.Status, e.Text, e.ContentType, e.Content, e.Spoiler, e.Sensitive, e.Language, asJSON(e.PollOptions), asJSON(list(e.Media)), e.CreatedAt)
	return err
}
