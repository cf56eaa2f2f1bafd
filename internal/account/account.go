// Package account is the verbs on one's own account: signing up, signing in,
// sessions, apps and tokens, profile and preferences. Level 5: surfaces and
// instance may import it. A Service is safe for concurrent use.
package account

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"

	"github.com/go-webauthn/webauthn/webauthn"

	"coterie/internal/domain"
	"coterie/internal/remote"
	"coterie/internal/store"
)

// Config is what the service must know.
type Config struct {
	// Hashing is what a password hash costs; zero is the default.
	Hashing Hashing
	// Domains are the names under which accounts are local, the one shown in
	// handles first.
	Domains []string
	// Origin is the scheme and host of our pages, to which passkeys are bound.
	Origin string
	// Mail says that this server sends mail: addresses are confirmed by a link.
	Mail bool
	// Remote finds accounts elsewhere, for moves.
	Remote *remote.Service
	Log    *slog.Logger
}

// Service holds the verbs.
type Service struct {
	st      *store.Store
	domains []string
	mail    bool
	hash    *hasher
	grants  *grantCache
	seen    *seenLog
	remote  *remote.Service
	log     *slog.Logger

	passkeys  *webauthn.WebAuthn
	suggested *suggestions
}

// New makes the service; an Origin that cannot be one is an error.
func New(st *store.Store, cfg Config) (*Service, error) {
	passkeys, err := newPasskeys(cfg.Origin, cfg.Domains[0])
	if err != nil {
		return nil, err
	}
	if cfg.Hashing == (Hashing{}) {
		cfg.Hashing = DefaultHashing()
	}
	s := &Service{
		st: st, domains: cfg.Domains, mail: cfg.Mail, remote: cfg.Remote, log: cfg.Log,
		hash: newHasher(cfg.Hashing), grants: newGrantCache(), seen: newSeenLog(), passkeys: passkeys, suggested: newSuggestions(),
	}
	st.Listen(store.TopicControl, func(store.Notice) { s.grants.drop() })
	return s, nil
}

// ByName finds a local account.
func (s *Service) ByName(ctx context.Context, username string) (domain.Account, error) {
	return s.st.Reader().AccountByName(ctx, strings.TrimPrefix(username, "@"), "")
}

// newSecret draws the text of a token, code or session: 260 random bits.
func newSecret() string { return rand.Text() + rand.Text() }
