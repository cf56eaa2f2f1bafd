package post_test

import (
	"slices"
	"testing"

	"coterie/internal/domain"
)

func TestMarksMayBeRepeated(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		s := w.post("alice", "nice")
		boost, err := w.Reblog(w.ctx, w.id("carol"), s.ID, nil, 0)
		w.must(err)
		w.events()
		bob := w.id("bob")
		verbs := []func(id domain.ID) (domain.ID, error){
			func(id domain.ID) (domain.ID, error) { return w.Favourite(w.ctx, bob, id) },
			func(id domain.ID) (domain.ID, error) { return w.Bookmark(w.ctx, bob, id) },
			func(id domain.ID) (domain.ID, error) { return w.MuteThread(w.ctx, bob, id) },
			func(id domain.ID) (domain.ID, error) { return w.Unfavourite(w.ctx, bob, id) },
			func(id domain.ID) (domain.ID, error) { return w.Unbookmark(w.ctx, bob, id) },
			func(id domain.ID) (domain.ID, error) { return w.UnmuteThread(w.ctx, bob, id) },
		}
		for i, verb := range verbs {
			for _, target := range []domain.ID{boost, s.ID} {
				id, err := verb(target)
				w.must(err)
				if id != s.ID {
					w.t.Errorf("verb %d answers with %d, want the original", i, id)
				}
			}
			if want := int64(1); i < 3 && w.status(s.ID).FavouritesCount != want {
				w.t.Errorf("after verb %d it has %d favourites, want %d", i, w.status(s.ID).FavouritesCount, want)
			}
		}
		if n := w.status(s.ID).FavouritesCount; n != 0 {
			w.t.Errorf("%d favourites left", n)
		}
		if got := w.events(); !slices.Equal(got, []domain.EventKind{domain.EventFavourited, domain.EventUnfavourited}) {
			w.t.Errorf("events are %v", got)
		}
		race(w, 16, func(i int) error {
			verb := verbs[0]
			if i%2 == 1 {
				verb = verbs[3]
			}
			_, err := verb(s.ID)
			return err
		})
		last, err := verbs[3](s.ID)
		w.must(err)
		if n := w.status(last).FavouritesCount; n != 0 {
			w.t.Errorf("after a race %d favourites are left", n)
		}
	})
}

func TestPins(t *testing.T) {
	t.Parallel()
	each(t, func(w *world) {
		alice := w.id("alice")
		var posts []domain.ID
		for range domain.MaxPins + 1 {
			posts = append(posts, w.post("alice", "pin me", with(domain.Private)).ID)
		}
		dm := w.post("alice", "direct", with(domain.Direct))
		bobs := w.post("bob", "bob's")
		boost, err := w.Reblog(w.ctx, alice, bobs.ID, nil, 0)
		w.must(err)
		w.events()
		_, err = w.Pin(w.ctx, alice, dm.ID)
		fails(w.t, "a direct post", err, domain.Invalid, "only visible to mentioned")
		_, err = w.Pin(w.ctx, alice, bobs.ID)
		fails(w.t, "bob's post", err, domain.Invalid, "Someone else's")
		_, err = w.Pin(w.ctx, alice, boost)
		fails(w.t, "a boost", err, domain.Invalid, "boost cannot be pinned")
		_, err = w.Pin(w.ctx, w.id("bob"), posts[0])
		fails(w.t, "a hidden post", err, domain.NotFound, "")
		full := 0
		race(w, 2*len(posts), func(i int) error {
			_, err := w.Pin(w.ctx, alice, posts[i/2])
			if domain.Is(err, domain.Invalid) {
				err = nil
			}
			return err
		})
		pins, err := w.r.Pins(w.ctx, alice)
		w.must(err)
		if len(pins) != domain.MaxPins {
			w.t.Errorf("%d posts are pinned, want %d", len(pins), domain.MaxPins)
		}
		for _, id := range posts {
			_, err := w.Pin(w.ctx, alice, id)
			if err != nil {
				fails(w.t, "one too many", err, domain.Invalid, "maximum number")
				full++
			}
		}
		if full != 1 {
			w.t.Errorf("%d pins were refused, want the sixth", full)
		}
		for range 2 {
			_, err := w.Unpin(w.ctx, alice, pins[0])
			w.must(err)
		}
		if got := w.events(); len(got) != domain.MaxPins+1 || got[domain.MaxPins] != domain.EventUnpinned {
			w.t.Errorf("events are %v", got)
		}
	})
}
