package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// rules is GET /api/coterie/v1/admin/rules.
func (a *API) rules(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Rules(r.Context())
	return render.Rules(list), err
}

// addRule is POST /api/coterie/v1/admin/rules, changeRule the PUT of one.
func (a *API) addRule(r *httpkit.Request) (any, error) {
	_, err := a.Moderation.AddRule(r.Context(), r.Viewer.Account, r.Params.StringOr("text", ""), r.Params.StringOr("hint", ""))
	if err != nil {
		return nil, err
	}
	return a.rules(r)
}

func (a *API) changeRule(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	rule := domain.Rule{ID: id, Text: r.Params.StringOr("text", ""), Hint: r.Params.StringOr("hint", "")}
	if err := a.Moderation.ChangeRule(r.Context(), r.Viewer.Account, rule); err != nil {
		return nil, err
	}
	return a.rules(r)
}
