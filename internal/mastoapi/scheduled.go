package mastoapi

import (
	"context"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

func (a *API) scheduled(ctx context.Context, account, id domain.ID) (any, error) {
	p, err := a.Store.Scheduled(ctx, account, id)
	if err != nil {
		return nil, err
	}
	list, err := a.Render.Scheduled(ctx, []domain.Scheduled{p})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (a *API) scheduledStatus(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.scheduled(r.Context(), r.Viewer.Account, id)
}

func (a *API) scheduledStatuses(r *httpkit.Request) (any, error) {
	p := r.Page(statusesPerPage)
	list, err := a.Store.ScheduledPage(r.Context(), r.Viewer.Account, p)
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Scheduled(r.Context(), list)
	if err != nil {
		return nil, err
	}
	page := httpkit.Page{Items: items}
	if n := len(list); n > 0 {
		page.Prev = list[0].ID
		if n == p.Limit {
			page.Next = list[n-1].ID
		}
	}
	return page, nil
}

// reschedule changes the time and nothing else.
func (a *API) reschedule(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	at, err := scheduledAt(r)
	if err != nil {
		return nil, err
	}
	if err := a.Post.Reschedule(r.Context(), r.Viewer.Account, id, at); err != nil {
		return nil, err
	}
	return a.scheduled(r.Context(), r.Viewer.Account, id)
}

func (a *API) unschedule(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Post.Unschedule(r.Context(), r.Viewer.Account, id)
}
