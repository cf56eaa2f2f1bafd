package mastoapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
	"coterie/internal/timeline"
)

func (a *API) filters(r *httpkit.Request) (any, error) {
	list, err := a.Store.Filters(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return render.Filters(list), nil
}

func (a *API) filter(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	f, err := a.Store.Filter(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	return render.Filter(&f), nil
}

func (a *API) createFilter(r *httpkit.Request) (any, error) {
	f, err := a.Filters.Create(r.Context(), r.Viewer.Account, filterChange(r.Params))
	if err != nil {
		return nil, err
	}
	return render.Filter(&f), nil
}

func (a *API) changeFilter(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	f, err := a.Filters.Change(r.Context(), r.Viewer.Account, id, filterChange(r.Params))
	if err != nil {
		return nil, err
	}
	return render.Filter(&f), nil
}

func (a *API) deleteFilter(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Filters.Delete(r.Context(), r.Viewer.Account, id)
}

func filterChange(p httpkit.Params) timeline.FilterChange {
	c := timeline.FilterChange{Title: textParam(p, "title"), Contexts: contexts(p), Life: life(p)}
	if action, ok := p.String("filter_action"); ok {
		c.Action = (*domain.FilterAction)(&action)
	}
	for _, k := range p.Hashes("keywords_attributes") {
		change := keywordChange(k)
		change.Remove = k.BoolOr("_destroy", false)
		if k.Has("id") && !k.Cleared("id") {
			// What cannot be an id is not found, like one of somebody else.
			change.ID = domain.MaxID
			if id, ok := k.ID("id"); ok {
				change.ID = id
			}
		}
		c.Keywords = append(c.Keywords, change)
	}
	return c
}

func keywordChange(p httpkit.Params) timeline.KeywordChange {
	return timeline.KeywordChange{Keyword: textParam(p, "keyword"), WholeWord: p.Bool("whole_word")}
}

// contexts is nil where the parameter is absent.
func contexts(p httpkit.Params) []string {
	if !p.Has("context") {
		return nil
	}
	return append([]string{}, p.Strings("context")...)
}

// life is how long a filter lasts from now: nil if the parameter is absent, 0,
// without end, if it is empty (behaviours 12.7).
func life(p httpkit.Params) *time.Duration {
	d, ok := p.Seconds("expires_in")
	if !ok && !p.Cleared("expires_in") {
		return nil
	}
	return &d
}

func textParam(p httpkit.Params, key string) *string {
	s, ok := p.String(key)
	if !ok {
		return nil
	}
	return &s
}

// filterPart tells apart /filters/keywords/ID, /filters/statuses/ID,
// /filters/ID/keywords and /filters/ID/statuses, which the mux cannot
// (behaviours 1.8). of is the id of the filter, entry that of the entry; one
// of the two is 0.
func filterPart(r *httpkit.Request) (part string, of, entry domain.ID, err error) {
	first, second := r.Path("first"), r.Path("second")
	if first == "keywords" || first == "statuses" {
		id, err := r.PathID("second")
		return first, 0, id, err
	}
	if second != "keywords" && second != "statuses" {
		return "", 0, 0, domain.ErrNotFound
	}
	id, err := r.PathID("first")
	return second, id, 0, err
}

func (a *API) getFilterPart(r *httpkit.Request) (any, error) {
	part, of, entry, err := filterPart(r)
	if err != nil {
		return nil, err
	}
	switch {
	case of != 0:
		f, err := a.Store.Filter(r.Context(), r.Viewer.Account, of)
		if err != nil {
			return nil, err
		}
		if part == "keywords" {
			return render.FilterKeywords(f.Keywords...), nil
		}
		return render.FilterStatuses(f.Statuses...), nil
	case part == "keywords":
		return oneKeyword(a.Store.FilterKeyword(r.Context(), r.Viewer.Account, entry))
	}
	return oneFiltered(a.Store.FilterStatus(r.Context(), r.Viewer.Account, entry))
}

func (a *API) addFilterPart(r *httpkit.Request) (any, error) {
	part, of, _, err := filterPart(r)
	switch {
	case err != nil:
		return nil, err
	case of == 0:
		return nil, domain.ErrNotFound
	case part == "keywords":
		return oneKeyword(a.Filters.AddKeyword(r.Context(), r.Viewer.Account, of, keywordChange(r.Params)))
	}
	status, _ := r.Params.ID("status_id")
	return oneFiltered(a.Filters.AddStatus(r.Context(), r.Viewer.Account, of, status))
}

func (a *API) changeFilterPart(r *httpkit.Request) (any, error) {
	part, of, entry, err := filterPart(r)
	if err != nil {
		return nil, err
	}
	if of != 0 || part != "keywords" {
		return nil, domain.ErrNotFound
	}
	return oneKeyword(a.Filters.ChangeKeyword(r.Context(), r.Viewer.Account, entry, keywordChange(r.Params)))
}

func (a *API) deleteFilterPart(r *httpkit.Request) (any, error) {
	part, of, entry, err := filterPart(r)
	switch {
	case err != nil:
		return nil, err
	case of != 0:
		return nil, domain.ErrNotFound
	case part == "keywords":
		return nil, a.Filters.DeleteKeyword(r.Context(), r.Viewer.Account, entry)
	}
	return oneFiltered(a.Filters.DeleteStatus(r.Context(), r.Viewer.Account, entry))
}

func oneKeyword(k domain.FilterKeyword, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return render.FilterKeywords(k)[0], nil
}

func oneFiltered(s domain.FilterStatus, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return render.FilterStatuses(s)[0], nil
}
