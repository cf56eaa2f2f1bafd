package render

import "coterie/internal/domain"

// Profile is one's own profile in the form in which it is edited: plain text,
// null for pictures that are not set.
type Profile struct {
	ID                 string      `json:"id"`
	DisplayName        string      `json:"display_name"`
	Note               string      `json:"note"`
	Fields             []fieldJSON `json:"fields"`
	Avatar             *string     `json:"avatar"`
	AvatarStatic       *string     `json:"avatar_static"`
	AvatarDescription  string      `json:"avatar_description"`
	Header             *string     `json:"header"`
	HeaderStatic       *string     `json:"header_static"`
	HeaderDescription  string      `json:"header_description"`
	Locked             bool        `json:"locked"`
	Bot                bool        `json:"bot"`
	HideCollections    bool        `json:"hide_collections"`
	Discoverable       bool        `json:"discoverable"`
	Indexable          bool        `json:"indexable"`
	ShowMedia          bool        `json:"show_media"`
	ShowMediaReplies   bool        `json:"show_media_replies"`
	ShowFeatured       bool        `json:"show_featured"`
	AttributionDomains []string    `json:"attribution_domains"`
}

// Profile makes Profile of an account.
func (r *Renderer) Profile(a *domain.Account) Profile {
	p := Profile{
		Avatar: textOrNull(r.URLs.absolute(a.AvatarPath(false))), AvatarStatic: textOrNull(r.URLs.absolute(a.AvatarPath(true))),
		Header: textOrNull(r.URLs.absolute(a.HeaderPath(false))), HeaderStatic: textOrNull(r.URLs.absolute(a.HeaderPath(true))),
		AvatarDescription: a.AvatarDescription, HeaderDescription: a.HeaderDescription,
		ID: a.ID.String(), DisplayName: a.DisplayName, Note: a.Note, Fields: []fieldJSON{},
		Locked: a.Locked, Bot: a.Bot, HideCollections: a.HideCollections,
		Discoverable: a.Discoverable, Indexable: a.Indexable,
		ShowMedia: !a.HideMedia, ShowMediaReplies: !a.HideMediaReplies, ShowFeatured: !a.HideFeatured,
		AttributionDomains: a.AttributionDomains,
	}
	if p.AttributionDomains == nil {
		p.AttributionDomains = []string{}
	}
	for _, f := range a.Fields {
		p.Fields = append(p.Fields, fieldJSON{Name: f.Name, Value: f.Value, VerifiedAt: orNull(f.VerifiedAt)})
	}
	return p
}
