package store

import (
	"context"

	"coterie/internal/domain"
)

const relayColumns = `r.id, r.inbox, r.actor, r.state, r.created_at`

func scanRelay(w row) (domain.Relay, error) {
	var r domain.Relay
	err := w.Scan(&r.ID, &r.Inbox, &r.Actor, (*string)(&r.State), &r.CreatedAt)
	return r, err
}

// Relays are all relays, oldest first, without those that were removed.
func (r Reader) Relays(ctx context.Context) ([]domain.Relay, error) {
	return all(ctx, r, scanRelay, `SELECT `+relayColumns+` FROM relays r WHERE r.state <> $1 ORDER BY r.id`, domain.RelayRemoved)
}

// Relay is the relay with that id, a removed one too until fan-out is done.
func (r Reader) Relay(ctx context.Context, id domain.ID) (domain.Relay, error) {
	return one(ctx, r, scanRelay, `SELECT `+relayColumns+` FROM relays r WHERE r.id = $1`, id)
}

// RelayAt is the relay with that inbox.
func (r Reader) RelayAt(ctx context.Context, inbox string) (domain.Relay, error) {
	return one(ctx, r, scanRelay, `SELECT `+relayColumns+` FROM relays r WHERE r.inbox = $1`, inbox)
}

// SaveRelay stores a relay, or how it stands now; a missing id is set.
func (tx *Tx) SaveRelay(r *domain.Relay) error {
	if r.ID == 0 {
		r.ID, r.CreatedAt = tx.NewID(), tx.Now()
	}
	tx.Notify(TopicSettings, "")
	_, err := tx.exec(`INSERT INTO relays (id, inbox, actor, state, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET inbox = excluded.inbox, actor = excluded.actor, state = excluded.state`,
		r.ID, r.Inbox, r.Actor, r.State, r.CreatedAt)
	return err
}

// ForgetRelay deletes the row of a relay that was removed, unless it was
// added again since.
func (tx *Tx) ForgetRelay(id domain.ID) error {
	_, err := tx.exec(`DELETE FROM relays WHERE id = $1 AND state = $2`, id, domain.RelayRemoved)
	return err
}
