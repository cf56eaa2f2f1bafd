package instance_test

import (
	"testing"
	"time"

	"coterie/internal/testkit"
)

// eachPair runs f over two communities on either engine. On one.test mod looks
// after things; bob of one.test and dave of two.test follow each other.
func eachPair(t *testing.T, f func(t *testing.T, one, two *testkit.Community)) {
	t.Helper()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			one, two := testkit.Pair(t, options...)
			one.FollowElsewhere("bob", "dave@two.test")
			two.FollowElsewhere("dave", "bob@one.test")
			f(t, one, two)
		})
	}
}

// decide has the owner act on an account, and works off what follows.
func decide(c *testkit.Community, account, kind string, pairs ...string) {
	c.T.Helper()
	c.As("alice").POST("/api/v1/admin/accounts/"+account+"/action", testkit.F(append([]string{"type", kind}, pairs...)...)).OK()
	c.Settle()
}

// A suspension of somebody here is told elsewhere, and so is its end.
func TestStorySuspensionHere(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, one, two *testkit.Community) {
		bob := two.FindAccount("dave", "bob@one.test").Str("id")
		one.Post("bob", "Hello over there")
		one.Settle()
		if got := two.Home("dave"); len(got) != 1 {
			t.Fatalf("home of dave: %v", got)
		}
		here := one.Person("bob").ID.String()
		decide(one, here, "suspend")
		if !two.As("dave").GET("/api/v1/accounts/"+bob).Object().Bool("suspended") || len(two.Home("dave")) != 0 {
			t.Error("two.test still shows bob")
		}
		one.After(24 * time.Hour)
		one.As("alice").POST("/api/v1/admin/accounts/"+here+"/unsuspend", nil).OK()
		one.Settle()
		if two.As("dave").GET("/api/v1/accounts/"+bob).Object().Bool("suspended") || len(two.Home("dave")) != 1 {
			t.Error("two.test does not show bob again")
		}
		one.Post("bob", "Back")
		one.Settle()
		if got := two.Home("dave"); len(got) != 2 {
			t.Errorf("home of dave after it: %d posts", len(got))
		}
	})
}

// SEC-37: of somebody elsewhere who is suspended here nothing appears, by push
// or boost, and they get nothing that is for followers; taking it back brings
// back what was there.
func TestSEC37_SuspensionOfSomebodyElsewhere(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, one, two *testkit.Community) {
		dave := one.FindAccount("bob", "dave@two.test").Str("id")
		one.FollowElsewhere("carol", "erin@two.test")
		before := two.Post("dave", "Before")
		two.As("erin").POST("/api/v1/statuses/"+before.Str("id")+"/reblog", nil).OK()
		two.Settle()
		if got := one.Home("carol"); len(got) != 1 || got[0].Obj("reblog").Str("uri") != before.Str("uri") {
			t.Fatalf("home of carol: %v", got)
		}
		seen := one.FindStatus("carol", before.Str("uri")).Str("id")
		decide(one, dave, "suspend")
		while := two.Post("dave", "While")
		two.As("erin").POST("/api/v1/statuses/"+while.Str("id")+"/reblog", nil).OK()
		two.Settle()
		if got := one.Home("carol"); len(got) != 0 {
			t.Errorf("home of carol, boosts of erin: %v", got)
		}
		one.As("carol").GET("/api/v1/statuses/" + seen).Error(404)
		for _, p := range []testkit.Object{before, while} {
			if got := one.Search("carol", "statuses", p.Str("uri")); len(got) != 0 {
				t.Errorf("fetched: %v", got)
			}
		}
		if got := one.Home("bob"); len(got) != 0 {
			t.Errorf("home of bob: %v", got)
		}
		if !one.As("bob").GET("/api/v1/accounts/" + dave).Object().Bool("suspended") {
			t.Error("dave is shown")
		}
		if got := one.Heard("bob", "severed_relationships"); len(got) != 1 || got[0].Obj("event").Str("type") != "account_suspension" || got[0].Obj("event").Num("followers_count") != 1 {
			t.Errorf("bob was told: %v", got)
		}
		if two.Relation("dave", two.FindAccount("dave", "bob@one.test").Str("id")).Bool("following") {
			t.Error("dave still follows bob")
		}
		one.Post("bob", "For followers", "visibility", "private")
		one.Settle()
		for _, p := range two.Home("dave") {
			if p.Obj("account").Str("acct") != "dave" {
				t.Errorf("dave got %v", p)
			}
		}
		one.As("alice").POST("/api/v1/admin/accounts/"+dave+"/unsuspend", nil).OK()
		one.Settle()
		if got := one.Home("bob"); len(got) < 2 {
			t.Errorf("home of bob afterwards: %v", got)
		}
	})
}

// A limit of somebody elsewhere leaves them to their followers.
func TestStoryLimitElsewhere(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, one, two *testkit.Community) {
		dave := one.FindAccount("bob", "dave@two.test").Str("id")
		decide(one, dave, "silence")
		two.Post("dave", "Softly")
		two.Settle()
		if home, public := len(one.Home("bob")), len(one.As("carol").GET("/api/v1/timelines/public").List()); home < 1 || public != 0 {
			t.Errorf("home %d, public %d", home, public)
		}
		if !one.As("carol").GET("/api/v1/accounts/" + dave).Object().Bool("limited") {
			t.Error("dave is not limited")
		}
		one.As("alice").POST("/api/v1/admin/accounts/"+dave+"/unsilence", nil).OK()
		if got := one.As("carol").GET("/api/v1/timelines/public").List(); len(got) != 1 {
			t.Errorf("public afterwards: %v", got)
		}
	})
}

// A report goes along to the other server, whose staff acts on it, whose
// person appeals, and whose staff takes it back.
func TestStoryReportAndAppeal(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, one, two *testkit.Community) {
		post := two.Post("dave", "@bob@one.test You are wrong").Str("id")
		two.Settle()
		dave := one.FindAccount("bob", "dave@two.test").Str("id")
		seen := one.Heard("bob", "mention")[0].Obj("status").Str("id")
		one.As("bob").POST("/api/v1/reports", testkit.F("account_id", dave, "status_ids[]", seen, "comment", "Rude", "forward", "true")).OK()
		one.Settle()

		staff := two.As("alice")
		reports := staff.GET("/api/v1/admin/reports").List()
		if len(reports) != 1 || reports[0].Str("comment") != "Rude" || reports[0].Obj("target_account").Str("username") != "dave" {
			t.Fatalf("two.test has the reports %v", reports)
		}
		if posts := reports[0]["statuses"].([]any); len(posts) != 1 || posts[0].(map[string]any)["id"] != post {
			t.Errorf("reported posts: %v", posts)
		}
		if who := reports[0].Obj("account"); who.Str("username") == "bob" {
			t.Errorf("who reported is told: %v", who)
		}
		decide(two, two.Person("dave").ID.String(), "silence", "report_id", reports[0].Str("id"), "text", "Be kind.")
		if got := staff.GET("/api/v1/admin/reports").List(); len(got) != 0 {
			t.Errorf("open reports: %v", got)
		}
		if got := one.As("alice").GET("/api/v1/admin/reports").List(); len(got) != 1 {
			t.Errorf("one.test still has to decide for itself: %v", got)
		}
		strike := two.Heard("dave", "moderation_warning")[0].Obj("moderation_warning").Str("id")
		two.As("dave").POST("/api/coterie/v1/strikes/"+strike+"/appeal", testkit.F("text", "I was right")).OK()
		staff.POST("/api/coterie/v1/admin/strikes/"+strike+"/appeal/approve", nil).OK()
		if two.As("bob").GET("/api/v1/accounts/" + two.Person("dave").ID.String()).Object().Bool("limited") {
			t.Error("dave is still limited")
		}
	})
}
