package remote

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// Config is what a Service needs.
type Config struct {
	Store  *store.Store
	Client *fetch.Client
	URLs   domain.URLs
	// Signer gives the key with which an account here signs, 0 for the
	// community's own actor.
	Signer func(ctx context.Context, account domain.ID) (fetch.Key, error)
	// Prover gives the key with which an account here proves what it wrote,
	// nil where none does (FEP-8b32).
	Prover func(ctx context.Context, account domain.ID) (fetch.Key, error)
	// Policy is what the staff decided about a host, its parent domains
	// included.
	Policy func(host string) domain.DomainPolicy
	Now    func() time.Time
	Log    *slog.Logger
}

// Service finds, mirrors and describes.
type Service struct {
	Config
	flights singleflight.Group // look-ups under way, by what is looked up
	limits  *limits
	keys    *keyCache
	tongues tongues
	packers sync.Pool // of *flate.Writer, which are costly to make
}

// New makes the service, which hears of changed keys as long as the store is
// open.
func New(c Config) *Service {
	s := &Service{Config: c, limits: newLimits(c.Now), keys: newKeyCache()}
	c.Store.Listen(topicKeys, s.keys.hear)
	return s
}
