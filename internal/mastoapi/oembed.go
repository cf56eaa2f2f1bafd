package mastoapi

import (
	"net/url"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// Sizes of a shown post, in pixels.
const (
	oembedSize    = 400
	maxOEmbedSize = 2000
)

// oembed is GET /api/oembed: how another page may show a post of ours. Hidden
// posts, boosts, posts of others and what never was are the same NotFound
// (SEC-28).
func (a *API) oembed(r *httpkit.Request) (any, error) {
	id, err := a.postAt(r, r.Params.StringOr("url", ""))
	if err != nil {
		return nil, err
	}
	size := func(key string) int {
		if n, ok := r.Params.Int(key); ok && n > 0 {
			return int(min(n, maxOEmbedSize))
		}
		return oembedSize
	}
	set, err := a.Moderation.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	provider := set.Title
	if provider == "" {
		provider = a.Domain
	}
	return a.Render.OEmbed(r.Context(), id, provider, size("maxwidth"), size("maxheight"))
}

// postAt is the post of ours that everybody may see at an address.
func (a *API) postAt(r *httpkit.Request, address string) (domain.ID, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !strings.EqualFold(u.Scheme+"://"+u.Host, r.BaseURL) {
		return 0, domain.ErrNotFound
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) == 2 && strings.HasPrefix(parts[0], "@") {
		parts = []string{"users", parts[0][1:], "statuses", parts[1]}
	}
	if len(parts) != 4 || parts[0] != "users" || parts[2] != "statuses" {
		return 0, domain.ErrNotFound
	}
	id, ok := domain.ParseID(parts[3])
	if !ok {
		return 0, domain.ErrNotFound
	}
	st, err := a.Store.Status(r.Context(), 0, id)
	if err != nil {
		return 0, err
	}
	author, err := a.Store.Account(r.Context(), st.Account)
	if err != nil {
		return 0, err
	}
	if !st.Local || st.ReblogOf != 0 || domain.NameKey(author.Username) != domain.NameKey(parts[1]) {
		return 0, domain.ErrNotFound
	}
	return id, nil
}
