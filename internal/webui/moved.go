package webui

import (
	"net/http"
	"net/url"
	"strings"

	"coterie/internal/httpkit"
)

// moved are pages of Mastodon that apps open since its API has nothing for
// them, and where here is what they are for (behaviours 18.7).
var moved = map[string]string{
	"/auth/edit":             "/settings/security",
	"/settings/preferences":  "/settings/look",
	"/settings/delete":       "/settings/account",
	"/settings/export":       "/settings/data",
	"/settings/imports":      "/settings/data",
	"/settings/migration":    "/settings/account",
	"/settings/aliases":      "/settings/account",
	"/invites":               "/settings/invites",
	"/filters":               "/settings/filters",
	"/statuses_cleanup":      "/settings/cleanup",
	"/relationships":         "/settings/people",
	"/disputes/strikes/{id}": "/settings/strikes",
	"/admin/reports/{id}":    "/moderation/reports/{id}",
	"/admin/accounts/{id}":   "/moderation/accounts/{id}",
}

// movedRoutes send them on.
func (s *Server) movedRoutes(route func(string, httpkit.Handler) httpkit.Route) []httpkit.Route {
	list := []httpkit.Route{route("/authorize_follow", s.followElsewhere)}
	for from, to := range moved {
		list = append(list, route(from, func(r *httpkit.Request) (any, error) {
			return redirect(strings.Replace(to, "{id}", url.PathEscape(r.Path("id")), 1), http.StatusFound)
		}))
	}
	return list
}

// followElsewhere is the older address of interactPath.
func (s *Server) followElsewhere(r *httpkit.Request) (any, error) {
	who := r.Params.StringOr("uri", r.Params.StringOr("acct", ""))
	return redirect(interactPath+"?"+url.Values{"uri": {who}}.Encode(), http.StatusFound)
}
