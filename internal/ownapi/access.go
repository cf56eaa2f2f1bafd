package ownapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type session struct {
	ID        string    `json:"id"`
	Current   bool      `json:"current"` // the viewer's own
	IP        string    `json:"ip"`
	UserAgent string    `json:"user_agent"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"` // to the day
}

// sessions is GET /sessions: the browsers that are signed in, newest first.
func (a *API) sessions(r *httpkit.Request) (any, error) {
	list, err := a.Account.Sessions(r.Context(), r.Viewer.Account)
	out := make([]session, 0, len(list))
	for _, s := range list {
		out = append(out, session{
			ID: s.ID.String(), Current: s.Token == r.Viewer.Token, IP: s.IP, UserAgent: s.UserAgent,
			CreatedAt: s.CreatedAt, SeenAt: s.SeenAt,
		})
	}
	return out, err
}

// endSession is DELETE /sessions/{id}.
func (a *API) endSession(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.EndSession(r.Context(), r.Viewer.Account, id)
}

type app struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Website   string     `json:"website"`
	Scopes    []string   `json:"scopes"`
	GrantedAt time.Time  `json:"granted_at"`
	UsedAt    *time.Time `json:"used_at"`
}

// apps is GET /apps: the apps that were let in.
func (a *API) apps(r *httpkit.Request) (any, error) {
	list, err := a.Account.AuthorizedApps(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	out := make([]app, 0, len(list))
	for _, x := range list {
		scopes, err := domain.ParseScopes(x.Scopes)
		if err != nil {
			return nil, err
		}
		out = append(out, app{
			ID: x.App.ID.String(), Name: x.App.Name, Website: x.App.Website, Scopes: scopes.List(),
			GrantedAt: x.GrantedAt, UsedAt: orNull(x.UsedAt),
		})
	}
	return out, nil
}

// revokeApp is DELETE /apps/{id}.
func (a *API) revokeApp(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.RevokeApp(r.Context(), r.Viewer.Account, id)
}

type aliases struct {
	Aliases []string `json:"aliases"` // ids of accounts
}

// aliases is GET /aliases: the accounts that may move here.
func (a *API) aliases(r *httpkit.Request) (any, error) {
	list, err := a.Account.Aliases(r.Context(), r.Viewer.Account)
	return aliases{list}, err
}

// addAlias is POST /aliases: alias is a handle or an id.
func (a *API) addAlias(r *httpkit.Request) (any, error) {
	if _, err := a.Account.AddAlias(r.Context(), r.Viewer.Account, r.Params.StringOr("alias", "")); err != nil {
		return nil, err
	}
	return a.aliases(r)
}

// removeAlias is DELETE /aliases: alias is an id.
func (a *API) removeAlias(r *httpkit.Request) (any, error) {
	if err := a.Account.RemoveAlias(r.Context(), r.Viewer.Account, r.Params.StringOr("alias", "")); err != nil {
		return nil, err
	}
	return a.aliases(r)
}

type moved struct {
	MovedTo *string    `json:"moved_to"` // handle of the new account
	MovedAt *time.Time `json:"moved_at"`
	NextAt  *time.Time `json:"next_at"` // when it may move again; null: now
}

// moved is GET /move: where the account went, and when it may again.
func (a *API) moved(r *httpkit.Request) (any, error) {
	to, at, next, err := a.Account.Moved(r.Context(), r.Viewer.Account)
	m := moved{MovedAt: orNull(at), NextAt: orNull(next)}
	if to.ID != 0 {
		acct := to.Acct()
		m.MovedTo = &acct
	}
	return m, err
}

// stay is DELETE /move: the account has no new one any more.
func (a *API) stay(r *httpkit.Request) (any, error) {
	if err := a.Account.Stay(r.Context(), r.Viewer.Account); err != nil {
		return nil, err
	}
	return a.moved(r)
}

// move is POST /move: the followers go to the account target.
func (a *API) move(r *httpkit.Request) (any, error) {
	return nil, a.Account.Move(r.Context(), r.Viewer.Account, r.Params.StringOr("target", ""))
}

// deleteAccount is DELETE /account: there is no way back.
func (a *API) deleteAccount(r *httpkit.Request) (any, error) {
	return nil, a.Account.Delete(r.Context(), r.Viewer.Account)
}
