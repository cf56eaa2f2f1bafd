package fedhttp

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
	"coterie/internal/httpkit"
)

const (
	activityJSON = "application/activity+json; charset=utf-8"
	forAnyone    = "public, max-age=15"
	forOne       = "private, no-store"
)

var (
	errHost     = domain.Errorf(domain.Forbidden, "This server does not talk to yours")
	errSigner   = domain.Errorf(domain.Forbidden, "The account that signed is suspended here")
	errUnsigned = domain.Errorf(domain.Unauthenticated, "This server answers signed requests only")
)

// reader is who asks for a document.
type reader struct {
	id     domain.ID // 0: nobody known
	host   string    // of the signer, where id is set
	signed bool      // a signature came along: the answer is for nobody else
	secure bool      // only signed requests are answered
}

// reader finds out who asks. In secure mode, with limited federation, and where
// demand says so, the request must be signed well. Else a signature can only take away: it is
// looked at as far as its key is known here, so that no visitor can make us
// fetch keys for what everybody may read. Blocked hosts and suspended signers
// are refused in every mode (SEC-13).
func (s *Server) reader(r *httpkit.Request, demand bool) (reader, error) {
	set, err := s.Settings(r.Context())
	if err != nil {
		return reader{}, err
	}
	v := reader{signed: r.Header("Signature") != "", secure: set.SecureMode || set.LimitedFederation}
	demand = demand || v.secure
	a, err := s.signer(r.Context(), r.HTTP, demand)
	switch {
	case err == nil && a.Suspended():
		err = errSigner
	case err == nil:
		v.id, v.host = a.ID, apub.Host(a.URI)
		if s.Refused(v.host) {
			err = errHost
		}
	case !demand && !domain.Is(err, domain.Forbidden) && !domain.Is(err, domain.Internal):
		err = nil // whoever it is reads what anyone may read
	}
	if domain.Is(err, domain.Unauthenticated) {
		challenge(r)
	}
	return v, err
}

// signer is the account whose key signed a request without a body. Without
// fetch, only keys known here are looked up.
func (s *Server) signer(ctx context.Context, r *http.Request, fetchKey bool) (domain.Account, error) {
	if r.Header.Get("Signature") == "" {
		return domain.Account{}, errUnsigned
	}
	if host := keyHost(fetch.KeyID(r.Header)); host != "" && s.Refused(host) {
		return domain.Account{}, errHost
	}
	sig, err := fetch.ParseSignature(r, nil, s.rulesNow())
	if err != nil {
		return domain.Account{}, err
	}
	if !fetchKey {
		if _, err := s.st.ActorKeyByURI(ctx, sig.KeyID); err != nil {
			return domain.Account{}, err
		}
	}
	return s.verify(ctx, sig, fetchKey)
}

// verify holds a signature against the key it names. With fetchKey a key that
// does not fit is asked for once more: it may have been changed (facts 4.3).
func (s *Server) verify(ctx context.Context, sig *fetch.Signature, fetchKey bool) (domain.Account, error) {
	key, a, err := s.KeyByID(ctx, sig.KeyID)
	if err != nil {
		return a, keyError(err)
	}
	err = sig.Check(key)
	if !fetchKey || !errors.Is(err, fetch.ErrMismatch) {
		return a, err
	}
	if key, a, err2 := s.RefreshKey(ctx, sig.KeyID); err2 == nil {
		return a, sig.Check(key)
	}
	return a, err
}

// keyError tells what a key that was not found means to who signed with it.
func keyError(err error) error {
	switch domain.KindOf(err) {
	case domain.Internal, domain.Forbidden, domain.Unavailable, domain.Unauthenticated:
		return err
	case domain.RateLimited, domain.Conflict:
		return &domain.Error{Kind: domain.Unavailable, Op: "fedhttp.verify", Msg: "The key of the signature cannot be fetched now", Err: err}
	}
	return &domain.Error{Kind: domain.Unauthenticated, Op: "fedhttp.verify", Msg: "The key of the signature was not found", Err: err}
}

// rulesNow is what signatures are held against at this moment.
func (s *Server) rulesNow() fetch.Rules {
	rules := s.rules
	rules.Now = s.now()
	return rules
}

// keyHost is the host that a key id names, whichever form it has (facts 4.3).
func keyHost(keyID string) string {
	if acct, ok := strings.CutPrefix(keyID, "acct:"); ok {
		_, host, _ := strings.Cut(strings.TrimPrefix(acct, "@"), "@")
		return strings.ToLower(host)
	}
	return apub.Host(keyID)
}

// challenge says what a 401 asks for.
func challenge(r *httpkit.Request) {
	r.SetHeader("WWW-Authenticate", `Signature realm="ActivityPub",headers="(request-target) host date"`)
}

// document answers with a document, which caches may keep only where it does
// not depend on who asked (SEC-35).
func document(r *httpkit.Request, v reader, p apub.Part) (any, error) {
	cache := forAnyone
	if v.signed || v.secure {
		cache = forOne
	}
	r.SetHeader("Cache-Control", cache)
	return httpkit.Content{Type: activityJSON, Body: apub.Encode(p)}, nil
}

// signedBy is the key id that a request claims.
func signedBy(r *httpkit.Request) string { return fetch.KeyID(r.HTTP.Header) }
