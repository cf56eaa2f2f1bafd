package mastoapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// walk follows the links in one direction and returns all ids in the order
// in which the entries stand on the whole list, newest first.
func walk(t *testing.T, cl *testkit.Client, path, rel string) []string {
	t.Helper()
	var all []string
	for n := 0; path != "" && n < 50; n++ {
		a := cl.GET(path)
		var ids []string
		for _, o := range a.List() {
			ids = append(ids, o.Str("id"))
		}
		if rel == "next" {
			all = append(all, ids...)
		} else {
			all = append(ids, all...)
		}
		path = a.Link(rel)
	}
	return all
}

// TestPagingBothWays reads every list of statuses by its links downwards and
// upwards: both ways give all entries, once each (behaviours 4).
func TestPagingBothWays(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	list := c.As("bob").POST("/api/v1/lists", testkit.F("title", "l")).Object()
	c.As("bob").POST("/api/v1/lists/"+list.Str("id")+"/accounts", testkit.F("account_ids[]", c.Person("alice").ID.String())).OK()
	var posts []string
	for range 11 {
		s := c.Post("alice", "one more #post")
		posts = append([]string{s.Str("id")}, posts...)
	}
	for _, id := range slices.Backward(posts) {
		c.As("bob").POST("/api/v1/statuses/"+id+"/favourite", nil).OK()
		c.As("bob").POST("/api/v1/statuses/"+id+"/bookmark", nil).OK()
	}
	c.Settle()
	for _, path := range []string{
		"/api/v1/timelines/home?limit=3", "/api/v1/timelines/public?limit=3", "/api/v1/timelines/public?limit=3&local=true",
		"/api/v1/timelines/tag/post?limit=3", "/api/v1/timelines/tag/none?any[]=post&limit=3", "/api/v1/timelines/list/" + list.Str("id") + "?limit=3",
		"/api/v1/accounts/" + c.Person("alice").ID.String() + "/statuses?limit=3", "/api/v1/favourites?limit=3", "/api/v1/bookmarks?limit=3",
	} {
		bob := c.As("bob")
		if got := walk(t, bob, path, "next"); !slices.Equal(got, posts) {
			t.Errorf("%s downwards: %v", path, got)
		}
		if got := walk(t, bob, path+"&min_id=1", "prev"); !slices.Equal(got, posts) {
			t.Errorf("%s upwards: %v", path, got)
		}
	}
	newest := c.As("bob").GET("/api/v1/timelines/home?limit=2&since_id=" + posts[8]).List()
	if len(newest) != 2 || newest[0].Str("id") != posts[0] {
		t.Errorf("since_id gives %v", newest)
	}
	if a := c.As("bob").GET("/api/v1/timelines/home?min_id=" + posts[0]); string(a.Body) != "[]" || a.Header.Get("Link") != "" {
		t.Errorf("an empty page is %s with %q", a.Body, a.Header.Get("Link"))
	}
}

// TestStatementsPerPage holds each page of 20 to its number of statements.
func TestStatementsPerPage(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	first := c.Post("alice", "the first #post")
	for range 24 {
		c.As("alice").POST("/api/v1/statuses", testkit.F("status", "@bob more #post", "in_reply_to_id", first.Str("id"))).OK()
	}
	c.Settle()
	statements := func(path string) int64 {
		ctx, n := store.CountStatements(context.Background())
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, c.Config.BaseURL()+path, nil)
		r.Header.Set("Authorization", "Bearer "+c.Person("bob").Token)
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK || strings.Count(w.Body.String(), `"uri":"`+c.Config.BaseURL()+"/users/alice/statuses/") < 20 {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return n.Load()
	}
	statements("/api/v1/timelines/home") // knows the token, fills the caches
	for path, want := range map[string]int64{
		"/api/v1/timelines/home":   1, // the page
		"/api/v1/timelines/public": 3, // languages wanted, ids, page
		"/api/v1/accounts/" + c.Person("alice").ID.String() + "/statuses": 3, // account, ids, page
		"/api/v1/timelines/tag/post":                                      3, // tag, ids, page
		"/api/v1/statuses/" + first.Str("id") + "/context":                4, // status, up, down, page
		"/api/v1/notifications":                                           3, // notifications, accounts, page
		"/api/v2/notifications":                                           3, // none of several in a group
	} {
		statements(path) // once in ten minutes a profile asks whether it is complete
		if got := statements(path); got != want {
			t.Errorf("%s took %d statements, not %d", path, got, want)
		}
	}
	if got := statements("/api/v1/timelines/home?max_id=" + domain.MaxID.String()); got != 1 {
		t.Errorf("a home page with a cursor took %d statements", got)
	}
}

// holds tells whether the texts stand on the list, in any order, and nothing else.
func holds(t *testing.T, cl *testkit.Client, path string, want ...string) {
	t.Helper()
	var got []string
	for _, s := range cl.GET(path).List() {
		if r := s.Obj("reblog"); r != nil {
			got = append(got, "boost of "+plain(r))
		} else {
			got = append(got, plain(s))
		}
	}
	want = slices.Sorted(slices.Values(want))
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %q, not %q", path, got, want)
	}
}

func plain(s testkit.Object) string {
	return strings.TrimSuffix(strings.TrimPrefix(s.Str("content"), "<p>"), "</p>")
}

// TestWhatIsOnHome tells the column "home" of behaviours 11 as a story.
func TestWhatIsOnHome(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("alice", "bob")
	c.Follow("alice", "carol")
	reply := func(name, text string, to testkit.Object) testkit.Object {
		return c.As(name).POST("/api/v1/statuses", testkit.F("status", text, "in_reply_to_id", to.Str("id"))).Object()
	}
	c.Post("alice", "own, direct", "visibility", "direct")
	bobs := c.Post("bob", "public")
	c.Post("bob", "unlisted", "visibility", "unlisted")
	c.Post("bob", "private", "visibility", "private")
	c.Post("bob", "direct to nobody", "visibility", "direct")
	erins := c.Post("erin", "stranger")
	c.Post("dave", "another stranger")
	reply("bob", "own thread", bobs)
	reply("carol", "to a followed one", bobs)
	reply("carol", "to a stranger", erins)
	c.As("bob").POST("/api/v1/statuses/"+erins.Str("id")+"/reblog", nil).OK()
	c.As("carol").POST("/api/v1/statuses/"+erins.Str("id")+"/reblog", nil).OK()
	c.As("carol").POST("/api/v1/statuses/"+bobs.Str("id")+"/reblog", nil).OK()
	c.Settle()
	home := "/api/v1/timelines/home"
	all := []string{"own, direct", "public", "unlisted", "private", "own thread", "to a followed one", "boost of stranger"}
	holds(t, c.As("alice"), home, all...)

	c.As("alice").POST("/api/v1/accounts/"+c.Person("erin").ID.String()+"/mute", nil).OK()
	holds(t, c.As("alice"), home, all[:6]...)
	c.As("alice").POST("/api/v1/accounts/"+c.Person("erin").ID.String()+"/unmute", nil).OK()
	holds(t, c.As("alice"), home, all...)

	c.As("alice").POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/follow", testkit.F("reblogs", "false")).OK()
	c.As("alice").POST("/api/v1/accounts/"+c.Person("carol").ID.String()+"/follow", testkit.F("reblogs", "false")).OK()
	holds(t, c.As("alice"), home, all[:6]...)

	c.As("bob").DELETE("/api/v1/statuses/"+bobs.Str("id"), nil).OK()
	c.Settle()
	holds(t, c.As("alice"), home, "own, direct", "unlisted", "private")
	c.As("alice").POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/unfollow", nil).OK()
	holds(t, c.As("alice"), home, "own, direct")
}

// TestWhatIsOnPublicAndTag tells the columns "public" and "tag" of behaviours 11.
func TestWhatIsOnPublicAndTag(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	first := c.Post("bob", "public")
	c.Post("bob", "unlisted", "visibility", "unlisted")
	c.As("carol").POST("/api/v1/statuses", testkit.F("status", "reply", "in_reply_to_id", first.Str("id"))).OK()
	c.As("bob").POST("/api/v1/statuses", testkit.F("status", "thread", "in_reply_to_id", first.Str("id"))).OK()
	c.As("carol").POST("/api/v1/statuses/"+first.Str("id")+"/reblog", nil).OK()
	c.Post("dave", "in French", "language", "fr")
	c.Settle()
	for _, cl := range []*testkit.Client{c.Anonymous(), c.As("alice")} {
		holds(t, cl, "/api/v1/timelines/public", "public", "thread", "in French")
		holds(t, cl, "/api/v1/timelines/public?local=true", "public", "thread", "in French")
		holds(t, cl, "/api/v1/timelines/public?remote=true")
		holds(t, cl, "/api/v1/timelines/public?only_media=true")
	}
	c.As("alice").POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/mute", nil).OK()
	holds(t, c.As("alice"), "/api/v1/timelines/public", "in French")
	c.As("dave").POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/block", nil).OK()
	holds(t, c.As("alice"), "/api/v1/timelines/public")

	tag := func(text string) { c.Post("erin", text) }
	tag("#one")
	tag("#one #two")
	tag("#two #three")
	count := func(query string, n int) {
		t.Helper()
		if l := c.Anonymous().GET("/api/v1/timelines/tag/" + query).List(); len(l) != n {
			t.Errorf("%s has %d statuses, not %d", query, len(l), n)
		}
	}
	count("one", 2)
	count("ONE", 2)
	count("one?any[]=three", 3)
	count("one?all[]=two", 1)
	count("one?none[]=two", 1)
	count("one?all[]=unheard", 0)
	count("unheard", 0)
}

// TestThreadOrder tells behaviours 8.14 and the holes in a thread.
func TestThreadOrder(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	reply := func(name, text string, to testkit.Object, more ...string) testkit.Object {
		return c.As(name).POST("/api/v1/statuses", testkit.F(append([]string{"status", text, "in_reply_to_id", to.Str("id")}, more...)...)).Object()
	}
	root := c.Post("alice", "root")
	b1 := reply("bob", "b1", root)
	c1 := reply("carol", "c1", root)
	a1 := reply("alice", "a1", root)
	reply("alice", "a2", a1)
	b2 := reply("carol", "b2", b1)
	secret := reply("dave", "secret", b2, "visibility", "private")
	reply("dave", "under the secret", secret)
	reply("erin", "c2", c1)
	order := func(cl *testkit.Client, id, key string) string {
		var words []string
		list, _ := cl.GET("/api/v1/statuses/" + id + "/context").Object()[key].([]any)
		for _, s := range list {
			o, _ := s.(map[string]any)
			words = append(words, plain(o))
		}
		return strings.Join(words, " ")
	}
	if got, want := order(c.Anonymous(), root.Str("id"), "descendants"), "a1 a2 b1 b2 under the secret c1 c2"; got != want {
		t.Errorf("descendants are %q, not %q", got, want)
	}
	c.As("erin").POST("/api/v1/accounts/"+c.Person("carol").ID.String()+"/mute", nil).OK()
	if got, want := order(c.As("erin"), root.Str("id"), "descendants"), "a1 a2 b1 under the secret c2"; got != want {
		t.Errorf("descendants without carol are %q, not %q", got, want)
	}
	if got, want := order(c.As("dave"), secret.Str("id"), "ancestors"), "root b1 b2"; got != want {
		t.Errorf("ancestors are %q, not %q", got, want)
	}
}
