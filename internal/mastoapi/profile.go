package mastoapi

import (
	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// profile is GET /api/v1/profile.
func (a *API) profile(r *httpkit.Request) (any, error) {
	own, err := a.Store.Account(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	return render.NewProfile(&own), nil
}

// updateProfile is PATCH /api/v1/profile.
func (a *API) updateProfile(r *httpkit.Request) (any, error) {
	if err := a.updateAccount(r); err != nil {
		return nil, err
	}
	return a.profile(r)
}

// deletePicture is DELETE /api/v1/profile/avatar and header. Nobody has a
// picture that could be removed, and that is no error.
func (a *API) deletePicture(r *httpkit.Request) (any, error) {
	return a.Render.CredentialAccount(r.Context(), r.Viewer.Account)
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
	p := r.Params
	for _, picture := range []string{"avatar", "header"} {
		if s, _ := p.String(picture); s != "" || p.File(picture) != nil {
			return domain.Errorf(domain.Invalid, "This server cannot store pictures yet.")
		}
	}
	return a.Account.Update(r.Context(), r.Viewer.Account, readUpdate(p))
}

func readUpdate(p httpkit.Params) account.Update {
	up := account.Update{
		DisplayName: text(p, "display_name"), Note: text(p, "note"),
		Locked: p.Bool("locked"), Bot: p.Bool("bot"),
		Discoverable: p.Bool("discoverable"), Indexable: p.Bool("indexable"), HideCollections: p.Bool("hide_collections"),
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
