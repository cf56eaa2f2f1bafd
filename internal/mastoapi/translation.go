package mastoapi

import "coterie/internal/httpkit"

// translate answers with a post in another language: the one asked for, or the
// viewer's own.
func (a *API) translate(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	t, err := a.Render.Translatable(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	to := r.Params.StringOr("lang", "")
	if to == "" {
		to = r.Locale()
	}
	tr, err := a.Post.Translate(r.Context(), &t.Status, t.Words, to)
	if err != nil {
		return nil, err
	}
	return t.In(&tr), nil
}

func (a *API) translationLanguages(r *httpkit.Request) (any, error) {
	return a.Post.Languages(r.Context())
}
