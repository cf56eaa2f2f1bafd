package mastoapi

import (
	"coterie/internal/httpkit"
	"coterie/internal/render"
	"coterie/internal/timeline"
)

func (a *API) filtersV1(r *httpkit.Request) (any, error) {
	list, err := a.Filters.All(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return render.FiltersV1(list...), nil
}

func (a *API) filterV1(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return oneFilterV1(a.Filters.One(r.Context(), r.Viewer.Account, id))
}

func (a *API) createFilterV1(r *httpkit.Request) (any, error) {
	return oneFilterV1(a.Filters.CreateOne(r.Context(), r.Viewer.Account, keywordFilterChange(r.Params)))
}

func (a *API) changeFilterV1(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return oneFilterV1(a.Filters.ChangeOne(r.Context(), r.Viewer.Account, id, keywordFilterChange(r.Params)))
}

func (a *API) deleteFilterV1(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Filters.DeleteOne(r.Context(), r.Viewer.Account, id)
}

func keywordFilterChange(p httpkit.Params) timeline.KeywordFilterChange {
	return timeline.KeywordFilterChange{
		Phrase: textParam(p, "phrase"), WholeWord: p.Bool("whole_word"), Contexts: contexts(p), Hide: p.Bool("irreversible"), Life: life(p),
	}
}

func oneFilterV1(k timeline.KeywordFilter, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return render.FiltersV1(k)[0], nil
}
