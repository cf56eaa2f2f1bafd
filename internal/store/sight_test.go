package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit/dbtest"
)

// TestVisibleIsCanSee makes small worlds and asks for every viewer and status
// whether SQL and domain.CanSee agree.
func TestVisibleIsCanSee(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, st *store.Store) {
		rapid.Check(t, func(t *rapid.T) {
			w := newSightWorld(t, st)
			for _, viewer := range append([]domain.ID{0}, w.people...) {
				w.compare(viewer)
			}
		})
	})
}

type pair [2]domain.ID

type sightWorld struct {
	t         *rapid.T
	st        *store.Store
	people    []domain.ID
	posts     []domain.Status
	follows   map[pair]bool // accepted
	blocks    map[pair]bool
	mentioned map[pair]bool // status, account
	suspended map[domain.ID]bool
}

func newSightWorld(t *rapid.T, st *store.Store) *sightWorld {
	w := &sightWorld{
		t: t, st: st, follows: map[pair]bool{}, blocks: map[pair]bool{}, mentioned: map[pair]bool{}, suspended: map[domain.ID]bool{},
	}
	often := func(n int) bool { return rapid.IntRange(0, n).Draw(t, "draw") == 0 }
	if err := st.Write(context.Background(), func(tx *store.Tx) error { return w.build(tx, often) }); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *sightWorld) build(tx *store.Tx, often func(int) bool) error {
	for i := range 4 {
		a := domain.Account{Username: fmt.Sprintf("s%d_%d", tx.NewID(), i)}
		if i == 3 {
			a.Domain, a.URI = "peer.example", "https://peer.example/"+a.Username
		}
		if err := tx.InsertAccount(&a); err != nil {
			return err
		}
		w.people = append(w.people, a.ID)
		if w.suspended[a.ID] = often(6); w.suspended[a.ID] {
			if _, err := tx.Exec(`UPDATE accounts SET suspended_at = 1 WHERE id = $1`, a.ID); err != nil {
				return err
			}
		}
	}
	for _, a := range w.people {
		for _, b := range w.people {
			if a == b {
				continue
			}
			if often(1) {
				pending := often(2)
				if err := tx.SaveFollow(&domain.Follow{Account: a, Target: b, Pending: pending}); err != nil {
					return err
				}
				w.follows[pair{a, b}] = !pending
			}
			if w.blocks[pair{a, b}] = often(5); w.blocks[pair{a, b}] {
				if _, _, err := tx.InsertBlock(a, b, ""); err != nil {
					return err
				}
			}
		}
	}
	return w.publish(tx, often)
}

func (w *sightWorld) publish(tx *store.Tx, often func(int) bool) error {
	for range 8 {
		s := domain.Status{
			Account: rapid.SampledFrom(w.people[:3]).Draw(w.t, "author"), Local: true, LocalOnly: often(2),
			Visibility: domain.Visibility(rapid.IntRange(0, 3).Draw(w.t, "visibility")),
		}
		if len(w.posts) > 0 && often(2) {
			o := rapid.SampledFrom(w.posts).Draw(w.t, "boosted")
			taken := slices.ContainsFunc(w.posts, func(p domain.Status) bool { return p.ReblogOf == o.ID && p.Account == s.Account })
			if o.ReblogOf == 0 && !taken {
				s.ReblogOf = o.ID
			}
		}
		if err := tx.InsertStatus(&s, ""); err != nil {
			return err
		}
		w.posts = append(w.posts, s)
		var named []domain.ID
		for _, a := range w.people {
			if often(3) {
				named = append(named, a)
				w.mentioned[pair{s.ID, a}] = true
			}
		}
		if err := tx.Mention(s.ID, named); err != nil {
			return err
		}
	}
	return nil
}

func (w *sightWorld) sees(viewer domain.ID, s *domain.Status) bool {
	if !domain.CanSee(s, domain.Sight{
		Viewer: viewer, Local: slices.Contains(w.people[:3], viewer), Follows: w.follows[pair{viewer, s.Account}], Mentioned: w.mentioned[pair{s.ID, viewer}],
		Blocked: w.blocks[pair{s.Account, viewer}], AuthorSuspended: w.suspended[s.Account],
	}) {
		return false
	}
	for i := range w.posts {
		if w.posts[i].ID == s.ReblogOf {
			return w.sees(viewer, &w.posts[i])
		}
	}
	return true
}

// compare asks the three statements that decide who sees what.
func (w *sightWorld) compare(viewer domain.ID) {
	ctx, r := context.Background(), w.st.Reader()
	ids := make([]domain.ID, len(w.posts))
	for i := range w.posts {
		ids[i] = w.posts[i].ID
	}
	rows, err := r.PageStatuses(ctx, viewer, ids)
	if err != nil {
		w.t.Fatal(err)
	}
	onPage := map[domain.ID]bool{}
	for _, s := range rows {
		onPage[s.ID] = true
	}
	onProfile := map[domain.ID]bool{}
	for _, a := range w.people {
		list, err := r.StatusesOf(ctx, viewer, a, store.ProfileFilter{}, domain.Page{Limit: 40})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, id := range list {
			onProfile[id] = true
		}
	}
	for i := range w.posts {
		s := &w.posts[i]
		want := w.sees(viewer, s)
		_, err := r.Status(ctx, viewer, s.ID)
		if alone := err == nil; alone != want {
			w.t.Errorf("viewer %d, status %+v: alone %v, by the rule %v", viewer, s, alone, want)
		}
		if page := onPage[s.ID] && (s.ReblogOf == 0 || onPage[s.ReblogOf]); page != want {
			w.t.Errorf("viewer %d, status %+v: on a page %v, by the rule %v", viewer, s, page, want)
		}
		if s.ReblogOf == 0 && onProfile[s.ID] != want || onProfile[s.ID] && !want {
			w.t.Errorf("viewer %d, status %+v: on the profile %v, by the rule %v", viewer, s, onProfile[s.ID], want)
		}
	}
}
