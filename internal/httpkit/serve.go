package httpkit

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
)

// The sentences of behaviours 2.7.
var (
	errToken      = domain.Errorf(domain.Unauthenticated, "The access token is invalid")
	errPermission = domain.Errorf(domain.Forbidden, "This action is not allowed")
	errScope      = domain.Errorf(domain.Forbidden, "This action is outside the authorized scopes")
	errUser       = domain.Errorf(domain.Invalid, "This method requires an authenticated user")
	errApp        = domain.Errorf(domain.Forbidden, "This method requires a client credentials authentication")
	errCross      = domain.Errorf(domain.Forbidden, "This request came from another site, so it was refused")
	errText       = domain.Errorf(domain.BadRequest, "The request is not valid UTF-8")
	errBarred     = domain.Errorf(domain.Forbidden, "Your network has no access to this server")
	errBusy       = domain.Errorf(domain.Unavailable, "The server is busy, please try again in a moment")
	errLimit      = domain.Errorf(domain.RateLimited, "Too many requests")
)

// endpoint serves one route: gate, token, limits, parameters, handler, answer.
func (k *Kit) endpoint(e *endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		x := k.exchange(w, hr)
		defer k.rescue(x, hr)
		x.page = e.Auth == SessionPage
		k.headers(x, e)
		r := &x.req
		*r = Request{HTTP: hr, BaseURL: k.cfg.BaseURL, ID: x.id, Client: x.client, kit: k, ep: e, x: x}
		if !k.gates[e.Load].enter() {
			k.fail(x, hr, errBusy)
			return
		}
		defer k.gates[e.Load].leave()
		defer r.Params.discard()
		if err := k.prepare(r, e); err != nil {
			k.fail(x, hr, err)
			return
		}
		v, err := e.Handle(r)
		if err != nil {
			k.fail(x, hr, err)
			return
		}
		k.answer(r, e, v)
	})
}

// prepare decodes the request and lets it through to the handler, or says why not.
func (k *Kit) prepare(r *Request, e *endpoint) error {
	if k.cfg.Barred != nil && k.cfg.Barred(r.Client) {
		return errBarred
	}
	// What is wrong with the address is told only after the request counted.
	bad := r.Params.readQuery(r.HTTP)
	if !utf8.ValidString(r.HTTP.URL.Path) || strings.IndexByte(r.HTTP.URL.Path, 0) >= 0 {
		bad = domain.ErrNotFound
	}
	takesTokens := e.Auth != SessionPage && e.Auth != Peer
	token, given := "", false
	if takesTokens {
		if token, given = bearer(r.HTTP); !given {
			if token, given = paramToken(r.Params); !given {
				token, given = protocolToken(r.HTTP)
			}
		}
	}
	if given {
		if err := k.authenticate(r, token); err != nil {
			if !k.limitAnonymous(r.x) {
				return errLimit
			}
			return err
		}
	}
	session := false
	if takesTokens && !given {
		var err error
		if session, err = k.signedIn(r); err != nil {
			return err
		}
	}
	if !k.limit(r, e, false) {
		return errLimit
	}
	if bad != nil {
		return bad
	}
	if e.Auth == SessionPage && k.origins.Check(r.HTTP) != nil {
		return errCross
	}
	if e.Body != BodyRaw {
		if err := r.Params.readBody(r.x.ResponseWriter, r.HTTP, e.Body, k.cfg.TempDir); err != nil {
			return err
		}
	}
	if takesTokens && !given {
		if token, given = paramToken(r.Params); given {
			if err := k.authenticate(r, token); err != nil {
				return err
			}
			if !k.limit(r, e, true) {
				return errLimit
			}
		}
	}
	return e.admit(&r.Viewer, given || session)
}

// signedIn looks for a session of the web client. A request carries either a
// token, which works from anywhere, or a session, which works from our own
// pages alone: a token that is in the body takes the session's place (SEC-64).
func (k *Kit) signedIn(r *Request) (bool, error) {
	if k.cfg.Session == nil || len(r.HTTP.Header["Cookie"]) == 0 || !k.fromOurPage(r.HTTP.Header) {
		return false, nil
	}
	v, err := k.cfg.Session(r.HTTP)
	if domain.Is(err, domain.Unauthenticated) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	shown := r.HTTP.Header.Get(accountHeader)
	if shown == "" {
		shown = r.Params.StringOr(accountParameter, "")
	}
	if shown != "" && shown != v.Account.String() {
		return false, errOtherAccount
	}
	r.Viewer, r.credentials = v, true
	return true, nil
}

// These name the account that a page of the web client shows. Where the browser
// has since turned to another of its accounts, that page acts for nobody, and
// hears nothing, until it is loaded anew. Scripts cannot give headers to a
// stream, so its address says it.
const (
	accountHeader    = "Coterie-Account"
	accountParameter = "coterie_account"
)

var errOtherAccount = domain.Errorf(domain.Conflict, "This browser has turned to another account")

// fromOurPage reports whether a browser says that a script of our own origin
// sent the request. Nothing that is said may speak against it, and something
// must speak for it.
func (k *Kit) fromOurPage(h http.Header) bool {
	site, origin := h["Sec-Fetch-Site"], h["Origin"]
	if len(site) > 1 || len(origin) > 1 || len(site)+len(origin) == 0 {
		return false
	}
	return (len(site) == 0 || site[0] == "same-origin") && (len(origin) == 0 || origin[0] == k.cfg.BaseURL)
}

func (k *Kit) authenticate(r *Request, token string) error {
	if token == "" || len(token) > maxToken {
		return errToken
	}
	v, err := k.cfg.Authenticate(r.HTTP.Context(), token)
	if domain.Is(err, domain.NotFound) {
		return errToken
	}
	if err != nil {
		return err
	}
	r.Viewer, r.credentials = v, true
	return nil
}

// admit is the table of who may call (behaviours 2.7, 6.5, 6.9).
func (e *endpoint) admit(v *Viewer, given bool) error {
	switch e.Auth {
	case SessionPage, Peer:
		return nil
	case Public:
		if !given {
			return nil
		}
	default:
		if !given {
			return errToken
		}
	}
	switch {
	case e.want != 0 && !v.Scopes.CoversAny(e.want):
		return errScope
	case e.Auth == AppOnly && v.Account != 0:
		return errApp
	case (e.Auth == User || e.Auth == Newcomer) && v.Account == 0:
		return errUser
	case v.Refused != nil && e.Auth != Newcomer:
		return v.Refused
	case e.Needs != 0 && !v.Permissions.Any(e.Needs):
		return errPermission
	}
	return nil
}

// headers sets what does not depend on the outcome.
func (k *Kit) headers(x *exchange, e *endpoint) {
	h := x.Header()
	if e.Auth != SessionPage && e.Auth != Peer {
		h["Vary"] = apiVary
	}
	if e.deprecated != "" {
		h["Deprecation"] = []string{e.deprecated}
	}
}

// gone reports whether the error only says that the client left.
func gone(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && ctx.Err() != nil
}
