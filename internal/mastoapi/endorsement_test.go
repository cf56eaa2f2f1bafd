package mastoapi_test

import (
	"net/http"
	"slices"
	"testing"

	"coterie/internal/testkit"
)

// TestEndorsements: only whom one follows, under both names, in pages.
func TestEndorsements(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		alice.POST(account(c, "bob", "endorse"), nil).Error(http.StatusUnprocessableEntity)
		alice.POST(account(c, "alice", "endorse"), nil).Error(http.StatusUnprocessableEntity)
		alice.POST("/api/v1/accounts/1/endorse", nil).Error(http.StatusNotFound)
		alice.POST("/api/v1/accounts/1/unendorse", nil).Error(http.StatusNotFound)
		c.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
		for _, name := range []string{"bob", "carol", "dave", "erin"} {
			c.Follow("alice", name)
		}
		alice.POST(account(c, "dave", "endorse"), nil).Error(http.StatusUnprocessableEntity) // only asked
		for name, verb := range map[string]string{"bob": "endorse", "carol": "pin", "erin": "endorse"} {
			if k := alice.POST(account(c, name, verb), nil).Object(); !k.Bool("endorsed") {
				t.Errorf("%s of %s: %v", verb, name, k)
			}
			alice.POST(account(c, name, verb), nil).OK()
		}
		list := func(as *testkit.Client, path string) []string {
			got := names(as.In(t).GET(path).List())
			slices.Sort(got)
			return got
		}
		all := []string{"bob", "carol", "erin"}
		for who, as := range map[string]*testkit.Client{"alice": alice, "bob": c.As("bob"), "nobody": c.Anonymous()} {
			if got := list(as, account(c, "alice", "endorsements")); !slices.Equal(got, all) {
				t.Errorf("%s sees %v", who, got)
			}
		}
		page := alice.GET("/api/v1/endorsements?limit=2")
		rest := alice.GET(page.Link("next"))
		if got := append(names(page.List()), names(rest.List())...); len(got) != 3 || rest.Link("next") != "" {
			t.Errorf("in pages: %v", got)
		}
		if got := names(alice.GET(rest.Link("prev")).List()); !slices.Equal(got, names(page.List())) {
			t.Errorf("back again: %v", got)
		}
		if k := alice.POST(account(c, "carol", "unpin"), nil).Object(); k.Bool("endorsed") {
			t.Errorf("after unpin: %v", k)
		}
		alice.POST(account(c, "carol", "unendorse"), nil).OK()
		alice.POST(account(c, "bob", "unfollow"), nil).OK()
		if got := list(alice, "/api/v1/endorsements"); !slices.Equal(got, []string{"erin"}) {
			t.Errorf("once bob is not followed: %v", got)
		}
		c.As("erin").POST(account(c, "alice", "block"), nil).OK()
		if got := list(alice, "/api/v1/endorsements"); len(got) != 0 {
			t.Errorf("once erin blocks: %v", got)
		}
		c.Anonymous().GET("/api/v1/endorsements").Error(http.StatusUnauthorized)
		c.Anonymous().GET("/api/v1/accounts/1/endorsements").Error(http.StatusNotFound)
	})
}

// TestEndorsementsHidden: those who hide whom they follow hide these, and whom
// the featured block does not see them.
func TestEndorsementsHidden(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("alice", "bob")
	c.As("alice").POST(account(c, "bob", "endorse"), nil).OK()
	c.As("bob").POST(account(c, "carol", "block"), nil).OK()
	see := func(name string) int { return len(c.As(name).GET(account(c, "alice", "endorsements")).List()) }
	if see("carol") != 0 || see("dave") != 1 {
		t.Errorf("carol, whom bob blocks, sees %d, dave %d", see("carol"), see("dave"))
	}
	c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("hide_collections", "true")).OK()
	if see("dave") != 0 || see("alice") != 1 {
		t.Errorf("hidden: dave sees %d, alice %d", see("dave"), see("alice"))
	}
}
