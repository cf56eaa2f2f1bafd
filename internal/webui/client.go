package webui

import (
	"net/http"
	"net/url"

	"coterie/internal/httpkit"
)

// clientPaths are the addresses that only the web client has a page for.
var clientPaths = []string{
	"/home", "/catchup", "/welcome", "/notifications", "/explore", "/search", "/public", "/compose", "/share", "/scheduled",
	"/deck", "/lists", "/lists/{id}", "/collections", "/bookmarks", "/favourites", "/conversations", "/follow_requests", "/followed_tags",
	"/settings", "/settings/{section}",
	"/moderation", "/moderation/{section}", "/moderation/reports/{id}", "/moderation/accounts/{id}",
	"/administration", "/administration/{section}",
}

// clientRoutes answer the web client's own addresses. Who is not signed in is
// asked to.
func (s *Server) clientRoutes(route func(string, httpkit.Handler) httpkit.Route) []httpkit.Route {
	list := make([]httpkit.Route, len(clientPaths))
	for i, path := range clientPaths {
		list[i] = route(path, s.clientPage)
	}
	return list
}

func (s *Server) clientPage(r *httpkit.Request) (any, error) {
	if !s.pages.HasClient() {
		return redirect("/", http.StatusSeeOther)
	}
	shown, err := s.clientShown(r)
	if shown || err != nil {
		return httpkit.Written{}, err
	}
	return signInFirst(r)
}

// signInFirst asks who it is, and leads back.
func signInFirst(r *httpkit.Request) (any, error) {
	return redirect(signInPath+"?"+url.Values{"return_to": {r.HTTP.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
}

// membersOnly asks visitors of a community that speaks with chosen servers alone
// to sign in before they see people and what they wrote.
func (s *Server) membersOnly(page httpkit.Handler) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		set, err := s.moderation.Settings(r.Context())
		if err != nil {
			return nil, err
		}
		if !set.LimitedFederation {
			return page(r)
		}
		in, err := s.session(r)
		if err != nil {
			return nil, err
		}
		if in == nil || in.Refused != nil {
			r.Writer().Header().Set("Cache-Control", "private, no-store")
			return signInFirst(r)
		}
		return page(r)
	}
}

// forClient gives whoever is signed in the web client, which knows the same
// addresses, and everybody else the page.
func (s *Server) forClient(page httpkit.Handler) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		shown, err := s.clientShown(r)
		if shown || err != nil {
			return httpkit.Written{}, err
		}
		return page(r)
	}
}

// clientShown writes the web client's shell if there is one and somebody is
// signed in who may act. The cookie that decides comes along with links of
// other sites, too, so they open in the client; its own requests are told
// apart by the stricter one.
func (s *Server) clientShown(r *httpkit.Request) (bool, error) {
	if !s.pages.HasClient() {
		return false, nil
	}
	in, err := s.session(r)
	if err != nil || in == nil || in.Refused != nil {
		return false, err
	}
	s.pages.Client(r.Writer(), r.HTTP)
	return true, nil
}
