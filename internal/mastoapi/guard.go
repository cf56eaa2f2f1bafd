package mastoapi

import (
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// guard closes what shows people and what they wrote to visitors of a community
// that speaks with chosen servers alone (behaviours 2.7).
func (a *API) guard(routes []httpkit.Route) []httpkit.Route {
	for i := range routes {
		if r := &routes[i]; r.Auth == httpkit.Public && r.Method == "GET" && !forNewcomers(r.Pattern) {
			r.Handle = a.membersOnly(r.Handle)
		}
	}
	return routes
}

// forNewcomers are the addresses that one needs in order to join or to sign in.
func forNewcomers(pattern string) bool {
	if strings.HasPrefix(pattern, "/api/v1/streaming") { // which asks for a token itself
		return true
	}
	rest, ok := strings.CutPrefix(pattern, "/api/v1/instance")
	return pattern == "/api/v2/instance" || ok && rest != "/peers" && rest != "/activity" && rest != "/domain_blocks"
}

var errMembersOnly = domain.Errorf(domain.Unauthenticated, "This API requires an authenticated user")

func (a *API) membersOnly(handle httpkit.Handler) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		if r.Viewer.Account == 0 {
			set, err := a.Moderation.Settings(r.Context())
			if err != nil {
				return nil, err
			}
			if set.LimitedFederation {
				return nil, errMembersOnly
			}
		}
		return handle(r)
	}
}
