package mastoapi

import (
	"encoding/json"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// signUp is POST /api/v1/accounts (behaviours 18.1): a token of the new user,
// with the scopes of the app that signed them up.
func (a *API) signUp(r *httpkit.Request) (any, error) {
	p := r.Params
	j := account.Join{Agreement: p.BoolOr("agreement", false)}
	j.Username, j.Email, j.Password = p.StringOr("username", ""), p.StringOr("email", ""), p.StringOr("password", "")
	j.Locale, j.Reason, j.Invite = p.StringOr("locale", r.Locale()), p.StringOr("reason", ""), p.StringOr("invite_code", "")
	j.From, j.Born = r.Client, p.StringOr("date_of_birth", "")
	j.Work, j.ByApp = p.StringOr("proof_of_work", ""), true
	made, err := a.Account.Join(r.Context(), j)
	if err != nil {
		return nil, err
	}
	secret, t, err := a.Account.IssueToken(r.Context(), made.Account.ID, r.Viewer.App, r.Viewer.Scopes)
	if err != nil {
		return nil, err
	}
	return struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		Scope       string `json:"scope"`
		CreatedAt   int64  `json:"created_at"`
	}{secret, "Bearer", t.Scopes, t.CreatedAt.Unix()}, nil
}

// verifyCredentials is GET /api/v1/accounts/verify_credentials.
func (a *API) verifyCredentials(r *httpkit.Request) (any, error) {
	return a.Render.CredentialAccount(r.Context(), r.Viewer.Account)
}

// updateCredentials is PATCH /api/v1/accounts/update_credentials.
func (a *API) updateCredentials(r *httpkit.Request) (any, error) {
	if err := a.updateAccount(r); err != nil {
		return nil, err
	}
	return a.Render.CredentialAccount(r.Context(), r.Viewer.Account)
}

// lookupAccount is GET /api/v1/accounts/lookup.
func (a *API) lookupAccount(r *httpkit.Request) (any, error) {
	id, err := a.Account.Lookup(r.Context(), r.Params.StringOr("acct", ""))
	if err != nil {
		return nil, err
	}
	return a.Render.Account(r.Context(), r.Viewer.Account, id)
}

// searchAccounts is GET /api/v1/accounts/search.
func (a *API) searchAccounts(r *httpkit.Request) (any, error) {
	offset, err := r.Offset()
	if err != nil {
		return nil, err
	}
	ids, err := a.accountsLike(r, account.Search{
		Viewer: r.Viewer.Account, Text: r.Params.StringOr("q", ""), Following: r.Params.BoolOr("following", false),
		Limit: r.Limit(40, 80), Offset: offset,
	})
	if err != nil {
		return nil, err
	}
	return a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
}

// maxAccounts is how many accounts one request may ask for by id.
const maxAccounts = 40

// accounts is GET /api/v1/accounts?id[]=: what does not exist is left out.
func (a *API) accounts(r *httpkit.Request) (any, error) {
	ids := r.Params.IDs("id")
	if len(ids) > maxAccounts {
		return nil, domain.Errorf(domain.Invalid, "At most %d accounts can be asked for at once", maxAccounts)
	}
	if len(ids) == 0 {
		return []json.RawMessage{}, nil
	}
	ids, err := a.Account.AllPresent(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	return a.Render.Accounts(r.Context(), r.Viewer.Account, ids)
}

// account is GET /api/v1/accounts/{id}.
func (a *API) account(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if id, err = a.Account.Present(r.Context(), id); err != nil {
		return nil, err
	}
	if err := a.opened(r, id); err != nil {
		return nil, err
	}
	return a.Render.Account(r.Context(), r.Viewer.Account, id)
}

// opened says that somebody looks at a profile.
func (a *API) opened(r *httpkit.Request, account domain.ID) error {
	if !r.Viewer.Known() {
		return nil
	}
	return a.Finder.Opened(r.Context(), account)
}
