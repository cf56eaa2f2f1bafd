package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/store"
)

func (a *API) suggestedTo(r *httpkit.Request) ([]domain.Suggestion, error) {
	offset, err := r.Offset()
	if err != nil {
		return nil, err
	}
	set, err := a.Moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	return a.Account.Suggestions(r.Context(), r.Viewer.Account, set.StaffPicks, r.Limit(accountsPerPage, 2*accountsPerPage), offset)
}

// suggestions is GET /api/v2/suggestions.
func (a *API) suggestions(r *httpkit.Request) (any, error) {
	list, err := a.suggestedTo(r)
	if err != nil {
		return nil, err
	}
	return a.Render.Suggestions(r.Context(), list)
}

// suggestionsV1 is GET /api/v1/suggestions: the accounts alone.
func (a *API) suggestionsV1(r *httpkit.Request) (any, error) {
	list, err := a.suggestedTo(r)
	if err != nil {
		return nil, err
	}
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].Account
	}
	return a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
}

// dismissSuggestion is DELETE /api/v1/suggestions/{account_id}.
func (a *API) dismissSuggestion(r *httpkit.Request) (any, error) {
	id, err := r.PathID("account_id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.DismissSuggestion(r.Context(), r.Viewer.Account, id)
}

// directory is GET /api/v1/directory: people who want to be found.
func (a *API) directory(r *httpkit.Request) (any, error) {
	offset, err := r.Offset()
	if err != nil {
		return nil, err
	}
	ids, err := a.Store.Directory(r.Context(), store.DirectoryPage{
		Viewer: r.Viewer.Account, Local: r.Params.BoolOr("local", false), New: r.Params.StringOr("order", "active") == "new",
		Limit: r.Limit(accountsPerPage, 2*accountsPerPage), Offset: offset,
	})
	if err != nil {
		return nil, err
	}
	return a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
}
