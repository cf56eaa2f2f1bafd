package mastoapi_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

var everybody = []string{"alice", "bob", "carol", "dave", "erin"}

// eachTrending runs f on a community of either engine that can reach a
// newspaper.
func eachTrending(t *testing.T, f func(t *testing.T, c *testkit.Community, n *testkit.Network)) {
	t.Helper()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test", options...)
			openPaper(n, "news.test").print("/dogs", story)
			f(t, c, n)
		})
	}
}

// discoverable makes these of the cast want to be found, and nobody else.
func discoverable(c *testkit.Community, names ...string) {
	c.T.Helper()
	for _, name := range everybody {
		want := fmt.Sprint(slices.Contains(names, name))
		c.As(name).PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", want)).OK()
	}
}

// acclaim has everybody else favourite a post, and one boost it.
func acclaim(c *testkit.Community, author string, post testkit.Object) {
	c.T.Helper()
	others := slices.DeleteFunc(slices.Clone(everybody), func(n string) bool { return n == author })
	for _, name := range others {
		c.As(name).POST("/api/v1/statuses/"+post.Str("id")+"/favourite", nil).OK()
	}
	c.As(others[0]).POST("/api/v1/statuses/"+post.Str("id")+"/reblog", nil)
}

func pluck(list []testkit.Object, key string) []string {
	out := []string{}
	for _, o := range list {
		out = append(out, o.Str(key))
	}
	return out
}

func day(o testkit.Object, ago int) testkit.Object {
	days, _ := o["history"].([]any)
	if len(days) != 7 {
		return nil
	}
	d, _ := days[ago].(map[string]any)
	return d
}

// TestTrendingTagsAndLinks: five people in a day are enough, in public only.
func TestTrendingTagsAndLinks(t *testing.T) {
	t.Parallel()
	eachTrending(t, func(t *testing.T, c *testkit.Community, _ *testkit.Network) {
		discoverable(c, "alice", "bob")
		for i, name := range everybody {
			c.Post(name, "#Burrow #Warren http://news.test/dogs", "language", "en")
			c.Post(name, "#Hidden", "visibility", "unlisted")
			c.Post(name, "#Secret", "visibility", "private")
			if i > 0 {
				c.Post(name, "#four")
			}
		}
		for range 6 {
			c.Post("bob", "#alone")
		}
		c.Settle()
		anyone := c.Anonymous()
		if list := anyone.GET("/api/v1/trends/tags").List(); len(list) != 0 {
			t.Errorf("before they were worked out: %v", list)
		}
		c.After(5 * time.Minute)
		list := anyone.GET("/api/v1/trends/tags").List()
		if got := pluck(list, "name"); !slices.Equal(got, []string{"Burrow", "Warren"}) {
			t.Fatalf("tags: %v", got)
		}
		if d := day(list[0], 0); d.Str("uses") != "5" || d.Str("accounts") != "5" || d.Str("day") != "1772323200" || day(list[0], 6).Str("uses") != "0" {
			t.Errorf("history: %v", list[0]["history"])
		}
		first := anyone.GET("/api/v1/trends/tags?limit=1")
		if first.Link("next") != "/api/v1/trends/tags?limit=1&offset=1" || first.Link("prev") != "" {
			t.Errorf("links of the first page: %q", first.Header.Get("Link"))
		}
		second := anyone.GET(first.Link("next"))
		if got := pluck(second.List(), "name"); !slices.Equal(got, []string{"Warren"}) || second.Link("prev") == "" {
			t.Errorf("the second page: %v, %q", got, second.Header.Get("Link"))
		}
		if last := anyone.GET("/api/v1/trends/tags?offset=5"); len(last.List()) != 0 || last.Link("next") != "" {
			t.Errorf("beyond the end: %q", last.Header.Get("Link"))
		}
		anyone.GET("/api/v1/trends/tags?offset=-1").Error(400)
		if old := anyone.GET("/api/v1/trends"); len(old.List()) != 2 || old.Header.Get("Deprecation") == "" {
			t.Errorf("the older address: %v", old.Header)
		}
		if mine := c.As("bob").GET("/api/v1/trends/tags").List(); mine[0]["following"] != false {
			t.Errorf("for bob: %v", mine[0])
		}

		links := anyone.GET("/api/v1/trends/links").List()
		if len(links) != 1 || links[0].Str("url") != "http://news.test/dogs" || day(links[0], 0).Str("accounts") != "5" {
			t.Fatalf("links: %v", links)
		}
		query := "/api/v1/timelines/link?url=" + url.QueryEscape("http://news.test/dogs")
		if got := anyone.GET(query).List(); len(got) != 2 || got[0].Obj("account").Str("acct") != "bob" {
			t.Errorf("the timeline of the link has %d posts", len(got))
		}
		c.As("carol").POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/block", nil).OK()
		if got := c.As("carol").GET(query).List(); len(got) != 1 {
			t.Errorf("for carol it has %d posts", len(got))
		}
		if page := anyone.GET(query + "&limit=1"); page.Link("next") == "" {
			t.Error("no next page")
		}
		anyone.GET("/api/v1/timelines/link").Error(400)
		anyone.GET("/api/v1/timelines/link?url=http://news.test/cats").Error(404)

		c.After(24 * time.Hour)
		if list := anyone.GET("/api/v1/trends/tags").List(); len(list) != 0 {
			t.Errorf("a day later: %v", pluck(list, "name"))
		}
	})
}

// TestSEC29_TrendingStatuses: what not everybody may see does not trend, nor
// what its author would not have found.
func TestSEC29_TrendingStatuses(t *testing.T) {
	t.Parallel()
	eachTrending(t, func(t *testing.T, c *testkit.Community, _ *testkit.Network) {
		discoverable(c, "alice", "bob", "carol", "dave")
		best := c.Post("alice", "The best", "language", "en")
		acclaim(c, "alice", best)
		german := c.Post("dave", "Das Beste", "language", "de")
		acclaim(c, "dave", german)
		acclaim(c, "erin", c.Post("erin", "Of one who would not be found", "language", "en"))
		acclaim(c, "bob", c.Post("bob", "Unlisted", "language", "en", "visibility", "unlisted"))
		acclaim(c, "bob", c.Post("bob", "Warned of", "language", "en", "spoiler_text", "x"))
		acclaim(c, "bob", c.Post("bob", "A reply", "language", "en", "in_reply_to_id", best.Str("id")))
		few := c.Post("carol", "Few like it", "language", "en")
		c.As("alice").POST("/api/v1/statuses/"+few.Str("id")+"/favourite", nil).OK()
		c.After(5 * time.Minute)
		trending := func(name string) []string {
			cl := c.Anonymous()
			if name != "" {
				cl = c.As(name)
			}
			return pluck(cl.GET("/api/v1/trends/statuses").List(), "id")
		}
		if got := trending(""); !slices.Equal(got, []string{german.Str("id"), best.Str("id")}) && !slices.Equal(got, []string{best.Str("id"), german.Str("id")}) {
			t.Fatalf("anybody sees %v", got)
		}
		if page := c.Anonymous().GET("/api/v1/trends/statuses?limit=1"); page.Link("next") == "" {
			t.Error("no next page")
		}
		c.As("bob").POST("/api/v1/accounts/"+c.Person("dave").ID.String()+"/mute", nil).OK()
		if got := trending("bob"); !slices.Equal(got, []string{best.Str("id")}) {
			t.Errorf("bob, who muted dave, sees %v", got)
		}
		c.As("alice").POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/block", nil).OK()
		if got := trending("bob"); len(got) != 0 {
			t.Errorf("bob, blocked by alice, sees %v", got)
		}
		c.As("alice").PUT("/api/v1/statuses/"+best.Str("id"), testkit.F("status", "The best", "spoiler_text", "On second thought")).OK()
		if got := trending(""); !slices.Equal(got, []string{german.Str("id")}) {
			t.Errorf("once it has a warning: %v", got)
		}
		c.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "false")).OK()
		if got := trending(""); len(got) != 0 {
			t.Errorf("once dave would not be found: %v", got)
		}
	})
}

// TestTrendsReviewed: what the staff decided.
func TestTrendsReviewed(t *testing.T) {
	t.Parallel()
	eachTrending(t, func(t *testing.T, c *testkit.Community, _ *testkit.Network) {
		discoverable(c, "alice")
		best := c.Post("alice", "The best", "language", "en")
		acclaim(c, "alice", best)
		for _, name := range everybody {
			c.Post(name, "#Burrow http://news.test/dogs")
		}
		c.Settle()
		c.After(5 * time.Minute)
		seen := func(want string) {
			t.Helper()
			got := ""
			for _, what := range []string{"tags", "links", "statuses"} {
				got += fmt.Sprint(len(c.Anonymous().GET("/api/v1/trends/" + what).List()))
			}
			if got != want {
				t.Errorf("tags, links and posts shown: %s, want %s", got, want)
			}
		}
		decide := func(kind domain.TrendKind, name string, allowed *bool) {
			t.Helper()
			if err := c.ReviewTrend(t.Context(), instance.TrendReview{Kind: kind, Name: name, Allowed: allowed}); err != nil {
				t.Fatal(err)
			}
		}
		show := func(mode domain.Trends) {
			t.Helper()
			if got, err := c.ShowTrends(t.Context(), instance.TrendsSet{Mode: &mode}); err != nil || got.Mode != mode {
				t.Fatal(got, err)
			}
		}
		yes, no := true, false
		seen("111")
		decide(domain.TrendTag, "#burrow", &no)
		decide(domain.TrendLink, "http://news.test/dogs", &no)
		decide(domain.TrendAccount, "alice", &no)
		seen("000")
		c.After(5 * time.Minute)
		seen("000")
		decide(domain.TrendAccount, "alice", nil)
		decide(domain.TrendLink, "http://news.test/dogs", nil)
		seen("011")
		show(domain.TrendsReview)
		seen("000")
		decide(domain.TrendStatus, best.Str("url"), &yes)
		decide(domain.TrendTag, "Burrow", &yes)
		seen("101")
		show(domain.TrendsOff)
		seen("000")
		c.Anonymous().GET("/api/v1/timelines/link?url=http://news.test/dogs").Error(404)
		show(domain.TrendsOpen)
		seen("111")
		for kind, name := range map[domain.TrendKind]string{domain.TrendTag: "unknown", domain.TrendLink: "x", domain.TrendStatus: "1", domain.TrendAccount: "nobody"} {
			if err := c.ReviewTrend(t.Context(), instance.TrendReview{Kind: kind, Name: name}); !domain.Is(err, domain.NotFound) {
				t.Errorf("%s %s: %v", kind, name, err)
			}
		}
	})
}
