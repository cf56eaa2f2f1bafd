package httpkit

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"coterie/internal/domain"
)

// Viewer is who asks. The zero value is someone without a token.
type Viewer struct {
	Account domain.ID     // 0: nobody, or an app's own token
	Token   domain.ID     // 0: no token
	App     domain.ID     // 0: no token, or one without an app
	Scopes  domain.Scopes // what the token may do
	Locale  string        // the user's language, "" if unknown
	// Permissions are what the user's role may do.
	Permissions domain.Permissions
	// Refused is why the account may not act yet or any more (unconfirmed,
	// pending, disabled, suspended), nil if it may. Newcomer routes let it pass.
	Refused error
}

// Anonymous is the viewer without a token.
func Anonymous() Viewer { return Viewer{} }

// Known reports whether the viewer is a user.
func (v Viewer) Known() bool { return v.Account != 0 }

// Authenticator tells whose token it is. A token that is unknown, revoked or
// expired is an error of kind domain.Unauthenticated whose sentence is shown
// (behaviours 2.7); kind NotFound counts as unknown. Any other error is
// answered by its own kind.
type Authenticator func(ctx context.Context, bearer string) (Viewer, error)

// SessionAuthenticator tells whose browser session a request belongs to by its
// cookie. None, and one that ended, is an error of kind domain.Unauthenticated;
// the request then counts as anonymous.
type SessionAuthenticator func(r *http.Request) (Viewer, error)

// Request is what a Handler works on.
type Request struct {
	// HTTP is the request underneath, for what has no accessor. Its body has
	// been read unless the route's Body is BodyRaw.
	HTTP   *http.Request
	Viewer Viewer
	Params Params
	// BaseURL is our own scheme and host without a trailing slash.
	BaseURL string
	ID      string     // X-Request-Id of the answer
	Client  netip.Addr // address of the client as far as the proxies are trusted

	kit *Kit
	ep  *endpoint
	x   *exchange
	// credentials says that a good token came with the request.
	credentials bool
}

// Context ends when the client leaves.
func (r *Request) Context() context.Context { return r.HTTP.Context() }

// Path is the decoded segment named in the pattern.
func (r *Request) Path(name string) string { return r.HTTP.PathValue(name) }

// PathID is the id in the path; what cannot be an id is domain.ErrNotFound.
func (r *Request) PathID(name string) (domain.ID, error) {
	id, ok := domain.ParseID(r.HTTP.PathValue(name))
	if !ok {
		return 0, domain.ErrNotFound
	}
	return id, nil
}

// Header is a header of the request.
func (r *Request) Header(name string) string { return r.HTTP.Header.Get(name) }

// SetHeader sets a header of the answer.
func (r *Request) SetHeader(name, value string) { r.x.Header().Set(name, value) }

// Writer is the answer underneath, for handlers that stream, upgrade or send
// a file. They return Written. The route's Cache-Control is set here.
func (r *Request) Writer() http.ResponseWriter {
	r.cacheControl(r.ep, http.StatusOK)
	return r.x
}

// Locale is the language to answer in: the user's, else the best match of
// Accept-Language, else the default.
func (r *Request) Locale() string {
	if r.Viewer.Locale != "" {
		return r.Viewer.Locale
	}
	return r.kit.locale(r.HTTP)
}

// maxAcceptLanguage is how much of the header is read (SEC-61, N35).
const maxAcceptLanguage = 256

func (k *Kit) locale(r *http.Request) string {
	h := r.Header.Get("Accept-Language")
	if k.cfg.Locale == nil {
		return "en"
	}
	if len(h) > maxAcceptLanguage {
		h = h[:strings.LastIndexByte(h[:maxAcceptLanguage], ',')+1]
	}
	return k.cfg.Locale(h)
}

// bearer is the token of the Authorization header; found is false if there is
// no such header or it holds another scheme.
func bearer(r *http.Request) (token string, found bool) {
	h := r.Header["Authorization"]
	if len(h) == 0 || len(h[0]) < 7 || !strings.EqualFold(h[0][:7], "bearer ") {
		return "", false
	}
	return strings.TrimSpace(h[0][7:]), true
}

// Bearer is the text of the access token that the request came with, "" if
// there is none.
func (r *Request) Bearer() string {
	if t, ok := bearer(r.HTTP); ok {
		return t
	}
	t, _ := paramToken(r.Params)
	return t
}

// protocolToken is the token that a browser hands over as the subprotocol of a
// WebSocket, since it cannot set a header (behaviours 14.1).
func protocolToken(r *http.Request) (string, bool) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return "", false
	}
	t := FirstProtocol(r.Header.Get("Sec-WebSocket-Protocol"))
	return t, t != ""
}

// FirstProtocol is the first of the subprotocols in a header.
func FirstProtocol(header string) string {
	first, _, _ := strings.Cut(header, ",")
	return strings.TrimSpace(first)
}

// maxToken is the longest token that is looked up (SEC-59, N42).
const maxToken = 512

// paramToken is the token given as a parameter (behaviours 6.1).
func paramToken(p Params) (string, bool) {
	if t, ok := p.String("access_token"); ok && t != "" {
		return t, true
	}
	t, ok := p.String("bearer_token")
	return t, ok && t != ""
}
