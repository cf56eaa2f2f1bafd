package store

import (
	"context"
	"time"

	"coterie/internal/domain"
)

// Host is what is known of a peer.
type Host struct {
	Host         string
	Software     string // name and version, as it says itself
	Signatures   string // scheme it takes, "" if not learnt yet
	Failures     int    // in a row
	FailingSince time.Time
	NextTry      time.Time
	ParkedAt     time.Time
	Token        int64 // fences who delivers to it now
}

const hostColumns = `host, software, signatures, failures, failing_since, next_try, parked_at, token`

func scanHost(w row) (Host, error) {
	var h Host
	return h, w.Scan(&h.Host, &h.Software, &h.Signatures, &h.Failures, &h.FailingSince, &h.NextTry, &h.ParkedAt, &h.Token)
}

// Host is what is known of a peer, or ErrNotFound.
func (r Reader) Host(ctx context.Context, host string) (Host, error) {
	return one(ctx, r, scanHost, `SELECT `+hostColumns+` FROM hosts WHERE host = $1`, host)
}

// ErrHostTaken is for a host to which another process delivers now.
var ErrHostTaken = domain.Errorf(domain.Conflict, "Another process delivers to this host")

// ClaimHost leases a host, so that one process at a time delivers to it and
// order and breaker hold. Taken already is ErrHostTaken.
func (tx *Tx) ClaimHost(host, owner string, lease time.Duration) (Host, error) {
	now, err := tx.leaseClock()
	if err != nil {
		return Host{}, err
	}
	h, err := one(tx.ctx(), tx.Reader, scanHost, `UPDATE hosts SET owner = $1, lease_until = $2, token = token + 1
		WHERE host = $3 AND (lease_until IS NULL OR lease_until < $4) RETURNING `+hostColumns,
		owner, now+lease.Milliseconds(), host, now)
	if domain.Is(err, domain.NotFound) {
		return h, ErrHostTaken
	}
	return h, err
}

// ReleaseHost ends the lease and keeps what was learnt. ErrHostTaken means
// the lease ran out and another holds it.
func (tx *Tx) ReleaseHost(h Host) error {
	n, err := tx.exec(`UPDATE hosts SET owner = '', lease_until = NULL, signatures = $1, failures = $2, failing_since = $3,
			next_try = $4, parked_at = $5 WHERE host = $6 AND token = $7`,
		h.Signatures, h.Failures, h.FailingSince, h.NextTry, h.ParkedAt, h.Host, h.Token)
	if err == nil && n == 0 {
		return ErrHostTaken
	}
	return err
}

// HostAlive forgets the failures of a host that sent us something, and
// reports whether there were any.
func (tx *Tx) HostAlive(host string) (bool, error) {
	n, err := tx.exec(`UPDATE hosts SET failures = 0, failing_since = NULL, next_try = NULL, parked_at = NULL WHERE host = $1 AND failures > 0`, host)
	return n > 0, err
}

// ProbeParked makes those of the hosts due that are parked and whose next try
// is before a time.
func (tx *Tx) ProbeParked(to []Address, before time.Time) error {
	hosts := make([]string, len(to))
	for i, a := range to {
		hosts[i] = a.Host
	}
	_, err := tx.exec(`UPDATE hosts SET next_try = $1 WHERE host`+tx.inText(2)+` AND parked_at IS NOT NULL AND next_try < $3 AND next_try > $1`,
		tx.Now(), hosts, before)
	return err
}

// Peers are the hosts of the actors known here, at most limit.
func (r Reader) Peers(ctx context.Context, limit int) ([]string, error) {
	return all(ctx, r, column[string], `SELECT DISTINCT host FROM actors ORDER BY host LIMIT $1`, limit)
}

// PeersLike are hosts of actors known here whose name begins so, at most limit.
func (r Reader) PeersLike(ctx context.Context, prefix string, limit int) ([]string, error) {
	return all(ctx, r, column[string], `SELECT DISTINCT host FROM actors WHERE host >= $1 AND host < $2 ORDER BY host LIMIT $3`,
		prefix, prefix+afterAll, limit)
}

// HostKnown reports whether an actor of that host is known here.
func (r Reader) HostKnown(ctx context.Context, host string) (bool, error) {
	return exists(ctx, r, `SELECT 1 FROM actors WHERE host = $1 LIMIT 1`, host)
}

// LearnSoftware remembers what a host says that it runs.
func (tx *Tx) LearnSoftware(host, software string) error {
	_, err := tx.exec(`INSERT INTO hosts (host, software) VALUES ($1, $2)
		ON CONFLICT (host) DO UPDATE SET software = excluded.software`, host, software)
	return err
}

// LearnSignatures remembers which signatures a host takes.
func (tx *Tx) LearnSignatures(host, scheme string) error {
	_, err := tx.exec(`INSERT INTO hosts (host, signatures) VALUES ($1, $2)
		ON CONFLICT (host) DO UPDATE SET signatures = excluded.signatures`, host, scheme)
	return err
}
