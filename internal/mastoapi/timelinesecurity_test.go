package mastoapi_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// TestSEC29_PrivateIsAbsentFromLists looks for what is not public wherever
// statuses are listed, as people who may not read it.
func TestSEC29_PrivateIsAbsentFromLists(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		open := c.Post("alice", "everybody reads #news")
		for _, visibility := range []string{"private", "direct"} {
			secret := c.Post("alice", "SECRET #news", "visibility", visibility, "in_reply_to_id", open.Str("id"))
			c.As("alice").POST("/api/v1/statuses/"+secret.Str("id")+"/bookmark", nil).OK()
			c.As("alice").POST("/api/v1/statuses/"+secret.Str("id")+"/pin", nil)
		}
		c.Post("alice", "SECRET but unlisted #news", "visibility", "unlisted")
		list := c.As("bob").POST("/api/v1/lists", testkit.F("title", "l")).Object()
		c.Follow("bob", "carol")
		c.As("bob").POST("/api/v1/lists/"+list.Str("id")+"/accounts", testkit.F("account_ids[]", c.Person("carol").ID.String())).OK()
		c.Settle()
		alice := c.Person("alice").ID.String()
		lists := []string{
			"/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/news", "/api/v1/timelines/tag/x?any[]=news",
			"/api/v1/statuses/" + open.Str("id") + "/context",
			"/api/v1/accounts/" + alice + "/statuses?exclude_replies=true&tagged=news&pinned=true",
		}
		own := []string{
			"/api/v1/timelines/home", "/api/v1/timelines/list/" + list.Str("id"), "/api/v1/favourites", "/api/v1/bookmarks",
		}
		for _, viewer := range []*testkit.Client{c.Anonymous(), c.As("bob")} {
			for _, path := range lists {
				if a := viewer.GET(path).OK(); strings.Contains(string(a.Body), "SECRET") {
					t.Errorf("%s shows %s", path, a.Body)
				}
			}
			profile := viewer.GET("/api/v1/accounts/" + alice + "/statuses").List()
			for _, s := range profile {
				if v := s.Str("visibility"); v == "private" || v == "direct" {
					t.Errorf("the profile shows a %s status", v)
				}
			}
			if len(profile) != 2 {
				t.Errorf("the profile has %d statuses", len(profile))
			}
		}
		for _, path := range own {
			if a := c.As("bob").GET(path).OK(); strings.Contains(string(a.Body), "SECRET") {
				t.Errorf("%s shows %s", path, a.Body)
			}
		}
		c.As("carol").GET("/api/v1/timelines/list/" + list.Str("id")).Want(http.StatusNotFound)
	})
}
