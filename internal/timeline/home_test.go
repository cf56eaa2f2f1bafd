package timeline_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// TestHomeByRingAndByQueryIsHomeByTheRules lets people live for a while and
// compares, for every reader and in both directions of paging, the ring, the
// store and the rules.
func TestHomeByRingAndByQueryIsHomeByTheRules(t *testing.T) {
	t.Parallel()
	dbtest.EachClock(t, func(t *testing.T, st *store.Store, clock *dbtest.Clock) {
		rapid.Check(t, func(t *rapid.T) {
			w := newWorld(t, st, clock, 4)
			w.befriend()
			t.Repeat(map[string]func(*rapid.T){
				"post":   func(*rapid.T) { w.post() },
				"post 2": func(*rapid.T) { w.post() },
				"post 3": func(*rapid.T) { w.post() },
				"boost":  func(*rapid.T) { w.boost() },
				"delete": func(*rapid.T) { w.remove() },
				"edit":   func(*rapid.T) { w.edit() },
				"relate": func(*rapid.T) { w.relate() },
				"tag":    func(*rapid.T) { w.followTag() },
				"read":   func(*rapid.T) { w.compare(w.reader().ID, 3) },
				"read 2": func(*rapid.T) { w.compare(w.reader().ID, 2) },
				"later":  func(*rapid.T) { w.pass() },
			})
			for _, r := range w.readers() {
				w.compare(r.ID, 3)
			}
		})
	})
}

// compare pages through the home timeline in every way.
func (w *world) compare(reader domain.ID, limit int) {
	want := w.home(reader, w.live.Gap())
	for name, read := range map[string]reading{
		"ring":  func(p domain.Page) ([]domain.ID, error) { return w.live.Home(w.ctx, reader, p) },
		"store": func(p domain.Page) ([]domain.ID, error) { return w.live.FromStore(w.ctx, reader, p) },
	} {
		if got := w.down(read, limit); !slices.Equal(got, want) {
			w.t.Fatalf("%s, downwards: reader %d gets %v, not %v", name, reader, got, want)
		}
		if got := w.up(read, limit); !slices.Equal(got, want) {
			w.t.Fatalf("%s, upwards: reader %d gets %v, not %v", name, reader, got, want)
		}
		if len(want) > 2 {
			since := want[len(want)-2]
			got, err := read(domain.Page{SinceID: since, Limit: limit})
			w.check(err)
			if newer := want[:len(want)-2]; !slices.Equal(got, newer[:min(limit, len(newer))]) {
				w.t.Fatalf("%s, since %d: reader %d gets %v of %v", name, since, reader, got, want)
			}
		}
	}
}

type reading func(domain.Page) ([]domain.ID, error)

// down walks by max_id from the newest.
func (w *world) down(read reading, limit int) []domain.ID {
	var all []domain.ID
	for p := (domain.Page{Limit: limit}); ; p.MaxID = all[len(all)-1] {
		ids, err := read(p)
		w.check(err)
		if len(ids) == 0 {
			return all
		}
		all = append(all, ids...)
	}
}

// up walks by min_id from below everything.
func (w *world) up(read reading, limit int) []domain.ID {
	var all []domain.ID
	for p := (domain.Page{MinID: 1, Limit: limit}); ; p.MinID = all[0] {
		ids, err := read(p)
		w.check(err)
		if len(ids) == 0 {
			return all
		}
		all = append(ids, all...)
	}
}
