package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// settings is GET /api/coterie/v1/admin/settings.
func (a *API) settings(r *httpkit.Request) (any, error) {
	return a.Moderation.ListSettings(r.Context())
}

// changeSetting is PUT /api/coterie/v1/admin/settings/{name}.
func (a *API) changeSetting(r *httpkit.Request) (any, error) {
	return a.Moderation.SetSetting(r.Context(), r.Viewer.Account, r.HTTP.PathValue("name"), r.Params.StringOr("value", ""))
}

// setThumbnail is POST /api/coterie/v1/admin/thumbnail; without a picture it is
// the usual one.
func (a *API) setThumbnail(r *httpkit.Request) (any, error) {
	var name, blurhash string
	var err error
	if file := r.Params.File("image"); file != nil {
		if file.Size > domain.MaxPictureBytes {
			return nil, domain.Errorf(domain.Invalid, "The picture may have at most %d MB.", domain.MaxPictureBytes>>20)
		}
		if name, blurhash, err = a.Media.Thumbnail(r.Context(), file.Open(), file.Size); err != nil {
			return nil, err
		}
	}
	return nil, a.Moderation.SetThumbnail(r.Context(), r.Viewer.Account, name, blurhash)
}

// setIcon is POST /api/coterie/v1/admin/icon; without a picture it is the usual
// one.
func (a *API) setIcon(r *httpkit.Request) (any, error) {
	var icon domain.Icon
	var err error
	if file := r.Params.File("image"); file != nil {
		if icon, err = a.Media.Icon(r.Context(), file.Open(), file.Size); err != nil {
			return nil, err
		}
	}
	return nil, a.Moderation.SetIcon(r.Context(), r.Viewer.Account, icon)
}

// terms is GET /api/coterie/v1/admin/terms: all versions, the last one first.
func (a *API) terms(r *httpkit.Request) (any, error) { return a.Moderation.Terms(r.Context()) }

// publishTerms is POST /api/coterie/v1/admin/terms.
func (a *API) publishTerms(r *httpkit.Request) (any, error) {
	return a.Moderation.PublishTerms(r.Context(), r.Viewer.Account, r.Params.StringOr("text", ""), r.Params.StringOr("effective", ""), r.Params.BoolOr("notify", false))
}

// tellTerms is POST /api/coterie/v1/admin/terms/{day}/notify.
func (a *API) tellTerms(r *httpkit.Request) (any, error) {
	if err := a.Moderation.TellTerms(r.Context(), r.Viewer.Account, r.HTTP.PathValue("day")); err != nil {
		return nil, err
	}
	return a.terms(r)
}

// mailTexts is GET /api/coterie/v1/admin/mail_texts.
func (a *API) mailTexts(r *httpkit.Request) (any, error) { return a.Moderation.MailTexts(r.Context()) }

// setMailText is PUT /api/coterie/v1/admin/mail_texts/{kind}/{language}.
func (a *API) setMailText(r *httpkit.Request) (any, error) {
	kind, language := domain.MailKind(r.HTTP.PathValue("kind")), r.HTTP.PathValue("language")
	if err := a.Moderation.SetMailText(r.Context(), r.Viewer.Account, kind, language, r.Params.StringOr("text", "")); err != nil {
		return nil, err
	}
	return a.mailTexts(r)
}
