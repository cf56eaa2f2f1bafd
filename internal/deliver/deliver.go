// Package deliver takes letters to other servers: a durable row per inbox,
// order kept per host, patience over days, and no host that fails costs
// another one anything. It also keeps the keys of the actors here. Level 4:
// fanout and instance import it. A Service is safe for concurrent use; in
// several processes one at a time delivers to a host.
//
// What may fail: a crash between a letter's arrival and its row's removal
// repeats the letter, whose id makes that harmless. Letters older than two
// weeks are given up.
package deliver

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
)

const (
	contentType = "application/activity+json"
	batch       = 50 // letters to a host between two looks at the store
	hostLease   = 3 * time.Minute
	keepFor     = 14 * 24 * time.Hour
	parkAfter   = 7 * 24 * time.Hour
	probeEvery  = 12 * time.Hour
	tries       = 10 // of one letter that only this host's signature check refuses
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
	Log    *slog.Logger
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
	return &Service{Config: c, keys: newKeyring(c)}
}

// Letter is one activity to be sent.
type Letter struct {
	Sender domain.ID // whose key signs; 0 is the community's own actor
	Body   []byte    // encoded once
	// Sync carries the digest of the followers at each host (FEP-8fcf).
	Sync bool
	To   []store.Address
}

// Send writes the rows of a letter, within the transaction of what it tells
// of. Refused hosts and ourselves are left out.
func (s *Service) Send(tx *store.Tx, l Letter) error {
	own := hostOf(s.URLs.Base)
	to := make([]store.Address, 0, len(l.To))
	for _, a := range l.To {
		if a.Host != own && !s.Refused(a.Host) {
			to = append(to, a)
		}
	}
	hosts, err := tx.InsertDeliveries(l.Sender, string(l.Body), l.Sync, to)
	if err != nil {
		return fmt.Errorf("write the deliveries: %w", err)
	}
	for _, h := range hosts {
		if err := enqueue(tx, h, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// enqueue has a host served at a time, zero is now. One job per host waits.
func enqueue(tx *store.Tx, host string, at time.Time) error {
	options := []job.Option{job.Unique(host)}
	if !at.IsZero() {
		options = append(options, job.RunAt(at))
	}
	_, err := job.Enqueue(tx, domain.JobDeliver, host, options...)
	return err
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Handle is the job that serves one host: what waits for it, in order, until
// it fails.
func (s *Service) Handle(ctx context.Context, j *job.Job) error {
	var host string
	if err := j.Decode(&host); err != nil {
		return err
	}
	h, due, err := s.claim(ctx, host)
	if errors.Is(err, store.ErrHostTaken) {
		return job.Later(s.Store.Now().Add(time.Second), err)
	}
	if err != nil {
		return fmt.Errorf("claim %s: %w", host, err)
	}
	out := s.sendAll(ctx, &h, due)
	return j.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteDeliveries(out.ended); err != nil {
			return fmt.Errorf("remove what arrived: %w", err)
		}
		if err := tx.FailDeliveries(out.failed, out.why); err != nil {
			return fmt.Errorf("note what failed: %w", err)
		}
		if err := tx.ReleaseHost(h); err != nil {
			return fmt.Errorf("release %s: %w", host, err)
		}
		more, err := tx.HasDeliveries(ctx, host)
		if err != nil || !more {
			return err
		}
		return enqueue(tx, host, h.NextTry)
	})
}

// claim leases the host and reads what waits for it.
func (s *Service) claim(ctx context.Context, host string) (h store.Host, due []store.Delivery, err error) {
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		if h, err = tx.ClaimHost(host, s.Store.ProcessID(), hostLease); err != nil {
			return err
		}
		if n, err := tx.DropDeliveriesBefore(host, tx.Now().Add(-keepFor)); err != nil {
			return err
		} else if n > 0 {
			s.Log.Warn("letters were given up after two weeks", "host", host, "count", n)
		}
		due, err = tx.DueDeliveries(ctx, host, batch)
		return err
	})
	return h, due, err
}

// outcome is what became of a batch.
type outcome struct {
	ended  []domain.ID // arrived, or refused for good
	failed []domain.ID // to be tried again
	why    string
}

// sendAll sends letters in order. The first failure that speaks of the host
// ends it for this time; one that speaks of the letter does not.
func (s *Service) sendAll(ctx context.Context, h *store.Host, due []store.Delivery) outcome {
	out := outcome{ended: []domain.ID{}, failed: []domain.ID{}}
	for _, d := range due {
		err := s.send(ctx, h, d)
		switch verdict(err) {
		case arrived:
			s.succeed(h)
			out.ended = append(out.ended, d.ID)
		case refusedForGood:
			s.succeed(h)
			s.Log.Info("a letter was refused", "host", h.Host, "inbox", d.Inbox, "err", err)
			out.ended = append(out.ended, d.ID)
		case unsigned:
			if d.Attempts+1 >= tries {
				s.Log.Warn("a letter was given up: its signature is not accepted", "host", h.Host, "inbox", d.Inbox)
				out.ended = append(out.ended, d.ID)
				continue
			}
			out.failed, out.why = append(out.failed, d.ID), err.Error()
			h.NextTry = s.Store.Now().Add(wait(d.Attempts + 1))
		case hostFails:
			out.failed, out.why = append(out.failed, d.ID), err.Error()
			s.fail(h, err)
			return out
		}
		if ctx.Err() != nil {
			return out
		}
	}
	return out
}

// send makes one request, in the host's scheme; one that is refused for its
// signature is tried in the other scheme once, and what works is remembered
// (facts 4.4).
func (s *Service) send(ctx context.Context, h *store.Host, d store.Delivery) error {
	key, err := s.keys.Key(ctx, d.Sender)
	if err != nil {
		return fmt.Errorf("find the key of %s: %w", d.Sender, err)
	}
	o := fetch.Options{Signer: &fetch.Signer{Key: key, Scheme: schemeOf(h.Signatures)}}
	if d.Sync {
		if o.Header, err = s.syncHeader(ctx, d.Sender, d.Host); err != nil {
			return err
		}
	}
	err = s.Client.Deliver(ctx, d.Inbox, contentType, []byte(d.Body), o)
	if fetch.StatusOf(err) != 401 {
		return err
	}
	o.Signer.Scheme = other(o.Signer.Scheme)
	if again := s.Client.Deliver(ctx, d.Inbox, contentType, []byte(d.Body), o); fetch.StatusOf(again) != 401 {
		h.Signatures = o.Signer.Scheme.String()
		return again
	}
	return err
}

func schemeOf(name string) fetch.Scheme {
	if name == fetch.RFC9421.String() {
		return fetch.RFC9421
	}
	return fetch.Cavage
}

func other(s fetch.Scheme) fetch.Scheme {
	if s == fetch.RFC9421 {
		return fetch.Cavage
	}
	return fetch.RFC9421
}

// syncHeader is Collection-Synchronization for one host (facts 16).
func (s *Service) syncHeader(ctx context.Context, sender domain.ID, host string) (map[string][]string, error) {
	a, err := s.Store.Reader().Account(ctx, sender)
	if err != nil {
		return nil, fmt.Errorf("look up the sender: %w", err)
	}
	uris, err := s.Store.Reader().FollowerURIs(ctx, sender, host)
	if err != nil {
		return nil, fmt.Errorf("list the followers at %s: %w", host, err)
	}
	value := fmt.Sprintf(`collectionId="%s", digest="%s", url="%s"`,
		s.URLs.Followers(&a), FollowersDigest(uris), s.URLs.ActorURI(&a)+"/followers_synchronization")
	return map[string][]string{"Collection-Synchronization": {value}}, nil
}

// FollowersDigest is the XOR of the SHA-256 of each id, in hex; zeros for none
// (FEP-8fcf).
func FollowersDigest(uris []string) string {
	var sum [sha256.Size]byte
	for _, u := range uris {
		h := sha256.Sum256([]byte(u))
		for i := range sum {
			sum[i] ^= h[i]
		}
	}
	return hex.EncodeToString(sum[:])
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
	return enqueue(tx, host, time.Time{})
}
