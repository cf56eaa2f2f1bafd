package mastoapi_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// TestFeedsForMembersOrNobody: who gets public timelines and those of hashtags,
// of here and elsewhere (behaviours 11.6), in the API, live and on pages.
func TestFeedsForMembersOrNobody(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	c.Post("bob", "words #burrow")
	c.Settle()
	feed := func(cl *testkit.Client, path string) int {
		a := cl.GET("/api/v1/timelines/" + path)
		if a.Status != http.StatusOK {
			return -a.Status
		}
		return len(a.List())
	}
	const live, here, far, tag = "public", "public?local=true", "public?remote=true", "tag/burrow"
	owner, bob, nobody := c.As("alice"), c.As("bob"), c.Anonymous()
	page := func(path string, want int) {
		t.Helper()
		if got := strings.Count(string(nobody.With("Accept", "text/html").GET(path).OK().Body), `<article class="post`); got != want {
			t.Errorf("%s shows %d posts, not %d", path, got, want)
		}
	}
	for _, row := range []struct {
		name string
		set  func(*testkit.Settings)
		want map[string][3]int // to a visitor, a member, the owner
		page [2]int            // the front page, the hashtag's
	}{
		{"as it begins", func(*testkit.Settings) {}, map[string][3]int{live: {1, 1, 1}, here: {1, 1, 1}, far: {0, 0, 0}, tag: {1, 1, 1}}, [2]int{1, 1}},
		{"ours for members", func(s *testkit.Settings) { s.LiveLocal = domain.FeedMembers }, map[string][3]int{
			live: {-401, 1, 1}, here: {-401, 1, 1}, far: {0, 0, 0}, tag: {1, 1, 1},
		}, [2]int{0, 1}},
		{"ours for nobody", func(s *testkit.Settings) { s.LiveLocal = domain.FeedNobody }, map[string][3]int{
			live: {0, 0, 1}, here: {0, 0, 1}, far: {0, 0, 0}, tag: {1, 1, 1},
		}, [2]int{0, 1}},
		{"others' for members", func(s *testkit.Settings) { s.LiveLocal, s.LiveRemote = "", domain.FeedMembers }, map[string][3]int{
			live: {-401, 1, 1}, here: {1, 1, 1}, far: {-401, 0, 0}, tag: {1, 1, 1},
		}, [2]int{1, 1}},
		{"topics for members", func(s *testkit.Settings) {
			s.LiveRemote, s.TopicLocal, s.TopicRemote = "", domain.FeedMembers, domain.FeedMembers
		}, map[string][3]int{live: {1, 1, 1}, tag: {-401, 1, 1}}, [2]int{1, 0}},
		{"others' topics for nobody", func(s *testkit.Settings) {
			s.TopicLocal, s.TopicRemote = "", domain.FeedNobody
		}, map[string][3]int{live: {1, 1, 1}, tag: {1, 1, 1}}, [2]int{1, 1}},
	} {
		c.Configure(row.set)
		for path, want := range row.want {
			if got := [3]int{feed(nobody, path), feed(bob, path), feed(owner, path)}; got != want {
				t.Errorf("%s: %s is %v, want %v", row.name, path, got, want)
			}
		}
		page("/", row.page[0])
		page("/tags/burrow", row.page[1])
	}
	access := nobody.GET("/api/v2/instance").Object().Obj("configuration").Obj("timelines_access")
	if tags, all := access.Obj("hashtag_feeds"), access.Obj("live_feeds"); tags.Str("remote") != "disabled" || all.Str("local") != "public" {
		t.Errorf("the instance says %v", access)
	}

	c.Configure(func(s *testkit.Settings) { s.LiveLocal = domain.FeedNobody })
	who := map[string]ears{}
	for _, name := range []string{"alice", "carol"} {
		who[name] = h.listen(t, name, "stream=public")
		who[name].say("type", "subscribe", "stream", "hashtag", "tag", "burrow")
		who[name].settled()
	}
	post := c.Post("bob", "live #burrow").Str("id")
	c.Settle()
	for name, want := range map[string]int{"alice": 2, "carol": 1} {
		if got := who[name].updates(); len(got) != want {
			t.Errorf("%s hears %v of %s, not %d times", name, got, post, want)
		}
	}
}
