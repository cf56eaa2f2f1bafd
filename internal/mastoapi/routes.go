package mastoapi

import "coterie/internal/httpkit"

// Routes are all routes of the client API, by resource.
func (a *API) Routes() []httpkit.Route {
	const (
		get, post, put, patch, del = "GET", "POST", "PUT", "PATCH", "DELETE"

		public, app, user = httpkit.Public, httpkit.App, httpkit.User
		general           = httpkit.LimitGeneral
		never, short      = httpkit.CacheNever, httpkit.CacheAnonymous
	)
	scope := func(names ...string) []string { return names }
	_, _, _, _, _ = post, put, patch, del, app
	return []httpkit.Route{
		// apps

		// accounts

		// profile, preferences, markers

		// relationships: follows, blocks, mutes, notes

		// follow requests

		// blocks, mutes, domain blocks

		// lists

		// tags

		// statuses
		{Method: get, Pattern: "/api/v1/statuses", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.statuses},
		{Method: get, Pattern: "/api/v1/statuses/{id}", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.status},

		// polls

		// scheduled statuses

		// timelines, favourites, bookmarks
		{Method: get, Pattern: "/api/v1/timelines/home", Auth: user, Scopes: scope("read:statuses"), Limit: general, Cache: never, Handle: a.home},
		{Method: get, Pattern: "/api/v1/timelines/public", Auth: public, Scopes: scope("read:statuses"), Limit: general, Cache: short, Handle: a.publicTimeline},

		// conversations

		// filters

		// search

		// notifications

		// instance
	}
}
