package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/timeline"
)

const (
	statusesPerPage   = 20 // behaviours 4.6
	maxStatusesAtOnce = 20
)

// statusPage renders a page of statuses whose ids are their cursors. A
// timeline has both links whenever it is not empty (behaviours 4.4), which is
// decided before anything that is gone since is left out.
func (a *API) statusPage(r *httpkit.Request, ids []domain.ID) (any, error) {
	if len(ids) == 0 {
		return httpkit.Page{Items: httpkit.Raw("[]")}, nil
	}
	items, err := a.Render.StatusPage(r.Context(), r.Viewer.Account, ids)
	if err != nil {
		return nil, err
	}
	return httpkit.Page{Items: items, Next: ids[len(ids)-1], Prev: ids[0]}, nil
}

func (a *API) home(r *httpkit.Request) (any, error) {
	ids, err := a.Timeline.Home(r.Context(), r.Viewer.Account, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

func (a *API) publicTimeline(r *httpkit.Request) (any, error) {
	q := timeline.PublicQuery{
		Local: r.Params.BoolOr("local", false), Remote: r.Params.BoolOr("remote", false), OnlyMedia: r.Params.BoolOr("only_media", false),
	}
	ids, err := a.Timeline.Public(r.Context(), r.Viewer.Account, q, r.Page(statusesPerPage))
	if err != nil {
		return nil, err
	}
	return a.statusPage(r, ids)
}

// status is one status; hidden ones are absent (behaviours 2.7).
func (a *API) status(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return a.Render.Status(r.Context(), r.Viewer.Account, id)
}

// statuses are several by id, those not to be seen left out.
func (a *API) statuses(r *httpkit.Request) (any, error) {
	ids := r.Params.IDs("id")
	if len(ids) > maxStatusesAtOnce {
		return nil, domain.Errorf(domain.Invalid, "Too many ids: at most %d statuses can be asked for at once", maxStatusesAtOnce)
	}
	return a.Render.StatusPage(r.Context(), r.Viewer.Account, ids)
}
