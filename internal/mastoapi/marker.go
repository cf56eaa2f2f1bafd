package mastoapi

import (
	"slices"

	"coterie/internal/account"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

var markedTimelines = []string{account.MarkerHome, account.MarkerNotifications}

// markers is GET /api/v1/markers.
func (a *API) markers(r *httpkit.Request) (any, error) {
	var asked []string
	for _, name := range r.Params.Strings("timeline") {
		if slices.Contains(markedTimelines, name) {
			asked = append(asked, name)
		}
	}
	list, err := a.Account.Markers(r.Context(), r.Viewer.Account, asked)
	return render.Markers(list), err
}

// saveMarkers is POST /api/v1/markers: the answer has the ones written.
func (a *API) saveMarkers(r *httpkit.Request) (any, error) {
	var list []domain.Marker
	for _, name := range markedTimelines {
		if m, ok := r.Params.Hash(name); ok {
			list = append(list, domain.Marker{Timeline: name, LastRead: m.StringOr("last_read_id", "")})
		}
	}
	list, err := a.Account.SaveMarkers(r.Context(), r.Viewer.Account, list)
	return render.Markers(list), err
}
