package ownapi

import (
	"time"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// orNull is a time, null where there is none.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type passkey struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at"`
}

func passkeyOf(k *domain.Passkey) passkey {
	return passkey{ID: k.ID.String(), Name: k.Name, CreatedAt: k.CreatedAt, UsedAt: orNull(k.UsedAt)}
}

// recovery are codes that are shown once.
type recovery struct {
	Codes []string `json:"recovery_codes"`
}

func recoveryOf(codes []string) recovery {
	if codes == nil {
		codes = []string{}
	}
	return recovery{codes}
}

// security is GET /security: how the viewer signs in.
func (a *API) security(r *httpkit.Request) (any, error) {
	f, err := a.Account.Factors(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	out := struct {
		Password      bool      `json:"password"` // there is one
		OneTime       bool      `json:"one_time"`
		RecoveryCodes int       `json:"recovery_codes"` // left
		Passkeys      []passkey `json:"passkeys"`
		Provider      *string   `json:"provider"` // by which one may sign in, too
	}{f.Password, f.OneTime, f.RecoveryCodes, []passkey{}, nil}
	if a.Provider != "" {
		out.Provider = &a.Provider
	}
	for i := range f.Passkeys {
		out.Passkeys = append(out.Passkeys, passkeyOf(&f.Passkeys[i]))
	}
	return out, nil
}

// changePassword is POST /security/password.
func (a *API) changePassword(r *httpkit.Request) (any, error) {
	return nil, a.Account.SetPassword(r.Context(), r.Viewer.Account, r.Viewer.Token, r.Params.StringOr("password", ""))
}

// dropPassword is DELETE /security/password.
func (a *API) dropPassword(r *httpkit.Request) (any, error) {
	return nil, a.Account.DropPassword(r.Context(), r.Viewer.Account, r.Viewer.Token)
}

// askProof is POST /security/proof: asks a passkey in place of the password.
func (a *API) askProof(r *httpkit.Request) (any, error) {
	c, err := a.Account.AskProof(r.Context(), r.Viewer.Account)
	return ceremonyOf(c), err
}

// proposeOneTime is POST /security/one_time: what an authenticator app needs.
func (a *API) proposeOneTime(r *httpkit.Request) (any, error) {
	s, err := a.Account.ProposeOneTime(r.Context(), r.Viewer.Account)
	return struct {
		Secret string `json:"secret"`
		URI    string `json:"uri"`
		QR     string `json:"qr"`
	}{s.Secret, s.URI, s.QR}, err
}

// confirmOneTime is POST /security/one_time/confirm: the app's first code.
func (a *API) confirmOneTime(r *httpkit.Request) (any, error) {
	codes, err := a.Account.ConfirmOneTime(r.Context(), r.Viewer.Account, r.Viewer.Token, r.Params.StringOr("code", ""))
	return recoveryOf(codes), err
}

// dropOneTime is DELETE /security/one_time.
func (a *API) dropOneTime(r *httpkit.Request) (any, error) {
	return nil, a.Account.DropOneTime(r.Context(), r.Viewer.Account, r.Viewer.Token)
}

// newRecoveryCodes is POST /security/recovery_codes: the old ones are void.
func (a *API) newRecoveryCodes(r *httpkit.Request) (any, error) {
	codes, err := a.Account.NewRecoveryCodes(r.Context(), r.Viewer.Account)
	return recoveryOf(codes), err
}

// beginPasskey is POST /security/passkeys/options.
func (a *API) beginPasskey(r *httpkit.Request) (any, error) {
	c, err := a.Account.BeginPasskey(r.Context(), r.Viewer.Account)
	return ceremonyOf(c), err
}

// ceremony is the first half of a passkey's making or use.
type ceremony struct {
	Secret  string `json:"secret"`
	Options any    `json:"options"` // for navigator.credentials
}

func ceremonyOf(c account.PasskeyCeremony) ceremony { return ceremony{c.Secret, c.Options} }

// finishPasskey is POST /security/passkeys: the browser's answer, as JSON in
// the parameter answer.
func (a *API) finishPasskey(r *httpkit.Request) (any, error) {
	p := r.Params
	k, codes, err := a.Account.FinishPasskey(r.Context(), r.Viewer.Account, r.Viewer.Token, account.NewPasskey{
		Secret: p.StringOr("secret", ""), Name: p.StringOr("name", ""), Answer: []byte(p.StringOr("answer", "")),
	})
	return struct {
		Passkey passkey `json:"passkey"`
		recovery
	}{passkeyOf(&k), recoveryOf(codes)}, err
}

// renamePasskey is PATCH /security/passkeys/{id}.
func (a *API) renamePasskey(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.RenamePasskey(r.Context(), r.Viewer.Account, id, r.Params.StringOr("name", ""))
}

// dropPasskey is DELETE /security/passkeys/{id}.
func (a *API) dropPasskey(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.DropPasskey(r.Context(), r.Viewer.Account, r.Viewer.Token, id)
}

type identity struct {
	ID        string    `json:"id"`
	Issuer    string    `json:"issuer"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

// identities is GET /security/identities: at OpenID Connect providers.
func (a *API) identities(r *httpkit.Request) (any, error) {
	list, err := a.Account.Identities(r.Context(), r.Viewer.Account)
	out := []identity{}
	for _, i := range list {
		out = append(out, identity{i.ID.String(), i.Issuer, i.Name, i.CreatedAt})
	}
	return out, err
}

// unlink is DELETE /security/identities/{id}.
func (a *API) unlink(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	return nil, a.Account.UnlinkIdentity(r.Context(), r.Viewer.Account, r.Viewer.Token, id)
}
