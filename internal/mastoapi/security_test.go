package mastoapi_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/testkit"
)

// TestSEC22_NobodyIsToldWhoVoted: of votes there are counts alone, in the API, at
// once and for other servers.
func TestSEC22_NobodyIsToldWhoVoted(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	alice := h.listen(t, "alice", "stream=user")
	alice.settled()
	asked := c.Post("alice", "which?", "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "600")
	poll := "/api/v1/polls/" + asked.Obj("poll").Str("id")
	c.As("bob").POST(poll+"/votes", testkit.F("choices[]", "1")).OK()
	c.After(11 * time.Minute)
	voter := []string{"bob", c.Person("bob").ID.String()}
	silent := func(where string, said []byte) {
		t.Helper()
		for _, name := range voter {
			if strings.Contains(string(said), name) {
				t.Errorf("%s names the voter: %s", where, said)
			}
		}
	}
	if votes := c.Anonymous().GET(poll).Object().Num("votes_count"); votes != 1 {
		t.Fatalf("%v votes", votes)
	}
	for _, name := range []string{"", "alice", "carol"} {
		for _, path := range []string{poll, "/api/v1/statuses/" + asked.Str("id"), status(asked, "context"), status(asked, "history"), "/api/v1/timelines/public"} {
			silent(path, viewer(c, name).GET(path).OK().Body)
		}
	}
	silent("a notification", c.As("alice").GET("/api/v1/notifications?types[]=poll").OK().Body)
	for _, accept := range []string{"application/activity+json", "text/html"} {
		for _, path := range []string{"/users/alice/statuses/" + asked.Str("id"), "/users/alice/outbox?page=true", "/@alice/" + asked.Str("id")} {
			silent(accept+" of "+path, c.Anonymous().With("Accept", accept).GET(path).Body)
		}
	}
	alice.say("type", "subscribe", "stream", "nonsense")
	for {
		e := alice.next()
		if e.Error != "" {
			return
		}
		silent("the stream", []byte(*e.Payload))
	}
}

// TestSEC29_FeedsForMembersAreClosedElsewhere: a public timeline that visitors do not
// get in the API they get by no other door.
func TestSEC29_FeedsForMembersAreClosedElsewhere(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("bob", "SECRET #tea")
	doors := []string{"/tags/tea", "/tags/tea.rss", "/api/v1/timelines/tag/tea", "/api/v1/timelines/tag/x?any[]=tea"}
	told := func(path string) bool { return strings.Contains(string(c.Anonymous().GET(path).Body), "SECRET") }
	for _, path := range doors {
		if !told(path) {
			t.Errorf("%s tells nothing to begin with", path)
		}
	}
	c.Configure(func(s *testkit.Settings) {
		s.LiveLocal, s.TopicLocal, s.TopicRemote = domain.FeedMembers, domain.FeedMembers, domain.FeedMembers
	})
	for _, path := range append(doors, "/", "/api/v1/timelines/public", "/api/v1/timelines/public?local=true", "/about") {
		if told(path) {
			t.Errorf("%s tells visitors", path)
		}
	}
}

// TestSEC31_WhatIsOthersIsAbsent: bob tries what belongs to alice on every route
// that takes its id; it is to him as what never was, and stays what it is.
func TestSEC31_WhatIsOthersIsAbsent(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice, bob := c.As("alice"), c.As("bob")
	c.Follow("alice", "carol")
	post := c.Post("alice", "mine #burrow", "quote_approval_policy", "public")
	c.As("carol").POST(status(post, "favourite"), nil).OK()
	quote := c.Post("carol", "look", "quoted_status_id", post.Str("id"))
	c.Post("dave", "@alice psst", "visibility", "direct")
	c.Settle()
	told := alice.GET("/api/v1/notifications?types[]=favourite").List()[0]
	asks := alice.GET("/api/v1/notifications/requests").List()[0].Str("id")
	featured := alice.POST("/api/v1/featured_tags", testkit.F("name", "burrow")).Object().Str("id")
	upload := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4))).Str("id")
	invite := alice.POST("/api/coterie/v1/invites", nil).Object().Str("id")
	paper := alice.POST("/api/coterie/v1/imports", testkit.Upload(t, map[string][]byte{"data": []byte("bad.test\n")}, "type", "domain_blocks", "mode", "merge")).Object().Str("id")
	const own = "/api/coterie/v1/"
	for _, r := range []struct{ method, path, id string }{
		{"GET", "/api/v1/notifications/%s", told.Str("id")},
		{"POST", "/api/v1/notifications/%s/dismiss", told.Str("id")},
		{"DELETE", "/api/v1/notifications/%s", told.Str("id")},
		{"GET", "/api/v2/notifications/%s", told.Str("group_key")},
		{"GET", "/api/v2/notifications/%s/accounts", told.Str("group_key")},
		{"GET", "/api/v1/notifications/requests/%s", asks},
		{"POST", "/api/v1/notifications/requests/%s/accept", asks},
		{"POST", "/api/v1/notifications/requests/%s/dismiss", asks},
		{"DELETE", "/api/v1/featured_tags/%s", featured},
		{"GET", "/api/v1/media/%s", upload},
		{"PUT", "/api/v1/media/%s", upload},
		{"DELETE", "/api/v1/media/%s", upload},
		{"POST", "/api/v1/statuses/" + post.Str("id") + "/quotes/%s/revoke", quote.Str("id")},
		{"DELETE", own + "invites/%s", invite},
		{"GET", own + "imports/%s", paper},
		{"GET", own + "imports/%s/failures", paper},
		{"POST", own + "imports/%s/start", paper},
		{"DELETE", own + "imports/%s", paper},
	} {
		same(t, bob, "what is alice's", r.method, r.path, nil, r.id)
	}
	for _, path := range []string{
		"/api/v1/notifications/" + told.Str("id"), "/api/v2/notifications/" + told.Str("group_key"), "/api/v1/notifications/requests/" + asks,
		"/api/v1/media/" + upload, own + "imports/" + paper,
	} {
		alice.GET(path).OK()
	}
	if l := alice.GET("/api/v1/featured_tags").List(); len(l) != 1 {
		t.Errorf("featured: %v", l)
	}
	if l := alice.GET(own + "invites").List(); len(l) != 1 || !l[0].Bool("open") {
		t.Errorf("invitations: %v", l)
	}
	if s := alice.GET("/api/v1/statuses/" + quote.Str("id")).Object().Obj("quote").Str("state"); s != "accepted" {
		t.Errorf("the quote is %s", s)
	}
}

// TestSEC31_CountersStayRight when the same is done many times at once.
func TestSEC31_CountersStayRight(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		post := c.Post("alice", "popular")
		about := "/api/v1/accounts/" + c.Person("alice").ID.String()
		people := []string{"bob", "carol", "dave", "erin"}
		at := func(verb string) string {
			if strings.HasSuffix(verb, "follow") {
				return account(c, "alice", verb)
			}
			return status(post, verb)
		}
		together := func(verb string) {
			var all sync.WaitGroup
			for range 3 {
				for _, name := range people {
					all.Go(func() {
						if a := c.As(name).POST(at(verb), nil); a.Status != http.StatusOK {
							t.Errorf("%s by %s: %d %s", verb, name, a.Status, a.Body)
						}
					})
				}
			}
			all.Wait()
			c.Settle()
		}
		for _, row := range []struct{ on, off, path, count string }{
			{"follow", "unfollow", about, "followers_count"},
			{"favourite", "unfavourite", "/api/v1/statuses/" + post.Str("id"), "favourites_count"},
			{"reblog", "unreblog", "/api/v1/statuses/" + post.Str("id"), "reblogs_count"},
		} {
			for i, verb := range []string{row.on, row.off} {
				together(verb)
				if n, want := int(c.Anonymous().GET(row.path).Object().Num(row.count)), (1-i)*len(people); n != want {
					t.Errorf("after %s: %d, want %d", verb, n, want)
				}
			}
		}
	})
}

// TestSEC49_StreamsAskForScopes: each channel by each scope, on a socket and as
// events.
func TestSEC49_StreamsAskForScopes(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	list := c.As("alice").POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
	channels := map[string][]string{
		"user": {"read:statuses"}, "user:notification": {"read:notifications"}, "public": {"read:statuses"}, "public:local": {"read:statuses"},
		"public:remote": {"read:statuses"}, "public:media": {"read:statuses"}, "hashtag": {"read:statuses"}, "hashtag:local": {"read:statuses"},
		"list": {"read:statuses"}, "direct": {"read:statuses"},
	}
	for _, scope := range domain.AllScopes() {
		token := narrow(c, scope)
		conn, _, err := h.connect(token, "")
		if err != nil {
			t.Fatal(err)
		}
		e := ears{t, conn}
		for name, needs := range channels {
			may := rule{scopes: needs}.enough(scope)
			e.say("type", "subscribe", "stream", name, "tag", "dogs", "list", list)
			e.say("type", "subscribe", "stream", "nonsense")
			want := "400 Unknown stream type"
			if !may {
				want = "400 Access token does not have the required scopes"
			}
			if got := e.next().String(); got != want {
				t.Errorf("%s with %s: %s", name, scope, got)
			}
			if !may {
				e.next()
			}
			if may || strings.HasSuffix(name, ":media") {
				continue // what opens does not end; TestServerSentEvents opens each
			}
			path := strings.ReplaceAll(name, ":", "/") + "?tag=dogs&list=" + list
			if res := h.sse(t, token, path); res.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %s: %d", path, scope, res.StatusCode)
			}
		}
		conn.Close()
	}
}

// TestSEC49_EventsAreWhatTheAPIShows: a notification, a conversation and a post of
// a hashtag or list arrive as they are read.
func TestSEC49_EventsAreWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		bob := c.As("bob").In(t)
		c.Follow("bob", "carol")
		list := bob.POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
		bob.POST("/api/v1/lists/"+list+"/accounts", testkit.F("account_ids[]", c.Person("carol").ID.String())).OK()
		bob.POST("/api/v2/filters", testkit.F("title", "f", "context[]", "home", "keywords_attributes[0][keyword]", "quince")).OK()
		c.Settle()
		all := h.listen(t, "bob", "stream=user:notification")
		all.say("type", "subscribe", "stream", "direct")
		all.say("type", "subscribe", "stream", "hashtag", "tag", "dogs")
		all.say("type", "subscribe", "stream", "list", "list", list)
		all.settled()
		post := c.Post("carol", "@bob a quince for #dogs")
		c.Settle()
		c.Post("carol", "@bob a quince, privately", "visibility", "direct")
		c.Settle()
		heard := map[string][]testkit.Object{}
		all.say("type", "subscribe", "stream", "nonsense")
		for {
			e := all.next()
			if e.Error != "" {
				break
			}
			heard[e.String()] = append(heard[e.String()], e.object(t))
		}
		told := bob.GET("/api/v1/notifications").List()
		slices.Reverse(told)
		want := map[string][]testkit.Object{
			"hashtag,dogs update":            {bob.GET("/api/v1/statuses/" + post.Str("id")).Object()},
			"user:notification notification": told,
			"direct conversation":            bob.GET("/api/v1/conversations").List(),
			"list," + list + " update":       nil,
		}
		listed := bob.GET("/api/v1/timelines/list/" + list).List()
		slices.Reverse(listed)
		want["list,"+list+" update"] = listed
		if len(told) != 2 {
			t.Errorf("bob has %d notifications", len(told))
		}
		for what, list := range want {
			if !reflect.DeepEqual(heard[what], list) {
				t.Errorf("%s: heard\n%v\nread\n%v", what, heard[what], list)
			}
			delete(heard, what)
		}
		if len(heard) != 0 {
			t.Errorf("heard besides: %s", fmt.Sprint(heard))
		}
	})
}
