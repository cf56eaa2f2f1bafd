// Package httpkit is everything the HTTP surfaces share: routes as data, the
// checks of tokens and scopes, parameters in every form clients send them, the
// one writer of answers and errors, paging links, CORS, rate limits, shedding
// and the access log. Surfaces (mastoapi, ownapi, adminapi, fedhttp, oauth,
// webui), page and instance may import it; it imports domain only. A Kit and
// everything mounted with it is safe for concurrent use; a Request belongs to
// the one goroutine that runs its Handler.
//
// # Adding a route
//
// A surface has one function that returns its routes:
//
//	func (a *API) Routes() []httpkit.Route {
//		return []httpkit.Route{
//			{
//				Method: "GET", Pattern: "/api/v1/bookmarks",
//				Auth: httpkit.User, Scopes: []string{"read:bookmarks"},
//				Limit: httpkit.LimitGeneral, Cache: httpkit.CacheNever, Handle: a.bookmarks,
//			},
//		}
//	}
//
//	func (a *API) bookmarks(r *httpkit.Request) (any, error) {
//		page := r.Page(20)
//		list, err := a.reader.Bookmarks(r.Context(), r.Viewer.Account, page)
//		if err != nil {
//			return nil, err
//		}
//		...
//		return httpkit.Page{Items: statuses, Next: last, Prev: first}, nil
//	}
//
// Every route says who may call it, which scopes it asks for, which limits
// count and who may cache the answer; Mount refuses one that does not (default
// deny). The handler decodes, calls one verb and returns a value or an error:
// the kit has checked the token before and writes the answer after. Errors are
// domain errors; their kind decides the status (see StatusOf).
//
// A handler that streams, upgrades or sends a file writes to Request.Writer
// and returns Written{}. Browser pages use the audience SessionPage and return
// HTML or Redirect; other servers' requests use Peer.
//
// PATCH also answers PUT and the other way round, GET also answers HEAD, and a
// trailing slash changes nothing: register each route once.
package httpkit
