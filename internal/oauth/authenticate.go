// Package oauth is signing in from outside: the OAuth 2 flow in Mastodon's
// dialect (behaviours 6), its pages, and the check of access tokens. Level 7:
// only instance imports it. Everything in it is safe for concurrent use.
package oauth

import (
	"context"
	"net/http"

	"coterie/internal/account"
	"coterie/internal/httpkit"
	"coterie/internal/page"
)

// Authenticator checks access tokens for httpkit.
func Authenticator(accounts *account.Service) httpkit.Authenticator {
	return func(ctx context.Context, bearer string) (httpkit.Viewer, error) {
		return viewer(accounts.Bearer(ctx, bearer))
	}
}

// SessionAuthenticator checks the cookie of the web client for httpkit.
func SessionAuthenticator(accounts *account.Service, pages *page.Pages) httpkit.SessionAuthenticator {
	return func(r *http.Request) (httpkit.Viewer, error) {
		return viewer(accounts.SessionGrant(r.Context(), pages.Cookie(r, account.ClientCookie)))
	}
}

func viewer(g account.Grant, err error) (httpkit.Viewer, error) {
	if err != nil {
		return httpkit.Viewer{}, err
	}
	return httpkit.Viewer{
		Account: g.Token.Account, Token: g.Token.ID, App: g.Token.App,
		Scopes: g.Scopes, Locale: g.Locale, Permissions: g.Permissions, Refused: g.Refused,
	}, nil
}
