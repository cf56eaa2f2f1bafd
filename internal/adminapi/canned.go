package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// cannedTexts is GET /api/coterie/v1/admin/texts.
func (a *API) cannedTexts(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.CannedTexts(r.Context(), domain.CannedKind(r.Params.StringOr("kind", "")))
	items := make([]any, 0, len(list))
	for i := range list {
		items = append(items, render.CannedText(&list[i]))
	}
	return items, err
}

// saveCanned is POST /api/coterie/v1/admin/texts, and the PUT of one.
func (a *API) saveCanned(r *httpkit.Request) (any, error) {
	var c domain.CannedText
	if r.Path("id") != "" {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if c, err = a.Store.CannedText(r.Context(), id); err != nil {
			return nil, err
		}
	}
	c.Kind = domain.CannedKind(r.Params.StringOr("kind", string(c.Kind)))
	c.Title, c.Text = r.Params.StringOr("title", c.Title), r.Params.StringOr("text", c.Text)
	c, err := a.Moderation.SaveCannedText(r.Context(), r.Viewer.Account, c)
	return render.CannedText(&c), err
}

// cannedOf is the canned text that a request names; Mastodon's apps call it a
// warning preset.
func cannedOf(p httpkit.Params) domain.ID {
	id, ok := p.ID("text_id")
	if !ok {
		id, _ = p.ID("warning_preset_id")
	}
	return id
}
