package mastoapi_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// SEC-36 by the API: between alice and bob, whom she blocks, nothing passes in
// either direction, be it new, edited or from before. What names a post of the
// other is asked for by SEC-28.
func TestSEC36_NothingPassesABlock(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)
		id := func(name string) string { return c.Person(name).ID.String() }
		for _, pair := range [][2]string{{"alice", "bob"}, {"bob", "alice"}, {"alice", "carol"}, {"bob", "carol"}} {
			c.Follow(pair[0], pair[1])
		}
		old := c.Post("bob", "@alice opal before").Str("id")
		hers := c.Post("alice", "jade #stones").Str("id")
		root := c.Post("carol", "who digs?").Str("id")
		c.Post("alice", "jade, I do", "in_reply_to_id", root)
		c.Settle()
		if got := c.Heard("alice", "mention"); len(got) != 1 {
			t.Fatalf("before: %v", got)
		}
		alice.POST("/api/v1/accounts/"+id("bob")+"/block", nil).OK()
		c.Settle()

		// What bob does.
		bob.POST("/api/v1/accounts/"+id("alice")+"/follow", nil).Error(http.StatusForbidden)
		list := bob.POST("/api/v1/lists", testkit.F("title", "stones")).Object().Str("id")
		if a := bob.POST("/api/v1/lists/"+list+"/accounts", testkit.F("account_ids[]", id("alice"))); a.Status == http.StatusOK {
			t.Error("bob lists alice")
		}
		bob.PUT("/api/v1/statuses/"+old, testkit.F("status", "@alice opal edited")).OK()
		c.Post("bob", "@alice opal #stones")
		c.Post("bob", "@alice opal between us", "visibility", "direct")
		his := c.Post("bob", "opal, I do", "in_reply_to_id", root).Str("id")
		bob.POST("/api/v1/statuses/"+hers+"/favourite", nil).Error(http.StatusNotFound)
		bob.POST("/api/v1/statuses/"+hers+"/reblog", nil).Error(http.StatusNotFound)
		c.As("carol").POST("/api/v1/statuses/"+his+"/reblog", nil).OK()
		c.As("carol").POST("/api/v1/statuses/"+hers+"/reblog", nil).OK()
		c.Settle()

		for _, side := range []struct {
			who, stone string
			cl         *testkit.Client
		}{{"alice", "opal", alice}, {"bob", "jade", bob}} {
			other := map[string]string{"alice": "bob", "bob": "alice"}[side.who]
			for _, path := range []string{
				"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/tag/stones", "/api/v1/notifications", "/api/v2/notifications",
				"/api/v1/conversations", "/api/v1/statuses/" + root + "/context", "/api/v1/accounts/" + id("carol") + "/statuses",
				"/api/v2/search?q=" + side.stone + "&type=statuses", "/api/v1/timelines/list/" + list,
			} {
				a := side.cl.GET(path)
				if strings.Contains(string(a.Body), side.stone) {
					t.Errorf("%s finds what %s wrote at %s: %s", side.who, other, path, a.Body)
				}
			}
			for _, path := range []string{"/following", "/followers"} {
				if a := side.cl.GET("/api/v1/accounts/" + id(side.who) + path).OK(); strings.Contains(string(a.Body), `"username":"`+other+`"`) {
					t.Errorf("%s still has %s among %s", side.who, other, path)
				}
			}
		}
		// Whoever opens the profile of somebody they block does so to look at it.
		if got := bob.GET("/api/v1/accounts/" + id("alice") + "/statuses").List(); len(got) != 0 {
			t.Errorf("bob finds on the profile of alice: %v", got)
		}
		if got := c.As("carol").In(t).GET("/api/v1/statuses/" + root + "/context").OK(); !strings.Contains(string(got.Body), "opal") || !strings.Contains(string(got.Body), "jade") {
			t.Error("carol, whom it does not concern, misses something")
		}
	})
}
