package mastoapi_test

import (
	"testing"
	"time"

	"coterie/internal/testkit"
)

func TestPostReadDelete(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)
		root := alice.POST("/api/v1/statuses", testkit.F("status", "Hello @Bob, #Dogs?", "spoiler_text", "greeting")).Object()
		if root.Str("visibility") != "public" || !root.Bool("sensitive") || root.Str("spoiler_text") != "greeting" {
			t.Errorf("posted %v", root)
		}
		reply := bob.POST("/api/v1/statuses", map[string]any{"status": "Hi", "in_reply_to_id": root.Str("id"), "visibility": "unlisted"}).Object()
		if reply.Str("in_reply_to_id") != root.Str("id") || reply.Str("in_reply_to_account_id") != c.Person("alice").ID.String() {
			t.Errorf("replied %v", reply)
		}
		if n := alice.GET("/api/v1/statuses/" + root.Str("id")).Object().Num("replies_count"); n != 1 {
			t.Errorf("the root counts %v replies", n)
		}
		if e := alice.POST("/api/v1/statuses", testkit.F("status", "x", "visibility", "secret")).Error(422); e == "" {
			t.Error("no sentence about the visibility")
		}
		if e := alice.POST("/api/v1/statuses", testkit.F("status", "x", "in_reply_to_id", "no-id")).Error(404); e == "" {
			t.Error("no sentence about the missing parent")
		}
		odd := alice.POST("/api/v1/statuses", testkit.F("status", "@bob", "allowed_mentions[]", "1")).Want(422)
		var unexpected struct {
			Accounts []testkit.Object `json:"unexpected_accounts"`
		}
		odd.Into(&unexpected)
		if len(unexpected.Accounts) != 1 || unexpected.Accounts[0].Str("username") != "bob" {
			t.Errorf("unexpected mentions answer %s", odd.Body)
		}
		bob.DELETE("/api/v1/statuses/"+root.Str("id"), nil).Want(404)
		gone := alice.DELETE("/api/v1/statuses/"+root.Str("id"), nil).Object()
		if _, has := gone["content"]; has || gone.Str("text") != "Hello @bob, #Dogs?" || gone.Str("spoiler_text") != "greeting" {
			t.Errorf("deleted %v", gone)
		}
		alice.GET("/api/v1/statuses/" + root.Str("id")).Want(404)
		if left := bob.GET("/api/v1/statuses/" + reply.Str("id")).Object(); left.Str("in_reply_to_id") != root.Str("id") {
			t.Errorf("the reply lost its parent: %v", left)
		}
		if n := alice.GET("/api/v1/statuses?id[]=" + reply.Str("id") + "&id[]=" + root.Str("id")).List(); len(n) != 1 {
			t.Errorf("asked for two of which one is gone: %v", n)
		}
		c.After(time.Minute)
	})
}
