package remote_test

import (
	"fmt"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/job"
)

func TestBackfill(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, l *lab) {
		l.runner.Handle(domain.JobBackfill, l.s.Backfill, job.HandlerOptions{})
		p := l.peer("far.test")
		base := "http://far.test/users/ann"
		note := func(path string, to string) map[string]any {
			return map[string]any{
				"id": "http://far.test" + path, "type": "Note", "attributedTo": base, "content": "<p>" + path + "</p>", "to": []any{to},
				"published": l.clock.Now().AddDate(0, 0, -9).Format("2006-01-02T15:04:05Z"),
			}
		}
		public := "https://www.w3.org/ns/activitystreams#Public"
		pinned := []any{"http://far.test/2"}
		for i := range domain.MaxMirroredPins {
			path := fmt.Sprintf("/pinned/%d", i)
			p.show(path, note(path, public))
			pinned = append(pinned, "http://far.test"+path)
		}
		for _, path := range []string{"/1", "/2"} {
			p.show(path, note(path, public))
		}
		create := func(id string, object any) map[string]any {
			return map[string]any{"id": id, "type": "Create", "actor": base, "object": object, "to": []any{public}}
		}
		p.show("/out", map[string]any{"id": "http://far.test/out", "type": "OrderedCollection", "totalItems": 7, "first": "http://far.test/out?page=1"})
		p.show("/out?page=1", map[string]any{"id": "http://far.test/out?page=1", "type": "OrderedCollectionPage", "orderedItems": []any{
			create("http://far.test/1/c", "http://far.test/1"), create("http://evil.test/1/c", "http://evil.test/1"),
			map[string]any{"id": "http://far.test/9", "type": "Create", "actor": "http://far.test/users/eve", "object": "http://far.test/2"},
		}})
		p.show("/pins", map[string]any{"id": "http://far.test/pins", "type": "OrderedCollection", "orderedItems": pinned})
		a := l.actor(p.settle(t, "ann", map[string]any{"outbox": "http://far.test/out", "featured": "http://far.test/pins"}))
		for range 2 {
			if err := l.s.WantBackfill(t.Context(), a.ID); err != nil {
				t.Fatal(err)
			}
			l.settle()
		}
		r := l.st.Reader()
		one, err := l.s.KnownStatus(t.Context(), r, "http://far.test/1")
		if err != nil || one.Account != a.ID {
			t.Errorf("%+v: %v", one, err)
		}
		two, err := l.s.KnownStatus(t.Context(), r, "http://far.test/2")
		if err != nil {
			t.Error(err)
		}
		pins, err := r.Pins(t.Context(), a.ID)
		if err != nil || len(pins) != domain.MaxMirroredPins || pins[0] != two.ID {
			t.Errorf("pins %v: %v", pins, err)
		}
		if got, err := l.s.Resolve(t.Context(), "http://far.test/1"); err != nil || got.Status != one.ID {
			t.Errorf("%+v: %v", got, err)
		}
		p.show("/3", note("/3", public))
		if got, err := l.s.Resolve(t.Context(), "http://far.test/3"); err != nil || got.Status == 0 || got.Account != 0 {
			t.Errorf("%+v: %v", got, err)
		}
		if n := p.hits("/out"); n != 2 {
			t.Errorf("the outbox was asked for %d times", n)
		}
	})
}
