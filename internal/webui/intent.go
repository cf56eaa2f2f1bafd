package webui

import (
	"net/http"
	"net/url"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// Addresses that browsers and other sites know beforehand.
const (
	changePasswordPath = "/.well-known/change-password"
	manifestPath       = "/manifest"
	intentPath         = "/intent"
	intentScheme       = "web+mastodon"
	objectScheme       = "web+ap"
)

// wellKnown sends them on to where what they ask for is.
func (s *Server) wellKnown(to string) httpkit.Handler {
	return func(*httpkit.Request) (any, error) { return redirect(to, http.StatusFound) }
}

// intent is what a web+mastodon: link asks for, which browsers bring here:
// following somebody, or sharing a text. A web+ap: link names anything by its
// address, which is looked up.
func (s *Server) intent(r *httpkit.Request) (any, error) {
	u, err := url.Parse(r.Params.StringOr("uri", ""))
	if err == nil && u.Scheme == objectScheme && u.Host != "" {
		u.Scheme = "https"
		return redirect(interactURL(u.String()), http.StatusFound)
	}
	if err != nil || u.Scheme != intentScheme {
		return nil, domain.ErrNotFound
	}
	switch u.Host {
	case "follow":
		who := strings.TrimPrefix(u.Query().Get("uri"), "acct:")
		return redirect(interactPath+"?"+url.Values{"uri": {who}}.Encode(), http.StatusFound)
	case "share":
		return redirect("/share?"+url.Values{"text": {u.Query().Get("text")}}.Encode(), http.StatusFound)
	}
	return nil, domain.ErrNotFound
}
