package adminapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

type relay struct {
	ID        domain.ID         `json:"id"`
	Inbox     string            `json:"inbox"`
	Actor     string            `json:"actor"` // "" where it is followed by its inbox
	State     domain.RelayState `json:"state"`
	CreatedAt time.Time         `json:"created_at"`
}

// relays is GET /api/coterie/v1/admin/relays, oldest first.
func (a *API) relays(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.Relays(r.Context())
	out := []relay{}
	for _, l := range list {
		out = append(out, relay{l.ID, l.Inbox, l.Actor, l.State, l.CreatedAt})
	}
	return out, err
}

// addRelay is POST /api/coterie/v1/admin/relays.
func (a *API) addRelay(r *httpkit.Request) (any, error) {
	if _, err := a.Moderation.AddRelay(r.Context(), r.Viewer.Account, r.Params.StringOr("inbox", ""), r.Params.StringOr("actor", "")); err != nil {
		return nil, err
	}
	return a.relays(r)
}

// turnRelay enables, disables or removes a relay.
func (a *API) turnRelay(to domain.RelayState) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		if err := a.Moderation.TurnRelay(r.Context(), r.Viewer.Account, id, to); err != nil {
			return nil, err
		}
		return a.relays(r)
	}
}
