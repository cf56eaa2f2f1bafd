// Package deliver takes letters to other servers: a durable row per inbox,
// order kept per sender and host, patience over days, and no host that fails
// or hangs costs another one anything. It also keeps the keys of the actors
// here. Level 4: fanout and instance import it. A Service is safe for
// concurrent use; in several processes one at a time delivers to a host.
//
// What may fail: a crash between a letter's arrival and its row's removal
// repeats the letter, and so do an answer that comes after our patience has
// ended and a host's lease that ends while its letters are out, because the
// process stood still. The letter's id makes that harmless. A stop, or a job
// that was lost to another worker, repeats nothing that had arrived. Letters
// older than two weeks are given up.
package deliver

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
)

const (
	contentType = "application/activity+json"
	batch       = 100              // letters to a host between two looks at the store
	abreast     = 4                // senders whose letters go to a healthy host at once
	roundTime   = time.Minute      // after which no letter of a batch is begun
	patience    = 15 * time.Second // with one request
	hostLease   = 3 * time.Minute  // longer than a round and its last letter, tried twice
	keepFor     = 14 * 24 * time.Hour
	parkAfter   = 7 * 24 * time.Hour
	probeEvery  = 12 * time.Hour
	probeRest   = time.Hour // between two tries of a parked host for those who wait
	tries       = 10        // of one letter that only the check of its signature stops
)

// Config is what a Service needs.
type Config struct {
	Store  *store.Store
	Client *fetch.Client
	URLs   domain.URLs
	// Refused reports whether nothing may be sent to a host.
	Refused func(host string) bool
	// NewKey makes the key of an actor, nil for fetch.GenerateRSA.
	NewKey func() (*rsa.PrivateKey, error)
	// NewProofKey makes its key for proofs, nil for fetch.GenerateEd25519.
	NewProofKey func() (ed25519.PrivateKey, error)
	Log         *slog.Logger
}

// Service delivers.
type Service struct {
	Config
	keys *keyring
}

// New makes the service.
func New(c Config) *Service {
	if c.NewKey == nil {
		c.NewKey = fetch.GenerateRSA
	}
	if c.NewProofKey == nil {
		c.NewProofKey = fetch.GenerateEd25519
	}
	return &Service{Config: c, keys: newKeyring(c)}
}

// Letter is one activity to be sent.
type Letter struct {
	Sender domain.ID // whose key signs; 0 is the community's own actor
	Body   []byte    // encoded once
	// Sync carries the digest of the followers at each host (FEP-8fcf).
	Sync bool
	// Subject, if any, is the status of which the letter tells. Where that is
	// gone by the time the rows are written, its end was told before.
	Subject domain.ID
	// Awaited means that a person waits for what comes of it, so that even a
	// parked host is tried at once.
	Awaited bool
	To      []store.Address
}

// Post writes the rows of the letters that follow from a job, and ends the job
// with last. However often the job runs, an inbox gets each of them once. Many
// addresses are written in several transactions, so that other writes need not
// wait; the last one ends the job.
func (s *Service) Post(ctx context.Context, j *job.Job, letters []Letter, last func(tx *store.Tx) error) error {
	numbered := domain.ID(0)
	if j.Attempts > 1 {
		numbered = j.ID // an earlier attempt may have come some of the way
	}
	letters = slices.Clone(letters)
	for part := range letters {
		l := &letters[part]
		l.To = s.Open(l.To)
		for len(l.To) > store.MaxDeliveries {
			numbered = j.ID
			some := *l
			some.To, l.To = l.To[:store.MaxDeliveries], l.To[store.MaxDeliveries:]
			err := j.Part(ctx, func(tx *store.Tx) error { return write(tx, j.ID, part, some) })
			if err != nil {
				return fmt.Errorf("write a part of the deliveries: %w", err)
			}
		}
	}
	return j.Write(ctx, func(tx *store.Tx) error {
		if err := last(tx); err != nil {
			return err
		}
		for part, l := range letters {
			if err := write(tx, numbered, part, l); err != nil {
				return fmt.Errorf("write the deliveries: %w", err)
			}
		}
		if numbered == 0 {
			return nil
		}
		return tx.CloseBodies(numbered)
	})
}

// write stores rows that no earlier attempt of the job stored. Addresses are
// in order, so the last one written says which those are.
func write(tx *store.Tx, job domain.ID, part int, l Letter) error {
	if len(l.To) == 0 {
		return nil
	}
	if l.Subject != 0 {
		err := tx.StillThere(l.Subject)
		if domain.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	body, through, err := tx.InsertBody(job, part, string(l.Body))
	if err != nil {
		return err
	}
	to := l.To
	for len(to) > 0 && to[0].Inbox <= through {
		to = to[1:]
	}
	if len(to) == 0 {
		return nil
	}
	if l.Awaited {
		// A parked host was last tried probeEvery before its next try.
		if err := tx.ProbeParked(to, tx.Now().Add(probeEvery-probeRest)); err != nil {
			return fmt.Errorf("have parked hosts tried: %w", err)
		}
	}
	if err := tx.InsertDeliveries(body, l.Sender, l.Sync, to); err != nil || job == 0 {
		return err
	}
	return tx.SaveThrough(body, to[len(to)-1].Inbox)
}

// Open are the addresses to which something may be sent, in order and each
// once: not we ourselves, and no refused host, be it that of the actor or that
// of its inbox.
func (s *Service) Open(to []store.Address) []store.Address {
	own := hostOf(s.URLs.Base)
	decided := map[string]bool{own: true}
	shut := func(host string) bool {
		no, known := decided[host]
		if !known {
			no = s.Refused(host)
			decided[host] = no
		}
		return no
	}
	to = slices.Clone(to)
	slices.SortFunc(to, func(a, b store.Address) int {
		return cmp.Or(cmp.Compare(a.Inbox, b.Inbox), cmp.Compare(a.Host, b.Host))
	})
	to = slices.CompactFunc(to, func(a, b store.Address) bool { return a.Inbox == b.Inbox })
	return slices.DeleteFunc(to, func(a store.Address) bool {
		host := hostOf(a.Inbox)
		return host == "" || shut(a.Host) || shut(host)
	})
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// enqueue has a host served at a time, zero is now. One job per host waits;
// hosts that have failed wait apart from the others.
func enqueue(tx *store.Tx, h store.Host, at time.Time) error {
	options := []job.Option{job.Unique(h.Host)}
	if !at.IsZero() {
		options = append(options, job.RunAt(at))
	}
	kind := domain.JobDeliver
	if h.Failures > 0 {
		kind = domain.JobDeliverAgain
	}
	_, err := job.Enqueue(tx, kind, h.Host, options...)
	return err
}

// Alive is told that a host has just sent us something: what failed there is
// forgotten and what waits for it goes out.
func (s *Service) Alive(tx *store.Tx, host string) error {
	failed, err := tx.HostAlive(host)
	if err != nil {
		return fmt.Errorf("forget the failures of %s: %w", host, err)
	}
	if !failed {
		return nil
	}
	return enqueue(tx, store.Host{Host: host}, time.Time{})
}
