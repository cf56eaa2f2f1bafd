package mastoapi_test

import (
	"testing"

	"coterie/internal/testkit"
)

func TestReadingStory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Follow("alice", "bob")
		first := c.Post("bob", "the first #Cats")
		c.Settle()
		home := c.As("alice").GET("/api/v1/timelines/home").List()
		if len(home) != 1 || home[0].ID() != first.ID() {
			t.Fatalf("home is %v", home)
		}
		second := c.Post("bob", "the second")
		answer := c.As("bob").POST("/api/v1/statuses", testkit.F("status", "more", "in_reply_to_id", first.Str("id"))).Object()
		c.Post("carol", "a stranger's")
		c.Settle()
		home = c.As("alice").GET("/api/v1/timelines/home").List()
		if len(home) != 3 || home[0].ID() != answer.ID() || home[1].ID() != second.ID() {
			t.Fatalf("home is %v", home)
		}
		if l := c.Anonymous().GET("/api/v1/timelines/public").List(); len(l) != 4 {
			t.Errorf("public is %v", l)
		}
		if l := c.Anonymous().GET("/api/v1/timelines/tag/cats").List(); len(l) != 1 {
			t.Errorf("tag is %v", l)
		}
		thread := c.Anonymous().GET("/api/v1/statuses/" + first.Str("id") + "/context").Object()
		if d, _ := thread["descendants"].([]any); len(d) != 1 {
			t.Errorf("thread is %v", thread)
		}
		if l := c.As("alice").GET("/api/v1/accounts/" + c.Person("bob").ID.String() + "/statuses").List(); len(l) != 3 {
			t.Errorf("profile is %v", l)
		}
		c.As("alice").POST("/api/v1/statuses/"+first.Str("id")+"/favourite", nil).OK()
		if l := c.As("alice").GET("/api/v1/favourites").List(); len(l) != 1 {
			t.Errorf("favourites are %v", l)
		}
		if l := c.As("bob").GET("/api/v1/statuses/" + first.Str("id") + "/favourited_by").List(); len(l) != 1 {
			t.Errorf("favouriters are %v", l)
		}
		c.As("carol").POST("/api/v1/statuses/"+first.Str("id")+"/reblog", nil).OK()
		if l := c.As("bob").GET("/api/v1/statuses/" + first.Str("id") + "/reblogged_by").List(); len(l) != 1 {
			t.Errorf("boosters are %v", l)
		}
	})
}
