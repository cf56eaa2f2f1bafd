package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/relation"
	"coterie/internal/render"
)

const (
	collectionsPerPage = 40 // behaviours 4.6
	maxCollectionsPage = 100
)

func collectionChange(r *httpkit.Request) relation.CollectionChange {
	text := func(key string) *string {
		if r.Params.Cleared(key) {
			return new(string)
		}
		if s, ok := r.Params.String(key); ok {
			return &s
		}
		return nil
	}
	return relation.CollectionChange{
		Name: text("name"), Description: text("description"), Language: text("language"), Tag: text("tag_name"),
		Sensitive: r.Params.Bool("sensitive"), Discoverable: r.Params.Bool("discoverable"),
	}
}

// collectionsPage answers a page of a list of collections under its key.
func (a *API) collectionsPage(r *httpkit.Request, list func(limit, offset int) ([]domain.Collection, error)) (any, error) {
	offset, err := r.Offset()
	if err != nil {
		return nil, err
	}
	limit := r.Limit(collectionsPerPage, maxCollectionsPage)
	found, err := list(limit, offset)
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Collections(r.Context(), r.Viewer.Account, found...)
	if err != nil {
		return nil, err
	}
	body := map[string][]render.CollectionJSON{"collections": items}
	return httpkit.OffsetPage{Items: body, Offset: offset, Limit: limit, More: len(found) == limit}, nil
}

// accountCollections are those on somebody's profile; one's own are all there.
func (a *API) accountCollections(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Store.PresentAccount(r.Context(), id); err != nil {
		return nil, err
	}
	return a.collectionsPage(r, func(limit, offset int) ([]domain.Collection, error) {
		return a.Store.CollectionsOf(r.Context(), r.Viewer.Account, id, limit, offset)
	})
}

// collectionsWith are those that the viewer is in. Nobody else's are told.
func (a *API) collectionsWith(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Store.Account(r.Context(), id); err != nil {
		return nil, err
	}
	if id != r.Viewer.Account {
		return nil, domain.Errorf(domain.Forbidden, "This action is not allowed")
	}
	return a.collectionsPage(r, func(limit, offset int) ([]domain.Collection, error) {
		return a.Store.CollectionsWith(r.Context(), id, limit, offset)
	})
}

func (a *API) collection(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	c, err := a.Store.Collection(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	return a.Render.CollectionWithAccounts(r.Context(), r.Viewer.Account, c)
}

// oneCollection answers a collection that was made or changed under its key.
func (a *API) oneCollection(r *httpkit.Request, c domain.Collection, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	list, err := a.Render.Collections(r.Context(), r.Viewer.Account, c)
	if err != nil {
		return nil, err
	}
	return map[string]render.CollectionJSON{"collection": list[0]}, nil
}

func (a *API) createCollection(r *httpkit.Request) (any, error) {
	c, err := a.Relation.CreateCollection(r.Context(), r.Viewer.Account, collectionChange(r), r.Params.IDs("account_ids"))
	return a.oneCollection(r, c, err)
}

func (a *API) changeCollection(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	c, err := a.Relation.ChangeCollection(r.Context(), r.Viewer.Account, id, collectionChange(r))
	return a.oneCollection(r, c, err)
}

func (a *API) deleteCollection(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.DeleteCollection(r.Context(), r.Viewer.Account, id)
}

func (a *API) addToCollection(r *httpkit.Request) (any, error) {
	id, err := r.PathID("collection_id")
	if err != nil {
		return nil, err
	}
	account, ok := r.Params.ID("account_id")
	if !ok {
		return nil, domain.ErrNotFound
	}
	i, err := a.Relation.AddToCollection(r.Context(), r.Viewer.Account, id, account)
	return map[string]render.CollectionItemJSON{"collection_item": render.CollectionItem(i)}, err
}

func (a *API) removeFromCollection(r *httpkit.Request) (any, error) {
	id, item, err := itemOf(r)
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.RemoveFromCollection(r.Context(), r.Viewer.Account, id, item)
}

func (a *API) leaveCollection(r *httpkit.Request) (any, error) {
	id, item, err := itemOf(r)
	if err != nil {
		return nil, err
	}
	return nil, a.Relation.LeaveCollection(r.Context(), r.Viewer.Account, id, item)
}

// itemOf is the item in the path, and its collection.
func itemOf(r *httpkit.Request) (collection, item domain.ID, err error) {
	if collection, err = r.PathID("collection_id"); err != nil {
		return 0, 0, err
	}
	item, err = r.PathID("id")
	return collection, item, err
}

// alphaSince is when the first paths of collections became old.
const alphaSince = 1780272000

// collectionRoutes are the routes of collections, and the same below the path
// that they first had.
func (a *API) collectionRoutes() []httpkit.Route {
	const general, never, short = httpkit.LimitGeneral, httpkit.CacheNever, httpkit.CacheAnonymous
	read, write := []string{"read:collections"}, []string{"write:collections"}
	var routes []httpkit.Route
	for prefix, deprecated := range map[string]int64{"/api/v1": 0, "/api/v1_alpha": alphaSince} {
		for _, r := range []httpkit.Route{
			{Method: "GET", Pattern: "/accounts/{id}/collections", Auth: httpkit.Public, Scopes: read, Cache: short, Handle: a.accountCollections},
			{Method: "GET", Pattern: "/accounts/{id}/in_collections", Auth: httpkit.User, Scopes: read, Cache: never, Handle: a.collectionsWith},
			{Method: "POST", Pattern: "/collections", Auth: httpkit.User, Scopes: write, Cache: never, Handle: a.createCollection},
			{Method: "GET", Pattern: "/collections/{id}", Auth: httpkit.Public, Scopes: read, Cache: short, Handle: a.collection},
			{Method: "PATCH", Pattern: "/collections/{id}", Auth: httpkit.User, Scopes: write, Cache: never, Handle: a.changeCollection},
			{Method: "DELETE", Pattern: "/collections/{id}", Auth: httpkit.User, Scopes: write, Cache: never, Handle: a.deleteCollection},
			{Method: "POST", Pattern: "/collections/{collection_id}/items", Auth: httpkit.User, Scopes: write, Cache: never, Handle: a.addToCollection},
			{Method: "DELETE", Pattern: "/collections/{collection_id}/items/{id}", Auth: httpkit.User, Scopes: write, Cache: never, Handle: a.removeFromCollection},
			{Method: "POST", Pattern: "/collections/{collection_id}/items/{id}/revoke", Auth: httpkit.User, Scopes: write, Cache: never, Handle: a.leaveCollection},
		} {
			r.Pattern, r.Limit, r.Deprecated = prefix+r.Pattern, general, deprecated
			routes = append(routes, r)
		}
	}
	return routes
}
