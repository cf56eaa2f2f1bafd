package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/oidc"
	"coterie/internal/page"
	"coterie/internal/store"
)

// Config is what the OAuth endpoints and the pages of signing in need.
type Config struct {
	Accounts *account.Service
	Pages    *page.Pages
	Store    store.Reader
	BaseURL  string // scheme and host without a trailing slash
	// RefuseMail ends notices by mail for whose ticket it is.
	RefuseMail func(ctx context.Context, ticket string) error
	Provider   *oidc.Provider // by which people may sign in, too; nil for none
}

// Server answers the routes of signing in.
type Server struct {
	accounts *account.Service
	pages    *page.Pages
	store    store.Reader
	base     string
	refuse   func(ctx context.Context, ticket string) error
	provider *oidc.Provider
}

// New makes the server.
func New(cfg Config) *Server {
	return &Server{accounts: cfg.Accounts, pages: cfg.Pages, store: cfg.Store, base: cfg.BaseURL, refuse: cfg.RefuseMail, provider: cfg.Provider}
}

// Routes are all routes of signing in (behaviours 6).
func (s *Server) Routes() []httpkit.Route {
	endpoint := func(method, pattern string, cache httpkit.CacheClass, h httpkit.Handler) httpkit.Route {
		return httpkit.Route{
			Method: method, Pattern: pattern, Auth: httpkit.Public, Scopes: httpkit.NoScope,
			Limit: httpkit.LimitGeneral, Cache: cache, Handle: h,
		}
	}
	form := func(method, pattern string, limit httpkit.LimitClass, h func(*httpkit.Request) error) httpkit.Route {
		return httpkit.Route{
			Method: method, Pattern: pattern, Auth: httpkit.SessionPage, Scopes: httpkit.NoScope,
			Limit: limit, Cache: httpkit.CacheNever, Handle: browser(h),
		}
	}
	const general = httpkit.LimitGeneral
	return []httpkit.Route{
		// for apps
		endpoint("POST", "/oauth/token", httpkit.CacheNever, s.token),
		endpoint("POST", "/oauth/revoke", httpkit.CacheNever, s.revoke),
		endpoint("POST", "/oauth/introspect", httpkit.CacheNever, s.introspect),
		{Method: "GET", Pattern: "/oauth/token/info", Auth: httpkit.App, Scopes: httpkit.NoScope, Limit: general, Cache: httpkit.CacheNever, Handle: s.info},
		endpoint("GET", "/.well-known/oauth-authorization-server", httpkit.CacheInstance, s.metadata),
		endpoint("GET", "/invite/{code}", httpkit.CacheNever, s.invite),

		// for browsers
		form("GET", "/oauth/authorize", general, s.ask),
		form("POST", "/oauth/authorize", general, s.decide),
		form("DELETE", "/oauth/authorize", general, s.deny),
		form("GET", "/oauth/authorize/native", general, s.native),
		form("GET", "/oauth/authorized_applications", general, s.apps),
		form("POST", "/oauth/authorized_applications", general, s.removeApp),
		form("DELETE", "/oauth/authorized_applications/{app}", general, s.removeApp),
		form("GET", "/auth/sign_in", general, s.signInPage),
		form("POST", "/auth/sign_in", httpkit.LimitLogin, s.signIn),
		form("GET", "/auth/second_factor", general, s.secondFactorPage),
		form("POST", "/auth/second_factor", httpkit.LimitLogin, s.secondFactor),
		form("GET", "/auth/recovery", general, s.recoveryPage),
		form("POST", "/auth/recovery", httpkit.LimitLogin, s.recover),
		form("POST", "/auth/provider", httpkit.LimitLogin, s.toProvider),
		form("GET", "/auth/provider/callback", httpkit.LimitLogin, s.fromProvider),
		form("GET", linkPath, general, s.linkPage),
		form("POST", linkPath, httpkit.LimitLogin, s.link),
		form("GET", "/auth/first_factor", general, s.firstFactorPage),
		form("POST", "/auth/first_factor", httpkit.LimitLogin, s.firstFactor),
		script("/auth/first_factor/passkey", httpkit.LimitLogin, s.askFirstPasskey),
		script("/auth/passkey/options", httpkit.LimitLogin, s.askPasskey),
		script("/auth/passkey", httpkit.LimitLogin, s.passkey),
		{Method: "GET", Pattern: "/auth/accounts", Auth: httpkit.SessionPage, Scopes: httpkit.NoScope, Limit: general, Cache: httpkit.CacheNever, Handle: s.otherAccounts},
		form("POST", "/auth/accounts/add", general, s.addAccount),
		form("POST", "/auth/accounts/switch", general, s.switchAccount),
		form("POST", "/auth/sign_out", general, s.signOut),
		form("DELETE", "/auth/sign_out", general, s.signOut),
		form("GET", "/auth/sign_up", general, s.signUpPage),
		form("POST", "/auth/sign_up", httpkit.LimitSignUp, s.signUp),
		script("/auth/sign_up/passkey", httpkit.LimitLogin, s.beginJoin),

		form("GET", "/auth/waiting", general, s.waiting),

		// from a mail, and for the next one
		form("GET", "/auth/confirmation", general, s.confirmPage),
		form("POST", "/auth/confirmation", httpkit.LimitLogin, s.confirm),
		form("GET", "/auth/password/new", general, s.forgotPage),
		form("POST", "/auth/password/new", httpkit.LimitPasswordReset, s.forgot),
		form("GET", "/auth/password/edit", general, s.resetPage),
		form("POST", "/auth/password/edit", httpkit.LimitLogin, s.reset),
		form("GET", "/unsubscribe", general, s.refusePage),
		form("POST", "/unsubscribe", general, s.refuseMail),
	}
}

// browser answers a browser. What goes wrong becomes a page in httpkit, which
// also refuses forms from other sites (SEC-64).
func browser(h func(*httpkit.Request) error) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) { return httpkit.Written{}, h(r) }
}

// redirect sends the browser on. Where to is a path of ours or an address
// that an app registered, never what a stranger typed.
func redirect(r *httpkit.Request, to string, status int) error {
	w := r.Writer()
	w.Header().Set("Location", to)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	return nil
}

// goTo is redirect after a form was worked off.
func goTo(r *httpkit.Request, path string) error { return redirect(r, path, http.StatusSeeOther) }

// cookieLife is how long a browser keeps the cookie; the session itself ends
// earlier when it is not used.
const cookieLife = 365 * 24 * time.Hour

// session is who is signed in, nil for nobody.
func (s *Server) session(r *httpkit.Request) (*account.SignedIn, error) {
	in, err := s.accounts.Session(r.Context(), s.pages.Cookie(r.HTTP, account.SessionCookie))
	if domain.Is(err, domain.Unauthenticated) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &in, nil
}

// member is who is signed in and may act. Without one the browser has been
// sent to the sign-in page that leads back to here, and done is true.
func (s *Server) member(r *httpkit.Request, back string) (in *account.SignedIn, done bool, err error) {
	in, err = s.session(r)
	switch {
	case err != nil:
		return nil, false, err
	case in == nil:
		return nil, true, goTo(r, signInURL(back, false))
	case errors.Is(in.Refused, account.ErrNoFactor):
		return nil, true, goTo(r, signInURL(back, true))
	case in.Refused != nil:
		return nil, false, in.Refused
	}
	return in, false, nil
}

// signInURL is the sign-in page that leads on to back. With again it shows
// its form to somebody who is signed in, too.
func signInURL(back string, again bool) string {
	q := url.Values{"return_to": {back}}
	if again {
		q.Set("again", "1")
	}
	return "/auth/sign_in?" + q.Encode()
}

// back is where the browser wants to go after signing in: a path of ours,
// whatever was sent (SEC-65).
func (s *Server) back(r *httpkit.Request) string {
	return httpkit.SafeRedirect(s.base, r.Params.StringOr("return_to", "/"))
}

// oauthError is a refusal in the form that OAuth prescribes.
func oauthError(err error) error {
	var refused *account.GrantError
	if !errors.As(err, &refused) {
		return err
	}
	status := http.StatusBadRequest
	switch refused.Code {
	case "invalid_client":
		status = http.StatusUnauthorized
	case "unauthorized_client":
		status = http.StatusForbidden
	}
	return &httpkit.OAuthError{Status: status, Code: refused.Code, Description: refused.Description}
}
