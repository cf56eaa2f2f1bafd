package render

import (
	"context"
	"encoding/json"
	"fmt"
	"html"

	"coterie/internal/domain"
	"coterie/internal/text"
)

// oembedJSON is an oEmbed answer of type rich.
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
	Height       *int   `json:"height"` // null, as apps know it; the frame has one
}

const (
	oembedCacheAge = 24 * 60 * 60
	oembedTitle    = 60 // characters
)

// OEmbed is how another page may show a post, as everybody sees it: a frame of
// so many pixels in which no script runs. What stands behind a warning is not
// told outside of it.
func (r *Renderer) OEmbed(ctx context.Context, id domain.ID, provider string, width, height int) (any, error) {
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
	name, plain := s.Account.Name, s.Spoiler
	if name == "" {
		name = s.Account.Acct
	}
	if plain == "" {
		plain = text.PlainText(s.Content)
	}
	title := name + ": " + text.Truncate(plain, oembedTitle)
	return oembedJSON{
		Type: "rich", Version: "1.0", Title: title,
		AuthorName: name, AuthorURL: s.Account.URL, ProviderName: provider, ProviderURL: r.URLs.Base + "/",
		CacheAge: oembedCacheAge, Width: width,
		HTML: fmt.Sprintf(`<iframe class="coterie-embed" src="%s/embed" title="%s" width="%d" height="%d" loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox" style="border: 0; max-width: 100%%"></iframe>`,
			html.EscapeString(s.URL), html.EscapeString(title), width, height),
	}, nil
}
