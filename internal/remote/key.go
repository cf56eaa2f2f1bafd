package remote

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/maypok86/otter/v2"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// topicKeys hears whose keys were stored or removed.
const topicKeys = "keys"

const maxKeys = 20_000 // kept in memory

var errNoKey = domain.Errorf(domain.NotFound, "The key of the signature was not found")

// keyCache keeps keys by their ids, until those of their account change.
type keyCache struct {
	mu    sync.Mutex
	epoch uint64 // counts changes, so that what was read before one is not kept after it
	kept  *otter.Cache[string, cachedKey]
}

type cachedKey struct {
	account domain.ID
	public  crypto.PublicKey
}

func newKeyCache() *keyCache {
	return &keyCache{kept: otter.Must(&otter.Options[string, cachedKey]{MaximumSize: maxKeys})}
}

// hear drops the keys of the account named, or all when names may have been
// missed.
func (c *keyCache) hear(n store.Notice) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	if n.Missed {
		c.kept.InvalidateAll()
		return
	}
	account, _ := domain.ParseID(n.Payload)
	for id, k := range c.kept.All() {
		if k.account == account {
			c.kept.Invalidate(id)
		}
	}
}

func (c *keyCache) now() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

func (c *keyCache) keep(epoch uint64, id string, k cachedKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch == epoch {
		c.kept.Set(id, k)
	}
}

// usableKeys are the keys of an actor that both sides vouch for: the actor
// names them and they name the actor, on one origin (SEC-11).
func usableKeys(a *apub.Actor) []domain.ActorKey {
	var out []domain.ActorKey
	add := func(kind domain.KeyKind, id, public string) {
		if !slices.ContainsFunc(out, func(k domain.ActorKey) bool { return k.URI == id }) {
			out = append(out, domain.ActorKey{Kind: kind, URI: id, Public: public})
		}
	}
	for _, k := range a.Keys {
		named, err := a.KeyFor(k.ID)
		if err != nil {
			continue
		}
		public, err := fetch.DecodePublicPEM(named.PEM)
		if err != nil {
			continue
		}
		if ed, ok := public.(ed25519.PublicKey); ok {
			add(domain.KeyEd25519, k.ID, fetch.EncodeMultikey(ed))
		} else if pem, err := fetch.EncodePublicPEM(public); err == nil {
			add(domain.KeyRSA, k.ID, pem)
		}
	}
	for _, k := range a.Multikeys {
		if public, err := a.Ed25519(k.ID); err == nil {
			add(domain.KeyEd25519, k.ID, fetch.EncodeMultikey(public))
		}
	}
	return out
}

// sameKeys reports whether both lists have the same keys, in any order.
func sameKeys(a, b []domain.ActorKey) bool {
	same := func(x domain.ActorKey) bool {
		return slices.ContainsFunc(b, func(y domain.ActorKey) bool { return x.URI == y.URI && x.Kind == y.Kind && x.Public == y.Public })
	}
	return len(a) == len(b) && !slices.ContainsFunc(a, func(k domain.ActorKey) bool { return !same(k) })
}

// keepKeys makes keys those of an account. A key id that another account has
// stays there (SEC-11).
func (s *Service) keepKeys(ctx context.Context, tx *store.Tx, account domain.ID, keys []domain.ActorKey) error {
	have, err := tx.ActorKeys(ctx, account)
	if err != nil || sameKeys(have, keys) {
		return err
	}
	free := make([]domain.ActorKey, 0, len(keys))
	for _, k := range keys {
		row, err := tx.ActorKeyByURI(ctx, k.URI)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return err
		}
		if err == nil && row.Account != account {
			s.Log.InfoContext(ctx, "an account names the key of another", "account", account, "key", k.URI)
			continue
		}
		free = append(free, k)
	}
	if err := tx.ReplaceActorKeys(account, free); err != nil {
		return fmt.Errorf("store its keys: %w", err)
	}
	if len(have) > 0 {
		tx.Notify(topicKeys, account.String())
	}
	return nil
}

// Key is the public key that a signature names and the account that owns it,
// fetched with its owner if it is not known.
func (s *Service) Key(ctx context.Context, keyID string) (crypto.PublicKey, domain.Account, error) {
	public, a, err := s.storedKey(ctx, keyID)
	if !domain.Is(err, domain.NotFound) {
		return public, a, err
	}
	if err := s.limits.paused("key " + keyID); err != nil {
		return nil, domain.Account{}, err
	}
	_, err = fly(ctx, s, "key "+keyID, func(ctx context.Context) (struct{}, error) {
		err := s.fetchKey(ctx, keyID)
		if mayRemember(err) {
			s.limits.rest("key "+keyID, failurePause, err)
		}
		return struct{}{}, err
	})
	if err != nil {
		return nil, domain.Account{}, fmt.Errorf("fetch the key %s: %w", keyID, err)
	}
	public, a, err = s.storedKey(ctx, keyID)
	if domain.Is(err, domain.NotFound) { // its owner does not name it
		s.limits.rest("key "+keyID, failurePause, errNoKey)
	}
	return public, a, err
}

// RefreshKey is Key for one that did not fit: its owner is asked again,
// unless that was done just now or the host had too much of it.
func (s *Service) RefreshKey(ctx context.Context, keyID string) (crypto.PublicKey, domain.Account, error) {
	_, a, err := s.storedKey(ctx, keyID)
	if err != nil {
		return nil, a, err
	}
	if err := s.askAgain(ctx, a.URI); err != nil {
		return nil, a, fmt.Errorf("fetch the key %s again: %w", keyID, err)
	}
	return s.storedKey(ctx, keyID)
}

// askAgain refreshes a known actor for the sake of its keys.
func (s *Service) askAgain(ctx context.Context, actor string) error {
	if !s.limits.take("keys of "+actor, 1, refreshPause) || !s.limits.take("keys at "+apub.Host(actor), refreshPerHost, window) {
		return errBudget
	}
	_, err := s.Refresh(ctx, actor)
	return err
}

// Multikey is the Ed25519 key that a proof names, and its owner (FEP-8b32).
func (s *Service) Multikey(ctx context.Context, verificationMethod string) (ed25519.PublicKey, domain.Account, error) {
	public, a, err := s.Key(ctx, verificationMethod)
	if err != nil {
		return nil, a, err
	}
	key, ok := public.(ed25519.PublicKey)
	if !ok {
		return nil, a, fmt.Errorf("the key %s is not Ed25519: %w", verificationMethod, errNoKey)
	}
	return key, a, nil
}

// storedKey is Key without the network.
func (s *Service) storedKey(ctx context.Context, keyID string) (crypto.PublicKey, domain.Account, error) {
	r := s.Store.Reader()
	k, ok := s.keys.kept.GetIfPresent(keyID)
	if !ok {
		epoch := s.keys.now()
		row, err := s.keyRow(ctx, keyID)
		if err != nil {
			return nil, domain.Account{}, err
		}
		k.account = row.Account
		if row.Kind == domain.KeyEd25519 {
			k.public, err = fetch.DecodeMultikey(row.Public)
		} else {
			k.public, err = fetch.DecodePublicPEM(row.Public)
		}
		if err != nil {
			return nil, domain.Account{}, fmt.Errorf("read the key %s: %w", keyID, err)
		}
		s.keys.keep(epoch, keyID, k)
	}
	a, err := r.Account(ctx, k.account)
	if err != nil {
		return nil, a, fmt.Errorf("find the owner of the key %s: %w", keyID, err)
	}
	return k.public, a, nil
}

// keyRow finds a key by its id. An actor's own id, and its handle, mean its
// first key (facts 4.3).
func (s *Service) keyRow(ctx context.Context, keyID string) (domain.ActorKey, error) {
	r := s.Store.Reader()
	row, err := r.ActorKeyByURI(ctx, keyID)
	if !domain.Is(err, domain.NotFound) {
		return row, err
	}
	var a domain.Account
	if user, host, ok := acct(keyID); ok {
		a, err = r.AccountByName(ctx, user, host)
	} else {
		a, err = r.AccountByURI(ctx, keyID)
	}
	if err != nil {
		return row, err
	}
	keys, err := r.ActorKeys(ctx, a.ID)
	if err == nil && len(keys) == 0 {
		err = errNoKey
	}
	if err != nil {
		return row, err
	}
	return keys[0], nil
}

// acct reads a key id of the form acct:user@host.
func acct(keyID string) (user, host string, ok bool) {
	rest, ok := strings.CutPrefix(keyID, "acct:")
	if !ok {
		return "", "", false
	}
	user, host = splitHandle(strings.TrimPrefix(rest, "@"))
	return user, strings.ToLower(host), user != "" && host != ""
}

// fetchKey brings the key into the store, with its owner, or says why not.
func (s *Service) fetchKey(ctx context.Context, keyID string) error {
	if user, host, ok := acct(keyID); ok {
		_, err := s.ByHandle(ctx, user, host)
		return err
	}
	address, _, _ := strings.Cut(keyID, "#")
	if err := s.mayAsk(address); err != nil {
		return err
	}
	if _, err := s.Store.Reader().AccountByURI(ctx, address); err == nil {
		return s.askAgain(ctx, address)
	} else if !domain.Is(err, domain.NotFound) {
		return err
	}
	if err := s.admit(ctx, apub.Host(address)); err != nil {
		return err
	}
	owner, err := s.keyOwner(ctx, keyID, address)
	if err != nil {
		return err
	}
	if owner.URI == "" {
		return nil
	}
	return s.askAgain(ctx, owner.URI)
}

// keyOwner finds who owns a key by asking its address, which may be that of
// the actor, of a stub of it, or of a key that names its owner. The account
// is zero if it was stored just now, with its keys.
func (s *Service) keyOwner(ctx context.Context, keyID, address string) (domain.Account, error) {
	if err := spend(ctx); err != nil {
		return domain.Account{}, err
	}
	doc, final, err := s.get(ctx, address)
	if err != nil {
		return domain.Account{}, err
	}
	owner := ""
	switch doc.Class {
	case apub.ClassActor:
		if doc.ID == address && found(doc, address, final) && !doc.Actor.Bare() {
			_, err := s.save(ctx, doc.Actor)
			return domain.Account{}, err
		}
		owner = doc.ID
	case apub.ClassKey:
		if doc.Key.ID != keyID && doc.Key.ID != address {
			return domain.Account{}, fmt.Errorf("the key calls itself %s: %w", doc.Key.ID, errNoKey)
		}
		owner = doc.Key.Owner
	case apub.ClassTombstone:
		return domain.Account{}, errGone
	}
	if !apub.SameOrigin(owner, address) || !apub.SameOrigin(owner, final.String()) {
		return domain.Account{}, fmt.Errorf("the owner of the key is %q: %w", owner, errNoKey)
	}
	known, err := s.Store.Reader().AccountByURI(ctx, owner)
	if domain.Is(err, domain.NotFound) {
		_, err = s.Actor(ctx, owner)
		return domain.Account{}, err
	}
	return known, err
}
