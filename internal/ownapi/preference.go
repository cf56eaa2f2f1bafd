package ownapi

import (
	"slices"

	"coterie/internal/account"
	"coterie/internal/httpkit"
)

// preferences are those that Mastodon has on its pages only.
type preferences struct {
	Languages       []string `json:"languages"` // of public timelines; none: all
	ShowApplication bool     `json:"show_application"`
	ExpandMedia     string   `json:"expand_media"`
	ExpandSpoilers  bool     `json:"expand_spoilers"`
	AutoplayGIFs    bool     `json:"autoplay_gifs"`
}

// preferences is GET /preferences.
func (a *API) preferences(r *httpkit.Request) (any, error) {
	set, err := a.Account.Prefs(r.Context(), r.Viewer.Account)
	if err != nil {
		return nil, err
	}
	p := preferences{
		Languages: []string{}, ShowApplication: set.ShowsApplication(), ExpandMedia: "default",
		ExpandSpoilers: set.ExpandSpoilers, AutoplayGIFs: set.AutoplayGIFs,
	}
	p.Languages = append(p.Languages, set.ChosenLanguages...)
	if set.ExpandMedia != "" {
		p.ExpandMedia = set.ExpandMedia
	}
	return p, nil
}

// setPreferences is PATCH /preferences; what is not named stays. An empty list
// of languages is all of them.
func (a *API) setPreferences(r *httpkit.Request) (any, error) {
	p := r.Params
	w := account.Wishes{ShowApplication: p.Bool("show_application"), ExpandSpoilers: p.Bool("expand_spoilers"), AutoplayGIFs: p.Bool("autoplay_gifs")}
	if p.Has("languages") {
		list := slices.DeleteFunc(p.Strings("languages"), func(tag string) bool { return tag == "" })
		w.Languages = &list
	}
	if media, ok := p.String("expand_media"); ok {
		w.ExpandMedia = &media
	}
	if err := a.Account.Wish(r.Context(), r.Viewer.Account, w); err != nil {
		return nil, err
	}
	return a.preferences(r)
}
