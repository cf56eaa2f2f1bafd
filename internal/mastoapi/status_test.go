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

func TestMarksAndBoosts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)
		s := alice.POST("/api/v1/statuses", testkit.F("status", "nice")).Object()
		path := "/api/v1/statuses/" + s.Str("id")
		for _, verb := range []struct {
			on, off, flag, count string
		}{
			{"favourite", "unfavourite", "favourited", "favourites_count"},
			{"bookmark", "unbookmark", "bookmarked", ""},
			{"mute", "unmute", "muted", ""},
		} {
			for range 2 {
				got := bob.POST(path+"/"+verb.on, nil).Object()
				if !got.Bool(verb.flag) || verb.count != "" && got.Num(verb.count) != 1 {
					t.Errorf("%s answers %v", verb.on, got)
				}
			}
			for range 2 {
				got := bob.POST(path+"/"+verb.off, nil).Object()
				if got.Bool(verb.flag) || verb.count != "" && got.Num(verb.count) != 0 {
					t.Errorf("%s answers %v", verb.off, got)
				}
			}
		}
		boost := bob.POST(path+"/reblog", testkit.F("visibility", "unlisted")).Object()
		inner := boost.Obj("reblog")
		if boost.Str("visibility") != "unlisted" || inner.Str("id") != s.Str("id") || !inner.Bool("reblogged") || inner.Num("reblogs_count") != 1 {
			t.Errorf("boosting answers %v", boost)
		}
		if got := alice.POST("/api/v1/statuses/"+boost.Str("id")+"/favourite", nil).Object(); got.Str("id") != s.Str("id") {
			t.Errorf("a favourite of a boost answers %v", got)
		}
		if got := bob.POST(path+"/unreblog", nil).Object(); got.Str("id") != s.Str("id") || got.Bool("reblogged") || got.Num("reblogs_count") != 0 {
			t.Errorf("taking the boost back answers %v", got)
		}
		alice.GET("/api/v1/statuses/" + boost.Str("id")).Want(404)
		if got := alice.POST(path+"/pin", nil).Object(); !got.Bool("pinned") {
			t.Errorf("pinning answers %v", got)
		}
		bob.POST(path+"/pin", nil).Error(422)
		if got := alice.POST(path+"/unpin", nil).Object(); got.Bool("pinned") {
			t.Errorf("taking the pin down answers %v", got)
		}
		secret := alice.POST("/api/v1/statuses", testkit.F("status", "@bob psst", "visibility", "direct")).Object()
		bob.POST("/api/v1/statuses/"+secret.Str("id")+"/reblog", nil).Error(403)
		boost = bob.POST(path+"/reblog", nil).Object()
		gone := bob.DELETE("/api/v1/statuses/"+boost.Str("id"), nil).Object()
		if gone.Str("id") != boost.Str("id") || alice.GET(path).Object().Num("reblogs_count") != 0 {
			t.Errorf("deleting one's own boost answers %v", gone)
		}
	})
}

func TestEditsOverHTTP(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)
		s := alice.POST("/api/v1/statuses", testkit.F("status", "frist @bob", "language", "en")).Object()
		path := "/api/v1/statuses/" + s.Str("id")
		if h := c.Anonymous().In(t).GET(path + "/history").List(); len(h) != 1 || h[0].Str("content") != s.Str("content") {
			t.Errorf("the history before any edit is %v", h)
		}
		if got := alice.PUT(path, testkit.F("status", "frist @bob", "language", "en")).Object(); got["edited_at"] != nil {
			t.Errorf("an edit without a change answers %v", got)
		}
		c.Clock.Add(time.Minute)
		got := alice.PUT(path, map[string]any{"status": "first", "spoiler_text": "corrected"}).Object()
		if got.Str("content") != "<p>first</p>" || got.Str("edited_at") == "" || !got.Bool("sensitive") || got.Str("language") != "en" {
			t.Errorf("editing answers %v", got)
		}
		h := bob.GET(path + "/history").List()
		if len(h) != 2 || h[0].Str("content") != s.Str("content") || h[0].Str("created_at") != s.Str("created_at") ||
			h[1].Str("spoiler_text") != "corrected" || h[1].Str("created_at") != got.Str("edited_at") {
			t.Errorf("the history is %v", h)
		}
		if src := alice.GET(path + "/source").Object(); src.Str("text") != "first" || src.Str("spoiler_text") != "corrected" {
			t.Errorf("the source is %v", src)
		}
	})
}

func TestPollsOverHTTP(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)
		s := alice.POST("/api/v1/statuses", testkit.F("status", "which?", "poll[options][]", "a", "poll[options][]", "b",
			"poll[expires_in]", "600", "poll[hide_totals]", "true", "poll[multiple]", "1")).Object()
		p := s.Obj("poll")
		path := "/api/v1/polls/" + p.Str("id")
		if !p.Bool("multiple") || !p.Bool("voted") || p.Bool("expired") {
			t.Errorf("the new poll is %v", p)
		}
		if e := alice.POST(path+"/votes", testkit.F("choices[]", "0")).Error(422); e == "" {
			t.Error("no sentence about one's own poll")
		}
		bob.POST(path+"/votes", testkit.F("choices[]", "two")).Error(422)
		bob.POST(path+"/votes", nil).Error(422)
		got := bob.POST(path+"/votes", map[string]any{"choices": []any{"1", 0}}).Object()
		if !got.Bool("voted") || got.Num("voters_count") != 1 || got.Num("votes_count") != 2 || len(got["own_votes"].([]any)) != 2 {
			t.Errorf("voting answers %v", got)
		}
		bob.POST(path+"/votes", testkit.F("choices[]", "0")).Error(422)
		anonymous := c.Anonymous().In(t).GET(path).Object()
		if _, has := anonymous["voted"]; has {
			t.Errorf("without a token the poll is %v", anonymous)
		}
		if first := anonymous["options"].([]any)[0].(map[string]any); first["votes_count"] != nil {
			t.Errorf("totals are not hidden: %v", first)
		}
		c.After(10 * time.Minute)
		ended := bob.GET(path).Object()
		if first := ended["options"].([]any)[0].(map[string]any); !ended.Bool("expired") || first["votes_count"] != 1.0 {
			t.Errorf("after its end the poll is %v", ended)
		}
		bob.POST(path+"/votes", testkit.F("choices[]", "0")).Error(422)
	})
}

func TestScheduledOverHTTP(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		in := func(d time.Duration) string { return c.Clock.Now().Add(d).Format(time.RFC3339) }
		alice.POST("/api/v1/statuses", testkit.F("status", "soon", "scheduled_at", in(time.Minute))).Error(422)
		alice.POST("/api/v1/statuses", testkit.F("status", "soon", "scheduled_at", "tomorrow")).Error(422)
		if s := alice.POST("/api/v1/statuses", testkit.F("status", "past", "scheduled_at", in(-time.Minute))).Object(); s.Str("content") == "" {
			t.Errorf("a time in the past answers %v", s)
		}
		first := alice.With("Idempotency-Key", "k").POST("/api/v1/statuses", testkit.F("status", "one", "scheduled_at", in(time.Hour),
			"poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "300")).Object()
		second := alice.POST("/api/v1/statuses", testkit.F("status", "two", "scheduled_at", in(time.Hour), "in_reply_to_id", c.Post("bob", "root").Str("id"))).Object()
		if again := alice.With("Idempotency-Key", "k").POST("/api/v1/statuses", testkit.F("status", "one", "scheduled_at", in(time.Hour))).Object(); again.Str("id") != first.Str("id") {
			t.Errorf("the retry gave %v", again)
		}
		if p := first.Obj("params"); p.Str("text") != "one" || p.Str("visibility") != "public" || p.Obj("poll").Num("expires_in") != 300 {
			t.Errorf("its parameters are %v", p)
		}
		page := alice.GET("/api/v1/scheduled_statuses?limit=1")
		if list := page.List(); len(list) != 1 || list[0].Str("id") != second.Str("id") {
			t.Errorf("the first page is %v", list)
		}
		if list := alice.GET(page.Link("next")).List(); len(list) != 1 || list[0].Str("id") != first.Str("id") {
			t.Errorf("the next page is %v", list)
		}
		path := "/api/v1/scheduled_statuses/"
		alice.PUT(path+first.Str("id"), testkit.F("scheduled_at", in(time.Minute))).Error(422)
		alice.PUT(path+first.Str("id"), nil).Error(422)
		alice.PUT(path+first.Str("id"), testkit.F("scheduled_at", in(10*time.Minute))).OK()
		if got := alice.DELETE(path+second.Str("id"), nil).Object(); len(got) != 0 {
			t.Errorf("deleting answers %v", got)
		}
		c.After(10 * time.Minute)
		if list := alice.GET(path[:len(path)-1]).List(); len(list) != 0 {
			t.Errorf("when due %v is left", list)
		}
		if list := c.As("bob").In(t).GET("/api/v1/timelines/public").List(); len(list) != 3 || list[0].Str("content") != "<p>one</p>" {
			t.Errorf("when due there are %v", list)
		}
	})
}

func TestManyIdsAtOnce(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	path := "/api/v1/statuses?id[]=1"
	for range 20 {
		path += "&id[]=1"
	}
	c.As("alice").GET(path).Error(422)
}

func TestOneIsOnOnesOwnHomeAtOnce(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	theirs := c.Post("bob", "bob's")
	if list := alice.GET("/api/v1/timelines/home").List(); len(list) != 0 {
		t.Errorf("home begins with %v", list)
	}
	mine := c.Post("alice", "mine")
	boost := alice.POST("/api/v1/statuses/"+theirs.Str("id")+"/reblog", nil).Object()
	list := alice.GET("/api/v1/timelines/home").List()
	if len(list) != 2 || list[0].Str("id") != boost.Str("id") || list[1].Str("id") != mine.Str("id") {
		t.Errorf("before any job ran home has %v", list)
	}
	alice.DELETE("/api/v1/statuses/"+mine.Str("id"), nil).OK()
	alice.POST("/api/v1/statuses/"+theirs.Str("id")+"/unreblog", nil).OK()
	if list := alice.GET("/api/v1/timelines/home").List(); len(list) != 0 {
		t.Errorf("after the deletion home has %v", list)
	}
}
