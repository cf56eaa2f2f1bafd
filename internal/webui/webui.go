// Package webui is what a browser gets: the set-up page of the first run, the
// community's front page, public pages of people, posts and hashtags, their
// feeds, the ways from those to one's own server and back, and the web client's
// shell. Level 7; only instance imports it.
//
// One address serves both: whoever is signed in gets the web client there,
// visitors and crawlers the page; feeds and documents for other servers are the
// same for all. Without a built client everybody gets the page.
//
// Public pages show what an anonymous visitor may see, whoever looks, and they
// show it from the same entities that the client API answers with, so there is
// one rule of who may see what and one form of each text (SEC-28, SEC-29).
//
// A Server is safe for concurrent use.
package webui

import (
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/media"
	"coterie/internal/moderation"
	"coterie/internal/page"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/remote"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

// Config is what the pages need.
type Config struct {
	Store      store.Reader
	Accounts   *account.Service
	Moderation *moderation.Service
	Posts      *post.Service
	Relation   *relation.Service
	Timeline   *timeline.Service
	Finder     *timeline.Finder
	Remote     *remote.Service
	Media      *media.Service
	Render     *render.Renderer
	Pages      *page.Pages
	Version    string
	Now        func() time.Time
}

// Server answers the routes of browsers.
type Server struct {
	st         store.Reader
	accounts   *account.Service
	moderation *moderation.Service
	posts      *post.Service
	relation   *relation.Service
	timeline   *timeline.Service
	finder     *timeline.Finder
	remote     *remote.Service
	media      *media.Service
	render     *render.Renderer
	urls       render.URLs
	pages      *page.Pages
	version    string
	now        func() time.Time
	// owned says that the first run is over, which does not change back.
	owned atomic.Bool
}

// New makes the server.
func New(c Config) *Server {
	return &Server{
		st: c.Store, accounts: c.Accounts, moderation: c.Moderation, posts: c.Posts, relation: c.Relation,
		timeline: c.Timeline, finder: c.Finder, remote: c.Remote, media: c.Media, render: c.Render,
		urls: c.Render.URLs, pages: c.Pages, version: c.Version, now: c.Now,
	}
}

// Routes are all routes of browsers. They overlap with nothing that has a
// first segment of its own, so they are mounted on a mux behind the others.
func (s *Server) Routes() []httpkit.Route {
	route := func(pattern string, h httpkit.Handler) httpkit.Route {
		return httpkit.Route{
			Method: http.MethodGet, Pattern: pattern, Auth: httpkit.SessionPage, Scopes: httpkit.NoScope,
			Limit: httpkit.LimitGeneral, Cache: httpkit.CacheOwn, Handle: h,
		}
	}
	members := func(pattern string, h httpkit.Handler) httpkit.Route { return route(pattern, s.membersOnly(h)) }
	form := func(method, pattern string, limit httpkit.LimitClass, h httpkit.Handler) httpkit.Route {
		f := route(pattern, h)
		f.Method, f.Limit, f.Cache = method, limit, httpkit.CacheNever
		return f
	}
	return append(append(s.clientRoutes(route), s.movedRoutes(route)...), []httpkit.Route{
		// the community
		route("/{$}", s.front),
		route("/about", s.about),
		route("/terms-of-service", s.terms),
		route("/terms-of-service/{date}", s.terms),
		route("/privacy-policy", s.privacy),
		route("/robots.txt", s.robots),

		// the first run
		route("/set-up", s.setUpAgain),
		form(http.MethodPost, "/set-up", httpkit.LimitLogin, s.setUp),

		// from one server to another: people of here who come from elsewhere,
		// and visitors on their way home
		form(http.MethodGet, interactPath, httpkit.LimitResolve, s.found),
		form(http.MethodPost, interactPath, httpkit.LimitFollow, s.interact),
		form(http.MethodGet, elsewherePath, httpkit.LimitGeneral, s.elsewhere),
		form(http.MethodPost, elsewherePath, httpkit.LimitResolve, s.goHome),

		// what browsers and other sites know beforehand
		route(changePasswordPath, s.wellKnown("/settings")),
		route(manifestPath, s.wellKnown("/manifest.webmanifest")),
		route(intentPath, s.intent),

		// people, posts, hashtags and their feeds; "@name" and "name.rss" are
		// one segment to the mux, so these split it
		members("/{handle}", s.person),
		members("/{handle}/{rest}", s.personal),
		members("/{handle}/{rest}/{more}", s.partOfPost),
		members("/{handle}/tagged/{tag}", s.tagged),
		members("/tags/{tag}", s.hashtag),
		members("/collections/{id}", s.forClient(s.collection)),

		// addresses for other servers, followed by a person
		members("/users/{name}", s.userAddress),
		members("/users/{name}/statuses/{id}", s.statusAddress),
		members("/users/{name}/collections/{id}", s.collectionAddress),
	}...)
}

// partOfPost is a post for a frame elsewhere, and where only the web client has
// pages.
func (s *Server) partOfPost(r *httpkit.Request) (any, error) {
	if r.Path("more") == "embed" {
		return s.framed(r)
	}
	return s.forClient(func(*httpkit.Request) (any, error) { return nil, domain.ErrNotFound })(r)
}

// FileRoutes are those of pictures, video and sound, which have first segments
// of their own.
func (s *Server) FileRoutes() []httpkit.Route {
	route := func(pattern string, h httpkit.Handler) httpkit.Route {
		return httpkit.Route{
			Method: http.MethodGet, Pattern: pattern, Auth: httpkit.SessionPage, Scopes: httpkit.NoScope,
			Limit: httpkit.LimitNone, Cache: httpkit.CacheOwn, Handle: h,
		}
	}
	return []httpkit.Route{
		route("/media/{name}", s.mediaFile),
		route("/media_proxy/{key}/{variant}", s.remoteFile),
	}
}

// NotFound is the page for every address that nobody has.
func (s *Server) NotFound(w http.ResponseWriter, r *http.Request) {
	s.pages.ErrorStatus(w, r, http.StatusNotFound, "")
}

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

// viewer is who is signed in and may act, nil for nobody. Public pages show it
// in their header; it never changes what they show.
func (s *Server) viewer(r *httpkit.Request) (*page.Account, error) {
	in, err := s.session(r)
	if err != nil || in == nil || in.Refused != nil {
		return nil, err
	}
	return s.shown(in), nil
}

// shown is somebody as the header of their pages shows them.
func (s *Server) shown(in *account.SignedIn) *page.Account {
	a := &in.Account
	return &page.Account{Name: displayName(a.DisplayName, a.Username), Handle: s.urls.Acct(a), URL: s.urls.Profile(a), Avatar: s.urls.Avatar(a, true)}
}

// redirect sends the browser to a path or an address of ours.
func redirect(to string, status int) (any, error) {
	return httpkit.Redirect{URL: to, Status: status}, nil
}

// shownPerPage is how many posts a page has.
const shownPerPage = 20

// cursors read max_id and min_id. One more than is shown is asked for, to
// know whether the list goes on.
func cursors(r *httpkit.Request) domain.Page {
	p := domain.Page{Limit: shownPerPage + 1}
	p.MaxID, _ = r.Params.ID("max_id")
	p.MinID, _ = r.Params.ID("min_id")
	return p
}

// cut takes away what was asked for beyond the page and links the neighbours
// of the rest.
func cut(path string, p domain.Page, ids []domain.ID) ([]domain.ID, page.Pager) {
	more := len(ids) == p.Limit
	newer, older := p.MaxID != 0, more
	if more {
		ids = ids[:p.Limit-1]
	}
	if p.Ascending() {
		newer, older = more, true
		if more {
			ids = ids[len(ids)-(p.Limit-1):]
		}
	}
	var pager page.Pager
	link := func(cursor string, id domain.ID) string {
		return path + "?" + url.Values{cursor: {id.String()}}.Encode()
	}
	switch {
	case len(ids) == 0 && newer:
		pager.Newer = path
	case len(ids) > 0:
		if newer {
			pager.Newer = link("min_id", ids[0])
		}
		if older {
			pager.Older = link("max_id", ids[len(ids)-1])
		}
	}
	return ids, pager
}
