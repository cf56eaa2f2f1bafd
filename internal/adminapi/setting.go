package adminapi

import (
	"coterie/internal/httpkit"
)

// settings is GET /api/coterie/v1/admin/settings.
func (a *API) settings(r *httpkit.Request) (any, error) {
	return a.Moderation.ListSettings(r.Context())
}

// changeSetting is PUT /api/coterie/v1/admin/settings/{name}.
func (a *API) changeSetting(r *httpkit.Request) (any, error) {
	return a.Moderation.SetSetting(r.Context(), r.Viewer.Account, r.HTTP.PathValue("name"), r.Params.StringOr("value", ""))
}

// terms is GET /api/coterie/v1/admin/terms: all versions, the last one first.
func (a *API) terms(r *httpkit.Request) (any, error) {
	set, err := a.Moderation.Settings(r.Context())
	out := make([]any, 0, len(set.Terms))
	for i := len(set.Terms) - 1; i >= 0; i-- {
		out = append(out, set.Terms[i])
	}
	return out, err
}

// publishTerms is POST /api/coterie/v1/admin/terms.
func (a *API) publishTerms(r *httpkit.Request) (any, error) {
	return a.Moderation.PublishTerms(r.Context(), r.Viewer.Account, r.Params.StringOr("text", ""), r.Params.StringOr("effective", ""))
}
