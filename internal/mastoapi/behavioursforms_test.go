package mastoapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// The tests of this file hold the forms of requests, answers and pages
// (behaviours 1 to 5).

// TestNamesInPaths: hashtags in any script stand in paths, written as apps write
// them, with a slash at the end or without (behaviours 1.8).
func TestNamesInPaths(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	for _, name := range []string{"猫", "Ünïcode", "кот", "ไทย", "كتاب", "a·b"} {
		p := c.Post("bob", "#"+name)
		c.Settle()
		at := "/api/v1/tags/" + url.PathEscape(name)
		if o := alice.GET(at).Object(); !strings.EqualFold(o.Str("name"), name) {
			t.Errorf("%s is called %q", name, o.Str("name"))
		}
		if o := alice.POST(at+"/follow", nil).Object(); !o.Bool("following") {
			t.Errorf("%s: %v", name, o)
		}
		for _, path := range []string{"/api/v1/timelines/tag/" + url.PathEscape(name), "/api/v1/timelines/tag/" + url.PathEscape(name) + "/", "/api/v1/timelines/tag/" + name} {
			if got := ids(alice.GET(path).List()); !slices.Equal(got, []string{p.Str("id")}) {
				t.Errorf("%s has %v", path, got)
			}
		}
	}
	if got := alice.GET("/api/v1/followed_tags").List(); len(got) != 6 {
		t.Errorf("alice follows %v", pluck(got, "name"))
	}
}

// TestArraysAreThere: arrays are empty, never null, and ids are texts (behaviours
// 2.2, 2.5).
func TestArraysAreThere(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	crowdOf(t, c, 1, func(*store.Tx, domain.ID) error { return nil })
	plain := c.Post("bob", "plain")
	arrays := func(what string, o testkit.Object, keys ...string) {
		t.Helper()
		for _, key := range keys {
			if list, ok := o[key].([]any); !ok || list == nil {
				t.Errorf("%s of %s is %v", key, what, o[key])
			}
		}
		if _, ok := o["id"].(string); !ok {
			t.Errorf("the id of %s is %v", what, o["id"])
		}
	}
	for _, cl := range []*testkit.Client{c.Anonymous(), c.As("alice"), c.As("bob")} {
		arrays("a post", cl.GET("/api/v1/statuses/"+plain.Str("id")).Object(), "media_attachments", "mentions", "tags", "emojis", "tagged_collections")
		arrays("bob", cl.GET("/api/v1/accounts/"+c.Person("bob").ID.String()).Object(), "emojis", "fields", "roles")
		arrays("somebody elsewhere", cl.GET("/api/v1/accounts/lookup?acct=p0@far.example").Object(), "emojis", "fields")
	}
	role := c.As("alice").GET("/api/v1/accounts/verify_credentials").Object().Obj("role")
	if bits, ok := role["permissions"].(string); !ok || !regexp.MustCompile(`^\d+$`).MatchString(bits) {
		t.Errorf("permissions are %v", role["permissions"])
	}
}

// TestOrdersOfLists: newest first, but for what one made oneself (behaviours 4.2).
func TestOrdersOfLists(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	for _, title := range []string{"one", "two", "three"} {
		alice.POST("/api/v1/lists", testkit.F("title", title)).OK()
	}
	if got := pluck(alice.GET("/api/v1/lists").List(), "title"); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("lists: %v", got)
	}
	for _, name := range []string{"bob", "carol", "dave"} {
		alice.POST(account(c, name, "block"), nil).OK()
	}
	if got := names(alice.GET("/api/v1/blocks").List()); !slices.Equal(got, []string{"dave", "carol", "bob"}) {
		t.Errorf("blocks: %v", got)
	}
}

// TestSizesOfOtherPages goes on where TestSizesOfPages ends (behaviours 4.6).
func TestSizesOfOtherPages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	bob, carol := c.As("bob"), c.Person("carol").ID
	crowdOf(t, c, 90, func(tx *store.Tx, who domain.ID) error {
		if err := tx.SaveFollow(&domain.Follow{Account: carol, Target: who}); err != nil {
			return err
		}
		return tx.SaveFollow(&domain.Follow{Account: who, Target: c.Person("bob").ID, Pending: true})
	})
	c.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("indexable", "true")).OK()
	made := c.As("carol").POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
	members := testkit.Form{}
	for _, o := range c.As("carol").GET(account(c, "carol", "following?limit=80")).List() {
		members.Add("account_ids[]", o.Str("id"))
	}
	c.As("carol").POST("/api/v1/lists/"+made+"/accounts", members).OK()
	for i := range 45 {
		p := c.Post("carol", fmt.Sprintf("words #tag%d", i))
		bob.POST(status(p, "favourite"), nil).OK()
		bob.POST(status(p, "bookmark"), nil).OK()
		c.Post("bob", fmt.Sprint("note ", i), "visibility", "direct")
		c.As("dave").POST("/api/v1/collections", testkit.F("name", fmt.Sprint("c", i))) // as many as there may be
	}
	for i := range 205 {
		bob.POST(fmt.Sprintf("/api/v1/tags/follow%d/follow", i), nil).OK()
	}
	for i := range 105 {
		c.Post("erin", fmt.Sprint("@bob ", i))
	}
	c.Settle()
	for path, want := range map[string][2]int{
		"/api/v1/favourites?":                      {20, 40},
		"/api/v1/bookmarks?":                       {20, 40},
		"/api/v1/conversations?":                   {20, 40},
		"/api/v1/follow_requests?":                 {40, 80},
		"/api/v1/followed_tags?":                   {100, 200},
		account(c, "carol", "following?"):          {40, 80},
		"/api/v2/search?type=statuses&q=words&":    {20, 40},
		"/api/v2/search?type=hashtags&q=tag&":      {20, 40},
		"/api/v2/search?type=accounts&q=p&":        {20, 40},
		"/api/v1/timelines/home?":                  {20, 40},
		"/api/v1/timelines/tag/tag0?any[]=nothing": {1, 1},
	} {
		for query, n := range map[string]int{"": want[0], "limit=1000": want[1]} {
			a := bob.GET(path + query).OK()
			var got int
			if kind := regexp.MustCompile(`type=(\w+)`).FindStringSubmatch(path); kind != nil {
				got = len(list(a.Object(), kind[1]))
				if a.Header.Get("Link") != "" {
					t.Errorf("%s: a search has links: %s", path, a.Header.Get("Link"))
				}
			} else {
				got = len(a.List())
			}
			if got != n {
				t.Errorf("%s%s has %d, not %d", path, query, got, n)
			}
		}
	}
	for query, n := range map[string]int{"": 40, "?limit=1000": 80} {
		if got := c.As("carol").GET("/api/v1/lists/" + made + "/accounts" + query).List(); len(got) != n {
			t.Errorf("the list%s has %d members, not %d", query, len(got), n)
		}
	}
	for _, v := range []string{"1", "2"} {
		path := "/api/v" + v + "/notifications/unread_count"
		for query, n := range map[string]float64{"": 100, "?limit=1000": 105} {
			if got := bob.GET(path + query).Object().Num("count"); got != n {
				t.Errorf("%s%s: %v, not %v", path, query, got, n)
			}
		}
	}
	for _, path := range []string{"/api/v1/accounts/search?q=p&limit=2", "/api/v1/directory?limit=1", "/api/v2/suggestions?limit=1", "/api/v1/suggestions?limit=1"} {
		if got := bob.GET(path).OK().Header.Get("Link"); got != "" {
			t.Errorf("%s has links: %s", path, got)
		}
	}
}

// TestPagesThatLeaveSomebodyOut lead on: whether there is a next page is decided
// before those are left out who are not shown (behaviours 4.4).
func TestPagesThatLeaveSomebodyOut(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Join("mod", domain.RoleModerator)
	for _, name := range []string{"bob", "carol", "dave", "erin"} {
		c.Follow(name, "alice")
		c.Follow("alice", name)
		c.As("alice").POST(status(c.Post(name, "hello"), "favourite"), nil).OK()
	}
	for _, name := range []string{"dave", "carol"} {
		c.As("mod").POST("/api/v1/admin/accounts/"+c.Person(name).ID.String()+"/action", testkit.F("type", "suspend")).OK()
	}
	c.Settle()
	who := map[string]func(testkit.Object) string{
		account(c, "alice", "followers?limit=1"): func(o testkit.Object) string { return o.Str("username") },
		account(c, "alice", "following?limit=1"): func(o testkit.Object) string { return o.Str("username") },
		"/api/v1/favourites?limit=1":             func(o testkit.Object) string { return o.Obj("account").Str("username") },
	}
	for path, name := range who {
		var got []string
		at := path
		for n := 0; at != "" && n < 9; n++ {
			a := c.As("alice").GET(at)
			for _, o := range a.List() {
				got = append(got, name(o))
			}
			at = a.Link("next")
		}
		if !slices.Equal(got, []string{"erin", "bob"}) {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// TestCursorsNeedNotExist: an id is a place in the order, whatever became of what
// it named (behaviours 4.1), and timelines link on from a short page (4.4).
func TestCursorsNeedNotExist(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	var posts []string
	for i := range 5 {
		posts = append(posts, c.Post("bob", fmt.Sprint(i)).Str("id"))
		c.Clock.Add(time.Second)
	}
	c.As("bob").DELETE("/api/v1/statuses/"+posts[2], nil).OK()
	c.Settle()
	path := "/api/v1/timelines/public?"
	for query, want := range map[string][]string{
		"max_id=" + posts[2]:                           {posts[1], posts[0]},
		"min_id=" + posts[2]:                           {posts[4], posts[3]},
		"since_id=" + posts[2]:                         {posts[4], posts[3]},
		"min_id=" + posts[0] + "&max_id=" + posts[4]:   {posts[3], posts[1]},
		"since_id=" + posts[0] + "&min_id=" + posts[3]: {posts[4]},
		"limit=1&min_id=" + posts[0]:                   {posts[1]}, // the page next to the cursor
		"limit=1&since_id=" + posts[0]:                 {posts[4]}, // the newest, with a gap
	} {
		if got := ids(c.As("alice").GET(path + query).List()); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	c.Follow("alice", "bob")
	for _, path := range []string{"/api/v1/timelines/public", "/api/v1/timelines/home", account(c, "bob", "statuses")} {
		if a := c.As("alice").GET(path); a.Link("next") == "" || a.Link("prev") == "" {
			t.Errorf("a short page of %s links to %q", path, a.Header.Get("Link"))
		}
	}
}

// TestLinksOfOtherPages goes on where TestLinksOfPages ends (behaviours 4.3 to
// 4.5).
func TestLinksOfOtherPages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
	for _, name := range []string{"carol", "dave", "erin"} {
		c.As(name).POST(account(c, "bob", "follow"), nil).OK()
		c.Post(name, "@bob psst", "visibility", "direct")
		c.As("alice").POST(account(c, name, "block"), nil).OK()
	}
	c.Settle()
	for path, back := range map[string][2]string{
		"/api/v1/follow_requests": {"bob", "since_id="}, "/api/v1/notifications/requests": {"bob", "min_id="}, "/api/v1/blocks": {"alice", "since_id="},
	} {
		cl := c.As(back[0])
		a := cl.GET(path + "?limit=2")
		next, prev := a.Link("next"), a.Link("prev")
		if len(a.List()) != 2 || !strings.Contains(next, "max_id=") || !strings.Contains(prev, back[1]) {
			t.Errorf("%s: %d, %s", path, len(a.List()), a.Header.Get("Link"))
		}
		rest := cl.GET(next)
		if len(rest.List()) != 1 || rest.Link("next") != "" {
			t.Errorf("%s: the rest is %d, %s", path, len(rest.List()), rest.Header.Get("Link"))
		}
		if a := cl.GET(path + "?max_id=1"); len(a.List()) != 0 || a.Header.Get("Link") != "" {
			t.Errorf("%s: an empty page has %q", path, a.Header.Get("Link"))
		}
		at, err := url.Parse(next)
		if err != nil {
			t.Fatal(err)
		}
		id, _ := domain.ParseID(at.Query().Get("max_id"))
		if made := time.UnixMilli(int64(id) >> 16); c.Clock.Now().Sub(made).Abs() > time.Hour {
			t.Errorf("%s: the cursor %s is of %v, not of when the row was made", path, id, made)
		}
	}
}

// TestLimitedFederationNeedsALogin: a community that speaks with few shows itself
// to its members alone (behaviours 2.7).
func TestLimitedFederationNeedsALogin(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	p := c.Post("bob", "hello")
	c.Configure(func(s *testkit.Settings) { s.LimitedFederation = true })
	for _, path := range []string{
		"/api/v1/statuses/" + p.Str("id"), status(p, "context"), "/api/v1/timelines/public", "/api/v1/accounts/" + c.Person("bob").ID.String(),
		account(c, "bob", "statuses"), "/api/v2/search?q=bobby", "/api/v1/directory", "/api/v1/trends/tags", "/api/v1/instance/peers",
		"/api/v1/custom_emojis", "/api/oembed?url=" + url.QueryEscape(p.Str("url")),
	} {
		for who, cl := range map[string]*testkit.Client{"a visitor": c.Anonymous(), "an app": c.WithToken(appToken(t, c, "read"))} {
			if a := cl.GET(path); a.Status != http.StatusUnauthorized || strings.Contains(string(a.Body), "hello") {
				t.Errorf("%s to %s: %d", path, who, a.Status)
			}
		}
		c.As("alice").GET(path).OK()
	}
	for _, path := range []string{"/api/v1/instance", "/api/v2/instance", "/api/v1/instance/rules", "/api/v1/streaming/health"} { // behaviours 20.4
		c.Anonymous().GET(path).OK()
	}
}
