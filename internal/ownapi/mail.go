package ownapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type signIn struct {
	ID        string    `json:"id"`
	Method    string    `json:"method"`
	IP        string    `json:"ip"`
	UserAgent string    `json:"user_agent"`
	Known     bool      `json:"known"` // the browser or its network was seen before
	CreatedAt time.Time `json:"created_at"`
}

// signIns is GET /sign_ins: the latest of 90 days, newest first.
func (a *API) signIns(r *httpkit.Request) (any, error) {
	list, err := a.Account.SignIns(r.Context(), r.Viewer.Account)
	out := make([]signIn, 0, len(list))
	for _, s := range list {
		out = append(out, signIn{s.ID.String(), string(s.Method), s.IP, s.UserAgent, s.Known, s.CreatedAt})
	}
	return out, err
}

// changeEmail is POST /security/email.
func (a *API) changeEmail(r *httpkit.Request) (any, error) {
	return nil, a.Account.ChangeEmail(r.Context(), r.Viewer.Account, r.Viewer.Token, r.Params.StringOr("email", ""))
}

type mailWishes struct {
	Available bool                             `json:"available"` // this server sends mail
	Notices   bool                             `json:"notices"`   // any notices at all
	Always    bool                             `json:"always"`    // also where an app tells
	Types     map[domain.NotificationType]bool `json:"types"`
}

// mailWishes is GET /mail: what the viewer reads of by mail.
func (a *API) mailWishes(r *httpkit.Request) (any, error) {
	w, err := a.Notify.MailWishes(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	out := mailWishes{a.Notify.Mails(), !w.None, w.Always, map[domain.NotificationType]bool{}}
	w.None = false
	for _, t := range domain.MailedTypes() {
		out.Types[t] = w.Wants(t)
	}
	return out, nil
}

// setMailWishes is PATCH /mail; what is not named stays.
func (a *API) setMailWishes(r *httpkit.Request) (any, error) {
	err := a.Notify.SetMailWishes(r.Context(), r.Viewer.Account, func(w *domain.MailWishes) {
		w.None = !r.Params.BoolOr("notices", !w.None)
		w.Always = r.Params.BoolOr("always", w.Always)
		types := map[domain.NotificationType]bool{}
		asked, _ := r.Params.Hash("types")
		for _, t := range domain.MailedTypes() {
			if wish := asked.Bool(string(t)); wish != nil {
				types[t] = *wish
			} else if wish, ok := w.Types[t]; ok {
				types[t] = wish
			}
		}
		w.Types = types
	})
	if err != nil {
		return nil, err
	}
	return a.mailWishes(r)
}
