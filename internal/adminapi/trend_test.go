package adminapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// trending is a community where a hashtag, a post and a link trend.
func trending(t *testing.T, f func(t *testing.T, c *testkit.Community, post string)) {
	t.Helper()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test", options...)
			staffed(c)
			n.Serve("news.test", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = io.WriteString(w, `<html><head><title>Dogs at dusk</title><meta property="og:title" content="Dogs at dusk"></head></html>`)
			}))
			post := ""
			for _, who := range []string{"alice", "bob", "carol", "dave", "erin"} {
				c.As(who).PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "true")).OK()
				post = c.Post(who, "Look at #Dusk http://news.test/dogs", "language", "en").Str("id")
			}
			for _, who := range []string{"alice", "bob", "carol", "dave", "mod", "admin"} {
				c.As(who).POST("/api/v1/statuses/"+post+"/favourite", nil).OK()
			}
			c.Settle()
			c.After(10 * time.Minute)
			f(t, c, post)
		})
	}
}

func TestTrends(t *testing.T) {
	t.Parallel()
	trending(t, func(t *testing.T, c *testkit.Community, post string) {
		mod := c.As("mod")
		for _, kind := range []string{"tags", "statuses", "links"} {
			admin, public := "/api/v1/admin/trends/"+kind, "/api/v1/trends/"+kind
			list := mod.GET(admin).List()
			if len(list) != 1 || !list[0].Bool("requires_review") {
				t.Fatalf("%s: %v", kind, list)
			}
			id := list[0].Str("id")
			if kind == "statuses" && id != post {
				t.Errorf("the post: %s, want %s", id, post)
			}
			if got := mod.POST(admin+"/"+id+"/reject", nil).Object(); got.Bool("requires_review") || got.Bool("trendable") {
				t.Errorf("%s rejected: %v", kind, got)
			}
			if shown, known := len(c.As("bob").GET(public).List()), len(mod.GET(admin).List()); shown != 0 || known != 1 {
				t.Errorf("%s rejected: %d shown, %d known", kind, shown, known)
			}
			mod.POST(admin+"/"+id+"/approve", nil).OK()
			if shown := len(c.As("bob").GET(public).List()); shown != 1 {
				t.Errorf("%s approved: %d shown", kind, shown)
			}
			mod.POST(admin+"/1/approve", nil).Error(404)
			if got := mod.GET(admin + "?offset=1").List(); len(got) != 0 {
				t.Errorf("%s beyond: %v", kind, got)
			}
		}
	})
}

// What is decided about a publisher holds for its links about which nothing
// else was decided.
func TestPublishers(t *testing.T) {
	t.Parallel()
	trending(t, func(t *testing.T, c *testkit.Community, _ string) {
		mod := c.As("mod")
		const links, path = "/api/v1/admin/trends/links", "/api/v1/admin/trends/links/publishers"
		list := mod.GET(path).List()
		if len(list) != 1 || list[0].Str("domain") != "news.test" || !list[0].Bool("requires_review") || list[0]["trendable"] != nil {
			t.Fatalf("publishers: %v", list)
		}
		one := path + "/" + list[0].Str("id")
		shown := func() int { return len(c.As("bob").GET("/api/v1/trends/links").List()) }
		if got := mod.POST(one+"/reject", nil).Object(); got.Bool("requires_review") || got["trendable"] != false || got["reviewed_at"] == nil || shown() != 0 {
			t.Errorf("rejected: %v, %d shown", got, shown())
		}
		link := mod.GET(links).List()[0]
		if link.Bool("requires_review") {
			t.Errorf("its link: %v", link)
		}
		mod.POST(links+"/"+link.Str("id")+"/approve", nil).OK()
		if shown() != 1 {
			t.Error("a link that is allowed by itself is not shown")
		}
		c.Configure(func(s *testkit.Settings) { s.Trends = domain.TrendsReview })
		mod.POST(links+"/"+link.Str("id")+"/reject", nil).OK()
		if got := mod.POST(one+"/approve", nil).Object(); got["trendable"] != true || shown() != 0 {
			t.Errorf("approved: %v, %d shown", got, shown())
		}
		mod.POST(path+"/1/approve", nil).Error(404)
		if log := string(c.As("alice").GET(ownAdmin + "audit_log").Body); !strings.Contains(log, `"target_type":"publisher"`) || !strings.Contains(log, `"target":"news.test"`) {
			t.Errorf("the log: %s", log)
		}
	})
}

func TestTags(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, c *testkit.Community) {
		post := c.Post("bob", "Good #morning").Str("id")
		mod := c.As("mod")
		tag := mod.GET("/api/v1/admin/tags").List()[0]
		path := "/api/v1/admin/tags/" + tag.Str("id")
		if tag.Str("name") != "morning" || !tag.Bool("usable") || !tag.Bool("listable") || !tag.Bool("trendable") || !tag.Bool("requires_review") {
			t.Errorf("the tag: %v", tag)
		}
		search := func() int {
			var found map[string][]testkit.Object
			c.As("carol").GET("/api/v2/search?type=hashtags&q=morn").OK().Into(&found)
			return len(found["hashtags"])
		}
		if search() != 1 {
			t.Error("the tag is not found")
		}
		got := mod.PUT(path, testkit.F("listable", "false", "usable", "false", "trendable", "false", "display_name", "MORNING")).Object()
		if got.Str("name") != "MORNING" || got.Bool("listable") || got.Bool("usable") || got.Bool("trendable") || got.Bool("requires_review") {
			t.Errorf("changed: %v", got)
		}
		if search() != 0 {
			t.Error("the tag is found")
		}
		c.As("bob").POST("/api/v1/statuses", testkit.F("status", "Again #Morning")).Error(422)
		c.As("bob").PUT("/api/v1/statuses/"+post, testkit.F("status", "Still #morning")).Error(422)
		mod.PUT(path, testkit.F("display_name", "evening")).Error(422)
		mod.PUT(path, testkit.F("usable", "true")).OK()
		c.Post("bob", "Again #morning")
		mod.GET("/api/v1/admin/tags/1").Error(404)
	})
}
