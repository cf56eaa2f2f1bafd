package remote

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/store"
)

var (
	errRefusedHost = domain.Errorf(domain.Forbidden, "This server has nothing to do with that one")
	errOurs        = domain.Errorf(domain.Invalid, "The address is one of ours")
	errAnotherID   = domain.Errorf(domain.Invalid, "The other server answered with something else")
)

// ours reports whether a host is this community's.
func (s *Service) ours(host string) bool {
	return host == s.URLs.Host || host == apub.Host(s.URLs.Base)
}

// mayAsk reports whether an address may be fetched at all: a stranger's, of a
// host that is not refused.
func (s *Service) mayAsk(address string) error {
	switch host := apub.Host(address); {
	case host == "":
		return domain.Errorf(domain.Invalid, "This is no address")
	case s.ours(host):
		return errOurs
	case s.refused(host):
		return errRefusedHost
	}
	return nil
}

func (s *Service) refused(host string) bool {
	return s.Policy(host).Severity == domain.SeveritySuspend
}

// Object fetches a document from its own id: signed by the community's actor,
// never from a refused host, never ours. What has another id than the address
// is fetched once more from that id, and must be found there (SEC-01). Kinds:
// NotFound, Gone, Forbidden for a refused host or an origin that says no,
// Unavailable, RateLimited for an empty budget, Invalid for what is not what
// it should be.
func (s *Service) Object(ctx context.Context, uri string) (*apub.Document, error) {
	if err := s.mayAsk(uri); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", uri, err)
	}
	if err := spend(ctx); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", uri, err)
	}
	doc, final, err := s.get(ctx, uri)
	if err == nil && !found(doc, uri, final) {
		if doc, err = s.again(ctx, doc.ID); err != nil {
			return nil, fmt.Errorf("fetch %s by its id: %w", uri, err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", uri, err)
	}
	if doc.Class == apub.ClassTombstone {
		return nil, fmt.Errorf("fetch %s: %w", uri, domain.Errorf(domain.Gone, "This was deleted"))
	}
	return doc, nil
}

// found reports whether a document is where it says it is: asked for by its
// id, or by another address that led there, and served by the id's own origin.
func found(doc *apub.Document, asked string, final *url.URL) bool {
	if doc.ID == "" || !apub.SameOrigin(doc.ID, final.String()) {
		return false
	}
	return doc.ID == asked || doc.ID == final.String()
}

// again is the second and last attempt, at the id.
func (s *Service) again(ctx context.Context, id string) (*apub.Document, error) {
	if id == "" {
		return nil, errAnotherID
	}
	if err := s.mayAsk(id); err != nil {
		return nil, err
	}
	doc, final, err := s.get(ctx, id)
	if err != nil {
		return nil, err
	}
	if doc.ID != id || !apub.SameOrigin(id, final.String()) {
		return nil, errAnotherID
	}
	return doc, nil
}

// Collection fetches a collection or a page of one. Of its items the ids may
// be believed, and copies of the collection's own origin. It costs a look-up.
func (s *Service) Collection(ctx context.Context, uri string) (*apub.Collection, error) {
	if err := s.mayAsk(uri); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", uri, err)
	}
	if err := spend(ctx); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", uri, err)
	}
	doc, final, err := s.get(ctx, uri)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", uri, err)
	}
	if doc.Collection == nil || !apub.SameOrigin(uri, final.String()) {
		return nil, fmt.Errorf("fetch %s: %w", uri, domain.Errorf(domain.Invalid, "This is no collection"))
	}
	return doc.Collection, nil
}

// get makes one signed request for a document. final is the address that
// answered.
func (s *Service) get(ctx context.Context, address string) (doc *apub.Document, final *url.URL, err error) {
	res, err := s.request(ctx, address, fetch.Options{Accept: fetch.AcceptActivity, Types: fetch.IsActivity, MaxBytes: apub.MaxBody})
	if err != nil {
		return nil, nil, err
	}
	doc, err = parse(res)
	return doc, res.URL, err
}

func parse(res *fetch.Response) (*apub.Document, error) {
	doc, err := apub.Parse(res.Body)
	if err != nil {
		return nil, &domain.Error{Kind: domain.Invalid, Op: "read " + res.URL.String(), Msg: "The answer of the other server cannot be read", Err: err}
	}
	return doc, nil
}

// request makes one signed GET, in the scheme its host is known to take, or
// in the other one if that is refused (facts 4.4). A host that cannot be
// reached is left alone for a while.
func (s *Service) request(ctx context.Context, address string, o fetch.Options) (*fetch.Response, error) {
	host := apub.Host(address)
	if err := s.limits.paused("host " + host); err != nil {
		return nil, err
	}
	who, _ := ctx.Value(askerKey{}).(domain.ID) // else the community's own actor
	key, err := s.Signer(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("find the key to sign with: %w", err)
	}
	scheme, err := s.schemeOf(ctx, host)
	if err != nil {
		return nil, err
	}
	o.Signer = &fetch.Signer{Key: key, Scheme: scheme}
	res, err := s.Client.Get(ctx, address, o)
	if fetch.StatusOf(err) == 401 {
		o.Signer = &fetch.Signer{Key: key, Scheme: otherScheme(scheme)}
		if res, err = s.Client.Get(ctx, address, o); err == nil {
			if err := s.learn(ctx, host, o.Signer.Scheme); err != nil {
				return nil, err
			}
		}
	}
	if err != nil {
		return nil, s.failed(host, err)
	}
	if end := res.URL.Host; end != host && (s.refused(end) || s.ours(end)) {
		return nil, errRefusedHost
	}
	return res, nil
}

// failed gives a failure the kind that callers know, and lets a host that
// cannot be reached or asks for it rest.
func (s *Service) failed(host string, err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, fetch.ErrRefused):
		return err
	case fetch.StatusOf(err) == 0 && domain.Is(err, domain.Unavailable):
		s.limits.rest("host "+host, failurePause, err)
	case fetch.RetryAfter(err) > 0 && (fetch.StatusOf(err) == 429 || fetch.StatusOf(err) == 503):
		err = &domain.Error{Kind: domain.Unavailable, Op: "fetch", Msg: "The other server is busy", Err: err}
		s.limits.rest("host "+host, fetch.RetryAfter(err), err)
	case domain.Is(err, domain.Unauthenticated):
		return &domain.Error{Kind: domain.Forbidden, Op: "fetch", Msg: "The other server does not take our signature", Err: err}
	case domain.Is(err, domain.RateLimited):
		return &domain.Error{Kind: domain.Unavailable, Op: "fetch", Msg: "The other server is busy", Err: err}
	case domain.Is(err, domain.TooLarge):
		return &domain.Error{Kind: domain.Invalid, Op: "fetch", Msg: "The answer of the other server is too large", Err: err}
	}
	return err
}

func (s *Service) schemeOf(ctx context.Context, host string) (fetch.Scheme, error) {
	h, err := s.Store.Reader().Host(ctx, host)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return fetch.Cavage, fmt.Errorf("look up %s: %w", host, err)
	}
	if h.Signatures == fetch.RFC9421.String() {
		return fetch.RFC9421, nil
	}
	return fetch.Cavage, nil
}

func otherScheme(scheme fetch.Scheme) fetch.Scheme {
	if scheme == fetch.RFC9421 {
		return fetch.Cavage
	}
	return fetch.RFC9421
}

func (s *Service) learn(ctx context.Context, host string, scheme fetch.Scheme) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.LearnSignatures(host, scheme.String()) })
	if err != nil {
		return fmt.Errorf("remember which signatures %s takes: %w", host, err)
	}
	return nil
}

// scheme is that of strangers' addresses that we make up: https but in DEV.
func (s *Service) scheme() string {
	scheme, _, _ := strings.Cut(s.URLs.Base, "://")
	return scheme
}
