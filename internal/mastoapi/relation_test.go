package mastoapi_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"coterie/internal/testkit"
)

func account(c *testkit.Community, name, verb string) string {
	return "/api/v1/accounts/" + c.Person(name).ID.String() + "/" + verb
}

func names(list []testkit.Object) []string {
	out := []string{}
	for _, o := range list {
		out = append(out, o.Str("username"))
	}
	return out
}

func TestFollowersAndFollowingPage(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		for _, name := range []string{"bob", "carol", "dave", "erin"} {
			c.Follow(name, "alice")
		}
		first := c.As("alice").In(t).GET(account(c, "alice", "followers?limit=3"))
		if got := names(first.List()); !slices.Equal(got, []string{"erin", "dave", "carol"}) {
			t.Errorf("first page: %v", got)
		}
		second := c.As("alice").In(t).GET(first.Link("next"))
		if got := names(second.List()); !slices.Equal(got, []string{"bob"}) {
			t.Errorf("second page: %v", got)
		}
		if second.Link("next") != "" {
			t.Errorf("a page that was not full links on to %s", second.Link("next"))
		}
		back := c.As("alice").In(t).GET(second.Link("prev"))
		if got := names(back.List()); !slices.Equal(got, []string{"erin", "dave", "carol"}) {
			t.Errorf("back again: %v", got)
		}
		if got := names(c.Anonymous().In(t).GET(account(c, "bob", "following")).List()); !slices.Equal(got, []string{"alice"}) {
			t.Errorf("bob follows %v", got)
		}
	})
}

func TestFollowOptionsAndNotifications(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	bob := c.As("bob")
	k := bob.POST(account(c, "alice", "follow"), map[string]any{"reblogs": false, "notify": true, "languages": []string{"de"}}).Object()
	if !k.Bool("following") || k.Bool("showing_reblogs") || !k.Bool("notifying") {
		t.Errorf("after following: %v", k)
	}
	k = bob.POST(account(c, "alice", "follow"), testkit.F("reblogs", "true")).Object()
	if !k.Bool("showing_reblogs") || !k.Bool("notifying") {
		t.Errorf("after changing one option: %v", k)
	}
	c.Settle()
	told := c.As("alice").GET("/api/v1/notifications?types[]=follow").List()
	if len(told) != 1 || told[0].Str("type") != "follow" || told[0].Obj("account").Str("username") != "bob" {
		t.Fatalf("alice hears %v", told)
	}
	var unread struct{ Count int }
	c.As("alice").GET("/api/v1/notifications/unread_count").OK().Into(&unread)
	if unread.Count == 0 {
		t.Error("nothing is unread")
	}
	c.As("bob").GET("/api/v1/notifications/" + told[0].Str("id")).Want(http.StatusNotFound)
	c.As("alice").GET("/api/v1/notifications/" + told[0].Str("id")).OK()
	bob.POST(account(c, "alice", "unfollow"), nil).OK()
	c.Settle()
	if told := c.As("alice").GET("/api/v1/notifications?types[]=follow").List(); len(told) != 0 {
		t.Errorf("after the unfollow alice still hears %v", told)
	}
	if got := bob.POST(account(c, "bob", "follow"), nil).Error(http.StatusForbidden); got == "" {
		t.Error("following oneself has no sentence")
	}
	bob.POST("/api/v1/accounts/1/follow", nil).Want(http.StatusNotFound)
}

func TestBlocksMutesAndDomains(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	alice, bob := c.As("alice"), c.As("bob")
	if k := alice.POST(account(c, "bob", "block"), nil).Object(); !k.Bool("blocking") || k.Bool("followed_by") {
		t.Errorf("after blocking: %v", k)
	}
	if got := names(alice.GET("/api/v1/blocks").List()); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("blocks: %v", got)
	}
	bob.POST(account(c, "alice", "follow"), nil).Want(http.StatusForbidden)
	if got := bob.GET(account(c, "alice", "followers")).List(); len(got) != 0 {
		t.Errorf("the blocked sees followers: %v", got)
	}
	alice.POST(account(c, "bob", "unblock"), nil).OK()

	k := alice.POST(account(c, "carol", "mute"), testkit.F("duration", "3600", "notifications", "false")).Object()
	if !k.Bool("muting") || k.Bool("muting_notifications") || k.Str("muting_expires_at") == "" {
		t.Errorf("after muting: %v", k)
	}
	if got := alice.GET("/api/v1/mutes").List(); len(got) != 1 || got[0].Str("mute_expires_at") == "" {
		t.Errorf("mutes: %v", got)
	}
	c.After(time.Hour)
	if got := alice.GET("/api/v1/mutes").List(); len(got) != 0 {
		t.Errorf("after its end the mute is still listed: %v", got)
	}

	alice.POST("/api/v1/domain_blocks", testkit.F("domain", "Spam.Example")).OK()
	var hosts []string
	alice.GET("/api/v1/domain_blocks").OK().Into(&hosts)
	if !slices.Equal(hosts, []string{"spam.example"}) {
		t.Errorf("domain blocks: %v", hosts)
	}
	alice.DELETE("/api/v1/domain_blocks", testkit.F("domain", "spam.example")).OK()
	for said, kept := range map[string]string{"München.example": "xn--mnchen-3ya.example", "https://two.test:3000/about": "two.test:3000"} {
		alice.POST("/api/v1/domain_blocks", testkit.F("domain", said)).OK()
		if alice.GET("/api/v1/domain_blocks").OK().Into(&hosts); !slices.Equal(hosts, []string{kept}) {
			t.Errorf("%s is blocked as %v", said, hosts)
		}
		alice.DELETE("/api/v1/domain_blocks", testkit.F("domain", said)).OK()
	}
	for _, odd := range []string{"not a host", "word", ""} {
		alice.POST("/api/v1/domain_blocks", testkit.F("domain", odd)).Want(http.StatusUnprocessableEntity)
	}
	alice.POST("/api/v1/domain_blocks", testkit.F("domain", c.Config.Domain)).Want(http.StatusUnprocessableEntity)
}

// TestSEC31ListsBelongToTheirOwner tries another's list on every route.
func TestSEC31ListsBelongToTheirOwner(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("alice", "bob")
	alice, bob := c.As("alice"), c.As("bob")
	list := alice.POST("/api/v1/lists", testkit.F("title", "Friends", "replies_policy", "none")).Object()
	path := "/api/v1/lists/" + list.Str("id")
	members := testkit.F("account_ids[]", c.Person("bob").ID.String())
	alice.POST(path+"/accounts", members).OK()
	alice.POST(path+"/accounts", members).Want(http.StatusUnprocessableEntity)
	alice.POST(path+"/accounts", testkit.F("account_ids[]", c.Person("carol").ID.String())).Want(http.StatusNotFound)
	if got := names(alice.GET(path + "/accounts?limit=0").List()); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("members: %v", got)
	}
	for _, try := range []*testkit.Answer{
		bob.GET(path), bob.PUT(path, testkit.F("title", "Mine")), bob.GET(path + "/accounts"),
		bob.POST(path+"/accounts", members), bob.DELETE(path+"/accounts", members), bob.DELETE(path, nil),
	} {
		if try.Status != http.StatusNotFound {
			t.Errorf("%s %s by another: %d %s", try.Method, try.Path, try.Status, try.Body)
		}
	}
	if got := alice.GET(path).Object(); got.Str("title") != "Friends" {
		t.Errorf("the list: %v", got)
	}
	changed := alice.PUT(path, testkit.F("exclusive", "true")).Object()
	if changed.Str("title") != "Friends" || changed.Str("replies_policy") != "none" || !changed.Bool("exclusive") {
		t.Errorf("after a partial change: %v", changed)
	}
	alice.PUT(path, testkit.F("replies_policy", "maybe")).Want(http.StatusUnprocessableEntity)
	alice.DELETE(path+"/accounts", members).OK()
	alice.DELETE(path, nil).OK()
	alice.GET(path).Want(http.StatusNotFound)
}

func TestRelationshipsTakeEveryFormOfIDs(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("alice", "bob")
	c.Follow("carol", "bob")
	bob, carol := c.Person("bob").ID.String(), c.Person("carol").ID.String()
	for _, query := range []string{"id=" + bob, "id[]=" + bob + "&id[]=" + carol + "&id[]=1", "id[0]=" + bob} {
		list := c.As("alice").GET("/api/v1/accounts/relationships?" + query).List()
		if len(list) == 0 || list[0].Str("id") != bob || !list[0].Bool("following") {
			t.Errorf("%s: %v", query, list)
		}
	}
	c.Follow("alice", "carol")
	familiar := c.As("alice").GET("/api/v1/accounts/familiar_followers?id[]=" + bob).List()
	if len(familiar) != 1 || len(familiar[0]["accounts"].([]any)) != 1 {
		t.Errorf("familiar followers of bob: %v", familiar)
	}
	k := c.As("alice").POST(account(c, "bob", "note"), testkit.F("comment", "met at the burrow")).Object()
	if k.Str("note") != "met at the burrow" {
		t.Errorf("after the note: %v", k)
	}
	c.As("alice").POST(account(c, "bob", "note"), testkit.F("comment", "")).OK()
}

// TestFollowersAreLetInAndShownOut: a request may be refused, a follower removed.
func TestFollowersAreLetInAndShownOut(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice"), c.Person("bob").ID.String()
		alice.PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
		ask := func() {
			c.As("bob").POST(account(c, "alice", "follow"), nil).OK()
			if got := names(alice.GET("/api/v1/follow_requests").List()); !slices.Equal(got, []string{"bob"}) {
				t.Fatalf("who asks: %v", got)
			}
		}
		ask()
		if rel := alice.POST("/api/v1/follow_requests/"+bob+"/reject", nil).Object(); rel.Bool("requested_by") || rel.Bool("followed_by") {
			t.Errorf("refused: %v", rel)
		}
		alice.POST("/api/v1/follow_requests/"+bob+"/reject", nil).Error(http.StatusNotFound)
		ask()
		alice.POST("/api/v1/follow_requests/"+bob+"/authorize", nil).OK()
		if got := names(alice.GET(account(c, "alice", "followers")).List()); !slices.Equal(got, []string{"bob"}) {
			t.Fatalf("followers: %v", got)
		}
		if rel := alice.POST("/api/v1/accounts/"+bob+"/remove_from_followers", nil).Object(); rel.Bool("followed_by") {
			t.Errorf("removed: %v", rel)
		}
		if got := alice.GET(account(c, "alice", "followers")).List(); len(got) != 0 {
			t.Errorf("followers: %v", names(got))
		}
	})
}
