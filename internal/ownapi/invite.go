package ownapi

import (
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type invite struct {
	ID        string     `json:"id"`
	URL       string     `json:"url"`
	Note      string     `json:"note"`
	MaxUses   int        `json:"max_uses"` // 0: any number
	Uses      int        `json:"uses"`
	Follow    bool       `json:"follow"`
	ExpiresAt *time.Time `json:"expires_at"`
	CreatedAt time.Time  `json:"created_at"`
	Open      bool       `json:"open"`
}

func (a *API) inviteOf(r *httpkit.Request, i *domain.Invite) invite {
	return invite{
		ID: i.ID.String(), URL: r.BaseURL + "/invite/" + i.Code, Note: i.Note, MaxUses: i.MaxUses, Uses: i.Uses, Follow: i.Follow,
		ExpiresAt: orNull(i.ExpiresAt), CreatedAt: i.CreatedAt, Open: i.Open(a.Now()),
	}
}

// invites is GET /invites: those that the viewer made, newest first.
func (a *API) invites(r *httpkit.Request) (any, error) {
	list, err := a.Account.Invites(r.Context(), r.Viewer.Account)
	out := make([]invite, 0, len(list))
	for i := range list {
		out = append(out, a.inviteOf(r, &list[i]))
	}
	return out, err
}

// makeInvite is POST /invites.
func (a *API) makeInvite(r *httpkit.Request) (any, error) {
	n := account.NewInvite{Note: r.Params.StringOr("note", ""), Follow: r.Params.BoolOr("follow", false)}
	if v, ok := r.Params.Int("max_uses"); ok {
		n.MaxUses = int(v)
	}
	n.Life, _ = r.Params.Seconds("expires_in")
	i, err := a.Account.Invite(r.Context(), r.Viewer.Account, n)
	return a.inviteOf(r, &i), err
}

// revokeInvite is DELETE /invites/{id}.
func (a *API) revokeInvite(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.RevokeInvite(r.Context(), r.Viewer.Account, id)
}
