package mastoapi_test

import (
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// A deleted account is out of sight at once and gone in the end, and what
// others have of it counts right.
func TestDeleteAccount(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)
		id := c.Person("bob").ID.String()
		c.Follow("bob", "alice")
		c.Follow("alice", "bob")
		c.Follow("carol", "bob")
		asked := c.Post("alice", "Burrow or den?", "poll[options][]", "burrow", "poll[options][]", "den", "poll[expires_in]", "3600")
		post := asked.Str("id")
		bob.POST("/api/v1/statuses/"+post+"/favourite", nil).OK()
		bob.POST("/api/v1/statuses/"+post+"/reblog", nil).OK()
		bob.POST("/api/v1/statuses", testkit.F("status", "@alice den", "in_reply_to_id", post)).OK()
		bob.POST("/api/v1/polls/"+asked.Obj("poll").Str("id")+"/votes", testkit.F("choices[]", "1")).OK()
		boosted := c.Post("bob", "mine").Str("id")
		alice.POST("/api/v1/statuses/"+boosted+"/reblog", nil).OK()
		var last string
		for range 120 {
			last = c.Post("bob", "many").Str("id")
		}
		c.Settle()
		if o := alice.GET("/api/v1/statuses/" + post).Object(); o.Num("favourites_count") != 1 || o.Num("reblogs_count") != 1 ||
			o.Num("replies_count") != 1 || o.Obj("poll").Num("votes_count") != 1 {
			t.Fatalf("before: %v", o)
		}

		if _, err := c.AccountDelete(t.Context(), instance.AccountDelete{Name: "Bob"}); err != nil {
			t.Fatal(err)
		}
		bob.GET("/api/v1/accounts/verify_credentials").Want(401)
		c.Anonymous().In(t).GET("/api/v1/statuses/" + last).Want(404)
		if o := alice.GET("/api/v1/accounts/" + id).Object(); !o.Bool("suspended") || o.Str("note") != "" {
			t.Errorf("still to be seen: %v", o)
		}
		c.Settle()

		alice.GET("/api/v1/accounts/" + id).Want(404)
		alice.GET("/api/v1/accounts/lookup?acct=bob").Want(404)
		alice.GET("/api/v1/statuses/" + boosted).Want(404)
		o := alice.GET("/api/v1/statuses/" + post).Object()
		poll := o.Obj("poll")
		if o.Num("favourites_count") != 0 || o.Num("reblogs_count") != 0 || o.Num("replies_count") != 0 ||
			poll.Num("votes_count") != 0 || poll.Num("voters_count") != 0 || poll["options"].([]any)[1].(map[string]any)["votes_count"] != 0.0 {
			t.Errorf("after: %v", o)
		}
		for name, want := range map[string]float64{"alice": 1, "carol": 0} {
			me := c.As(name).In(t).GET("/api/v1/accounts/verify_credentials").Object()
			if me.Num("followers_count") != 0 || me.Num("following_count") != 0 || me.Num("statuses_count") != want {
				t.Errorf("%s: %v", name, me)
			}
		}
		for _, n := range alice.GET("/api/v1/notifications").List() {
			if from := n.Obj("account"); from.Str("username") == "bob" {
				t.Errorf("a notification of bob is left: %v", n)
			}
		}
		// The name stays taken, the address does not.
		_, err := c.AccountCreate(t.Context(), instance.AccountCreate{Name: "BOB", Email: "bob@example.org", Password: testkit.Password})
		if !domain.Is(err, domain.Invalid) || !strings.Contains(err.Error(), "Username") || strings.Contains(err.Error(), "Email") {
			t.Errorf("the name again: %v", err)
		}
		if _, err := c.AccountDelete(t.Context(), instance.AccountDelete{Name: "bob"}); !domain.Is(err, domain.NotFound) {
			t.Errorf("deleted twice: %v", err)
		}
	})
}
