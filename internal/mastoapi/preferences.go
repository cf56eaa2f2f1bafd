package mastoapi

import (
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// preferences is GET /api/v1/preferences.
func (a *API) preferences(r *httpkit.Request) (any, error) {
	u, err := a.Store.User(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	own, err := a.Store.Account(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return render.NewPreferences(&u, &own), nil
}
