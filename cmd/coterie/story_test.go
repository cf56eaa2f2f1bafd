package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/mattn/go-mastodon"

	"coterie/internal/testkit/schema"
)

// checking holds every answer a client library gets to the schema of the API.
type checking struct {
	t    *testing.T
	next http.RoundTripper
}

func (c checking) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(r)
	if err != nil || res.Header.Get("Content-Type") == "text/event-stream" {
		return res, err
	}
	b, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	if err := schema.Check(r.Method, r.URL.RequestURI(), res.StatusCode, b); err != nil {
		c.t.Error(err)
	}
	return res, nil
}

// story is what the people of TestStoryWithAGoClient share.
type story struct {
	t          *testing.T
	alice, bob *mastodon.Client
	me, him    *mastodon.Account
}

// TestStoryWithAGoClient has two people live a day with the go-mastodon library.
func TestStoryWithAGoClient(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "COTERIE_POLL_MIN_SECONDS=1")
	p.person(t, "alice", "owner")
	p.person(t, "bob", "user")
	s := p.serve(t)
	st := &story{t: t, alice: signIn(t, s.base, "alice"), bob: signIn(t, s.base, "bob")}
	st.me = must(st.alice.GetAccountCurrentUser(t.Context()))(t)
	st.him = must(st.bob.GetAccountCurrentUser(t.Context()))(t)
	st.thread()
	st.pages()
	st.poll()
	st.marks()
	st.list()
	st.filter()
	st.live()
}

// must is the value of a call that may not fail.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (s *story) post(c *mastodon.Client, toot mastodon.Toot) *mastodon.Status {
	s.t.Helper()
	return must(c.PostStatus(s.t.Context(), &toot))(s.t)
}

func ids(list []*mastodon.Status) []mastodon.ID {
	out := make([]mastodon.ID, len(list))
	for i, s := range list {
		out[i] = s.ID
	}
	return out
}

func (s *story) thread() {
	top := s.post(s.alice, mastodon.Toot{Status: "top"})
	reply := s.post(s.bob, mastodon.Toot{Status: "@alice reply", InReplyToID: top.ID})
	c := must(s.alice.GetStatusContext(s.t.Context(), reply.ID))(s.t)
	if len(c.Ancestors) != 1 || c.Ancestors[0].ID != top.ID {
		s.t.Errorf("ancestors: %v", ids(c.Ancestors))
	}
	edited := must(s.bob.UpdateStatus(s.t.Context(), &mastodon.Toot{Status: "@alice answer"}, reply.ID))(s.t)
	if edited.ID != reply.ID {
		s.t.Errorf("the edit made another post: %v", edited.ID)
	}
	if h := must(s.bob.GetStatusHistory(s.t.Context(), reply.ID))(s.t); len(h) != 2 {
		s.t.Errorf("history: %d entries", len(h))
	}
	await(s.t, "alice hears of the reply", func() bool {
		for _, n := range must(s.alice.GetNotifications(s.t.Context(), nil))(s.t) {
			if n.Type == "mention" && n.Status.ID == reply.ID {
				return true
			}
		}
		return false
	})
}

// pages reads a hundred posts back, newest to oldest and the other way.
func (s *story) pages() {
	if r := must(s.bob.AccountFollow(s.t.Context(), s.me.ID))(s.t); !r.Following {
		s.t.Errorf("follow: %+v", r)
	}
	var made []mastodon.ID
	for i := range 100 {
		made = append(made, s.post(s.alice, mastodon.Toot{Status: fmt.Sprintf("number %d", i)}).ID)
	}
	var down []mastodon.ID
	pg := &mastodon.Pagination{Limit: 15}
	for {
		page := must(s.bob.GetTimelineHome(s.t.Context(), pg))(s.t)
		down = append(down, ids(page)...)
		if len(page) == 0 || pg.MaxID == "" {
			break
		}
		pg = &mastodon.Pagination{Limit: 15, MaxID: pg.MaxID}
	}
	s.same("down", down, made, true)
	up := []mastodon.ID{made[0]}
	for {
		page := ids(must(s.bob.GetTimelineHome(s.t.Context(), &mastodon.Pagination{Limit: 15, MinID: up[len(up)-1]}))(s.t))
		if len(page) == 0 {
			break
		}
		slices.Reverse(page)
		up = append(up, page...)
	}
	s.same("up", up, made, false)
}

// same compares what was read with what was made, leaving out other posts.
func (s *story) same(way string, read, made []mastodon.ID, reversed bool) {
	s.t.Helper()
	read = slices.DeleteFunc(slices.Clone(read), func(id mastodon.ID) bool { return !slices.Contains(made, id) })
	if reversed {
		slices.Reverse(read)
	}
	if !slices.Equal(read, made) {
		s.t.Errorf("paging %s: read %d posts, made %d, or in another order", way, len(read), len(made))
	}
}

func (s *story) poll() {
	made := s.post(s.alice, mastodon.Toot{Status: "dusk or dawn?", Poll: &mastodon.TootPoll{Options: []string{"dusk", "dawn"}, ExpiresInSeconds: 2}})
	voted := must(s.bob.PollVote(s.t.Context(), made.Poll.ID, 1))(s.t)
	if !voted.Voted || voted.Options[1].VotesCount != 1 {
		s.t.Errorf("vote: %+v", voted)
	}
	await(s.t, "the poll ends", func() bool { return must(s.bob.GetPoll(s.t.Context(), made.Poll.ID))(s.t).Expired })
}

func (s *story) marks() {
	made := s.post(s.alice, mastodon.Toot{Status: "worth keeping"})
	if got := must(s.bob.Favourite(s.t.Context(), made.ID))(s.t); got.FavouritesCount != 1 {
		s.t.Errorf("favourite: %d", got.FavouritesCount)
	}
	if got := must(s.bob.Reblog(s.t.Context(), made.ID))(s.t); got.Reblog == nil || got.Reblog.ID != made.ID {
		s.t.Errorf("boost: %+v", got)
	}
	if got := must(s.bob.Bookmark(s.t.Context(), made.ID))(s.t); got.Bookmarked != true {
		s.t.Errorf("bookmark: %v", got.Bookmarked)
	}
	if got := ids(must(s.bob.GetFavourites(s.t.Context(), nil))(s.t)); !slices.Equal(got, []mastodon.ID{made.ID}) {
		s.t.Errorf("favourites: %v", got)
	}
	if err := s.alice.DeleteStatus(s.t.Context(), made.ID); err != nil {
		s.t.Error(err)
	}
	if _, err := s.bob.GetStatus(s.t.Context(), made.ID); err == nil {
		s.t.Error("a deleted post is still there")
	}
}

func (s *story) list() {
	l := must(s.bob.CreateList(s.t.Context(), "Owners"))(s.t)
	if err := s.bob.AddToList(s.t.Context(), l.ID, s.me.ID); err != nil {
		s.t.Fatal(err)
	}
	made := s.post(s.alice, mastodon.Toot{Status: "for the list"})
	await(s.t, "the post in the list", func() bool {
		return slices.Contains(ids(must(s.bob.GetTimelineList(s.t.Context(), l.ID, nil))(s.t)), made.ID)
	})
	if err := s.bob.DeleteList(s.t.Context(), l.ID); err != nil {
		s.t.Error(err)
	}
}
