// Package mastoapi is the Mastodon client API: one page of routes, a file of
// handlers per resource. A handler decodes, calls one verb and returns a value
// or an error. Level 7: only instance imports it. An API is safe for
// concurrent use.
package mastoapi

import (
	"time"

	"coterie/internal/account"
	"coterie/internal/media"
	"coterie/internal/moderation"
	"coterie/internal/notify"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/render"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

// API holds what the handlers call.
type API struct {
	Domain string // of our handles
	Now    func() time.Time

	Store         store.Reader
	Account       *account.Service
	Post          *post.Service
	Relation      *relation.Service
	Notify        *notify.Service
	Render        *render.Renderer
	Timeline      *timeline.Service
	Finder        *timeline.Finder
	Filters       *timeline.Filters
	Conversations *timeline.Conversations
	Moderation    *moderation.Service
	Media         *media.Service
	Live          *Live
	Server        Server
}
