package post_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"coterie/internal/domain"
	"coterie/internal/testkit/dbtest"
)

// model is what the counters should say.
type model struct {
	w        *world
	names    []string
	posts    []domain.Status // local and not deleted
	boosts   map[[2]domain.ID]domain.Visibility
	favs     map[[2]domain.ID]bool
	replies  map[domain.ID]int64
	statuses map[domain.ID]int64
}

// TestCountsAfterAnyHistory holds the counters to what is there after random
// histories of posts, replies, boosts, favourites and deletions.
func TestCountsAfterAnyHistory(t *testing.T) {
	t.Parallel()
	w, people := newWorld(t, dbtest.SQLite(t)), 0
	rapid.Check(t, func(rt *rapid.T) {
		var names []string
		for range 3 {
			people++
			names = append(names, fmt.Sprintf("person%d", people))
			w.join(names[len(names)-1], func(*domain.Account, *domain.User) {})
		}
		m := &model{
			w: w, names: names, boosts: map[[2]domain.ID]domain.Visibility{},
			favs: map[[2]domain.ID]bool{}, replies: map[domain.ID]int64{}, statuses: map[domain.ID]int64{},
		}
		rt.Repeat(map[string]func(*rapid.T){
			"post":        m.post,
			"favourite":   func(rt *rapid.T) { m.mark(rt, m.w.Favourite, m.favs, true) },
			"unfavourite": func(rt *rapid.T) { m.mark(rt, m.w.Unfavourite, m.favs, false) },
			"reblog":      m.reblog,
			"unreblog":    m.unreblog,
			"delete":      m.delete,
			"":            m.check,
		})
	})
}

func (m *model) who(rt *rapid.T) domain.ID {
	return m.w.ids[rapid.SampledFrom(m.names).Draw(rt, "who")]
}

func (m *model) some(rt *rapid.T) domain.Status {
	if len(m.posts) == 0 {
		rt.Skip("no posts yet")
	}
	return rapid.SampledFrom(m.posts).Draw(rt, "post")
}

func (m *model) post(rt *rapid.T) {
	c := domain.Compose{Text: "hello", Visibility: ptr(domain.Visibility(rapid.IntRange(0, 3).Draw(rt, "visibility")))}
	who := m.who(rt)
	if len(m.posts) > 0 && rapid.Bool().Draw(rt, "reply") {
		c.InReplyTo = m.some(rt).ID
	}
	made, err := m.w.Create(m.w.ctx, who, c, time.Time{})
	if domain.Is(err, domain.NotFound) {
		return // an answer to a hidden post
	}
	m.w.must(err)
	s := m.w.status(made.Status)
	m.posts = append(m.posts, s)
	if s.Visibility != domain.Direct {
		m.statuses[who]++
	}
	if s.Visibility.Listed() {
		m.replies[s.InReplyTo]++
	}
}

func (m *model) mark(rt *rapid.T, verb func(ctx context.Context, actor, id domain.ID) (domain.ID, error), marks map[[2]domain.ID]bool, on bool) {
	who, s := m.who(rt), m.some(rt)
	_, err := verb(m.w.ctx, who, s.ID)
	if domain.Is(err, domain.NotFound) {
		return
	}
	m.w.must(err)
	if on {
		marks[[2]domain.ID{who, s.ID}] = true
	} else {
		delete(marks, [2]domain.ID{who, s.ID})
	}
}

func (m *model) reblog(rt *rapid.T) {
	who, s := m.who(rt), m.some(rt)
	if !domain.CanBoost(&s, who) {
		return
	}
	_, err := m.w.Reblog(m.w.ctx, who, s.ID, nil, 0)
	m.w.must(err)
	k := [2]domain.ID{who, s.ID}
	if _, has := m.boosts[k]; !has {
		m.boosts[k] = domain.Public
		m.statuses[who]++
	}
}

func (m *model) unreblog(rt *rapid.T) {
	who, s := m.who(rt), m.some(rt)
	_, err := m.w.Unreblog(m.w.ctx, who, s.ID)
	if domain.Is(err, domain.NotFound) {
		return
	}
	m.w.must(err)
	m.forgetBoost([2]domain.ID{who, s.ID})
}

func (m *model) forgetBoost(k [2]domain.ID) {
	if _, has := m.boosts[k]; has {
		delete(m.boosts, k)
		m.statuses[k[0]]--
	}
}

func (m *model) delete(rt *rapid.T) {
	s := m.some(rt)
	m.w.must(m.w.Delete(m.w.ctx, s.Account, s.ID))
	m.w.settle()
	for i := range m.posts {
		if m.posts[i].ID == s.ID {
			m.posts = append(m.posts[:i], m.posts[i+1:]...)
			break
		}
	}
	if s.Visibility != domain.Direct {
		m.statuses[s.Account]--
	}
	if s.Visibility.Listed() {
		m.replies[s.InReplyTo]--
	}
	for _, name := range m.names {
		k := [2]domain.ID{m.w.ids[name], s.ID}
		m.forgetBoost(k)
		delete(m.favs, k)
	}
}

func (m *model) check(rt *rapid.T) {
	for _, name := range m.names {
		if got, want := m.w.account(name).StatusesCount, m.statuses[m.w.ids[name]]; got != want {
			rt.Fatalf("%s has %d posts, want %d", name, got, want)
		}
	}
	for _, p := range m.posts {
		boosts, favs := int64(0), int64(0)
		for _, name := range m.names {
			k := [2]domain.ID{m.w.ids[name], p.ID}
			if _, has := m.boosts[k]; has {
				boosts++
			}
			if m.favs[k] {
				favs++
			}
		}
		s := m.w.status(p.ID)
		got, want := fmt.Sprint(s.RepliesCount, s.ReblogsCount, s.FavouritesCount), fmt.Sprint(m.replies[p.ID], boosts, favs)
		if got != want {
			rt.Fatalf("replies, boosts and favourites are %s, want %s", got, want)
		}
	}
}
