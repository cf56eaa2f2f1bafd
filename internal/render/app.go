package render

import (
	"strings"

	"coterie/internal/domain"
)

// App is Application: a client as its own tokens see it, without its secret.
type App struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Website      *string  `json:"website"`
	Scopes       []string `json:"scopes"`
	RedirectURIs []string `json:"redirect_uris"`
	RedirectURI  string   `json:"redirect_uri"` // the former, joined by newlines
	VAPIDKey     string   `json:"vapid_key"`
}

// CredentialApp is CredentialApplication, given once, at registration.
type CredentialApp struct {
	App
	ClientID              string `json:"client_id"`
	ClientSecret          string `json:"client_secret"`
	ClientSecretExpiresAt int64  `json:"client_secret_expires_at"` // 0: never
}

// NewApp makes App of a client (behaviours 6.2); pushKey is the public key for
// push services.
func NewApp(a *domain.App, pushKey string) (App, error) {
	scopes, err := domain.ParseScopes(a.Scopes)
	if err != nil {
		return App{}, err
	}
	return App{
		ID: a.ID.String(), Name: a.Name, Website: textOrNull(a.Website), Scopes: scopes.List(),
		RedirectURIs: a.RedirectURIs, RedirectURI: strings.Join(a.RedirectURIs, "\n"), VAPIDKey: pushKey,
	}, nil
}
