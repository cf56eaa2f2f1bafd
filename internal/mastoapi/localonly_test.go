package mastoapi_test

import (
	"testing"

	"coterie/internal/testkit"
)

// TestLocalOnly posts for the community alone. What other servers see of it is
// told in package instance.
func TestLocalOnly(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob, nobody := c.As("alice"), c.As("bob"), c.Anonymous()
		alice.POST("/api/v1/statuses", testkit.F("status", "Among us", "local_only", "true")).Error(422)
		c.Configure(func(s *testkit.Settings) { s.LocalOnly = true })
		for _, set := range written(c) {
			if !set.Bool("local_only") {
				t.Errorf("the instance says %v", set)
			}
		}
		p := c.Post("alice", "Among us #cats", "local_only", "true")
		open := c.Post("alice", "For all")
		if !p.Bool("local_only") || open.Bool("local_only") {
			t.Errorf("it says %v, the other %v", p["local_only"], open["local_only"])
		}
		path := "/api/v1/statuses/" + p.Str("id")
		bob.GET(path).OK()
		for _, part := range []string{"", "/context", "/history", "/favourited_by", "/reblogged_by"} {
			nobody.GET(path + part).Error(404)
		}
		nobody.GET("/api/oembed?url=" + p.Str("url")).Error(404)
		nobody.With("Accept", "text/html").GET("/@alice/" + p.Str("id")).Want(404)

		lists := []string{
			"/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/api/v1/timelines/tag/cats",
			"/api/v1/accounts/" + c.Person("alice").ID.String() + "/statuses",
		}
		for _, list := range lists {
			if by(nobody.GET(list).List(), p) {
				t.Errorf("%s shows it to everybody", list)
			}
			if !by(bob.GET(list).List(), p) {
				t.Errorf("%s does not show it to bob", list)
			}
		}
		if !by(alice.GET("/api/v1/timelines/home").List(), p) {
			t.Error("alice does not see it at home")
		}

		// Whatever is made of it stays among us, too.
		boost := bob.POST(path+"/reblog", nil).Object()
		answer := c.Post("bob", "Indeed", "in_reply_to_id", p.Str("id"))
		quote := c.Post("bob", "Look", "quoted_status_id", p.Str("id"))
		for what, o := range map[string]testkit.Object{"boost": boost, "answer": answer, "quote": quote} {
			if !o.Bool("local_only") {
				t.Errorf("the %s says %v", what, o["local_only"])
			}
			nobody.GET("/api/v1/statuses/" + o.Str("id")).Error(404)
			c.As("carol").GET("/api/v1/statuses/" + o.Str("id")).OK()
		}
		alice.PUT(path, testkit.F("status", "Still among us")).OK()
		nobody.GET(path).Error(404)

		// Switched off again, it stays what it is.
		c.Configure(func(s *testkit.Settings) { s.LocalOnly = false })
		nobody.GET(path).Error(404)
		if o := c.Post("carol", "And I", "in_reply_to_id", p.Str("id")); !o.Bool("local_only") {
			t.Error("an answer is for everybody")
		}
	})
}

// by reports whether a post, or a boost of it, is in the list.
func by(list []testkit.Object, p testkit.Object) bool {
	for _, o := range list {
		if o.Str("id") == p.Str("id") {
			return true
		}
	}
	return false
}
