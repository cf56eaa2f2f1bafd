package mastoapi

import (
	"strconv"

	"coterie/internal/httpkit"
)

func (a *API) poll(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	answer, err := a.Render.Poll(r.Context(), r.Viewer.Account, id)
	if err != nil {
		return nil, err
	}
	return answer, a.Post.PollOpened(r.Context(), r.Viewer.Account, id)
}

// vote takes the choices as numbers or as text.
func (a *API) vote(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	var choices []int
	for _, s := range r.Params.Strings("choices") {
		n, err := strconv.Atoi(s)
		if err != nil {
			n = -1 // which no option has
		}
		choices = append(choices, n)
	}
	if err := a.Post.Vote(r.Context(), r.Viewer.Account, id, choices); err != nil {
		return nil, err
	}
	return a.Render.Poll(r.Context(), r.Viewer.Account, id)
}
