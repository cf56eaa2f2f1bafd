package store

import (
	"context"
	"fmt"
	"time"

	"coterie/internal/domain"
)

func scanAttachment(w row) (domain.Attachment, error) {
	var a domain.Attachment
	var ms int64
	var focus string
	err := w.Scan(&a.ID, &a.Account, &a.Status, &a.Position, (*string)(&a.Kind), &a.MediaType, &a.RemoteURL, &a.PreviewURL,
		&a.Description, &a.Blurhash, &a.Width, &a.Height, &ms, &focus)
	a.Duration = time.Duration(ms) * time.Millisecond
	if err == nil && focus != "" {
		_, err = fmt.Sscanf(focus, "%g,%g", &a.Focus.X, &a.Focus.Y)
	}
	return a, err
}

// Attachments are those of the statuses, by status and position.
func (r Reader) Attachments(ctx context.Context, statuses []domain.ID) ([]domain.Attachment, error) {
	return all(ctx, r, scanAttachment, `SELECT t.id, t.account_id, t.status_id, t.position, t.kind, t.media_type, t.remote_url, t.preview_url,
			t.description, t.blurhash, t.width, t.height, t.duration_ms, t.focus
		FROM attachments t WHERE t.status_id`+r.in(1)+` ORDER BY t.status_id, t.position`, statuses)
}

// Attach makes list the attachments of a status, in that order, and no
// others.
func (tx *Tx) Attach(account, status domain.ID, list []domain.Attachment) error {
	if _, err := tx.exec(`DELETE FROM attachments WHERE status_id = $1`, status); err != nil {
		return err
	}
	for i, a := range list {
		focus := ""
		if a.Focus != (domain.Focus{}) {
			focus = fmt.Sprintf("%g,%g", a.Focus.X, a.Focus.Y)
		}
		_, err := tx.exec(`INSERT INTO attachments (id, account_id, status_id, position, kind, media_type, remote_url, preview_url,
				description, blurhash, width, height, duration_ms, focus)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			tx.NewID(), account, status, i, a.Kind, a.MediaType, a.RemoteURL, a.PreviewURL,
			a.Description, a.Blurhash, a.Width, a.Height, a.Duration.Milliseconds(), focus)
		if err != nil {
			return err
		}
	}
	return nil
}
