package timeline_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"pgregory.net/rapid"

	"coterie/internal/domain"
	"coterie/internal/relation"
	"coterie/internal/store"
	"coterie/internal/stream"
	"coterie/internal/testkit/dbtest"
	"coterie/internal/timeline"
)

// world is a few people who do things, and what a naive reader would say
// about it.
type world struct {
	t        *rapid.T
	ctx      context.Context
	clock    *dbtest.Clock
	st       *store.Store
	hub      *stream.Hub
	relation *relation.Service
	live     *timeline.Service // reads along, so that its rings are kept up

	people   []domain.Account // the last lives elsewhere
	tag      domain.Tag
	posts    []*domain.Status // newest last, those deleted left out
	mentions map[domain.ID][]domain.ID
	tagged   map[domain.ID]bool
	byTag    map[domain.ID]bool // readers who follow the tag
}

const far = "far.example"

func newWorld(t *rapid.T, st *store.Store, clock *dbtest.Clock, n int) *world {
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	hub := stream.New(st, log)
	w := &world{
		t: t, ctx: context.Background(), clock: clock, st: st, hub: hub, relation: relation.New(st), live: timeline.New(st, hub, log),
		mentions: map[domain.ID][]domain.ID{}, tagged: map[domain.ID]bool{}, byTag: map[domain.ID]bool{},
	}
	w.live.Small()
	w.write(func(tx *store.Tx) error {
		key := tx.NewID()
		for i := range n {
			a := domain.Account{Username: fmt.Sprintf("p%d_%d", key, i)}
			if i == n-1 {
				a.Domain, a.URI = far, fmt.Sprintf("https://far.example/%d", key)
			}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			w.people = append(w.people, a)
		}
		var err error
		w.tag, err = tx.EnsureTag(domain.Tag{Name: fmt.Sprintf("t%d", key), Display: "T"})
		return err
	})
	return w
}

func (w *world) write(f func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.st.Write(w.ctx, f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) readers() []domain.Account { return w.people[:len(w.people)-1] }

func (w *world) somebody() domain.Account { return rapid.SampledFrom(w.people).Draw(w.t, "who") }
func (w *world) reader() domain.Account   { return rapid.SampledFrom(w.readers()).Draw(w.t, "reader") }

func (w *world) some() []domain.ID {
	var ids []domain.ID
	for _, a := range w.people {
		if rapid.IntRange(0, 3).Draw(w.t, "mentioned") == 0 {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func (w *world) post() {
	author := w.somebody()
	s := &domain.Status{
		Account: author.ID, Local: author.Local(), Visibility: domain.Visibility(rapid.IntRange(0, 3).Draw(w.t, "visibility")),
		Language: rapid.SampledFrom([]string{"", "en", "de-AT"}).Draw(w.t, "language"),
	}
	if len(w.posts) > 0 && rapid.Bool().Draw(w.t, "answers") {
		to := rapid.SampledFrom(w.posts).Draw(w.t, "parent")
		if to.ReblogOf == 0 {
			s.InReplyTo, s.InReplyToAccount, s.Conversation = to.ID, to.Account, to.Conversation
		}
	}
	mentions, tagged := w.some(), rapid.IntRange(0, 2).Draw(w.t, "tagged") == 0
	w.write(func(tx *store.Tx) error {
		if err := tx.InsertStatus(s, ""); err != nil {
			return err
		}
		if tagged {
			if err := tx.TagStatus(s.ID, []domain.Tag{w.tag}); err != nil {
				return err
			}
		}
		return tx.Mention(s.ID, mentions)
	})
	w.mentions[s.ID], w.tagged[s.ID] = mentions, tagged
	w.add(s)
}

func (w *world) add(s *domain.Status) {
	w.posts = append(w.posts, s)
	slices.SortFunc(w.posts, func(a, b *domain.Status) int { return int(a.ID - b.ID) })
	if rapid.Bool().Draw(w.t, "at once") {
		w.live.Own(w.ctx, s.Account, s.ID)
	}
	w.hub.Publish(domain.Ref{Event: domain.EventStatusCreated, Status: s.ID, Account: s.Account})
}

func (w *world) boost() {
	if len(w.posts) == 0 {
		return
	}
	o := rapid.SampledFrom(w.posts).Draw(w.t, "boosted")
	by := w.somebody()
	for _, s := range w.posts {
		if s.ReblogOf == o.ID && s.Account == by.ID {
			return
		}
	}
	if o.ReblogOf != 0 || !domain.CanBoost(o, by.ID) {
		return
	}
	s := &domain.Status{Account: by.ID, Local: by.Local(), ReblogOf: o.ID, Visibility: min(o.Visibility, domain.Private)}
	w.write(func(tx *store.Tx) error { return tx.InsertStatus(s, "") })
	w.add(s)
}

func (w *world) remove() {
	if len(w.posts) == 0 {
		return
	}
	s := rapid.SampledFrom(w.posts).Draw(w.t, "deleted")
	w.write(func(tx *store.Tx) error { return tx.DeleteStatus(s.ID) })
	w.posts = slices.DeleteFunc(w.posts, func(p *domain.Status) bool { return p == s })
	w.hub.Publish(domain.Ref{Event: domain.EventStatusDeleted, Status: s.ID, Account: s.Account})
}

func (w *world) edit() {
	if len(w.posts) == 0 {
		return
	}
	s := rapid.SampledFrom(w.posts).Draw(w.t, "edited")
	if s.ReblogOf != 0 {
		return
	}
	tags, more := []domain.Tag{w.tag}, w.some()
	if w.tagged[s.ID] {
		tags = nil
	}
	w.write(func(tx *store.Tx) error {
		if err := tx.UntagStatus(s.ID); err != nil {
			return err
		}
		if err := tx.TagStatus(s.ID, tags); err != nil {
			return err
		}
		return tx.Mention(s.ID, more)
	})
	w.tagged[s.ID] = tags != nil
	for _, id := range more {
		if !slices.Contains(w.mentions[s.ID], id) {
			w.mentions[s.ID] = append(w.mentions[s.ID], id)
		}
	}
	w.hub.Publish(domain.Ref{Event: domain.EventStatusEdited, Status: s.ID, Account: s.Account})
}

// relate changes how two people stand to each other.
func (w *world) relate() {
	a, b := w.reader(), w.somebody()
	if a.ID == b.ID {
		return
	}
	switch rapid.IntRange(0, 11).Draw(w.t, "relation") {
	case 0, 1, 2, 3:
		w.follow(a, b)
	case 4:
		w.check(w.relation.Unfollow(w.ctx, a.ID, b.ID))
	case 5:
		w.check(w.relation.Mute(w.ctx, a.ID, b.ID, true, time.Duration(rapid.IntRange(0, 2).Draw(w.t, "hours"))*time.Hour))
	case 6:
		w.check(w.relation.Unmute(w.ctx, a.ID, b.ID))
	case 7:
		w.check(w.relation.Block(w.ctx, a.ID, b.ID))
	case 8:
		w.check(w.relation.Unblock(w.ctx, a.ID, b.ID))
	case 9:
		w.check(w.relation.BlockDomain(w.ctx, a.ID, far, "here.example"))
	case 10:
		w.check(w.relation.UnblockDomain(w.ctx, a.ID, far))
	case 11:
		w.list(a, b)
	}
}

func (w *world) follow(a, b domain.Account) {
	reblogs, languages := rapid.Bool().Draw(w.t, "reblogs"), rapid.SampledFrom([][]string{{}, {"en"}, {"de"}}).Draw(w.t, "languages")
	err := w.relation.Follow(w.ctx, a.ID, b.ID, relation.FollowOptions{Reblogs: &reblogs, Languages: &languages})
	if domain.Is(err, domain.NotFound) || domain.Is(err, domain.Forbidden) {
		return // blocked
	}
	w.check(err)
	if !b.Local() {
		w.write(func(tx *store.Tx) error {
			_, err := tx.AcceptFollow(a.ID, b.ID)
			tx.HomeChanged(a.ID)
			return err
		})
	}
}

// befriend has most readers follow most people.
func (w *world) befriend() {
	for _, a := range w.readers() {
		for _, b := range w.people {
			if a.ID != b.ID && rapid.IntRange(0, 4).Draw(w.t, "stranger") > 0 {
				w.follow(a, b)
			}
		}
	}
}

// list has the reader keep a followed account in an exclusive list.
func (w *world) list(a, b domain.Account) {
	title, exclusive := "l", rapid.Bool().Draw(w.t, "exclusive")
	l, err := w.relation.CreateList(w.ctx, a.ID, relation.ListChange{Title: &title, Exclusive: &exclusive})
	w.check(err)
	if err := w.relation.AddToList(w.ctx, a.ID, l.ID, []domain.ID{b.ID}); !domain.Is(err, domain.NotFound) && !domain.Is(err, domain.Invalid) {
		w.check(err)
	}
}

func (w *world) followTag() {
	a := w.reader()
	w.write(func(tx *store.Tx) error {
		tx.HomeChanged(a.ID)
		if w.byTag[a.ID] {
			return tx.DeleteTagFollow(a.ID, w.tag.ID)
		}
		return tx.SaveTagFollow(a.ID, w.tag.ID)
	})
	w.byTag[a.ID] = !w.byTag[a.ID]
}

func (w *world) pass() { w.clock.Add(time.Hour) }
