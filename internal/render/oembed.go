package render

import (
	"context"
	"encoding/json"
	"html"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// oembedJSON is an oEmbed answer of type rich. A post has no fixed height.
type oembedJSON struct {
	Type         string `json:"type"`
	Version      string `json:"version"`
	Title        string `json:"title"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"` // seconds
	HTML         string `json:"html"`
	Width        int    `json:"width"`
	Height       *int   `json:"height"`
}

const (
	oembedCacheAge = 24 * 60 * 60
	oembedTitle    = 60 // characters
)

// OEmbed is how another page may show a post, as everybody sees it: a quotation
// with its source and no script or frame, so that nothing of ours runs there.
// What stands behind a warning is not told.
func (r *Renderer) OEmbed(ctx context.Context, id domain.ID, provider string, width int) (any, error) {
	raw, err := r.Status(ctx, 0, id)
	if err != nil {
		return nil, err
	}
	var s struct {
		URL     string
		Content string
		Spoiler string `json:"spoiler_text"`
		Account struct {
			Name string `json:"display_name"`
			Acct string
			URL  string
		}
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	name := s.Account.Name
	if name == "" {
		name = s.Account.Acct
	}
	body, plain := s.Content, text.PlainText(s.Content)
	if s.Spoiler != "" {
		body, plain = "<p>"+html.EscapeString(s.Spoiler)+"</p>", s.Spoiler
	}
	return oembedJSON{
		Type: "rich", Version: "1.0", Title: name + ": " + text.Truncate(plain, oembedTitle),
		AuthorName: name, AuthorURL: s.Account.URL, ProviderName: provider, ProviderURL: r.URLs.Base + "/",
		CacheAge: oembedCacheAge, Width: width,
		HTML: `<blockquote class="coterie-embed" cite="` + html.EscapeString(s.URL) + `">` + body +
			`<p>— <a href="` + html.EscapeString(s.URL) + `">` + html.EscapeString(name+" (@"+s.Account.Acct+"@"+r.URLs.Host+")") + `</a></p></blockquote>`,
	}, nil
}
