package adminapi

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
	"coterie/internal/store"
)

// How much of what trends one page has; twice that at most.
const (
	trendsPerPage     = 10
	trendPostsPerPage = 20
)

// trends are all that trend of a kind, whatever was decided.
func (a *API) trends(kind domain.TrendKind, perPage int) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		offset, err := r.Offset()
		if err != nil {
			return nil, err
		}
		limit := r.Limit(perPage, 2*perPage)
		list, err := a.Store.TrendItems(r.Context(), kind, limit, offset)
		if err != nil {
			return nil, err
		}
		items, err := a.showTrends(r, kind, list)
		return httpkit.OffsetPage{Items: items, Offset: offset, Limit: limit, More: len(list) == limit}, err
	}
}

func (a *API) showTrends(r *httpkit.Request, kind domain.TrendKind, list []store.Reviewed) (any, error) {
	switch kind {
	case domain.TrendStatus:
		return a.Render.AdminTrendStatuses(r.Context(), r.Viewer.Account, list)
	case domain.TrendLink:
		return a.Render.AdminTrendLinks(r.Context(), r.Viewer.Account, list)
	}
	var ids []domain.ID
	for _, v := range list {
		ids = append(ids, v.Item)
	}
	found, err := a.Store.TagsByID(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	tags := make([]domain.Tag, 0, len(found))
	for _, id := range ids {
		for _, t := range found {
			if t.ID == id {
				tags = append(tags, t)
			}
		}
	}
	return a.showTags(r, tags)
}

func (a *API) showTags(r *httpkit.Request, list []domain.Tag) (json.RawMessage, error) {
	set, err := a.Moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	return a.Render.AdminTags(r.Context(), r.Viewer.Account, list, set.Trends == domain.TrendsOpen || set.Trends == "")
}

// review decides about what trends and answers with it.
func (a *API) review(kind domain.TrendKind, allowed bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if err := a.Moderation.Review(r.Context(), r.Viewer.Account, kind, id, allowed); err != nil {
			return nil, err
		}
		list, err := a.showTrends(r, kind, []store.Reviewed{{Item: id, Allowed: &allowed}})
		if err != nil {
			return nil, err
		}
		return first(list)
	}
}

// first is the only entity of a list.
func first(list any) (any, error) {
	var all []json.RawMessage
	switch list := list.(type) {
	case []json.RawMessage:
		all = list
	case json.RawMessage:
		if err := json.Unmarshal(list, &all); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, domain.ErrNotFound
	}
	return all[0], nil
}

// tags is GET /api/v1/admin/tags.
func (a *API) tags(r *httpkit.Request) (any, error) {
	list, err := a.Store.TagPage(r.Context(), r.PageMax(perPage, mostPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.showTags(r, list)
	return pageOf(list, func(t *domain.Tag) domain.ID { return t.ID }, items), err
}

// tag is GET /api/v1/admin/tags/{id}.
func (a *API) tag(r *httpkit.Request) (any, error) {
	return a.onTag(r, func(context.Context, domain.ID) error { return nil })
}

// changeTag is PUT /api/v1/admin/tags/{id}.
func (a *API) changeTag(r *httpkit.Request) (any, error) {
	return a.onTag(r, func(ctx context.Context, id domain.ID) error {
		c := moderation.TagChange{Usable: r.Params.Bool("usable"), Listable: r.Params.Bool("listable"), Trendable: r.Params.Bool("trendable")}
		if name, ok := r.Params.String("display_name"); ok {
			c.Display = &name
		}
		return a.Moderation.ChangeTag(ctx, r.Viewer.Account, id, c)
	})
}

func (a *API) onTag(r *httpkit.Request, verb func(context.Context, domain.ID) error) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if err := verb(r.Context(), id); err != nil {
		return nil, err
	}
	t, err := a.Store.Tag(r.Context(), id)
	if err != nil {
		return nil, err
	}
	list, err := a.showTags(r, []domain.Tag{t})
	if err != nil {
		return nil, err
	}
	return first(list)
}
