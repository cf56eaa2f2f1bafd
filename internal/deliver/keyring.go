package deliver

import (
	"context"
	"crypto"
	"crypto/rsa"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/job"
	"coterie/internal/store"
)

const (
	spareKeys    = 4   // in stock, since making one costs a tenth of a second
	keysInMemory = 500 // read and parsed
	// StockEvery is how often the stock is looked after.
	StockEvery = time.Hour
	// SweepEvery is how often bodies without a delivery are removed.
	SweepEvery = time.Hour
)

// keyring finds the private keys of the actors here.
type keyring struct {
	st    *store.Store
	urls  domain.URLs
	fresh func() (*rsa.PrivateKey, error)
	kept  *otter.Cache[domain.ID, fetch.Key]
}

func newKeyring(c Config) *keyring {
	return &keyring{c.Store, c.URLs, c.NewKey, otter.Must(&otter.Options[domain.ID, fetch.Key]{MaximumSize: keysInMemory})}
}

// Key is the key with which an account here signs requests, 0 for the
// community's own actor. It is made if there is none, which takes a tenth of
// a second unless the stock has one.
func (s *Service) Key(ctx context.Context, account domain.ID) (fetch.Key, error) {
	return s.keys.Key(ctx, account)
}

func (k *keyring) Key(ctx context.Context, account domain.ID) (fetch.Key, error) {
	if key, ok := k.kept.GetIfPresent(account); ok {
		return key, nil
	}
	row, err := k.st.Reader().OwnKey(ctx, account, domain.KeyRSA)
	if domain.Is(err, domain.NotFound) {
		row, err = k.give(ctx, account)
	}
	if err != nil {
		return fetch.Key{}, err
	}
	private, err := fetch.DecodePrivatePEM(row.Private)
	if err != nil {
		return fetch.Key{}, fmt.Errorf("read the key of %s: %w", account, err)
	}
	uri := k.urls.InstanceActor()
	if account != 0 {
		a, err := k.st.Reader().Account(ctx, account)
		if err != nil {
			return fetch.Key{}, fmt.Errorf("look up the owner of the key: %w", err)
		}
		uri = k.urls.ActorURI(&a)
	}
	key := fetch.Key{ID: k.urls.KeyID(uri), Private: private}
	k.kept.Set(account, key)
	return key, nil
}

// give takes a key from the stock, refilled if it is empty.
func (k *keyring) give(ctx context.Context, account domain.ID) (domain.ActorKey, error) {
	var row domain.ActorKey
	take := func() error {
		return k.st.Write(ctx, func(tx *store.Tx) error {
			var err error
			if row, err = tx.OwnKey(ctx, account, domain.KeyRSA); err == nil {
				return nil // another was quicker
			}
			row, err = tx.TakeSpareKey(account, domain.KeyRSA)
			return err
		})
	}
	err := take()
	if domain.Is(err, domain.NotFound) {
		if err := k.make(ctx); err != nil {
			return row, err
		}
		err = take()
	}
	if err != nil {
		return row, fmt.Errorf("take a key from the stock: %w", err)
	}
	return row, nil
}

// make puts one key into the stock.
func (k *keyring) make(ctx context.Context) error {
	private, err := k.fresh()
	if err != nil {
		return err
	}
	row, err := encodeKey(private)
	if err != nil {
		return err
	}
	return k.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertSpareKey(row) })
}

func encodeKey(private crypto.Signer) (domain.ActorKey, error) {
	row := domain.ActorKey{Kind: domain.KeyRSA}
	var err error
	if row.Private, err = fetch.EncodePrivatePEM(private); err != nil {
		return row, err
	}
	row.Public, err = fetch.EncodePublicPEM(private.Public())
	return row, err
}

// Stock is the job that keeps keys in stock and gives one to every account
// here that has none.
func (s *Service) Stock(ctx context.Context, _ *job.Job) error {
	for {
		n, err := s.Store.Reader().CountSpareKeys(ctx, domain.KeyRSA)
		if err != nil {
			return fmt.Errorf("count the stock: %w", err)
		}
		if n >= spareKeys {
			break
		}
		if err := s.keys.make(ctx); err != nil {
			return err
		}
	}
	without, err := s.Store.Reader().AccountsWithoutKey(ctx, domain.KeyRSA, 1000)
	if err != nil {
		return fmt.Errorf("find accounts without a key: %w", err)
	}
	for _, account := range without {
		if _, err := s.keys.Key(ctx, account); err != nil {
			return err
		}
	}
	return nil
}

// Sweep is the job that removes bodies nobody waits for.
func (s *Service) Sweep(ctx context.Context, _ *job.Job) error {
	for {
		var n int64
		err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.SweepDeliveryBodies(1000)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
