package oauth

import (
	"net/http"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// tokenAnswer is Token (behaviours 6.4): no expiry, no refresh token.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
	CreatedAt   int64  `json:"created_at"` // Unix seconds
}

// token is POST /oauth/token.
func (s *Server) token(r *httpkit.Request) (any, error) {
	p := r.Params
	var secret string
	var t domain.Token
	var err error
	switch grant, _ := p.String("grant_type"); grant {
	case "authorization_code":
		code, _ := p.String("code")
		redirectURI, _ := p.String("redirect_uri")
		if code == "" || redirectURI == "" {
			return nil, badRequest("invalid_request", "Missing required parameter: code and redirect_uri are needed.")
		}
		secret, t, err = s.accounts.Exchange(r.Context(), client(r), code, redirectURI, p.StringOr("code_verifier", ""))
	case "client_credentials":
		secret, t, err = s.accounts.AppToken(r.Context(), client(r), p.StringOr("scope", ""))
	case "":
		return nil, badRequest("invalid_request", "Missing required parameter: grant_type.")
	default:
		return nil, badRequest("unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
	}
	if err != nil {
		return nil, oauthError(err)
	}
	return tokenAnswer{AccessToken: secret, TokenType: "Bearer", Scope: t.Scopes, CreatedAt: t.CreatedAt.Unix()}, nil
}

// revoke is POST /oauth/revoke (behaviours 6.6).
func (s *Server) revoke(r *httpkit.Request) (any, error) {
	token, _ := r.Params.String("token")
	return nil, oauthError(s.accounts.RevokeToken(r.Context(), client(r), token))
}

// client is how the app proves who it is: by HTTP Basic or in the body.
func client(r *httpkit.Request) account.Client {
	if id, secret, ok := r.HTTP.BasicAuth(); ok {
		return account.Client{ID: id, Secret: secret}
	}
	return account.Client{ID: r.Params.StringOr("client_id", ""), Secret: r.Params.StringOr("client_secret", "")}
}

func badRequest(code, description string) error {
	return &httpkit.OAuthError{Status: http.StatusBadRequest, Code: code, Description: description}
}

type serverMetadata struct {
	Issuer                string   `json:"issuer"`
	ServiceDocumentation  string   `json:"service_documentation"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	AppRegistration       string   `json:"app_registration_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	ScopesSupported       []string `json:"scopes_supported"`
	ResponseTypes         []string `json:"response_types_supported"`
	ResponseModes         []string `json:"response_modes_supported"`
	GrantTypes            []string `json:"grant_types_supported"`
	TokenAuthMethods      []string `json:"token_endpoint_auth_methods_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
}

// metadata is RFC 8414 (behaviours 6.7).
func (s *Server) metadata(*httpkit.Request) (any, error) {
	return serverMetadata{
		Issuer:                s.base + "/",
		ServiceDocumentation:  "https://docs.joinmastodon.org/",
		AuthorizationEndpoint: s.base + "/oauth/authorize",
		TokenEndpoint:         s.base + "/oauth/token",
		AppRegistration:       s.base + "/api/v1/apps",
		RevocationEndpoint:    s.base + "/oauth/revoke",
		UserinfoEndpoint:      s.base + "/oauth/userinfo",
		ScopesSupported:       domain.AllScopes(),
		ResponseTypes:         []string{"code"},
		ResponseModes:         []string{"query"},
		GrantTypes:            []string{"authorization_code", "client_credentials"},
		TokenAuthMethods:      []string{"client_secret_basic", "client_secret_post"},
		ChallengeMethods:      []string{"S256"},
	}, nil
}
