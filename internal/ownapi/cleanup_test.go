package ownapi_test

import (
	"image"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"coterie/internal/post"
	"coterie/internal/testkit"
)

// Each exception keeps what it says, and nothing is deleted before somebody
// wants it.
func TestOldPostsAreDeletedButForExceptions(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, in *testkit.Community) {
		bob := in.As("bob").In(t)
		mark := func(name, id, verb string) { in.As(name).In(t).POST("/api/v1/statuses/"+id+"/"+verb, nil).OK() }
		ids := map[string]string{}
		for _, name := range []string{"plain", "pinned", "favourited", "bookmarked", "loved", "boosted"} {
			ids[name] = in.Post("bob", name).Str("id")
		}
		ids["direct"] = in.Post("bob", "@alice direct", "visibility", "direct").Str("id")
		ids["poll"] = in.Post("bob", "poll", "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "3600").Str("id")
		media := in.Media("bob", testkit.PNG(t, image.NewGray(image.Rect(0, 0, 4, 4)))).Str("id")
		ids["media"] = in.Post("bob", "media", "media_ids[]", media).Str("id")
		theirs := in.Post("alice", "of alice").Str("id")
		ids["boost"] = bob.POST("/api/v1/statuses/"+theirs+"/reblog", nil).Object().Str("id")
		mark("bob", ids["pinned"], "pin")
		mark("bob", ids["favourited"], "favourite")
		mark("bob", ids["bookmarked"], "bookmark")
		mark("alice", ids["loved"], "favourite")
		mark("carol", ids["loved"], "favourite")
		mark("alice", ids["boosted"], "reblog")

		c := bob.GET(base + "/statuses_cleanup").Object()
		if c.Bool("enabled") || c.Num("min_status_age") != 14*86400 || c.Bool("keep_media") || !c.Bool("keep_direct") || c.Num("matching") != 0 {
			t.Errorf("at first: %v", c)
		}
		in.After(15 * 24 * time.Hour)
		in.Post("bob", "new")
		set := func(pairs ...string) testkit.Object {
			return bob.PATCH(base+"/statuses_cleanup", testkit.F(pairs...)).Object()
		}
		var wishes sync.WaitGroup
		for _, wish := range []string{"keep_media", "keep_polls"} {
			wishes.Go(func() { in.As("bob").In(t).PATCH(base+"/statuses_cleanup", testkit.F(wish, "true")).OK() })
		}
		wishes.Wait()
		if n := set("min_favs", "2", "min_reblogs", "1").Num("matching"); n != 2 {
			t.Errorf("%v match with all exceptions, want the plain post and the boost", n)
		}
		if n := bob.GET("/api/v1/accounts/verify_credentials").Object().Num("statuses_count"); n != 10 {
			t.Errorf("%v posts before it is on", n)
		}
		set("enabled", "true")
		in.After(post.CleanupEvery)
		gone := func(name string) bool {
			return bob.GET("/api/v1/statuses/"+ids[name]).Status == http.StatusNotFound
		}
		for name := range ids {
			if want := name == "plain" || name == "boost"; gone(name) != want {
				t.Errorf("%s is gone: %v", name, !want)
			}
		}
		for _, exception := range [][]string{
			{"keep_pinned", "false", "pinned"},
			{"keep_self_fav", "false", "favourited"},
			{"keep_self_bookmark", "false", "bookmarked"},
			{"keep_direct", "false", "direct"},
			{"keep_media", "false", "media"},
			{"keep_polls", "false", "poll"},
			{"min_favs", "3", "loved"},
			{"min_reblogs", "2", "boosted"},
		} {
			if n := set(exception[0], exception[1]).Num("matching"); n != 1 {
				t.Errorf("without %s %v match", exception[0], n)
			}
			in.After(post.CleanupEvery)
			if !gone(exception[2]) {
				t.Errorf("without %s %s stays", exception[0], exception[2])
			}
		}
		if n := len(bob.GET("/api/v1/accounts/" + in.Person("bob").ID.String() + "/statuses").List()); n != 1 {
			t.Errorf("%d posts are left, want the new one", n)
		}
		bob.GET("/api/v1/statuses/" + theirs).OK()
		bob.PATCH(base+"/statuses_cleanup", testkit.F("min_status_age", "86400")).Error(http.StatusUnprocessableEntity)
		bob.PATCH(base+"/statuses_cleanup", testkit.F("min_favs", "-1")).Error(http.StatusUnprocessableEntity)
	})
}

// A run deletes a bounded number; the next goes on.
func TestOldPostsGoAFewAtATime(t *testing.T) {
	t.Parallel()
	in := testkit.NewInstance(t)
	for i := range 30 {
		in.Post("bob", "post "+strconv.Itoa(i))
	}
	in.After(15 * 24 * time.Hour)
	bob := in.As("bob").In(t)
	left := func() float64 { return bob.GET("/api/v1/accounts/verify_credentials").Object().Num("statuses_count") }
	bob.PATCH(base+"/statuses_cleanup", testkit.F("enabled", "true")).OK()
	for _, want := range []float64{5, 0, 0} {
		in.After(post.CleanupEvery)
		if n := left(); n != want {
			t.Fatalf("%v posts are left, want %v", n, want)
		}
	}
	in.Post("bob", "one more")
	in.After(14*24*time.Hour + time.Hour)
	in.After(12 * time.Hour)
	if n := left(); n != 0 {
		t.Errorf("%v posts are left", n)
	}
}
