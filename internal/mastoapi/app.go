package mastoapi

import (
	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// createApp is POST /api/v1/apps.
func (a *API) createApp(r *httpkit.Request) (any, error) {
	p := r.Params
	app, secret, err := a.Account.Register(r.Context(), account.NewApp{
		Name: p.StringOr("client_name", ""), Website: p.StringOr("website", ""),
		RedirectURIs: p.Strings("redirect_uris"), Scopes: p.StringOr("scopes", ""),
	})
	if err != nil {
		return nil, err
	}
	pushKey, err := a.Notify.PushKey(r.Context())
	if err != nil {
		return nil, err
	}
	entity, err := render.NewApp(&app, pushKey)
	return render.CredentialApp{App: entity, ClientID: app.ClientID, ClientSecret: secret}, err
}

// verifyApp is GET /api/v1/apps/verify_credentials. Tokens of the command
// line belong to no client.
func (a *API) verifyApp(r *httpkit.Request) (any, error) {
	pushKey, err := a.Notify.PushKey(r.Context())
	if err != nil {
		return nil, err
	}
	if r.Viewer.App == 0 {
		return render.NewApp(&domain.App{Name: "Command line", RedirectURIs: []string{}, Scopes: r.Viewer.Scopes.String()}, pushKey)
	}
	app, err := a.Account.App(r.Context(), r.Viewer.App)
	if err != nil {
		return nil, err
	}
	return render.NewApp(&app, pushKey)
}
