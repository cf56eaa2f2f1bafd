// Package adminapi is Mastodon's admin API, apart from the client API so that
// the verbs with consequences have one door: every route names the permission
// it needs, and its verb asks for it again. Level 7: only instance imports it.
// An API is safe for concurrent use.
package adminapi

import (
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/media"
	"coterie/internal/moderation"
	"coterie/internal/render"
	"coterie/internal/store"
)

// API holds what the handlers call.
type API struct {
	Domain     string // of our handles
	Version    string
	Now        func() time.Time
	Store      store.Reader
	Render     *render.Renderer
	Moderation *moderation.Service
	Media      *media.Service
	// Disk tells how much is free where the data are, and how much there is.
	Disk func() (free, total int64, err error)
}

// How much one page has, and the most.
const (
	perPage     = 100
	mostPerPage = 200
)

// by is who asks, for what the staff gets to see.
func by(r *httpkit.Request) render.Staff {
	return render.Staff{ID: r.Viewer.Account, May: r.Viewer.Permissions}
}

// pageOf is a list with links by the ids of its rows.
func pageOf[T any](items []T, idOf func(*T) domain.ID, body any) httpkit.Page {
	p := httpkit.Page{Items: body}
	if n := len(items); n > 0 {
		p.Next, p.Prev = idOf(&items[n-1]), idOf(&items[0])
	}
	return p
}

func itself(id *domain.ID) domain.ID { return *id }
