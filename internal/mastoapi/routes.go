package mastoapi

import "coterie/internal/httpkit"

// Routes are all routes of the client API, by resource.
func (a *API) Routes() []httpkit.Route {
	const (
		get, post, put, patch, del = "GET", "POST", "PUT", "PATCH", "DELETE"

		public, app, user = httpkit.Public, httpkit.App, httpkit.User
		general, never    = httpkit.LimitGeneral, httpkit.CacheNever
	)
	scope := func(names ...string) []string { return names }
	_, _, _, _, _, _, _ = get, post, put, patch, del, public, app
	_, _, _, _ = user, general, never, scope
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

		// polls

		// scheduled statuses

		// timelines, favourites, bookmarks

		// conversations

		// filters

		// search

		// notifications

		// instance
	}
}
