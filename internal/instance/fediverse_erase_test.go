package instance_test

import (
	"net/http"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// TestNothingIsLeftOfADeletedActor: the Delete of an actor elsewhere takes
// everything of it away, on both engines (facts 20).
func TestNothingIsLeftOfADeletedActor(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			f := &fediverse{T: t, net: n, one: n.Found("one.test", engine...), two: n.Found("two.test")}
			carol := f.one.FollowElsewhere("alice", "carol@two.test")
			f.carolFollowsAlice()
			mine := f.post("alice", "a poll", "poll[options][]", "yes", "poll[options][]", "no", "poll[expires_in]", "3600")
			there := f.two.FindStatus("carol", mine.Str("uri"))
			f.on(f.two, "carol", statusPath(there.Str("id"), "/favourite"))
			f.on(f.two, "carol", statusPath(there.Str("id"), "/reblog"))
			f.on(f.two, "carol", "/api/v1/polls/"+there.Obj("poll").Str("id")+"/votes", "choices[]", "0")
			f.two.Post("carol", "@alice@one.test indeed", "in_reply_to_id", there.Str("id"))
			picture := f.two.Media("carol", testkit.PNG(t, testkit.Gradient(64, 64)), "description", "a gradient")
			shown := f.two.Post("carol", "look", "media_ids[]", picture.Str("id"))
			f.settle()
			copied := f.at(f.one, "alice", shown)
			f.on(f.one, "bob", statusPath(copied.Str("id"), "/reblog"))
			f.on(f.one, "bob", statusPath(copied.Str("id"), "/bookmark"))
			media, _ := copied["media_attachments"].([]any)
			if len(media) != 1 {
				t.Fatalf("the post has %v", copied["media_attachments"])
			}
			file, err := http.NewRequestWithContext(t.Context(), http.MethodGet, testkit.Object(media[0].(map[string]any)).Str("url"), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			path := file.URL.RequestURI()
			f.one.Anonymous().GET(path).OK()
			f.counts(status(f.one, "alice", mine).Object(), map[string]float64{"favourites_count": 1, "reblogs_count": 1, "replies_count": 1})
			for _, kind := range []string{"favourite", "reblog", "mention", "follow"} {
				f.hears(f.one, "alice", kind, 1)
			}

			if _, err := f.two.AccountDelete(t.Context(), instance.AccountDelete{Name: "carol"}); err != nil {
				t.Fatal(err)
			}
			f.settle()

			f.one.As("alice").GET("/api/v1/accounts/" + carol.Str("id")).Error(http.StatusNotFound)
			status(f.one, "alice", copied).Error(http.StatusNotFound)
			f.one.Anonymous().GET(path).Want(http.StatusNotFound)
			now := status(f.one, "alice", mine).Object()
			f.counts(now, map[string]float64{"favourites_count": 0, "reblogs_count": 0, "replies_count": 0})
			f.counts(now.Obj("poll"), map[string]float64{"votes_count": 0, "voters_count": 0})
			for _, list := range []string{"/favourited_by", "/reblogged_by"} {
				if got := f.one.As("alice").GET(statusPath(mine.Str("id"), list)).List(); len(got) != 0 {
					t.Errorf("%s: %v", list, got)
				}
			}
			for _, kind := range []string{"favourite", "reblog", "mention", "follow", "poll"} {
				f.hears(f.one, "alice", kind, 0)
			}
			f.counts(me(f.one, "alice"), map[string]float64{"followers_count": 0, "following_count": 0})
			for _, p := range []string{"/api/v1/bookmarks", "/api/v1/timelines/home"} {
				if got := f.one.As("bob").GET(p).List(); len(got) != 0 {
					t.Errorf("bob at %s: %v", p, got)
				}
			}
			f.absent(f.one, "alice", shown)
			f.counts(me(f.one, "bob"), map[string]float64{"statuses_count": 0})
			if found := f.one.Search("alice", "accounts", "carol@two.test"); len(found) != 0 {
				t.Errorf("she is found: %v", found)
			}
		})
	}
}
