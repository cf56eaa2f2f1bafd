package oauth

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// introspection is RFC 7662; of a token that does not count there is nothing
// but active.
type introspection struct {
	Active    bool   `json:"active"`
	Scope     string `json:"scope,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
	TokenType string `json:"token_type,omitempty"`
	IssuedAt  int64  `json:"iat,omitempty"` // Unix seconds
}

// introspect is POST /oauth/introspect: an app asks about a token of its own.
func (s *Server) introspect(r *httpkit.Request) (any, error) {
	app, t, err := s.accounts.Introspect(r.Context(), client(r), r.Params.StringOr("token", ""))
	switch {
	case domain.Is(err, domain.NotFound):
		return introspection{}, nil
	case err != nil:
		return nil, oauthError(err)
	}
	return introspection{Active: true, Scope: t.Scopes, ClientID: app.ClientID, TokenType: "Bearer", IssuedAt: t.CreatedAt.Unix()}, nil
}

// tokenInfo is what a token says of itself.
type tokenInfo struct {
	Owner       *domain.ID `json:"resource_owner_id"` // null for an app's own
	Scopes      []string   `json:"scope"`
	ExpiresIn   *int64     `json:"expires_in"` // null: never
	Application struct {
		ClientID *string `json:"uid"` // null for a token from the command line
	} `json:"application"`
	CreatedAt int64 `json:"created_at"` // Unix seconds
}

// info is GET /oauth/token/info, about the token that it is asked with.
func (s *Server) info(r *httpkit.Request) (any, error) {
	v := &r.Viewer
	j := tokenInfo{Scopes: v.Scopes.List(), CreatedAt: v.Token.Time().Unix()}
	if v.Account != 0 {
		j.Owner = &v.Account
	}
	if v.App == 0 {
		return j, nil
	}
	app, err := s.accounts.App(r.Context(), v.App)
	j.Application.ClientID = &app.ClientID
	return j, err
}
