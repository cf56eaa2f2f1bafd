package instance_test

import (
	"testing"
	"time"

	"coterie/internal/testkit"
)

// Posts from elsewhere go once they are old, and copies of media nobody saw; what
// somebody here has to do with stays. What would go is told before, and
// addresses that people signed in from go after their days.
func TestWhatIsOldGoes(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two := testkit.Pair(t, engine...)
			whatIsOldGoes(t, one, two)
		})
	}
}

func whatIsOldGoes(t *testing.T, here, there *testkit.Community) {
	alice := here.As("alice").In(t) // owns the community
	here.FollowElsewhere("bob", there.Handle("carol"))
	booster := here.FollowElsewhere("bob", there.Handle("dave")).Str("id")
	ours := here.Post("bob", "ours")
	there.Settle()
	write := func(text string, pairs ...string) string {
		p := there.Post("carol", text, pairs...)
		there.Settle()
		return here.FindStatus("bob", p.Str("uri")).Str("id")
	}
	bob := here.As("bob").In(t)
	plain, mention := write("just so"), write("hello @"+here.Handle("bob"))
	liked, kept, boosted, answered, voted := write("liked"), write("kept"), write("boosted"), write("answered"), write("which?", "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "86400")
	for path, id := range map[string]string{"favourite": liked, "bookmark": kept, "reblog": boosted} {
		bob.POST("/api/v1/statuses/"+id+"/"+path, nil).OK()
	}
	here.Post("bob", "an answer", "in_reply_to_id", answered)
	bob.POST("/api/v1/polls/"+bob.GET("/api/v1/statuses/"+voted).Object().Obj("poll").Str("id")+"/votes", testkit.F("choices[]", "0")).OK()
	gone := there.Post("carol", "boosted long ago")
	there.Settle()
	there.As("dave").POST("/api/v1/statuses/"+gone.Str("id")+"/reblog", nil).OK()
	there.Settle()
	if got := here.FindStatus("bob", gone.Str("uri")); got.Num("reblogs_count") != 1 {
		t.Fatalf("boosted: %v", got)
	}
	goneHere := here.FindStatus("bob", gone.Str("uri")).Str("id")
	reported := write("rude")
	bob.POST("/api/v1/reports", testkit.F("account_id", bob.GET("/api/v1/statuses/"+reported).Object().Obj("account").Str("id"), "status_ids[]", reported)).OK()
	later := func(text string) (id, away string) {
		p := there.Post("carol", text)
		there.Settle()
		return here.FindStatus("bob", p.Str("uri")).Str("id"), p.Str("id")
	}
	continued, continuedThere := later("to be continued")
	passed, passedThere := later("passed on")
	theirs := there.FindStatus("carol", ours.Str("uri")).Str("id")
	answer := write("to ours", "in_reply_to_id", theirs)
	here.Anonymous().In(t).POST("/auth/sign_in", testkit.F("login", "bob", "password", testkit.Password)).Want(303)
	there.Settle()

	here.After(20 * 24 * time.Hour)
	young := write("young")
	there.Post("carol", "as I said", "in_reply_to_id", continuedThere)
	there.As("carol").POST("/api/v1/statuses/"+passedThere+"/reblog", nil).OK()
	there.Settle()
	const settings, upkeep = "/api/coterie/v1/admin/settings/", "/api/coterie/v1/admin/upkeep"
	set := func(name, value string) *testkit.Answer {
		return alice.PUT(settings+name, testkit.F("value", value))
	}
	set("post_days", "3").Error(422)
	set("media_days", "-1").Error(422)
	alice.GET(upkeep + "?post_days=99999").Error(422)
	if got := alice.GET(upkeep + "?post_days=10&address_days=10&media_days=10").Object(); got.Num("posts") != 2 || got.Num("addresses") != 2 || got.Num("media_files") != 0 {
		t.Errorf("what would go: %v", got)
	}
	if got := alice.GET(upkeep + "?post_days=30").Object(); got.Num("posts") != 0 || got.Num("addresses") != 0 {
		t.Errorf("what would go after a month: %v", got)
	}
	written := func() float64 {
		return bob.GET("/api/v1/statuses/" + young).Object().Obj("account").Num("statuses_count")
	}
	boosts := func() float64 {
		return bob.GET("/api/v1/accounts/" + booster).Object().Num("statuses_count")
	}
	before, boostsBefore := written(), boosts()
	if boostsBefore != 1 {
		t.Errorf("dave boosted %v posts", boostsBefore)
	}
	set("post_days", "10").OK()
	set("address_days", "10").OK()
	set("media_days", "10").OK()
	here.After(25 * time.Hour)
	bob.GET("/api/v1/statuses/" + plain).Error(404)
	bob.GET("/api/v1/statuses/" + goneHere).Error(404)
	if list := bob.GET("/api/v1/accounts/" + booster + "/statuses").List(); len(list) != 0 {
		t.Errorf("the boost of what is forgotten is left: %v", list)
	}
	if now := boosts(); now != boostsBefore {
		t.Errorf("dave has %v posts, and %v once a boosted one was forgotten here", boostsBefore, now)
	}
	for what, id := range map[string]string{
		"a mention": mention, "a favourite": liked, "a bookmark": kept, "a boost": boosted, "what was answered": answered,
		"a poll with a vote": voted, "an answer to ours": answer, "a reported one": reported,
		"what was answered elsewhere since": continued, "what was boosted elsewhere since": passed, "a young one": young, "ours": ours.Str("id"),
	} {
		if a := bob.GET("/api/v1/statuses/" + id); a.Status != 200 {
			t.Errorf("%s went: %d", what, a.Status)
		}
	}
	if now := written(); now != before {
		t.Errorf("carol wrote %v posts, and %v once one was forgotten here", before, now)
	}
	for _, s := range bob.GET("/api/coterie/v1/sign_ins").List() {
		if s.Str("ip") != "" {
			t.Errorf("still known where from: %v", s)
		}
	}
	if got := alice.GET(upkeep + "?post_days=10&address_days=10").Object(); got.Num("posts") != 0 || got.Num("addresses") != 0 {
		t.Errorf("what would go after it went: %v", got)
	}
}
