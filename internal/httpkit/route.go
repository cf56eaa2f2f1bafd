package httpkit

import (
	"fmt"
	"net/http"
	"strings"

	"coterie/internal/domain"
)

// Handler answers one request. What it returns is written as JSON; see Kit
// for the values with a meaning of their own (Page, Raw, Answer, Redirect,
// Written). A nil value is written as {}.
type Handler func(*Request) (any, error)

// Audience says who may call a route. The zero value is refused by Mount.
type Audience uint8

const (
	// Public routes answer anyone, but a token that is sent is checked, its
	// scopes too (behaviours 6.9).
	Public Audience = iota + 1
	// App routes want any valid token, of an app or of a user (behaviours 6.5).
	App
	// AppOnly routes want a token without a user: sign-up.
	AppOnly
	// User routes want the token of a user whose account may act.
	User
	// Newcomer routes are User routes that also serve an account that is not
	// yet confirmed or approved.
	Newcomer
	// SessionPage routes are for a browser: tokens are not looked at, the
	// handler asks for its own session. Unsafe methods from another site are
	// refused here (SEC-64).
	SessionPage
	// Peer routes are for other servers: tokens are not looked at, the
	// handler checks signatures where it must.
	Peer
)

// CacheClass says who may keep an answer (behaviours 2.10, 2.11). Errors are
// never kept. The zero value is refused by Mount.
type CacheClass uint8

const (
	// CacheNever is private, no-store for everyone.
	CacheNever CacheClass = iota + 1
	// CacheAnonymous lets answers to anonymous GETs be kept 15 seconds.
	CacheAnonymous
	// CacheInstance lets answers to anonymous GETs be kept 5 minutes.
	CacheInstance
	// CacheForever is for content whose address changes with it.
	CacheForever
	// CacheOwn leaves the header to the handler.
	CacheOwn
)

// Route is one line of the table of a surface.
type Route struct {
	Method  string // GET, POST, PUT, PATCH or DELETE
	Pattern string // net/http pattern without method and host, such as "/api/v1/statuses/{id}"
	Auth    Audience
	// Scopes are the scopes of which any one suffices. NoScope says that the
	// route asks for none; an empty list is refused.
	Scopes []string
	// Needs are the permissions of which the user's role must have one; 0: none.
	Needs domain.Permissions
	Limit LimitClass
	Cache CacheClass
	Body  BodyClass // zero: up to 1 MiB
	Load  Load      // zero: ordinary
	// Deprecated is the Unix second since which the route is deprecated
	// (behaviours 2.10), 0 if it is not.
	Deprecated int64
	Handle     Handler
}

// NoScope marks a route that asks for no scope.
var NoScope = []string{""}

// endpoint is a Route made ready to serve.
type endpoint struct {
	Route
	want       domain.Scopes // 0: none asked
	deprecated string
}

// compile checks the route against the rule of default deny.
func (r Route) compile() (*endpoint, error) {
	fail := func(what string) (*endpoint, error) {
		return nil, fmt.Errorf("route %s %s: %s", r.Method, r.Pattern, what)
	}
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return fail("the method is not one of GET, POST, PUT, PATCH, DELETE")
	}
	switch {
	case !strings.HasPrefix(r.Pattern, "/"):
		return fail("the pattern does not start with a slash")
	case r.Auth < Public || r.Auth > Peer:
		return fail("no audience")
	case len(r.Scopes) == 0:
		return fail("no scope (write NoScope if it asks for none)")
	case r.Limit == 0 || int(r.Limit) >= len(limitTable):
		return fail("no limit class")
	case r.Cache < CacheNever || r.Cache > CacheOwn:
		return fail("no cache class")
	case int(r.Body) >= len(bodyCaps):
		return fail("unknown body class")
	case r.Load > LoadFree:
		return fail("unknown load class")
	case r.Handle == nil:
		return fail("no handler")
	}
	e := &endpoint{Route: r}
	for _, name := range r.Scopes {
		s, err := domain.ParseScopes(name)
		if err != nil || (name != "" && s.String() != name) {
			return fail("unknown scope " + name)
		}
		e.want |= s
	}
	if e.want != 0 && (r.Auth == SessionPage || r.Auth == Peer) {
		return fail("scopes on a route that takes no tokens")
	}
	if r.Needs != 0 && r.Auth != User {
		return fail("permissions on a route that is not of users")
	}
	if r.Deprecated != 0 {
		e.deprecated = fmt.Sprintf("@%d", r.Deprecated)
	}
	return e, nil
}
