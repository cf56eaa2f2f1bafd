package ownapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// cleanup has the names that Mastodon's database has.
type cleanup struct {
	Enabled        bool  `json:"enabled"`
	MinStatusAge   int64 `json:"min_status_age"` // seconds
	KeepPinned     bool  `json:"keep_pinned"`
	KeepSelfFav    bool  `json:"keep_self_fav"`
	KeepBookmarked bool  `json:"keep_self_bookmark"`
	KeepDirect     bool  `json:"keep_direct"`
	KeepMedia      bool  `json:"keep_media"`
	KeepPolls      bool  `json:"keep_polls"`
	MinFavs        int   `json:"min_favs"`    // 0: however many
	MinReblogs     int   `json:"min_reblogs"` // 0: however many
	Matching       int64 `json:"matching"`    // posts that are old enough and not excepted
}

// cleanup is GET /statuses_cleanup.
func (a *API) cleanup(r *httpkit.Request) (any, error) {
	c, matching, err := a.Post.Cleanup(r.Context(), r.Viewer.Account)
	return cleanup{
		c.Enabled, int64(c.MinAge / time.Second), c.KeepPinned, c.KeepFavourited, c.KeepBookmarked, c.KeepDirect, c.KeepMedia, c.KeepPolls,
		c.MinFavourites, c.MinReblogs, matching,
	}, err
}

// setCleanup is PATCH /statuses_cleanup: what is not named stays.
func (a *API) setCleanup(r *httpkit.Request) (any, error) {
	p := r.Params
	err := a.Post.ChangeCleanup(r.Context(), r.Viewer.Account, func(c *domain.Cleanup) {
		if n, ok := p.Int("min_status_age"); ok {
			c.MinAge = time.Duration(min(max(n, 0), int64(10*365*24*time.Hour/time.Second))) * time.Second
		}
		for name, to := range map[string]*bool{
			"enabled": &c.Enabled, "keep_pinned": &c.KeepPinned, "keep_self_fav": &c.KeepFavourited, "keep_self_bookmark": &c.KeepBookmarked,
			"keep_direct": &c.KeepDirect, "keep_media": &c.KeepMedia, "keep_polls": &c.KeepPolls,
		} {
			*to = p.BoolOr(name, *to)
		}
		for name, to := range map[string]*int{"min_favs": &c.MinFavourites, "min_reblogs": &c.MinReblogs} {
			if n, ok := p.Int(name); ok {
				*to = int(min(max(n, -1), domain.MaxCleanupCount+1))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return a.cleanup(r)
}
