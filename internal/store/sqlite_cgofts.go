//go:build cgosqlite && !sqlite_fts5

package store

// Search needs FTS5, which the cgo driver has under a tag of its own.
var _ = build_with_tags_cgosqlite_and_sqlite_fts5
