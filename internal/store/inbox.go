package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Letter is one verified request to an inbox, kept until its work is done.
type Letter struct {
	ID         domain.ID
	Activity   string    // its id, "" if it has none
	Signer     domain.ID // account whose key signed the request
	Recipient  domain.ID // whose inbox; 0 is the shared one
	Host       string    // of the signer
	Body       string    // as received, byte for byte
	ReceivedAt time.Time
}

// InsertLetter stores a letter and the job that works it off.
func (tx *Tx) InsertLetter(l *Letter) error {
	l.ID, l.ReceivedAt = tx.NewID(), tx.Now()
	_, err := tx.exec(`INSERT INTO inbox (id, activity, signer_id, recipient_id, host, body, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.ID, l.Activity, l.Signer, l.Recipient, l.Host, l.Body, l.ReceivedAt)
	if err != nil {
		return err
	}
	_, err = tx.Enqueue(domain.Job{Kind: domain.JobInbox, Payload: `"` + l.ID.String() + `"`})
	return err
}

// Letter is the letter with that id; one whose work is done is ErrNotFound.
func (r Reader) Letter(ctx context.Context, id domain.ID) (Letter, error) {
	scan := func(w row) (Letter, error) {
		var l Letter
		return l, w.Scan(&l.ID, &l.Activity, &l.Signer, &l.Recipient, &l.Host, &l.Body, &l.ReceivedAt)
	}
	return one(ctx, r, scan, `SELECT id, activity, signer_id, recipient_id, host, body, received_at FROM inbox WHERE id = $1`, id)
}

// DeleteLetter ends a letter's work.
func (tx *Tx) DeleteLetter(id domain.ID) error {
	_, err := tx.exec(`DELETE FROM inbox WHERE id = $1`, id)
	return err
}
