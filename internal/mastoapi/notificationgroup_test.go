package mastoapi_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"coterie/internal/store"
	"coterie/internal/testkit"
)

// list is an array of objects in o.
func list(o testkit.Object, key string) []testkit.Object {
	items, _ := o[key].([]any)
	var out []testkit.Object
	for _, v := range items {
		m, _ := v.(map[string]any)
		out = append(out, m)
	}
	return out
}

// groups are the groups of an answer, newest first: "type count".
func groups(o testkit.Object) []string {
	out := []string{}
	for _, g := range list(o, "notification_groups") {
		out = append(out, fmt.Sprintf("%s %v", g.Str("type"), g["notifications_count"]))
	}
	return out
}

func ids(items []testkit.Object) []string {
	out := []string{}
	for _, o := range items {
		out = append(out, o.Str("id"))
	}
	return out
}

// popular is a community where alice's post was favourited by bob, then she
// was mentioned, then carol and dave favourited it and followed her.
func popular(c *testkit.Community) (post testkit.Object) {
	post = c.Post("alice", "Popular")
	step := func(name, path string) {
		c.As(name).POST(path, nil).OK()
		c.Settle()
	}
	c.As("alice").POST("/api/v1/notifications/clear", nil).OK()
	step("bob", status(post, "favourite"))
	c.Post("erin", "Hello @alice")
	c.Settle()
	step("carol", status(post, "favourite"))
	step("dave", status(post, "favourite"))
	step("carol", account(c, "alice", "follow"))
	step("dave", account(c, "alice", "follow"))
	return post
}

func TestGroupedNotifications(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		post := popular(c)
		alice := c.As("alice").In(t)
		page := alice.GET("/api/v2/notifications").Object()
		if got := groups(page); !slices.Equal(got, []string{"follow 2", "favourite 3", "mention 1"}) {
			t.Fatalf("groups: %v", got)
		}
		favourites := list(page, "notification_groups")[1]
		want := fmt.Sprint([]any{c.Person("dave").ID, c.Person("carol").ID, c.Person("bob").ID})
		if got := fmt.Sprint(favourites["sample_account_ids"]); got != want {
			t.Errorf("samples: %s, want %s", got, want)
		}
		if favourites.Str("status_id") != post.Str("id") {
			t.Errorf("of status %s", favourites.Str("status_id"))
		}
		if got := len(list(page, "accounts")); got != 4 {
			t.Errorf("%d accounts", got)
		}
		if got := len(list(page, "statuses")); got != 2 {
			t.Errorf("%d statuses", got)
		}
		ungrouped := alice.GET("/api/v1/notifications").List()
		if favourites.Str("page_max_id") != ungrouped[2].Str("id") || favourites.Str("page_min_id") != ungrouped[5].Str("id") {
			t.Errorf("the group is from %s to %s", favourites.Str("page_min_id"), favourites.Str("page_max_id"))
		}
		// As JavaScript reads it.
		if read := strconv.FormatFloat(favourites.Num("most_recent_notification_id"), 'f', 0, 64); read != ungrouped[2].Str("id") {
			t.Errorf("the newest is read as %s, want %s", read, ungrouped[2].Str("id"))
		}
		if favourites.Str("latest_page_notification_at") != ungrouped[2].Str("created_at") {
			t.Errorf("its newest is of %s", favourites.Str("latest_page_notification_at"))
		}
		if got := groups(alice.GET("/api/v2/notifications?grouped_types[]=follow").Object()); !slices.Equal(got, []string{"follow 2", "favourite 1", "favourite 1", "mention 1", "favourite 1"}) {
			t.Errorf("follows alone together: %v", got)
		}
		if got := groups(alice.GET("/api/v2/notifications?types[]=mention&types[]=follow&types[]=unknown").Object()); !slices.Equal(got, []string{"follow 2", "mention 1"}) {
			t.Errorf("two types: %v", got)
		}
		if got := groups(alice.GET("/api/v2/notifications?exclude_types[]=favourite&account_id=1").Object()); !slices.Equal(got, []string{"follow 2", "mention 1"}) {
			t.Errorf("without one type: %v", got)
		}
	})
}

// TestGroupsOnPages reads the same groups page by page, downwards and upwards:
// one that reaches over several pages stands on each.
func TestGroupsOnPages(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		popular(c)
		alice := c.As("alice").In(t)
		ungrouped := ids(alice.GET("/api/v1/notifications").List())
		pages := func(path, rel string) [][]string {
			var all [][]string
			for path != "" {
				a := alice.GET(path)
				o := a.Object()
				if path = a.Link(rel); len(list(o, "notification_groups")) > 0 {
					all = append(all, groups(o))
				}
			}
			return all
		}
		down := fmt.Sprint([][]string{{"follow 2", "favourite 3"}, {"favourite 2", "mention 1"}, {"favourite 1"}})
		if got := pages("/api/v2/notifications?limit=2", "next"); fmt.Sprint(got) != down {
			t.Errorf("downwards: %v, want %v", got, down)
		}
		// bob's favourite and the mention; the other two favourites and the first
		// follow; the second.
		up := fmt.Sprint([][]string{{"mention 1", "favourite 1"}, {"follow 1", "favourite 3"}, {"follow 2"}})
		if got := pages("/api/v2/notifications?limit=2&min_id="+below(ungrouped[5]), "prev"); fmt.Sprint(got) != up {
			t.Errorf("upwards: %v, want %v", got, up)
		}
		if got := groups(alice.GET("/api/v2/notifications?since_id=" + ungrouped[3]).Object()); !slices.Equal(got, []string{"follow 2", "favourite 3"}) {
			t.Errorf("since the first of two favourites: %v", got)
		}
		if got := groups(alice.GET("/api/v2/notifications?min_id=" + ungrouped[3]).Object()); !slices.Equal(got, []string{"follow 2", "favourite 3"}) {
			t.Errorf("all above the first of two favourites: %v", got)
		}
		a := alice.GET("/api/v2/notifications?min_id=" + ungrouped[0])
		if len(list(a.Object(), "notification_groups")) != 0 || a.Header.Get("Link") != "" {
			t.Errorf("above the newest: %s, link %q", a.Body, a.Header.Get("Link"))
		}
	})
}

// below is a smaller id.
func below(id string) string { return id[:len(id)-1] }

func TestPartialAccounts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	popular(c)
	page := c.As("alice").GET("/api/v2/notifications?expand_accounts=partial_avatars").Object()
	var whole, partial []string
	for _, a := range list(page, "accounts") {
		whole = append(whole, a.Str("acct"))
	}
	for _, a := range list(page, "partial_accounts") {
		partial = append(partial, a.Str("acct"))
		if len(a) != 7 || a.Str("avatar") == "" || a.Str("url") == "" {
			t.Errorf("a partial account: %v", a)
		}
	}
	if fmt.Sprint(whole, partial) != "[dave erin] [carol bob]" {
		t.Errorf("whole %v, partial %v", whole, partial)
	}
	if o := c.As("alice").GET("/api/v2/notifications?expand_accounts=full").Object(); o["partial_accounts"] != nil {
		t.Errorf("partial accounts without being asked: %v", o["partial_accounts"])
	}
	c.As("alice").GET("/api/v2/notifications?expand_accounts=avatars").Want(http.StatusBadRequest)
}

func TestOneGroup(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		popular(c)
		alice := c.As("alice").In(t)
		all := list(alice.GET("/api/v2/notifications").Object(), "notification_groups")
		path := "/api/v2/notifications/" + all[1].Str("group_key")
		one := alice.GET(path).Object()
		if got := groups(one); !slices.Equal(got, []string{"favourite 3"}) {
			t.Errorf("the group: %v", got)
		}
		if g := list(one, "notification_groups")[0]; g["page_min_id"] != nil || g["page_max_id"] != nil {
			t.Errorf("a group outside of pages: %v", g)
		}
		single := alice.GET("/api/v1/notifications?types[]=favourite").List()[0].Str("id")
		if got := groups(alice.GET("/api/v2/notifications/ungrouped-" + single).Object()); !slices.Equal(got, []string{"favourite 1"}) {
			t.Errorf("one of the group by its own id: %v", got)
		}
		people := alice.GET(path + "/accounts?limit=2")
		if got := ids(people.List()); !slices.Equal(got, []string{c.Person("dave").ID.String(), c.Person("carol").ID.String()}) {
			t.Errorf("accounts: %v", got)
		}
		if got := ids(alice.GET(people.Link("next")).List()); !slices.Equal(got, []string{c.Person("bob").ID.String()}) {
			t.Errorf("accounts of the next page: %v", got)
		}
		// SEC-31: to others the key means nothing.
		c.As("bob").In(t).GET(path).Want(http.StatusNotFound)
		c.As("bob").In(t).GET("/api/v2/notifications/ungrouped-" + single).Want(http.StatusNotFound)
		if got := c.As("bob").In(t).GET(path + "/accounts").List(); len(got) != 0 {
			t.Errorf("accounts for somebody else: %v", got)
		}
		c.As("bob").In(t).POST(path+"/dismiss", nil).OK()
		alice.GET(path).OK()
		alice.GET("/api/v2/notifications/favourite-1-1").Want(http.StatusNotFound)

		alice.POST(path+"/dismiss", nil).OK()
		alice.GET(path).Want(http.StatusNotFound)
		if got := groups(alice.GET("/api/v2/notifications").Object()); !slices.Equal(got, []string{"follow 2", "mention 1"}) {
			t.Errorf("after dismissing the favourites: %v", got)
		}
		alice.POST("/api/v2/notifications/clear", nil).OK()
		if got := groups(alice.GET("/api/v2/notifications").Object()); len(got) != 0 {
			t.Errorf("after clearing: %v", got)
		}
	})
}

func TestUnreadCounts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		popular(c)
		alice := c.As("alice").In(t)
		count := func(path string) float64 { return alice.GET(path).Object().Num("count") }
		for path, want := range map[string]float64{
			"/api/v1/notifications/unread_count":                                            6,
			"/api/v1/notifications/unread_count?types[]=follow":                             2,
			"/api/v1/notifications/unread_count?exclude_types[]=follow":                     4,
			"/api/v1/notifications/unread_count?limit=3":                                    3,
			"/api/v2/notifications/unread_count":                                            3,
			"/api/v2/notifications/unread_count?limit=2":                                    2,
			"/api/v2/notifications/unread_count?types[]=favourite":                          1,
			"/api/v2/notifications/unread_count?grouped_types[]=follow":                     5,
			"/api/v2/notifications/unread_count?account_id=" + c.Person("erin").ID.String(): 1,
		} {
			if got := count(path); got != want {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		}
		list := ids(alice.GET("/api/v1/notifications").List())
		alice.POST("/api/v1/markers", testkit.F("notifications[last_read_id]", list[1])).OK()
		if one, two := count("/api/v1/notifications/unread_count"), count("/api/v2/notifications/unread_count"); one != 1 || two != 1 {
			t.Errorf("above the marker: %v and %v", one, two)
		}
	})
}

// TestGroupPageCostsAFixedNumberOfStatements counts a page of many groups.
func TestGroupPageCostsAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	count := func() int64 {
		c.Settle()
		path := "/api/v2/notifications?limit=40&exclude_types[]=admin.sign_up"
		c.As("alice").GET(path).OK() // makes the fragments
		ctx, n := store.CountStatements(context.Background())
		c.As("alice").WithContext(ctx).GET(path).OK()
		return n.Load()
	}
	c.As("bob").POST(status(c.Post("alice", "0"), "favourite"), nil).OK()
	few := count()
	for i := range 20 {
		post := c.Post("alice", fmt.Sprint(i+1))
		for _, name := range []string{"bob", "carol", "dave"} {
			c.As(name).POST(status(post, "favourite"), nil).OK()
			c.As(name).POST(status(post, "reblog"), nil).OK()
		}
	}
	if many := count(); many != few || many != 4 { // heads, groups, accounts, statuses
		t.Errorf("a page of one group costs %d statements, one of forty %d", few, many)
	}
}

// TestFallbacks is behaviours 13.2.
func TestFallbacks(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for query, want := range map[string]bool{
		"":                           false,
		"&supported_types[]=mention": true,
		"&supported_types[]=mention&supported_types[]=admin.sign_up":  false,
		"&supported_types[]=mention&supported_types[]=admin.reports!": true,
	} {
		one := c.As("alice").GET("/api/v1/notifications?types[]=admin.sign_up" + query).List()[0]
		many := list(c.As("alice").GET("/api/v2/notifications?types[]=admin.sign_up"+query).Object(), "notification_groups")[0]
		for _, o := range []testkit.Object{one, many} {
			title := o.Obj("fallback").Str("title")
			if (title != "") != want || want && !strings.HasSuffix(title, " signed up") {
				t.Errorf("%q: fallback %v", query, o["fallback"])
			}
		}
	}
	german := c.As("alice").With("Accept-Language", "de").GET("/api/v1/notifications?types[]=admin.sign_up&supported_types[]=mention").List()[0]
	if got := german.Obj("fallback").Str("title"); !strings.HasSuffix(got, "registriert") {
		t.Errorf("in German: %q", got)
	}
	post := c.Post("alice", "x")
	c.As("bob").POST(status(post, "favourite"), nil).OK()
	c.Settle()
	if o := c.As("alice").GET("/api/v1/notifications?types[]=favourite&supported_types[]=mention").List()[0]; o["fallback"] != nil {
		t.Errorf("a favourite needs no fallback: %v", o["fallback"])
	}
}

func TestOldFormsOfDismissing(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for i := range 3 {
		c.Post("carol", fmt.Sprintf("@bob %d", i))
	}
	c.Settle()
	list := ids(c.As("bob").GET("/api/v1/notifications").List())
	c.As("dave").DELETE("/api/v1/notifications/"+list[0], nil).Want(http.StatusNotFound)
	c.As("dave").DELETE("/api/v1/notifications/destroy_multiple?ids[]="+list[1]+"&ids[]="+list[2], nil).OK()
	c.As("bob").DELETE("/api/v1/notifications/"+list[0], nil).OK()
	c.As("bob").GET("/api/v1/notifications/" + list[0]).Want(http.StatusNotFound)
	if got := ids(c.As("bob").GET("/api/v1/notifications").List()); !slices.Equal(got, list[1:]) {
		t.Errorf("after deleting one: %v", got)
	}
	c.As("bob").DELETE("/api/v1/notifications/destroy_multiple?ids[]="+list[1]+"&ids[]="+list[2], nil).OK()
	if got := c.As("bob").GET("/api/v1/notifications").List(); len(got) != 0 {
		t.Errorf("after deleting the others: %v", got)
	}
}
