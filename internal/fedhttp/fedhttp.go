// Package fedhttp is what other servers get and send: WebFinger, NodeInfo and
// host-meta, actors, posts and collections as ActivityPub documents, and the
// inboxes. It decides once, for every address that people and servers share,
// which of the two is answered. Level 7; only instance imports it.
//
// Reading shows what the one who signed the request may see, an anonymous
// visitor where nobody signed, by the store's own rule of visibility (SEC-28,
// SEC-29). An inbox verifies, stores one row and answers 202: what a letter
// means is decided by the job that works it off. A request that is refused
// leaves no row behind (SEC-08).
//
// A Server is safe for concurrent use.
package fedhttp

import (
	"context"
	"crypto"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/httpkit"
	"coterie/internal/store"
)

// Config is what a Server needs. All but Log must be given.
type Config struct {
	Store *store.Store
	URLs  domain.URLs
	// Domains are our own names, handles' and web's, lower case, with port
	// where it is not the default.
	Domains []string
	Version string
	Log     *slog.Logger

	// Settings are the community's, remembered.
	Settings func(ctx context.Context) (domain.Settings, error)
	// Refused reports whether nothing goes to a host or comes from it.
	Refused func(host string) bool
	// KeyByID is the public key that a signature names and the account that
	// owns it, fetched if it is not known. Its kinds: Unavailable for a peer
	// out of reach, Gone for a key that was withdrawn with its owner.
	KeyByID func(ctx context.Context, keyID string) (crypto.PublicKey, domain.Account, error)
	// RefreshKey is KeyByID for a key that did not fit: it asks its owner
	// again, unless that was done lately.
	RefreshKey func(ctx context.Context, keyID string) (crypto.PublicKey, domain.Account, error)
	// DescribeActor, DescribeInstance and DescribeStatuses make the documents
	// of what lives here; notes come in the order of their statuses.
	DescribeActor    func(ctx context.Context, a domain.Account) (apub.ActorDoc, error)
	DescribeInstance func(ctx context.Context) (apub.ActorDoc, error)
	DescribeStatuses func(ctx context.Context, list []domain.Status) ([]apub.NoteDoc, error)

	DescribeCollection func(ctx context.Context, c domain.Collection) (apub.FeaturedCollectionDoc, error)
	DescribeItem       func(ctx context.Context, owner *domain.Account, i domain.CollectionItem) (apub.FeaturedItemDoc, error)
	// HostAlive is told, in the transaction of its letter, which host has
	// just sent something, so that what waits for it is delivered.
	HostAlive func(tx *store.Tx, host string) error
}

// Server answers other servers.
type Server struct {
	Config
	st    store.Reader
	rules fetch.Rules // but for the time
	stats Stats
	info  atomic.Pointer[nodeInfo]
}

// New makes the server.
func New(c Config) *Server {
	scheme, host, _ := strings.Cut(c.URLs.Base, "://")
	rules := fetch.Rules{Hosts: slices.Clone(c.Domains), Scheme: scheme}
	if !slices.Contains(rules.Hosts, host) {
		rules.Hosts = append(rules.Hosts, host)
	}
	return &Server{Config: c, st: c.Store.Reader(), rules: rules}
}

// Routes are the addresses that only servers use, for the mux of everything
// that has a first segment of its own.
func (s *Server) Routes() []httpkit.Route {
	get, inbox := s.get, s.inboxRoute
	finger := func(pattern string, h httpkit.Handler) httpkit.Route {
		r := get(pattern, h)
		r.Cache = httpkit.CacheInstance
		return r
	}
	return []httpkit.Route{
		// being found
		finger("/.well-known/webfinger", s.webfinger),
		finger("/.well-known/host-meta", s.hostMeta),
		finger("/.well-known/host-meta.json", s.hostMetaJSON),
		finger("/.well-known/nodeinfo", s.nodeLinks),
		finger("/nodeinfo/2.0", s.nodeInfo20),
		finger("/nodeinfo/2.1", s.nodeInfo21),

		// the community itself
		get("/actor", s.instanceActor),
		get("/actor/outbox", s.instanceOutbox),

		// collections of an account
		get("/users/{name}/outbox", s.outbox),
		get("/users/{name}/followers", s.followers),
		get("/users/{name}/following", s.following),
		get("/users/{name}/collections/featured", s.featured),
		get("/users/{name}/collections/tags", s.featuredTags),
		get("/users/{name}/followers_synchronization", s.followersSync),
		get("/users/{name}/featured_collections", s.featuredCollections),
		get("/users/{name}/collection_items/{id}", s.featuredItem),
		get("/users/{name}/feature_authorizations/{id}", s.featureAuthorization),

		// what belongs to a post
		get("/users/{name}/statuses/{id}/activity", s.activity),
		get("/users/{name}/statuses/{id}/replies", s.replies),
		get("/users/{name}/statuses/{id}/likes", s.likes),
		get("/users/{name}/statuses/{id}/shares", s.shares),
		get("/users/{name}/quote_authorizations/{id}", s.quoteAuthorization),

		// inboxes
		inbox("/inbox", s.sharedInbox),
		inbox("/actor/inbox", s.sharedInbox),
		inbox("/users/{name}/inbox", s.personalInbox),
	}
}

// SharedRoutes are the addresses that people use, too: for a mux of their own
// that Negotiate chooses.
func (s *Server) SharedRoutes() []httpkit.Route {
	return []httpkit.Route{
		s.get("/{handle}", s.handle),
		s.get("/{handle}/{id}", s.handleStatus),
		s.get("/users/{name}", s.actor),
		s.get("/users/{name}/statuses/{id}", s.status),
		s.get("/users/{name}/collections/{id}", s.featuredCollection),
	}
}

func (s *Server) get(pattern string, h httpkit.Handler) httpkit.Route {
	return httpkit.Route{
		Method: http.MethodGet, Pattern: pattern, Auth: httpkit.Peer, Scopes: httpkit.NoScope,
		Limit: httpkit.LimitGeneral, Cache: httpkit.CacheOwn,
		Handle: func(r *httpkit.Request) (any, error) {
			r.SetHeader("Vary", vary)
			return h(r)
		},
	}
}

func (s *Server) inboxRoute(pattern string, h httpkit.Handler) httpkit.Route {
	return httpkit.Route{
		Method: http.MethodPost, Pattern: pattern, Auth: httpkit.Peer, Scopes: httpkit.NoScope,
		Limit: httpkit.LimitInbox, Cache: httpkit.CacheNever, Body: httpkit.BodyRaw, Handle: h,
	}
}

// Stats are the counters of the inboxes.
func (s *Server) Stats() *Stats { return &s.stats }

// now is the time of the community's clock.
func (s *Server) now() time.Time { return s.Store.Now() }

// account is the local account of that name as far as others may know of it:
// Gone if it was deleted, ErrNotFound if it still waits for approval or never
// was. A suspended one is there.
func (s *Server) account(ctx context.Context, name string) (domain.Account, error) {
	if name == "" || len(name) > maxName {
		return domain.Account{}, domain.ErrNotFound
	}
	a, err := s.st.AccountByName(ctx, name, "")
	if err != nil && !domain.Is(err, domain.NotFound) {
		return a, err
	}
	if err != nil || a.Suspended() {
		retired, err2 := s.st.NameRetired(ctx, name)
		if err2 != nil {
			return a, err2
		}
		if retired {
			return a, errGone
		}
	}
	if err != nil {
		return a, err
	}
	there, err := s.st.PresentAccounts(ctx, []domain.ID{a.ID})
	if err == nil && len(there) == 0 {
		err = domain.ErrNotFound
	}
	return a, err
}

const maxName = 100 // bytes of a local name, far above any

var (
	errGone      = domain.Errorf(domain.Gone, "This account was deleted")
	errSuspended = domain.Errorf(domain.Forbidden, "This account is suspended")
)
