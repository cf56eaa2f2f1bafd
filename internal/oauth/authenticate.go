// Package oauth is signing in from outside: the OAuth 2 flow in Mastodon's
// dialect (behaviours 6), its pages, and the check of access tokens. Level 7:
// only instance imports it. Everything in it is safe for concurrent use.
package oauth

import (
	"context"

	"coterie/internal/account"
	"coterie/internal/httpkit"
)

// Authenticator checks access tokens for httpkit.
func Authenticator(accounts *account.Service) httpkit.Authenticator {
	return func(ctx context.Context, bearer string) (httpkit.Viewer, error) {
		g, err := accounts.Bearer(ctx, bearer)
		if err != nil {
			return httpkit.Viewer{}, err
		}
		return httpkit.Viewer{
			Account: g.Token.Account, Token: g.Token.ID, App: g.Token.App,
			Scopes: g.Scopes, Locale: g.Locale, Refused: g.Refused,
		}, nil
	}
}
