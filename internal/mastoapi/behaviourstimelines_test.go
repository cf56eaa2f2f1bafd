package mastoapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// The tests of this file hold sentences about timelines, filters, notifications
// and streams (behaviours 11 to 14).

// TestRepliesOnLists: each policy of behaviours 11, and what is always there.
func TestRepliesOnLists(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	for _, name := range []string{"bob", "carol", "dave"} {
		c.Follow("alice", name)
	}
	made := alice.POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
	for _, name := range []string{"bob", "carol"} {
		alice.POST("/api/v1/lists/"+made+"/accounts", testkit.F("account_ids[]", c.Person(name).ID.String())).OK()
	}
	own := c.Post("bob", "by bob")
	by := map[string]testkit.Object{"carol": c.Post("carol", "by carol"), "dave": c.Post("dave", "by dave"), "erin": c.Post("erin", "by erin"), "alice": c.Post("alice", "by alice")}
	c.Post("bob", "thread", "in_reply_to_id", own.Str("id"))
	for _, name := range []string{"carol", "dave", "erin", "alice"} {
		c.Post("bob", "to "+name, "in_reply_to_id", by[name].Str("id"))
	}
	c.As("bob").POST(status(by["erin"], "reblog"), nil).OK()
	c.Settle()
	always := []string{"by bob", "by carol", "thread", "to alice", "boost of by erin"}
	for policy, more := range map[string][]string{"none": nil, "list": {"to carol"}, "followed": {"to carol", "to dave"}} {
		alice.PUT("/api/v1/lists/"+made, testkit.F("replies_policy", policy)).OK()
		holds(t, alice, "/api/v1/timelines/list/"+made, append(slices.Clone(always), more...)...)
	}
	// Exclusive lists take their members off home, but not what is one's own.
	alice.POST("/api/v1/lists/"+made+"/accounts", testkit.F("account_ids[]", c.Person("alice").ID.String())).OK()
	alice.PUT("/api/v1/lists/"+made, testkit.F("exclusive", "true")).OK()
	holds(t, alice, "/api/v1/timelines/home", "by dave", "by alice")
}

// TestHomeByLanguageAndBoost: languages per follow, one boost of what stands there
// already, and posts by followed hashtags, replies too (behaviours 11, 11.1, 11.4).
func TestHomeByLanguageAndBoost(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		alice.POST(account(c, "bob", "follow"), testkit.F("languages[]", "de")).OK()
		c.Follow("alice", "carol")
		c.Follow("alice", "dave")
		c.Post("bob", "deutsch", "language", "de")
		c.Post("bob", "english", "language", "en")
		erins := c.Post("erin", "by erin")
		for _, name := range []string{"carol", "dave"} {
			c.As(name).POST(status(erins, "reblog"), nil).OK()
		}
		carols := c.Post("carol", "by carol")
		c.As("dave").POST(status(carols, "reblog"), nil).OK()
		c.Settle()
		holds(t, alice, "/api/v1/timelines/home", "deutsch", "boost of by erin", "by carol")

		alice.POST("/api/v1/tags/tea/follow", nil).OK()
		c.Post("erin", "tagged #tea", "in_reply_to_id", erins.Str("id"))
		c.Post("erin", "quietly #tea", "visibility", "unlisted")
		c.Settle()
		const tea = ` <a href="http://coterie.test/tags/tea" class="mention hashtag" rel="tag">#<span>tea</span></a>`
		holds(t, alice, "/api/v1/timelines/home", "deutsch", "boost of by erin", "by carol", "tagged"+tea)
		// Following more acts on the whole of home at once, and so does less.
		c.Follow("alice", "erin")
		holds(t, alice, "/api/v1/timelines/home", "deutsch", "by erin", "by carol", "tagged"+tea, "quietly"+tea)
		alice.POST(account(c, "erin", "unfollow"), nil).OK()
		alice.POST("/api/v1/tags/tea/unfollow", nil).OK()
		holds(t, alice, "/api/v1/timelines/home", "deutsch", "boost of by erin", "by carol")
		// What answers a post that is gone is gone from home (11.3).
		c.Post("carol", "an answer", "in_reply_to_id", carols.Str("id"))
		c.Follow("alice", "erin")
		c.Post("carol", "to erin", "in_reply_to_id", erins.Str("id"))
		c.As("erin").In(t).DELETE("/api/v1/statuses/"+erins.Str("id"), nil).OK()
		c.Settle()
		holds(t, alice, "/api/v1/timelines/home", "deutsch", "by carol", "an answer", "quietly"+tea)
	})
}

// TestLimitedPeopleOnTimelines: seen at home and on their page by who follows, not
// in public, live neither (behaviours 11, 14.7).
func TestLimitedPeopleOnTimelines(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	c.Follow("bob", "dave")
	c.As("alice").POST("/api/v1/admin/accounts/"+c.Person("dave").ID.String()+"/action", testkit.F("type", "silence")).OK()
	c.Settle()
	bob := h.listen(t, "bob", "stream=public")
	bob.say("type", "subscribe", "stream", "hashtag", "tag", "tea")
	bob.say("type", "subscribe", "stream", "user")
	bob.settled()
	p := c.Post("dave", "hello #tea")
	c.Settle()
	if got := bob.updates(); !slices.Equal(got, []string{"user " + p.Str("id")}) {
		t.Errorf("bob hears %v", got)
	}
	for path, n := range map[string]int{"/api/v1/timelines/public": 0, "/api/v1/timelines/tag/tea": 0, "/api/v1/timelines/home": 1, account(c, "dave", "statuses"): 1} {
		if got := c.As("bob").GET(path).List(); len(got) != n {
			t.Errorf("%s has %d posts, not %d", path, len(got), n)
		}
	}
}

// TestMarksOrderByTime: favourites and bookmarks stand in the order of the act, and
// what cannot be seen any more is passed over (behaviours 11.9).
func TestMarksOrderByTime(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	bob := c.As("bob")
	one, two, three := c.Post("alice", "one"), c.Post("alice", "two", "visibility", "private"), c.Post("carol", "three")
	for _, verb := range []string{"favourite", "bookmark"} {
		for _, p := range []testkit.Object{three, two, one} {
			bob.POST(status(p, verb), nil).OK()
		}
		path := "/api/v1/" + verb + "s"
		if got := ids(bob.GET(path).List()); !slices.Equal(got, []string{one.Str("id"), two.Str("id"), three.Str("id")}) {
			t.Errorf("%s: %v", path, got)
		}
	}
	bob.POST(account(c, "alice", "unfollow"), nil).OK()
	for _, path := range []string{"/api/v1/favourites?limit=1", "/api/v1/bookmarks?limit=1"} {
		if got := walk(t, bob, path, "next"); !slices.Equal(got, []string{one.Str("id"), three.Str("id")}) {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// TestFeedsAskForALogin is behaviours 11.6.
func TestFeedsAskForALogin(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("bob", "hello #tea")
	for access, want := range map[domain.FeedAccess][3]int{domain.FeedMembers: {401, 1, 1}, domain.FeedNobody: {200, 0, 1}} {
		c.Configure(func(s *testkit.Settings) { s.LiveLocal, s.TopicLocal = access, domain.FeedMembers })
		if a := c.Anonymous().GET("/api/v1/timelines/public?local=true"); a.Status != want[0] || a.Status == http.StatusOK && string(a.Body) != "[]" {
			t.Errorf("%s: a visitor gets %d %s", access, a.Status, a.Body)
		}
		for i, name := range []string{"carol", "alice"} {
			if got := c.As(name).GET("/api/v1/timelines/public?local=true").List(); len(got) != want[i+1] {
				t.Errorf("%s: %s gets %d posts", access, name, len(got))
			}
		}
		c.Anonymous().GET("/api/v1/timelines/tag/tea").Error(http.StatusUnauthorized)
	}
}

// TestOwnPostsAreMarked by one's own filters (behaviours 12.2).
func TestOwnPostsAreMarked(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	alice.POST("/api/v2/filters", map[string]any{"title": "f", "context": []string{"home"}, "keywords_attributes": []any{map[string]any{"keyword": "quince"}}}).OK()
	own := alice.GET("/api/v1/statuses/" + c.Post("alice", "a quince").Str("id")).Object()
	if got := filtered(own); !slices.Equal(got, []string{"f"}) {
		t.Errorf("one's own post: %v", got)
	}
}

// TestPolicyOfWhatIsHeard: limited people are put aside to begin with; a policy is
// for some types, and not for answers one asked for (behaviours 13.4).
func TestPolicyOfWhatIsHeard(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("alice").POST("/api/v1/admin/accounts/"+c.Person("dave").ID.String()+"/action", testkit.F("type", "silence")).OK()
	post := c.Post("bob", "hello", "quote_approval_policy", "public")
	all := func(name string) {
		c.Post(name, "@bob hello")
		c.As(name).POST(status(post, "favourite"), nil).OK()
		c.As(name).POST(status(post, "reblog"), nil).OK()
		c.Post(name, "look", "quoted_status_id", post.Str("id"))
		c.As(name).POST(account(c, "bob", "follow"), nil).OK()
		c.Settle()
	}
	all("dave")
	if got := heard(c, "bob", ""); len(got) != 0 {
		t.Errorf("of who is limited bob hears %v", got)
	}
	aside := c.As("bob").GET("/api/v1/notifications?include_filtered=true").List()
	if len(aside) != 5 {
		t.Errorf("aside: %v", pluck(aside, "type"))
	}
	for _, n := range aside {
		if n.Str("group_key") != "ungrouped-"+n.Str("id") {
			t.Errorf("%s aside is in the group %s (behaviours 13.6)", n.Str("type"), n.Str("group_key"))
		}
	}
	c.Follow("bob", "dave")
	c.Post("dave", "@bob again")
	if got := heard(c, "bob", ""); !slices.Equal(got, []string{"mention dave"}) {
		t.Errorf("once followed: %v", got)
	}
	c.As("bob").PATCH(policyPath, testkit.F("for_not_following", "drop")).OK()
	all("erin")
	if got := heard(c, "bob", "include_filtered=true&account_id="+c.Person("erin").ID.String()); len(got) != 0 {
		t.Errorf("dropped, but %v", got)
	}
	// What a follow asked for passes: its bell.
	c.As("bob").POST(account(c, "dave", "follow"), testkit.F("notify", "true")).OK()
	c.As("bob").PATCH(policyPath, testkit.F("for_limited_accounts", "drop", "for_bots", "drop")).OK()
	c.Post("dave", "to whoever wants it")
	if got := heard(c, "bob", "types[]=status"); !slices.Equal(got, []string{"status dave"}) {
		t.Errorf("the bell: %v", got)
	}
}

// TestMentionsThatAreNotHeard: what answers somebody whom one blocks (behaviours
// 13.3), and a private mention is heard where it answers one's own.
func TestMentionsThatAreNotHeard(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("bob").POST(account(c, "dave", "block"), nil).OK()
	daves := c.Post("dave", "hm")
	c.Post("carol", "@bob look at that", "in_reply_to_id", daves.Str("id"))
	if got := heard(c, "bob", ""); len(got) != 0 {
		t.Errorf("of an answer to who is blocked bob hears %v", got)
	}
	hello := c.Post("bob", "@carol psst", "visibility", "direct")
	c.Post("carol", "@bob yes?", "in_reply_to_id", hello.Str("id"), "visibility", "direct")
	if got := heard(c, "bob", ""); !slices.Equal(got, []string{"mention carol"}) {
		t.Errorf("of an answer to a letter of his bob hears %v", got)
	}
}

// TestRequestsCountToAHundred is behaviours 13.5; unread ends at the marker (13.8).
func TestRequestsCountToAHundred(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for range 103 {
		c.Post("carol", "@bob psst", "visibility", "direct")
	}
	c.Settle()
	if got := c.As("bob").GET("/api/v1/notifications/requests").List(); len(got) != 1 || got[0].Str("notifications_count") != "100" {
		t.Errorf("requests: %v", pluck(got, "notifications_count"))
	}
	if got := c.As("bob").GET("/api/v1/notifications/unread_count").Object().Num("count"); got != 0 {
		t.Errorf("what is aside counts as unread: %v", got)
	}
}

// TestSamplesOfAGroup are the eight newest (behaviours 13.7).
func TestSamplesOfAGroup(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	post := c.Post("alice", "Popular")
	var want []string
	for _, name := range []string{"p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"} {
		c.Join(name, domain.RoleUser)
		c.As(name).POST(status(post, "favourite"), nil).OK()
		c.Settle()
		c.Clock.Add(time.Second)
		want = append([]string{c.Person(name).ID.String()}, want...)
	}
	g := list(c.As("alice").GET("/api/v2/notifications?types[]=favourite").Object(), "notification_groups")[0]
	samples, _ := g["sample_account_ids"].([]any)
	var got []string
	for _, s := range samples {
		got = append(got, s.(string))
	}
	if g.Num("notifications_count") != 10 || !slices.Equal(got, want[:8]) {
		t.Errorf("of ten: %v %v", g["notifications_count"], got)
	}
}

// TestSocketsIgnoreTheOrigin: any page may connect with a token (behaviours 3), and
// a list may be named by a number (14.2).
func TestSocketsIgnoreTheOrigin(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	made := c.As("alice").POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
	header := http.Header{"Authorization": {"Bearer " + c.Person("alice").Token}, "Origin": {"https://app.example"}}
	conn, res, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(h.url, "http")+"/api/v1/streaming", header)
	if err != nil {
		t.Fatal(err, res)
	}
	defer conn.Close()
	a := ears{t, conn}
	if err := conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"subscribe","stream":"list","list":`+made+`}`)); err != nil {
		t.Fatal(err)
	}
	a.settled()
}
