package mastoapi

import "coterie/internal/httpkit"

// customEmojis are those of this community.
func (a *API) customEmojis(r *httpkit.Request) (any, error) {
	list, err := a.Store.LocalEmojis(r.Context())
	if err != nil {
		return nil, err
	}
	return a.Render.CustomEmojis(list), nil
}
