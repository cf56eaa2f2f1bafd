// Package archive is what people take along: lists of whom they follow, block
// and mute and the like as files, out and in, in the form in which Mastodon
// writes them, and an archive of everything they wrote (docs/portability.md). Level 6: ownapi and instance may import
// it. A Service is safe for concurrent use.
//
// What a file says is done by the same verbs as what an app says, so it is
// held to the same rules.
package archive

import (
	"log/slog"

	"coterie/internal/blob"
	"coterie/internal/post"
	"coterie/internal/relation"
	"coterie/internal/remote"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

// Config is what a Service is made of.
type Config struct {
	Store    *store.Store
	Remote   *remote.Service
	Posts    *post.Service
	Relation *relation.Service
	Filters  *timeline.Filters
	Blobs    blob.Store
	// TempDir is for files that are being made.
	TempDir string
	// Host is the domain of our handles.
	Host string
	Log  *slog.Logger
}

// Service holds the verbs.
type Service struct{ Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }
