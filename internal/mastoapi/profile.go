package mastoapi

import (
	"context"
	"io"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// profile is GET /api/v1/profile.
func (a *API) profile(r *httpkit.Request) (any, error) {
	own, err := a.Store.Account(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return a.Render.Profile(&own), nil
}

// updateProfile is PATCH /api/v1/profile.
func (a *API) updateProfile(r *httpkit.Request) (any, error) {
	if err := a.updateAccount(r); err != nil {
		return nil, err
	}
	return a.profile(r)
}

// deletePicture is DELETE /api/v1/profile/avatar and header: no error where
// there is none.
func (a *API) deletePicture(up account.Update) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		if err := a.Account.Update(r.Context(), r.Viewer.Account, up); err != nil {
			return nil, err
		}
		return a.Render.CredentialAccount(r.Context(), r.Viewer.Account)
	}
}

// userinfo is /oauth/userinfo (behaviours 6.11).
func (a *API) userinfo(r *httpkit.Request) (any, error) {
	own, err := a.Store.Account(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return a.Render.URLs.Userinfo(&own), nil
}

// updateAccount changes what the request names; keys it leaves out stay as
// they are.
func (a *API) updateAccount(r *httpkit.Request) error {
	up := readUpdate(r.Params)
	var err error
	if up.Avatar, err = newPicture(r, "avatar", a.Media.Avatar); err != nil {
		return err
	}
	if up.Header, err = newPicture(r, "header", a.Media.Header); err != nil {
		return err
	}
	return a.Account.Update(r.Context(), r.Viewer.Account, up)
}

// newPicture is one that was sent, nil for none.
func newPicture(r *httpkit.Request, key string, verb func(context.Context, domain.ID, io.ReadSeeker, int64) (domain.Picture, error)) (*domain.Picture, error) {
	f := r.Params.File(key)
	if f == nil {
		return nil, nil
	}
	p, err := verb(r.Context(), r.Viewer.Account, f.Open(), f.Size)
	return &p, err
}

func readUpdate(p httpkit.Params) account.Update {
	up := account.Update{
		DisplayName: text(p, "display_name"), Note: text(p, "note"),
		Locked: p.Bool("locked"), Bot: p.Bool("bot"),
		Discoverable: p.Bool("discoverable"), Indexable: p.Bool("indexable"), HideCollections: p.Bool("hide_collections"),
		AvatarDescription: text(p, "avatar_description"), HeaderDescription: text(p, "header_description"),
		HideMedia: not(p.Bool("show_media")), HideMediaReplies: not(p.Bool("show_media_replies")), HideFeatured: not(p.Bool("show_featured")),
	}
	if p.Has("fields_attributes") {
		fields := []domain.Field{}
		for _, f := range p.Hashes("fields_attributes") {
			fields = append(fields, domain.Field{Name: f.StringOr("name", ""), Value: f.StringOr("value", "")})
		}
		up.Fields = &fields
	}
	if p.Has("attribution_domains") {
		domains := p.Strings("attribution_domains")
		up.AttributionDomains = &domains
	}
	if source, ok := p.Hash("source"); ok {
		up.Visibility, up.QuotePolicy = filled(source, "privacy"), filled(source, "quote_policy")
		up.Sensitive, up.Language = source.Bool("sensitive"), text(source, "language")
	}
	return up
}

// text is a parameter that may be empty, nil if it was not sent.
func text(p httpkit.Params, key string) *string {
	if s, ok := p.String(key); ok {
		return &s
	}
	return nil
}

// filled is a parameter for which empty counts as not sent.
func filled(p httpkit.Params, key string) *string {
	if s, ok := p.String(key); ok && s != "" {
		return &s
	}
	return nil
}

func not(b *bool) *bool {
	if b == nil {
		return nil
	}
	n := !*b
	return &n
}
