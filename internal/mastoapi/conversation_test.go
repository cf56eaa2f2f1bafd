package mastoapi_test

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// whisper posts a direct status.
func whisper(c *testkit.Community, name, text string, pairs ...string) testkit.Object {
	c.T.Helper()
	s := c.Post(name, text, append([]string{"visibility", "direct"}, pairs...)...)
	c.Settle()
	return s
}

func conversations(t *testing.T, c *testkit.Community, name string) []testkit.Object {
	t.Helper()
	return c.As(name).In(t).GET("/api/v1/conversations").List()
}

func TestConversationStory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Follow("alice", "bob")
		first := whisper(c, "bob", "@alice @carol psst")
		mine := conversations(t, c, "alice")
		if len(mine) != 1 || !mine[0].Bool("unread") || mine[0].Obj("last_status").Str("id") != first.Str("id") {
			t.Fatalf("alice sees %v", mine)
		}
		if got := names(objects(mine[0]["accounts"])); !slices.Equal(slices.Sorted(slices.Values(got)), []string{"bob", "carol"}) {
			t.Errorf("the others are %q", got)
		}
		if own := conversations(t, c, "bob"); len(own) != 1 || own[0].Bool("unread") {
			t.Errorf("bob sees %v", own)
		}
		if l := conversations(t, c, "carol"); len(l) != 0 {
			t.Errorf("carol does not follow bob, but sees %v", l)
		}
		path := "/api/v1/conversations/" + mine[0].Str("id")
		if o := c.As("alice").POST(path+"/read", nil).Object(); o.Bool("unread") {
			t.Errorf("read: %v", o)
		}
		if o := c.As("alice").POST(path+"/unread", nil).Object(); !o.Bool("unread") {
			t.Errorf("unread: %v", o)
		}
		answer := whisper(c, "alice", "@bob @carol yes?", "in_reply_to_id", first.Str("id"))
		mine = conversations(t, c, "alice")
		if len(mine) != 1 || mine[0].Bool("unread") || mine[0].Obj("last_status").Str("id") != answer.Str("id") {
			t.Errorf("posting marks read: %v", mine)
		}
		if l := conversations(t, c, "bob"); len(l) != 1 || !l[0].Bool("unread") {
			t.Errorf("bob, who was answered, sees %v", l)
		}
		c.As("alice").DELETE(path, nil).OK()
		if l := conversations(t, c, "alice"); len(l) != 0 {
			t.Errorf("hidden, but %v", l)
		}
		c.As("alice").GET("/api/v1/statuses/" + first.Str("id")).OK()
		again := whisper(c, "bob", "@alice @carol well", "in_reply_to_id", answer.Str("id"))
		mine = conversations(t, c, "alice")
		if len(mine) != 1 || "/api/v1/conversations/"+mine[0].Str("id") != path || mine[0].Obj("last_status").Str("id") != again.Str("id") {
			t.Errorf("shown again: %v", mine)
		}
		c.As("bob").DELETE("/api/v1/statuses/"+again.Str("id"), nil).OK()
		c.Settle()
		mine = conversations(t, c, "alice")
		if len(mine) != 1 || mine[0].Bool("unread") || mine[0].Obj("last_status").Str("id") != answer.Str("id") {
			t.Errorf("after the deletion: %v", mine)
		}
	})
}

func TestConversationLastStatusIsNullWhenGone(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	s := whisper(c, "alice", "to myself")
	l := conversations(t, c, "alice")
	if len(l) != 1 || !slices.Equal(names(objects(l[0]["accounts"])), []string{"alice"}) {
		t.Fatalf("alone: %v", l)
	}
	c.As("alice").DELETE("/api/v1/statuses/"+s.Str("id"), nil).OK()
	if l := conversations(t, c, "alice"); len(l) != 1 || l[0]["last_status"] != nil {
		t.Errorf("before the jobs: %v", l)
	}
	c.Settle()
	if l := conversations(t, c, "alice"); len(l) != 0 {
		t.Errorf("after the jobs: %v", l)
	}
}

func TestStrangersDoNotOpenConversations(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	whisper(c, "bob", "@alice buy my watches")
	if l := conversations(t, c, "alice"); len(l) != 0 {
		t.Errorf("a stranger opened %v", l)
	}
	hello := whisper(c, "alice", "@bob hello")
	whisper(c, "bob", "@alice oh hello", "in_reply_to_id", hello.Str("id"))
	if l := conversations(t, c, "alice"); len(l) != 1 || !l[0].Bool("unread") {
		t.Errorf("an answer should be there: %v", l)
	}
	c.As("alice").POST(account(c, "bob", "block"), nil).OK()
	whisper(c, "bob", "@alice why")
	if l := conversations(t, c, "alice"); len(l) != 0 {
		t.Errorf("one who is blocked wrote: %v", l)
	}
}

func TestConversationsPage(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		want := []string{}
		for range 7 {
			want = append([]string{whisper(c, "alice", "note").Str("id")}, want...)
		}
		got, path := []string{}, "/api/v1/conversations?limit=3"
		pages := 0
		last := path
		for ; path != ""; pages++ {
			last = path
			a := c.As("alice").In(t).GET(path)
			for _, o := range a.List() {
				got = append(got, o.Obj("last_status").Str("id"))
			}
			path = a.Link("next")
		}
		if !slices.Equal(got, want) || pages != 3 {
			t.Errorf("%d pages, %q, want %q", pages, got, want)
		}
		back := c.As("alice").In(t).GET(c.As("alice").In(t).GET(last).Link("prev") + "&limit=3").List()
		if len(back) != 3 || back[2].Obj("last_status").Str("id") != want[5] {
			t.Errorf("the page before the last: %v", back)
		}
	})
}

func TestSEC31_ConversationsOfOthersAreAbsent(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("alice", "bob")
	whisper(c, "bob", "@alice psst")
	path := "/api/v1/conversations/" + conversations(t, c, "alice")[0].Str("id")
	for _, who := range []string{"bob", "carol"} {
		c.As(who).POST(path+"/read", nil).Error(http.StatusNotFound)
		c.As(who).POST(path+"/unread", nil).Error(http.StatusNotFound)
		c.As(who).DELETE(path, nil).Error(http.StatusNotFound)
	}
	c.As("alice").POST("/api/v1/conversations/x/read", nil).Error(http.StatusNotFound)
	if l := conversations(t, c, "alice"); len(l) != 1 || !l[0].Bool("unread") {
		t.Errorf("alice sees %v", l)
	}
}

// message is what the naive model of TestConversationsEqualTheirHistory knows.
type message struct {
	id, thread, author string
	people             []string // author included, sorted
}

// TestConversationsEqualTheirHistory lets people who follow each other write,
// answer and delete at random and holds the lists to a plain recount.
func TestConversationsEqualTheirHistory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		people := []string{"alice", "bob", "carol"}
		for _, a := range people {
			for _, b := range people {
				if a != b {
					c.Follow(a, b)
				}
			}
		}
		random := rand.New(rand.NewPCG(11, 8))
		var history []message
		for range 60 {
			author := people[random.IntN(len(people))]
			if len(history) > 0 && random.IntN(4) == 0 {
				i := random.IntN(len(history))
				m := history[i]
				c.As(m.author).In(t).DELETE("/api/v1/statuses/"+m.id, nil).OK()
				history = slices.Delete(history, i, i+1)
				if random.IntN(2) == 0 {
					c.Settle()
				}
				continue
			}
			m := message{author: author, people: []string{author}}
			text := "psst"
			for _, other := range people {
				if other != author && random.IntN(2) == 0 {
					text, m.people = "@"+other+" "+text, append(m.people, other)
				}
			}
			slices.Sort(m.people)
			pairs := []string{"visibility", "direct"}
			if len(history) > 0 && random.IntN(2) == 0 {
				if to := history[random.IntN(len(history))]; slices.Contains(to.people, author) {
					pairs, m.thread = append(pairs, "in_reply_to_id", to.id), to.thread
				}
			}
			m.id = c.Post(author, text, pairs...).Str("id")
			m.thread = cmp.Or(m.thread, m.id)
			history = append(history, m)
			if random.IntN(2) == 0 {
				c.Settle()
			}
		}
		c.Settle()
		for _, who := range people {
			got := []string{}
			for _, o := range c.As(who).In(t).GET("/api/v1/conversations?limit=40").List() {
				last := o.Obj("last_status")
				if o.Bool("unread") && last.Obj("account").Str("username") == who {
					t.Errorf("%s has not read an own status", who)
				}
				got = append(got, last.Str("id"))
			}
			if want := recount(history, who); !slices.Equal(got, want) {
				t.Errorf("%s sees %q, want %q", who, got, want)
			}
		}
	})
}

// recount is the last status of each of who's conversations, newest first.
func recount(history []message, who string) []string {
	last := map[string]string{}
	for _, m := range history {
		if key := m.thread + strings.Join(m.people, ","); slices.Contains(m.people, who) {
			last[key] = max(last[key], m.id)
		}
	}
	out := []string{}
	for _, id := range last {
		out = append(out, id)
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}
