package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Delivery is one activity on its way to one inbox.
type Delivery struct {
	ID        domain.ID
	Host      string
	Inbox     string
	Sender    domain.ID // whose key signs; 0 is the community's own actor
	Sync      bool      // carries the followers' digest (FEP-8fcf)
	Attempts  int
	Body      string
	CreatedAt time.Time
}

// Address is one inbox and the host that counts its failures.
type Address struct {
	Host  string
	Inbox string
}

// InsertDeliveries stores one body and a delivery of it to each address, and
// returns the hosts concerned, each once. Hosts that are parked wait for
// their probe.
func (tx *Tx) InsertDeliveries(sender domain.ID, body string, sync bool, to []Address) ([]string, error) {
	if len(to) == 0 {
		return nil, nil
	}
	bodyID := tx.NewID()
	if _, err := tx.exec(`INSERT INTO delivery_bodies (id, body, created_at) VALUES ($1, $2, $3)`, bodyID, body, tx.Now()); err != nil {
		return nil, err
	}
	var hosts []string
	known := map[string]bool{}
	for _, a := range to {
		_, err := tx.exec(`INSERT INTO deliveries (id, host, inbox, sender_id, body_id, sync, next_try, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			tx.NewID(), a.Host, a.Inbox, sender, bodyID, sync, tx.Now(), tx.Now())
		if err != nil {
			return nil, err
		}
		if known[a.Host] {
			continue
		}
		known[a.Host] = true
		hosts = append(hosts, a.Host)
		if _, err := tx.exec(`INSERT INTO hosts (host) VALUES ($1) ON CONFLICT (host) DO NOTHING`, a.Host); err != nil {
			return nil, err
		}
	}
	return hosts, nil
}

// DueDeliveries are the oldest deliveries to a host, at most limit.
func (r Reader) DueDeliveries(ctx context.Context, host string, limit int) ([]Delivery, error) {
	scan := func(w row) (Delivery, error) {
		var d Delivery
		return d, w.Scan(&d.ID, &d.Host, &d.Inbox, &d.Sender, &d.Sync, &d.Attempts, &d.CreatedAt, &d.Body)
	}
	return all(ctx, r, scan, `SELECT d.id, d.host, d.inbox, d.sender_id, d.sync, d.attempts, d.created_at, b.body
		FROM deliveries d JOIN delivery_bodies b ON b.id = d.body_id WHERE d.host = $1 ORDER BY d.id LIMIT $2`, host, limit)
}

// HasDeliveries reports whether anything waits for a host.
func (r Reader) HasDeliveries(ctx context.Context, host string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM deliveries WHERE host = $1 LIMIT 1`, host)
}

// DeleteDeliveries removes deliveries that arrived or never will.
func (tx *Tx) DeleteDeliveries(ids []domain.ID) error {
	_, err := tx.exec(`DELETE FROM deliveries WHERE id`+tx.in(1), ids)
	return err
}

// FailDeliveries notes a failed try of deliveries that stay.
func (tx *Tx) FailDeliveries(ids []domain.ID, why string) error {
	_, err := tx.exec(`UPDATE deliveries SET attempts = attempts + 1, last_error = $1 WHERE id`+tx.in(2), why, ids)
	return err
}

// DropDeliveriesBefore gives up what has waited for a host since before a time.
func (tx *Tx) DropDeliveriesBefore(host string, before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM deliveries WHERE host = $1 AND created_at < $2`, host, before)
}

// SweepDeliveryBodies removes bodies that no delivery needs any more, at most
// limit, and returns how many.
func (tx *Tx) SweepDeliveryBodies(limit int) (int64, error) {
	return tx.exec(`DELETE FROM delivery_bodies WHERE id IN (SELECT b.id FROM delivery_bodies b
		WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.body_id = b.id) LIMIT $1)`, limit)
}

// Inboxes are where the remote followers of account can be reached, each
// once; shared inboxes where there are any.
func (r Reader) Inboxes(ctx context.Context, account domain.ID) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, CASE WHEN r.shared_inbox <> '' THEN r.shared_inbox ELSE r.inbox END
		FROM follows f JOIN actors r ON r.account_id = f.account_id JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending AND a.suspended_at IS NULL AND a.moved_to_id IS NULL`, account)
}

// InboxesOf are where remote accounts can be reached, each once: their shared
// inboxes, or their own if personal.
func (r Reader) InboxesOf(ctx context.Context, accounts []domain.ID, personal bool) ([]Address, error) {
	return all(ctx, r, scanAddress, `SELECT DISTINCT r.host, CASE WHEN r.shared_inbox <> '' AND NOT $1 THEN r.shared_inbox ELSE r.inbox END
		FROM actors r WHERE r.account_id`+r.in(2), personal, accounts)
}

func scanAddress(w row) (Address, error) {
	var a Address
	return a, w.Scan(&a.Host, &a.Inbox)
}

// FollowerURIs are the ids of the followers of account that live at a host.
func (r Reader) FollowerURIs(ctx context.Context, account domain.ID, host string) ([]string, error) {
	return all(ctx, r, column[string], `SELECT a.uri FROM follows f JOIN accounts a ON a.id = f.account_id JOIN actors r ON r.account_id = a.id
		WHERE f.target_id = $1 AND NOT f.pending AND r.host = $2 ORDER BY a.uri`, account, host)
}
