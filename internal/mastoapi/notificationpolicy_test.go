package mastoapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

const policyPath = "/api/v2/notifications/policy"

func TestPolicyForms(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		bob := c.As("bob").In(t)
		show := func(o testkit.Object) string {
			return strings.Join([]string{
				o.Str("for_not_following"), o.Str("for_not_followers"), o.Str("for_new_accounts"),
				o.Str("for_private_mentions"), o.Str("for_limited_accounts"), o.Str("for_bots"),
			}, " ")
		}
		if got := show(bob.GET(policyPath).Object()); got != "accept accept accept filter filter accept" {
			t.Errorf("everybody begins with %s", got)
		}
		changed := bob.PATCH(policyPath, testkit.F("for_bots", "drop", "for_not_following", "filter")).Object()
		if got := show(changed); got != "filter accept accept filter filter drop" || got != show(bob.GET(policyPath).Object()) {
			t.Errorf("after changing two: %s", got)
		}
		bob.PUT(policyPath, map[string]any{"for_private_mentions": "accept", "for_new_accounts": nil}).OK()
		bob.PATCH(policyPath, testkit.F("for_bots", "maybe")).Want(http.StatusUnprocessableEntity)
		if got := show(bob.GET(policyPath).Object()); got != "filter accept accept accept filter drop" {
			t.Errorf("after changing a third: %s", got)
		}
		old := bob.PUT("/api/v1/notifications/policy", testkit.F("filter_not_followers", "true", "filter_not_following", "false")).Object()
		if old["filter_not_followers"] != true || old["filter_not_following"] != false || old["filter_private_mentions"] != false {
			t.Errorf("the old form: %v", old)
		}
		if got := show(bob.GET(policyPath).Object()); got != "accept filter accept accept filter drop" {
			t.Errorf("after changing by the old form: %s", got)
		}
		if got := bob.GET("/api/v1/notifications/policy").Object(); got["filter_not_followers"] != true {
			t.Errorf("the old form again: %v", got)
		}
		if got := show(c.As("carol").In(t).GET(policyPath).Object()); got != "accept accept accept filter filter accept" {
			t.Errorf("carol's policy is %s", got)
		}
	})
}

// TestPolicyIsEnforced lets carol mention bob in public: who he is to her and
// what he decided say what becomes of it.
func TestPolicyIsEnforced(t *testing.T) {
	t.Parallel()
	follows := func(follower, target string) func(*testkit.Community) {
		return func(c *testkit.Community) { c.Follow(follower, target) }
	}
	later := func(c *testkit.Community) { c.Clock.Add(40 * 24 * time.Hour) }
	bot := func(c *testkit.Community) {
		c.As("carol").PATCH("/api/v1/accounts/update_credentials", testkit.F("bot", "true")).OK()
	}
	for _, row := range []struct {
		name  string
		part  string
		first []func(*testkit.Community)
		hits  bool
	}{
		{"not followed", "for_not_following", nil, true},
		{"followed", "for_not_following", []func(*testkit.Community){follows("bob", "carol")}, false},
		{"no follower", "for_not_followers", nil, true},
		{"a new follower", "for_not_followers", []func(*testkit.Community){follows("carol", "bob")}, true},
		{"an old follower", "for_not_followers", []func(*testkit.Community){follows("carol", "bob"), later}, false},
		{"a new account", "for_new_accounts", nil, true},
		{"an old account", "for_new_accounts", []func(*testkit.Community){later}, false},
		{"a bot", "for_bots", []func(*testkit.Community){bot}, true},
		{"a person", "for_bots", nil, false},
	} {
		for verdict, visible := range map[string]string{"accept": "shown", "filter": "aside", "drop": "gone"} {
			t.Run(row.name+" "+verdict, func(t *testing.T) {
				t.Parallel()
				c := testkit.NewInstance(t)
				for _, do := range row.first {
					do(c)
				}
				c.As("bob").PATCH(policyPath, testkit.F(row.part, verdict)).OK()
				c.Post("carol", "Hello @bob")
				want := visible
				if !row.hits {
					want = "shown"
				}
				got := "gone"
				switch {
				case len(heard(c, "bob", "types[]=mention")) == 1:
					got = "shown"
				case len(heard(c, "bob", "types[]=mention&include_filtered=true")) == 1:
					got = "aside"
				}
				if got != want {
					t.Errorf("the mention is %s, should be %s", got, want)
				}
			})
		}
	}
}

// TestStaffIsHeard: what they write passes every rule (behaviours 13.3).
func TestStaffIsHeard(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("bob").POST(account(c, "alice", "mute"), nil).OK()
	c.Post("alice", "A word, @bob")
	if got := heard(c, "bob", ""); !slices.Equal(got, []string{"mention alice"}) {
		t.Errorf("bob hears %v of who runs the community", got)
	}
	c.As("alice").POST(account(c, "bob", "mute"), nil).OK()
	c.Post("bob", "What, @alice?")
	if got := heard(c, "alice", "types[]=mention"); len(got) != 0 {
		t.Errorf("the other way round: %v", got)
	}
}

func TestRequestsAreAcceptedAndMerged(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		bob := c.As("bob").In(t)
		c.Post("carol", "@bob first", "visibility", "direct")
		last := c.Post("carol", "@bob second", "visibility", "direct")
		c.Post("dave", "@bob psst", "visibility", "direct")
		c.Settle()
		requests := bob.GET("/api/v1/notifications/requests").List()
		if len(requests) != 2 || requests[0].Obj("account").Str("username") != "dave" {
			t.Fatalf("requests: %v", requests)
		}
		carols := requests[1]
		if carols.Str("notifications_count") != "2" || carols.Obj("last_status").Str("id") != last.Str("id") {
			t.Errorf("carol's request: %v", carols)
		}
		summary := bob.GET(policyPath).Object().Obj("summary")
		if summary.Num("pending_requests_count") != 2 || summary.Num("pending_notifications_count") != 3 {
			t.Errorf("summary: %v", summary)
		}
		path := "/api/v1/notifications/requests/" + carols.Str("id")
		if got := bob.GET(path).Object(); got.Str("id") != carols.Str("id") {
			t.Errorf("one request: %v", got)
		}
		// SEC-31
		for _, verb := range []string{"/accept", "/dismiss"} {
			c.As("dave").In(t).POST(path+verb, nil).Want(http.StatusNotFound)
			c.As("dave").In(t).POST("/api/v1/notifications/requests"+verb, testkit.F("id[]", carols.Str("id"))).OK()
		}
		c.As("dave").In(t).GET(path).Want(http.StatusNotFound)
		if got := len(bob.GET("/api/v1/conversations").List()); got != 0 {
			t.Errorf("%d conversations before", got)
		}

		bob.POST(path+"/accept", nil).OK()
		if bob.GET("/api/v1/notifications/requests/merged").Object().Bool("merged") {
			t.Error("merged before the work was done")
		}
		if got := heard(c, "bob", "types[]=mention"); !slices.Equal(got, []string{"mention carol", "mention carol"}) {
			t.Errorf("after accepting bob hears %v", got)
		}
		if !bob.GET("/api/v1/notifications/requests/merged").Object().Bool("merged") {
			t.Error("not merged after the work was done")
		}
		if got := len(bob.GET("/api/v1/conversations").List()); got != 2 {
			t.Errorf("%d conversations after", got)
		}
		bob.GET(path).Want(http.StatusNotFound)
		bob.POST(path+"/accept", nil).Want(http.StatusNotFound)
		c.Post("carol", "@bob third", "visibility", "direct")
		if got := heard(c, "bob", "types[]=mention"); len(got) != 3 {
			t.Errorf("the permission lasts: %v", got)
		}
	})
}

func TestRequestsAreDismissed(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		bob := c.As("bob").In(t)
		c.Post("carol", "@bob psst", "visibility", "direct")
		c.Post("dave", "@bob psst", "visibility", "direct")
		c.Post("erin", "@bob psst", "visibility", "direct")
		c.Settle()
		first := bob.GET("/api/v1/notifications/requests?limit=2")
		requests := first.List()
		rest := bob.GET(first.Link("next")).List()
		if len(requests) != 2 || len(rest) != 1 || rest[0].Obj("account").Str("username") != "carol" {
			t.Fatalf("requests by pages: %v, then %v", requests, rest)
		}
		bob.POST("/api/v1/notifications/requests/"+rest[0].Str("id")+"/dismiss", nil).OK()
		if got := heard(c, "bob", "include_filtered=true"); !slices.Equal(got, []string{"mention dave", "mention erin"}) {
			t.Errorf("after dismissing carol's: %v", got)
		}
		bob.POST("/api/v1/notifications/requests/dismiss", testkit.F("id[]", requests[0].Str("id"), "id[]", "1")).OK()
		bob.POST("/api/v1/notifications/requests/accept", testkit.F("id[]", requests[1].Str("id"))).OK()
		if got := heard(c, "bob", "include_filtered=true"); !slices.Equal(got, []string{"mention dave"}) {
			t.Errorf("after dismissing erin's and accepting dave's: %v", got)
		}
		// She asks again with the next one.
		c.Post("carol", "@bob again", "visibility", "direct")
		c.Settle()
		if got := bob.GET("/api/v1/notifications/requests").List(); len(got) != 1 || got[0].Str("notifications_count") != "1" {
			t.Errorf("after another try: %v", got)
		}
		c.As("bob").In(t).POST(account(c, "carol", "block"), nil).OK()
		if got := bob.GET("/api/v1/notifications/requests").List(); len(got) != 0 {
			t.Errorf("after blocking her: %v", got)
		}
	})
}

// TestOnlyMentionsAskToBeHeard: what else is put aside opens no request.
func TestOnlyMentionsAskToBeHeard(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("bob").PATCH(policyPath, testkit.F("for_not_following", "filter")).OK()
	post := c.Post("bob", "Nice, isn't it?")
	c.As("carol").POST(status(post, "favourite"), nil).OK()
	c.As("carol").POST(account(c, "bob", "follow"), nil).OK()
	if got := heard(c, "bob", "include_filtered=true"); len(got) != 2 {
		t.Errorf("put aside: %v", got)
	}
	if got := c.As("bob").GET("/api/v1/notifications/requests").List(); len(got) != 0 {
		t.Errorf("requests: %v", got)
	}
	for _, n := range c.As("bob").GET("/api/v1/notifications?include_filtered=true").List() {
		if n.Str("group_key") != "ungrouped-"+n.Str("id") || n["filtered"] != true {
			t.Errorf("what is put aside stands alone: %v %v", n.Str("group_key"), n["filtered"])
		}
	}
	if got := groups(c.As("bob").GET("/api/v2/notifications?include_filtered=true").Object()); len(got) != 2 {
		t.Errorf("as groups: %v", got)
	}
	if got := groups(c.As("bob").GET("/api/v2/notifications").Object()); len(got) != 0 {
		t.Errorf("as groups, without the filtered: %v", got)
	}
}
