package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// publishers is GET /api/v1/admin/trends/links/publishers.
func (a *API) publishers(r *httpkit.Request) (any, error) {
	list, err := a.Store.PublisherPage(r.Context(), r.PageMax(perPage, mostPerPage))
	if err != nil {
		return nil, err
	}
	items := make([]any, 0, len(list))
	for i := range list {
		items = append(items, render.Publisher(&list[i]))
	}
	return pageOf(list, func(p *domain.Publisher) domain.ID { return p.ID }, items), nil
}

// reviewPublisher decides about all links of a publisher.
func (a *API) reviewPublisher(allowed bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if err := a.Moderation.Review(r.Context(), r.Viewer.Account, domain.TrendPublisher, id, allowed); err != nil {
			return nil, err
		}
		p, err := a.Store.Publisher(r.Context(), id)
		return render.Publisher(&p), err
	}
}
