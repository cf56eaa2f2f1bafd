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

// MaxDeliveries is how many rows InsertDeliveries writes at most, so that no
// write keeps the others waiting.
const MaxDeliveries = 500

// InsertBody stores what is sent. The bodies of a job that needs several
// transactions are numbered: a second call with that number finds the first
// one's body, and how far its deliveries were written. job 0 is none of that.
func (tx *Tx) InsertBody(job domain.ID, part int, body string) (id domain.ID, through string, err error) {
	scan := func(w row) (domain.ID, error) { return id, w.Scan(&id, &through) }
	_, err = one(tx.ctx(), tx.Reader, scan, `INSERT INTO delivery_bodies (id, body, created_at, job_id, part) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (job_id, part) WHERE job_id IS NOT NULL DO UPDATE SET job_id = excluded.job_id RETURNING id, through`,
		tx.NewID(), body, tx.Now(), nullID(job), part)
	return id, through, err
}

// SaveThrough remembers how far the deliveries of a numbered body were
// written: up to that inbox, in the order of their addresses.
func (tx *Tx) SaveThrough(body domain.ID, inbox string) error {
	return tx.must(`UPDATE delivery_bodies SET through = $1 WHERE id = $2`, inbox, body)
}

// CloseBodies ends the numbering of a job's bodies once all is written.
func (tx *Tx) CloseBodies(job domain.ID) error {
	_, err := tx.exec(`UPDATE delivery_bodies SET job_id = NULL WHERE job_id = $1`, job)
	return err
}

// InsertDeliveries stores a delivery of a body to each address, at most
// MaxDeliveries, and the job that serves each of their hosts. Hosts that have
// failed are served apart, when their next try is due.
func (tx *Tx) InsertDeliveries(body, sender domain.ID, sync bool, to []Address) error {
	if len(to) == 0 {
		return nil
	}
	if len(to) > MaxDeliveries {
		return domain.Errorf(domain.Internal, "%d deliveries in one write", len(to))
	}
	list := make([][3]string, len(to))
	known, hosts := map[string]bool{}, [][2]string{}
	for i, a := range to {
		list[i] = [3]string{tx.NewID().String(), a.Host, a.Inbox}
		if !known[a.Host] {
			known[a.Host] = true
			hosts = append(hosts, [2]string{tx.NewID().String(), a.Host})
		}
	}
	_, err := tx.exec(`INSERT INTO deliveries (id, host, inbox, sender_id, body_id, sync, created_at)
		SELECT CAST(e.value ->> 0 AS BIGINT), e.value ->> 1, e.value ->> 2, $1, $2, $3, $4 FROM `+tx.entries(5)+` WHERE TRUE
		ON CONFLICT (body_id, inbox) DO NOTHING`, sender, body, sync, tx.Now(), asJSON(list))
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO hosts (host) SELECT e.value ->> 1 FROM `+tx.entries(1)+` WHERE TRUE ORDER BY 1
		ON CONFLICT (host) DO NOTHING`, asJSON(hosts))
	if err != nil {
		return err
	}
	return tx.serveHosts(hosts)
}

// serveHosts is Enqueue for the hosts, each with the id of its job.
func (tx *Tx) serveHosts(hosts [][2]string) error {
	_, err := tx.exec(`INSERT INTO jobs (id, kind, payload, priority, run_at, unique_key, max_attempts, state, created_at)
		SELECT CAST(e.value ->> 0 AS BIGINT), CASE WHEN h.failures > 0 THEN $1 ELSE $2 END, '"' || h.host || '"', 0,
			CASE WHEN h.next_try > $3 THEN h.next_try ELSE $3 END, h.host, 0, 'ready', $3
		FROM `+tx.entries(4)+` JOIN hosts h ON h.host = e.value ->> 1 WHERE TRUE ORDER BY h.host
		ON CONFLICT (kind, unique_key) WHERE state = 'ready' DO UPDATE SET
			run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END`,
		domain.JobDeliverAgain, domain.JobDeliver, tx.Now(), asJSON(hosts))
	if err != nil {
		return err
	}
	tx.Notify(TopicJobs, "")
	return nil
}

// DueDeliveries are the oldest deliveries to a host that need not wait, at
// most limit.
func (r Reader) DueDeliveries(ctx context.Context, host string, now time.Time, limit int) ([]Delivery, error) {
	scan := func(w row) (Delivery, error) {
		var d Delivery
		return d, w.Scan(&d.ID, &d.Host, &d.Inbox, &d.Sender, &d.Sync, &d.Attempts, &d.CreatedAt, &d.Body)
	}
	return all(ctx, r, scan, `SELECT d.id, d.host, d.inbox, d.sender_id, d.sync, d.attempts, d.created_at, b.body
		FROM deliveries d JOIN delivery_bodies b ON b.id = d.body_id
		WHERE d.host = $1 AND (d.next_try IS NULL OR d.next_try <= $2) ORDER BY d.id LIMIT $3`, host, now, limit)
}

// NextDelivery is when the first of what waits for a host is due, zero for at
// once. Nothing waiting is ErrNotFound.
func (r Reader) NextDelivery(ctx context.Context, host string) (time.Time, error) {
	return one(ctx, r, column[time.Time], `SELECT d.next_try FROM deliveries d WHERE d.host = $1 ORDER BY d.next_try NULLS FIRST LIMIT 1`, host)
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

// DelayDelivery notes a failed try of one that has to wait itself.
func (tx *Tx) DelayDelivery(id domain.ID, until time.Time, why string) error {
	_, err := tx.exec(`UPDATE deliveries SET attempts = attempts + 1, next_try = $1, last_error = $2 WHERE id = $3`, until, why, id)
	return err
}

// DropDeliveriesBefore gives up what has waited for a host since before a time.
func (tx *Tx) DropDeliveriesBefore(host string, before time.Time) (int64, error) {
	return tx.exec(`DELETE FROM deliveries WHERE host = $1 AND created_at < $2`, host, before)
}

// SweepDeliveryBodies removes bodies that no delivery needs any more, at most
// limit, and returns how many. Those of a job that is still writing stay,
// unless it began before a time.
func (tx *Tx) SweepDeliveryBodies(before time.Time, limit int) (int64, error) {
	return tx.exec(`DELETE FROM delivery_bodies WHERE id IN (SELECT b.id FROM delivery_bodies b
		WHERE (b.job_id IS NULL OR b.created_at < $1) AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.body_id = b.id) LIMIT $2)`, before, limit)
}
