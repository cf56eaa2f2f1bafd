package deliver

import (
	"context"
	"crypto"
	"fmt"
	"strings"
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
	Config
	kept *otter.Cache[keyName, fetch.Key]
}

type keyName struct {
	account domain.ID
	kind    domain.KeyKind
}

func newKeyring(c Config) *keyring {
	return &keyring{c, otter.Must(&otter.Options[keyName, fetch.Key]{MaximumSize: keysInMemory})}
}

// Key is the key with which an account here signs requests, 0 for the
// community's own actor. It is made if there is none, which takes a tenth of
// a second unless the stock has one.
func (s *Service) Key(ctx context.Context, account domain.ID) (fetch.Key, error) {
	return s.keys.Key(ctx, account, domain.KeyRSA)
}

// ProofKey is the Ed25519 key with which an account here proves what it wrote
// (FEP-8b32). It is made if there is none.
func (s *Service) ProofKey(ctx context.Context, account domain.ID) (fetch.Key, error) {
	return s.keys.Key(ctx, account, domain.KeyEd25519)
}

// Key reads a key once for all who wait for it: a first letter goes to hundreds
// of hosts, each of which would make one. None of them ends that for the others.
func (k *keyring) Key(ctx context.Context, account domain.ID, kind domain.KeyKind) (fetch.Key, error) {
	return k.kept.Get(ctx, keyName{account, kind}, otter.LoaderFunc[keyName, fetch.Key](func(ctx context.Context, name keyName) (fetch.Key, error) {
		return k.read(context.WithoutCancel(ctx), name)
	}))
}

func (k *keyring) read(ctx context.Context, name keyName) (fetch.Key, error) {
	row, err := k.Store.Reader().OwnKey(ctx, name.account, name.kind)
	if domain.Is(err, domain.NotFound) {
		row, err = k.give(ctx, name.account, name.kind)
	}
	if err != nil {
		return fetch.Key{}, err
	}
	private, err := fetch.DecodePrivatePEM(row.Private)
	if err != nil {
		return fetch.Key{}, fmt.Errorf("read the key of %s: %w", name.account, err)
	}
	uri, err := k.ownerOf(ctx, row)
	if err != nil {
		return fetch.Key{}, fmt.Errorf("look up the owner of the key: %w", err)
	}
	if name.kind == domain.KeyEd25519 {
		return fetch.Key{ID: k.URLs.ProofKeyID(uri), Private: private}, nil
	}
	return fetch.Key{ID: k.URLs.KeyID(uri), Private: private}, nil
}

// ownerOf is the address of the actor whose key it is, gone or not.
func (k *keyring) ownerOf(ctx context.Context, row domain.ActorKey) (string, error) {
	switch {
	case row.Account == 0:
		return k.URLs.InstanceActor(), nil
	case strings.Contains(row.Owner, "://"):
		return row.Owner, nil
	case row.Owner != "":
		return k.URLs.ActorURI(&domain.Account{Username: row.Owner}), nil
	}
	a, err := k.Store.Reader().Account(ctx, row.Account)
	return k.URLs.ActorURI(&a), err
}

// give makes an account's key. Nobody gets one who does not live here.
func (k *keyring) give(ctx context.Context, account domain.ID, kind domain.KeyKind) (domain.ActorKey, error) {
	if account != 0 {
		a, err := k.Store.Reader().Account(ctx, account)
		if err != nil {
			return domain.ActorKey{}, err
		}
		if !a.Local() {
			return domain.ActorKey{}, domain.Errorf(domain.NotFound, "The key of %s is not ours to have", a.Acct())
		}
	}
	row, err := k.own(ctx, account, kind, nil)
	if !domain.Is(err, domain.NotFound) {
		return row, err
	}
	made, err := k.new(kind)
	if err != nil {
		return made, err
	}
	return k.own(ctx, account, kind, &made)
}

// own gives an account a key: the one it has if another was quicker, one from
// the stock, or the one that was made for it. Without any it is ErrNotFound.
func (k *keyring) own(ctx context.Context, account domain.ID, kind domain.KeyKind, made *domain.ActorKey) (row domain.ActorKey, err error) {
	err = k.Store.Write(ctx, func(tx *store.Tx) error {
		if account != 0 {
			if err := tx.LockAccount(account); err != nil {
				return err
			}
		}
		if row, err = tx.OwnKey(ctx, account, kind); !domain.Is(err, domain.NotFound) {
			return err
		}
		if made == nil {
			row, err = tx.TakeSpareKey(account, kind)
			return err
		}
		row = *made
		row.Account = account
		return tx.InsertOwnKey(row)
	})
	return row, err
}

// new makes a key.
func (k *keyring) new(kind domain.KeyKind) (domain.ActorKey, error) {
	var private crypto.Signer
	var err error
	if kind == domain.KeyEd25519 {
		private, err = k.NewProofKey()
	} else {
		private, err = k.NewKey()
	}
	if err != nil {
		return domain.ActorKey{}, err
	}
	return encodeKey(private, kind)
}

// make puts one key into the stock.
func (k *keyring) make(ctx context.Context) error {
	row, err := k.new(domain.KeyRSA)
	if err != nil {
		return err
	}
	return k.Store.Write(ctx, func(tx *store.Tx) error { return tx.InsertSpareKey(row) })
}

func encodeKey(private crypto.Signer, kind domain.KeyKind) (domain.ActorKey, error) {
	row := domain.ActorKey{Kind: kind}
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
	for _, kind := range []domain.KeyKind{domain.KeyRSA, domain.KeyEd25519} {
		without, err := s.Store.Reader().AccountsWithoutKey(ctx, kind, 1000)
		if err != nil {
			return fmt.Errorf("find accounts without a key: %w", err)
		}
		for _, account := range without {
			if _, err := s.keys.Key(ctx, account, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep is the job that removes bodies nobody waits for, and keys of accounts
// that are gone.
func (s *Service) Sweep(ctx context.Context, _ *job.Job) error {
	if err := s.Store.Write(ctx, (*store.Tx).SweepKeys); err != nil {
		return fmt.Errorf("remove the keys of accounts that are gone: %w", err)
	}
	for {
		var n int64
		err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.SweepDeliveryBodies(tx.Now().Add(-keepFor), 1000)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
