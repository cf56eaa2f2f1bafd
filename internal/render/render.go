// Package render makes the JSON of client entities from domain values, for a
// viewer: Status, Account and everything that holds one. Nothing else makes
// that JSON. Level 6; mastoapi, adminapi, ownapi and instance import it.
//
// A status is the same for everyone but for counts and the viewer's marks, so
// the rest is kept as ready-made bytes by id and rev and never needs to be
// taken back: any change that shows raises the rev. A page of statuses whose
// fragments are at hand costs one statement, and one more if it has polls.
//
// A Renderer is safe for concurrent use; what it returns belongs to the caller.
package render

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/maypok86/otter/v2"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/timeline"
)

// Renderer makes client entities.
type Renderer struct {
	URLs URLs

	st       store.Reader
	filters  *timeline.Filters
	now      func() time.Time
	statuses *otter.Cache[revision, *statusFragment]
	accounts *otter.Cache[revision, *accountFragment]
	// shows is what a boost boosts, or a post quotes: a hint what to ask for.
	shows *otter.Cache[domain.ID, domain.ID]
}

// revision names one state of a row.
type revision struct {
	ID  domain.ID
	Rev int64
}

// Bounds of the two caches in bytes, about 10,000 statuses and as many accounts.
const (
	statusCacheBytes  = 24 << 20
	accountCacheBytes = 16 << 20
	showsCacheSize    = 50_000
)

// New makes a Renderer, which marks what the viewer's filters match.
func New(st store.Reader, filters *timeline.Filters, urls URLs, now func() time.Time) *Renderer {
	return &Renderer{
		URLs: urls, st: st, filters: filters, now: now,
		statuses: otter.Must(&otter.Options[revision, *statusFragment]{
			MaximumWeight: statusCacheBytes,
			Weigher:       func(_ revision, f *statusFragment) uint32 { return f.weight() },
		}),
		accounts: otter.Must(&otter.Options[revision, *accountFragment]{
			MaximumWeight: accountCacheBytes,
			Weigher:       func(_ revision, f *accountFragment) uint32 { return f.weight() },
		}),
		shows: otter.Must(&otter.Options[domain.ID, domain.ID]{MaximumSize: showsCacheSize}),
	}
}

// timestamp is the API's form of a time (behaviours 2.3).
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// orNull is the timestamp, or nil for the zero time.
func orNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := timestamp(t)
	return &s
}

// textOrNull is nil for "".
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// idOrNull is nil for no id.
func idOrNull(id domain.ID) *domain.ID {
	if id == 0 {
		return nil
	}
	return &id
}

// encode is the JSON of v without escapes for HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// open is the JSON of a struct without its last brace, so that more members
// can follow.
func open(v any) ([]byte, error) {
	b, err := encode(v)
	return bytes.TrimSuffix(b, []byte("}")), err
}

// List joins entities to a JSON array.
func List(items []json.RawMessage) json.RawMessage {
	n := 2
	for _, b := range items {
		n += len(b) + 1
	}
	out := make([]byte, 0, n)
	out = append(out, '[')
	for i, b := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, b...)
	}
	return append(out, ']')
}
