package deliver

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

// Troubles of our own, before a letter leaves.
var (
	errOrphan   = errors.New("the sender of the letter is gone")
	errNotReady = errors.New("the letter cannot be signed now")
)

// send makes one request, in the host's scheme; one that is refused for its
// signature is tried in the other scheme once. It returns the scheme to be
// remembered (facts 4.4).
func (s *Service) send(ctx context.Context, scheme string, d store.Delivery) (string, error) {
	key, err := s.keys.Key(ctx, d.Sender, domain.KeyRSA)
	if domain.Is(err, domain.NotFound) {
		return scheme, fmt.Errorf("%w: %w", errOrphan, err)
	}
	if err != nil {
		return scheme, fmt.Errorf("%w: %w", errNotReady, err)
	}
	o := fetch.Options{Signer: &fetch.Signer{Key: key, Scheme: schemeOf(scheme)}, Timeout: patience}
	if d.Sync {
		if o.Header, err = s.syncHeader(ctx, d.Sender, d.Host); err != nil {
			return scheme, fmt.Errorf("%w: %w", errNotReady, err)
		}
	}
	err = s.Client.Deliver(ctx, d.Inbox, contentType, []byte(d.Body), o)
	if fetch.StatusOf(err) != http.StatusUnauthorized {
		return scheme, err
	}
	o.Signer.Scheme = other(o.Signer.Scheme)
	if again := s.Client.Deliver(ctx, d.Inbox, contentType, []byte(d.Body), o); fetch.StatusOf(again) != http.StatusUnauthorized {
		return o.Signer.Scheme.String(), again
	}
	return scheme, err
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
func (s *Service) syncHeader(ctx context.Context, sender domain.ID, host string) (http.Header, error) {
	a, err := s.Store.Reader().Account(ctx, sender)
	if err != nil {
		return nil, fmt.Errorf("look up the sender: %w", err)
	}
	uris, err := s.Store.Reader().FollowerURIs(ctx, sender, host)
	if err != nil {
		return nil, fmt.Errorf("list the followers at %s: %w", host, err)
	}
	value := fmt.Sprintf(`collectionId="%s", digest="%s", url="%s"`,
		s.URLs.Followers(&a), domain.FollowersDigest(uris), s.URLs.ActorURI(&a)+"/followers_synchronization")
	return http.Header{"Collection-Synchronization": {value}}, nil
}
