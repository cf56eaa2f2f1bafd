package mastoapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"coterie/internal/testkit"
)

func TestTagStory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		unknown := c.Anonymous().In(t).GET("/api/v1/tags/Nobody").Object()
		if _, there := unknown["following"]; there || len(objects(unknown["history"])) != 7 {
			t.Errorf("a tag that nobody used: %v", unknown)
		}
		c.Post("bob", "one #Cats two #cats")
		c.Post("bob", "three #cats")
		c.Post("carol", "more #CATS")
		c.Post("carol", "hidden #cats", "visibility", "private")
		c.Clock.Add(24 * time.Hour)
		c.Post("carol", "next day #cats")
		o := alice.GET("/api/v1/tags/cats").Object()
		days := objects(o["history"])
		if days[0].Str("uses") != "1" || days[1].Str("uses") != "3" || days[1].Str("accounts") != "2" || days[2].Str("uses") != "0" {
			t.Errorf("history: %v", days)
		}
		if o.Bool("following") || o.Bool("featuring") || o.Str("url") != "http://coterie.test/tags/cats" {
			t.Errorf("alice sees %v", o)
		}
		for range 2 {
			if o = alice.POST("/api/v1/tags/CATS/follow", nil).Object(); !o.Bool("following") {
				t.Errorf("followed: %v", o)
			}
		}
		if l := alice.GET("/api/v1/timelines/home").List(); len(l) != 4 {
			t.Errorf("home has %d posts", len(l))
		}
		alice.POST("/api/v1/tags/dogs/follow", nil).OK()
		first := alice.GET("/api/v1/followed_tags?limit=1")
		if l := first.List(); len(l) != 1 || l[0].Str("name") != "dogs" || !l[0].Bool("following") {
			t.Errorf("followed: %v", l)
		}
		if l := alice.GET(first.Link("next")).List(); len(l) != 1 {
			t.Errorf("followed, second page: %v", l)
		}
		alice.POST("/api/v1/tags/cats/unfollow", nil).OK()
		if o = alice.POST("/api/v1/tags/cats/unfollow", nil).Object(); o.Bool("following") {
			t.Errorf("unfollowed: %v", o)
		}
		if l := alice.GET("/api/v1/timelines/home").List(); len(l) != 0 {
			t.Errorf("home still has %d posts", len(l))
		}
		alice.GET("/api/v1/tags/" + url.PathEscape("猫")).OK()
		alice.GET("/api/v1/tags/" + url.PathEscape("no tag")).Error(http.StatusNotFound)
	})
}

func TestFeaturedTagStory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		bob := c.As("bob").In(t)
		c.Post("bob", "#Cats")
		c.Post("bob", "#cats #birds", "visibility", "unlisted")
		c.Post("bob", "#cats", "visibility", "private")
		if l := bob.GET("/api/v1/featured_tags/suggestions").List(); len(l) != 2 || l[0].Str("name") != "Cats" {
			t.Errorf("suggested: %v", l)
		}
		f := bob.POST("/api/v1/featured_tags", testkit.F("name", "#cats")).Object()
		if f.Str("statuses_count") != "2" || f.Str("last_status_at") != "2026-03-01" || f.Str("url") != "http://coterie.test/@bob/tagged/cats" {
			t.Errorf("featured: %v", f)
		}
		if o := bob.POST("/api/v1/tags/birds/feature", nil).Object(); !o.Bool("featuring") {
			t.Errorf("featured by name: %v", o)
		}
		l := c.Anonymous().In(t).GET(account(c, "bob", "featured_tags")).List()
		if len(l) != 2 || l[0].Str("id") != f.Str("id") {
			t.Errorf("on the profile: %v", l)
		}
		bob.POST("/api/v1/tags/birds/unfeature", nil).OK()
		c.As("alice").In(t).DELETE("/api/v1/featured_tags/"+f.Str("id"), nil).Error(http.StatusNotFound) // SEC-31
		bob.DELETE("/api/v1/featured_tags/"+f.Str("id"), nil).OK()
		if l := bob.GET("/api/v1/featured_tags").List(); len(l) != 0 {
			t.Errorf("left: %v", l)
		}
		for i := range 10 {
			bob.POST("/api/v1/featured_tags", testkit.F("name", fmt.Sprintf("tag%d", i))).OK()
		}
		bob.POST("/api/v1/featured_tags", testkit.F("name", "eleventh")).Error(http.StatusUnprocessableEntity)
		bob.POST("/api/v1/featured_tags", testkit.F("name", "a b")).Error(http.StatusUnprocessableEntity)
		bob.POST("/api/v1/featured_tags", nil).Error(http.StatusBadRequest)
		c.Anonymous().In(t).GET("/api/v1/accounts/1/featured_tags").Error(http.StatusNotFound)
	})
}
