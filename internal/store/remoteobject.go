package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// RemoteObject is what a remote status came as.
type RemoteObject struct {
	Status    domain.ID
	JSON      []byte // compressed
	Replies   string // collection of its replies
	Context   string // collection of its thread (FEP-f228)
	FetchedAt time.Time
	RepliesAt time.Time // when its replies were last walked
}

// RemoteObject is what the status came as, or ErrNotFound.
func (r Reader) RemoteObject(ctx context.Context, status domain.ID) (RemoteObject, error) {
	return one(ctx, r, func(w row) (RemoteObject, error) {
		var o RemoteObject
		return o, w.Scan(&o.Status, &o.JSON, &o.Replies, &o.Context, &o.FetchedAt, &o.RepliesAt)
	}, `SELECT o.status_id, o.json, o.replies, o.context, o.fetched_at, o.replies_at FROM remote_objects o WHERE o.status_id = $1`, status)
}

// RepliesDue reports whether the replies of a mirrored status may be walked: it
// says where they are, and that was not done since a time; and whether a job
// that does so waits or runs. One statement.
func (r Reader) RepliesDue(ctx context.Context, status domain.ID, since time.Time) (due, active bool, err error) {
	err = r.each(ctx, func(w row) error { return w.Scan(&due, &active) }, `SELECT
		EXISTS (SELECT 1 FROM remote_objects WHERE status_id = $1 AND (replies <> '' OR context <> '') AND (replies_at IS NULL OR replies_at < $2)),
		EXISTS (SELECT 1 FROM jobs WHERE kind = $3 AND unique_key = $4 AND state = 'ready')
			OR EXISTS (SELECT 1 FROM jobs WHERE kind = $3 AND unique_key = $4 AND state = 'running')`,
		status, since, domain.JobReplies, status.String())
	return due, active, err
}

// FetchedBefore reports whether the status is mirrored and was last heard of
// before a time.
func (r Reader) FetchedBefore(ctx context.Context, status domain.ID, at time.Time) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM remote_objects WHERE status_id = $1 AND fetched_at < $2`, status, at)
}

// SaveRemoteObject keeps what a status came as, in place of an older form.
func (tx *Tx) SaveRemoteObject(o RemoteObject) error {
	_, err := tx.exec(`INSERT INTO remote_objects (status_id, json, replies, context, fetched_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (status_id) DO UPDATE SET json = excluded.json, replies = excluded.replies, context = excluded.context, fetched_at = excluded.fetched_at`,
		o.Status, o.JSON, o.Replies, o.Context, tx.Now())
	return err
}

// TakeRepliesTurn remembers that the replies of the status are walked now. It
// is false if that was done since a time.
func (tx *Tx) TakeRepliesTurn(status domain.ID, since time.Time) (bool, error) {
	n, err := tx.exec(`UPDATE remote_objects SET replies_at = $1 WHERE status_id = $2 AND (replies <> '' OR context <> '') AND (replies_at IS NULL OR replies_at < $3)`,
		tx.Now(), status, since)
	return n > 0, err
}
