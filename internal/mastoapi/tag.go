package mastoapi

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/timeline"
)

// tag is a hashtag; a valid one that nobody has used is there, too.
func (a *API) tag(r *httpkit.Request) (any, error) {
	t, err := timeline.TagNamed(r.Path("name"))
	if err != nil {
		return nil, err
	}
	known, err := a.Store.TagByName(r.Context(), t.Name)
	switch {
	case err == nil:
		t = known
	case !domain.Is(err, domain.NotFound):
		return nil, err
	}
	return a.oneTag(r, t)
}

func (a *API) oneTag(r *httpkit.Request, t domain.Tag) (any, error) {
	list, err := a.Render.Tags(r.Context(), r.Viewer.Account, t)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// onTag runs a verb on the hashtag in the path and answers what it became.
func (a *API) onTag(verb func(ctx context.Context, actor domain.ID, t domain.Tag) (domain.Tag, error)) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		t, err := timeline.TagNamed(r.Path("name"))
		if err != nil {
			return nil, err
		}
		if t, err = verb(r.Context(), r.Viewer.Account, t); err != nil {
			return nil, err
		}
		return a.oneTag(r, t)
	}
}

const (
	tagsPerPage    = 100 // behaviours 4.6
	suggestedCount = 10
)

func (a *API) followedTags(r *httpkit.Request) (any, error) {
	p := r.Page(tagsPerPage)
	rows, err := a.Store.FollowedTags(r.Context(), r.Viewer.Account, p)
	if err != nil {
		return nil, err
	}
	list := make([]domain.Tag, len(rows))
	for i := range rows {
		list[i] = rows[i].Tag
	}
	items, err := a.Render.Tags(r.Context(), r.Viewer.Account, list...)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items, PrevSince: true}
	if len(rows) > 0 {
		page.Prev = rows[0].ID
	}
	if len(rows) == p.Limit {
		page.Next = rows[len(rows)-1].ID
	}
	return page, nil
}
