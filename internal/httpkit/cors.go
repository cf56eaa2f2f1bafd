package httpkit

import (
	"net/http"
	"strings"
)

// The CORS rules of behaviours section 3: any origin, no credentials, any
// request header, on errors too.
var (
	corsOrigin = []string{"*"}
	corsExpose = []string{"Link, Mastodon-Async-Refresh, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"}
	corsMaxAge = []string{"7200"}

	corsAll     = []string{"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}
	corsPost    = []string{"POST, OPTIONS"}
	corsGetPost = []string{"GET, HEAD, POST, OPTIONS"}
	corsGet     = []string{"GET, HEAD, OPTIONS"}
)

// corsMethods are the methods other origins may use on a path, nil for none.
func (k *Kit) corsMethods(path string) []string {
	switch {
	case strings.HasPrefix(path, "/api/"):
		return corsAll
	case path == "/oauth/token", path == "/oauth/revoke":
		return corsPost
	case path == "/oauth/userinfo":
		return corsGetPost
	case strings.HasPrefix(path, "/.well-known/"), strings.HasPrefix(path, "/nodeinfo/"):
		return corsGet
	case strings.HasPrefix(path, "/@") && !strings.Contains(path[2:], "/"):
		return corsGet
	case strings.HasPrefix(path, "/users/") && len(path) > 7 && !strings.Contains(path[7:], "/"):
		return corsGet
	}
	for _, prefix := range k.cfg.OpenPaths {
		if strings.HasPrefix(path, prefix) {
			return corsGet
		}
	}
	return nil
}

// maxCORSHeaders is how much of a preflight's header list is given back.
const maxCORSHeaders = 1024

// preflight answers OPTIONS. The asked headers are named one by one, because
// a star does not include Authorization.
func preflight(x *exchange, r *http.Request, allowed []string) {
	h := x.Header()
	h["Access-Control-Allow-Methods"] = allowed
	h["Allow"] = allowed
	h["Access-Control-Max-Age"] = corsMaxAge
	h["Vary"] = []string{"Access-Control-Request-Headers, Origin"}
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" && len(asked) <= maxCORSHeaders {
		h["Access-Control-Allow-Headers"] = []string{asked}
	}
	x.WriteHeader(http.StatusOK)
}
