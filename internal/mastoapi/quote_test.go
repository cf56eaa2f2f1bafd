package mastoapi_test

import (
	"slices"
	"testing"

	"coterie/internal/testkit"
)

// TestQuotes lets bob and carol quote alice.
func TestQuotes(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		post := c.Post("alice", "Look", "quote_approval_policy", "public")
		first := c.Post("bob", "Hear, hear", "quoted_status_id", post.Str("id"))
		second := c.Post("carol", "Really?", "quoted_status_id", post.Str("id"))
		c.Post("carol", "For me alone", "quoted_status_id", post.Str("id"), "visibility", "private")
		list := c.As("dave").GET(status(post, "quotes")).List()
		if len(list) != 2 || list[0].Str("id") != second.Str("id") || list[1].Str("id") != first.Str("id") {
			t.Errorf("dave sees %d quotes", len(list))
		}
		page := c.As("dave").GET(status(post, "quotes") + "?limit=1")
		if len(page.List()) != 1 || page.Link("next") == "" {
			t.Errorf("a page of one: %s", page.Link("next"))
		}
		if got := c.As("dave").GET(status(post, "")[:len(status(post, ""))-1]).Object(); got.Num("quotes_count") != 3 {
			t.Errorf("counted: %v", got.Num("quotes_count"))
		}
		if got := heard(c, "alice", ""); !slices.Equal(got, []string{"quote bob", "quote carol"}) {
			t.Errorf("alice hears %v", got)
		}
		c.As("alice").PUT("/api/v1/statuses/"+post.Str("id"), testkit.F("status", "Look again")).OK()
		if got := heard(c, "bob", ""); !slices.Equal(got, []string{"quoted_update alice"}) {
			t.Errorf("bob hears %v", got)
		}
		c.As("bob").POST(status(post, "quotes/"+first.Str("id")+"/revoke"), nil).Error(404)
		c.As("alice").POST(status(post, "quotes/"+first.Str("id")+"/revoke"), nil).OK()
		if list := c.As("dave").GET(status(post, "quotes")).List(); len(list) != 1 {
			t.Errorf("after the revocation: %d", len(list))
		}
		c.As("bob").PUT(status(post, "interaction_policy"), testkit.F("quote_approval_policy", "nobody")).Error(404)
		c.As("alice").PUT(status(post, "interaction_policy"), testkit.F("quote_approval_policy", "friends")).Error(422)
		c.As("alice").PUT(status(post, "interaction_policy"), testkit.F("quote_approval_policy", "nobody")).OK()
		c.As("bob").POST("/api/v1/statuses", testkit.F("status", "Again", "quoted_status_id", post.Str("id"))).Error(404)
		c.As("dave").GET("/api/v1/statuses/1/quotes").Error(404)
	})
}

// TestUsualQuotePolicy: apps are told the policy that a post has if they name
// none.
func TestUsualQuotePolicy(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	automatic := c.Post("alice", "Look").Obj("quote_approval")["automatic"].([]any)
	prefs := alice.GET("/api/v1/preferences").Object().Str("posting:default:quote_policy")
	source := alice.GET("/api/v1/accounts/verify_credentials").Object().Obj("source").Str("quote_policy")
	if len(automatic) != 1 || automatic[0] != "public" || prefs != "public" || source != "public" {
		t.Errorf("of a post %v, of the preferences %s, of the profile %s", automatic, prefs, source)
	}
}
