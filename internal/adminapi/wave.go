package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
)

// wavesPerPage is how many waves and held posts one page has; five times that
// at most.
const wavesPerPage = 40

// waves is GET /api/coterie/v1/admin/spam_waves.
func (a *API) waves(r *httpkit.Request) (any, error) {
	state := domain.WaveState(r.Params.StringOr("state", string(domain.WaveOpen)))
	list, sums, err := a.Moderation.Waves(r.Context(), state, r.PageMax(wavesPerPage, 5*wavesPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.Waves(list, sums)
	return pageOf(list, func(w *domain.Wave) domain.ID { return w.ID }, items), err
}

// heldPosts is GET /api/coterie/v1/admin/spam_waves/{id}/posts.
func (a *API) heldPosts(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	list, err := a.Moderation.HeldPosts(r.Context(), id, r.PageMax(wavesPerPage, 5*wavesPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.HeldPosts(r.Context(), list)
	return pageOf(list, func(h *domain.HeldPost) domain.ID { return h.ID }, items), err
}

// chosenWaves reads which waves a request is about.
func chosenWaves(p httpkit.Params) moderation.WaveChoice {
	c := moderation.WaveChoice{IDs: p.IDs("ids"), All: p.BoolOr("all", false)}
	c.Pattern, _ = p.ID("pattern")
	return c
}

// releaseWaves is POST /api/coterie/v1/admin/spam_waves/release.
func (a *API) releaseWaves(r *httpkit.Request) (any, error) {
	n, err := a.Moderation.ReleaseWaves(r.Context(), r.Viewer.Account, chosenWaves(r.Params))
	return map[string]int{"waves": n}, err
}

// confirmWaves is POST /api/coterie/v1/admin/spam_waves/confirm.
func (a *API) confirmWaves(r *httpkit.Request) (any, error) {
	then := domain.ActionType(r.Params.StringOr("accounts", string(domain.ActionNone)))
	n, err := a.Moderation.ConfirmWaves(r.Context(), r.Viewer.Account, chosenWaves(r.Params), then)
	return map[string]int{"waves": n}, err
}

// releasePost is POST /api/coterie/v1/admin/spam_waves/{id}/posts/{post}/release.
func (a *API) releasePost(r *httpkit.Request) (any, error) {
	wave, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	post, err := r.PathID("post")
	if err != nil {
		return nil, err
	}
	return nil, a.Moderation.ReleasePost(r.Context(), r.Viewer.Account, wave, post)
}
