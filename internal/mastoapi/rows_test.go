package mastoapi_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// The tests of this file hold single endpoints to what apps trip over, where
// no story comes across it.

// TestSuspendedAndHiddenPeople is about accounts that are not shown whole.
func TestSuspendedAndHiddenPeople(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		c.Join("mod", domain.RoleModerator)
		alice := c.As("alice").In(t)
		for _, name := range []string{"bob", "carol", "dave"} {
			c.Follow("alice", name)
		}
		c.Follow("bob", "erin")
		c.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("display_name", "Dave", "note", "digs",
			"fields_attributes[0][name]", "a", "fields_attributes[0][value]", "b")).OK()
		id := func(name string) string { return c.Person(name).ID.String() }

		familiar := func() string {
			var out []string
			for _, o := range alice.GET("/api/v1/accounts/familiar_followers?id[]=" + id("erin") + "&id[]=" + id("carol")).List() {
				out = append(out, fmt.Sprint(o.Str("id") == id("erin"), names(list(o, "accounts"))))
			}
			return strings.Join(out, " ")
		}
		if got := familiar(); got != "true [bob] false []" {
			t.Errorf("familiar followers: %s", got)
		}
		c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("hide_collections", "true")).OK()
		if got := familiar(); got != "true [] false []" {
			t.Errorf("once bob hides whom he follows: %s", got)
		}
		for _, verb := range []string{"followers", "following"} {
			if got := alice.GET(account(c, "bob", verb)).List(); len(got) != 0 {
				t.Errorf("bob hides his %s, but %v", verb, names(got))
			}
			if got := c.As("bob").GET(account(c, "bob", verb)).List(); len(got) != 1 {
				t.Errorf("bob's own %s: %v", verb, names(got))
			}
		}
		if o := alice.GET("/api/v1/accounts/" + id("bob")).Object(); o.Num("followers_count") != 1 || o.Num("following_count") != 1 {
			t.Errorf("the counts stay: %v", o)
		}

		c.As("mod").POST("/api/v1/admin/accounts/"+id("dave")+"/action", testkit.F("type", "suspend")).OK()
		c.Settle()
		o := alice.GET("/api/v1/accounts/" + id("dave")).Object()
		if !o.Bool("suspended") || o.Str("display_name") != "" || o.Str("note") != "" || len(list(o, "fields")) != 0 || !strings.HasSuffix(o.Str("avatar"), "missing.png") {
			t.Errorf("suspended: %v", o)
		}
		for _, verb := range []string{"followers", "following", "statuses", "featured_tags"} {
			if got := alice.GET(account(c, "dave", verb)).List(); len(got) != 0 {
				t.Errorf("%s of dave: %v", verb, got)
			}
		}
		both := "/api/v1/accounts/relationships?id[]=" + id("dave") + "&id[]=" + id("carol")
		if got := ids(alice.GET(both).List()); !slices.Equal(got, []string{id("carol")}) {
			t.Errorf("relationships: %v", got)
		}
		if got := ids(alice.GET(both + "&with_suspended=true").List()); len(got) != 2 {
			t.Errorf("relationships, the suspended too: %v", got)
		}
	})
}

// TestNewcomersDoNotExist: what is about accounts says of one that waits for
// its confirmation what it says of one that never was.
func TestNewcomersDoNotExist(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	made, err := c.AccountCreate(t.Context(), instance.AccountCreate{Name: "frank", Email: "frank@example.org", Password: testkit.Password})
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range []string{
		"GET ", "GET /statuses", "GET /statuses?pinned=true", "GET /followers", "GET /following", "GET /featured_tags", "GET /endorsements", "GET /collections",
		"GET /lists", "GET /identity_proofs", "POST /follow", "POST /unfollow", "POST /block", "POST /unblock", "POST /mute", "POST /unmute", "POST /note",
		"POST /endorse", "POST /remove_from_followers",
	} {
		method, verb, _ := strings.Cut(route, " ")
		ask := func(id string) string {
			a := c.As("alice").Do(method, "/api/v1/accounts/"+id+verb, nil)
			return fmt.Sprint(a.Status, " ", string(a.Body))
		}
		if got, want := ask(made.ID.String()), ask(neverExisted); got != want {
			t.Errorf("%s: %s, of nobody %s", route, got, want)
		}
	}
	for _, path := range []string{"/api/v1/accounts/relationships?id[]=", "/api/v1/accounts?id[]="} {
		if got := c.As("alice").GET(path + made.ID.String()).List(); len(got) != 0 {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// TestRelationsOfEveryKind follows, mutes, blocks and notes what no other
// story does.
func TestRelationsOfEveryKind(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice, bob := c.As("alice").In(t), c.As("bob").In(t)

		// Locked: asked for, then let in, which is told.
		c.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
		if k := bob.POST(account(c, "dave", "follow"), testkit.F("notify", "true", "languages[]", "de")).Object(); !k.Bool("requested") || k.Bool("following") ||
			!k.Bool("notifying") || fmt.Sprint(k["languages"]) != "[de]" {
			t.Errorf("of a locked account: %v", k)
		}
		if got := heard(c, "dave", ""); !slices.Equal(got, []string{"follow_request bob"}) {
			t.Errorf("dave hears %v", got)
		}
		if k := c.As("dave").POST("/api/v1/follow_requests/"+c.Person("bob").ID.String()+"/authorize", nil).Object(); !k.Bool("followed_by") || k.Bool("requested_by") {
			t.Errorf("authorized: %v", k)
		}
		if got := heard(c, "dave", ""); !slices.Equal(got, []string{"follow bob"}) {
			t.Errorf("then dave hears %v", got)
		}
		if k := bob.POST(account(c, "dave", "unfollow"), nil).Object(); k.Bool("requested") || k.Bool("following") {
			t.Errorf("unfollowed: %v", k)
		}
		bob.POST(account(c, "dave", "follow"), nil).OK()
		if k := bob.POST(account(c, "dave", "unfollow"), nil).Object(); k.Bool("requested") {
			t.Errorf("the request is taken back: %v", k)
		}

		// A mute hides notifications unless it says otherwise, and may be changed.
		if k := alice.POST(account(c, "bob", "mute"), testkit.F("duration", "0")).Object(); !k.Bool("muting_notifications") || k["muting_expires_at"] != nil {
			t.Errorf("muted: %v", k)
		}
		if k := alice.POST(account(c, "bob", "mute"), testkit.F("duration", "60", "notifications", "false")).Object(); k.Bool("muting_notifications") || k["muting_expires_at"] == nil {
			t.Errorf("muted otherwise: %v", k)
		}
		if got := alice.GET("/api/v1/mutes").List(); len(got) != 1 {
			t.Errorf("muted twice: %v", got)
		}

		alice.POST(account(c, "bob", "note"), testkit.F("comment", "who?")).OK()
		if k := alice.POST(account(c, "bob", "note"), testkit.F("comment", "")).Object(); k.Str("note") != "" {
			t.Errorf("an empty note: %v", k)
		}

		// A block ends everything between the two.
		c.Follow("erin", "carol")
		c.Follow("carol", "erin")
		made := c.As("erin").POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
		c.As("erin").POST("/api/v1/lists/"+made+"/accounts", testkit.F("account_ids[]", c.Person("carol").ID.String())).OK()
		c.Post("carol", "@erin hello")
		c.Settle()
		c.As("erin").POST(account(c, "carol", "block"), nil).OK()
		c.Settle()
		if k := c.As("erin").GET("/api/v1/accounts/relationships?id=" + c.Person("carol").ID.String()).List()[0]; k.Bool("following") || k.Bool("followed_by") {
			t.Errorf("blocked: %v", k)
		}
		if k := c.As("carol").GET("/api/v1/accounts/relationships?id=" + c.Person("erin").ID.String()).List()[0]; !k.Bool("blocked_by") {
			t.Errorf("carol is not told: %v", k)
		}
		for _, path := range []string{"/api/v1/lists/" + made + "/accounts", "/api/v1/timelines/home", "/api/v1/notifications"} {
			if got := c.As("erin").GET(path).List(); len(got) != 0 {
				t.Errorf("%s still holds %v", path, got)
			}
		}

		// DELETE takes its parameter from the query as well as from a body.
		alice.POST("/api/v1/domain_blocks", testkit.F("domain", "spam.example")).OK()
		alice.DELETE("/api/v1/domain_blocks?domain=spam.example", nil).OK()
		if got := string(alice.GET("/api/v1/domain_blocks").OK().Body); got != "[]" {
			t.Errorf("domain blocks: %s", got)
		}
	})
}

// TestWhoFollowsTooMany: 7,500 people, unless as many follow back
// (behaviours 7.7).
func TestWhoFollowsTooMany(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	carol := c.Person("carol").ID
	err := storeFor(t, c).Write(context.Background(), func(tx *store.Tx) error {
		for i := range domain.MaxFollows {
			a := domain.Account{Username: fmt.Sprintf("p%d", i), Domain: "far.example", URI: fmt.Sprintf("https://far.example/%d", i)}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			if err := tx.SaveFollow(&domain.Follow{Account: carol, Target: a.ID}); err != nil {
				return err
			}
		}
		return tx.CountFollow(carol, c.Person("dave").ID, domain.MaxFollows)
	})
	if err != nil {
		t.Fatal(err)
	}
	c.As("carol").POST(account(c, "alice", "follow"), nil).Error(http.StatusUnprocessableEntity)
	c.As("bob").POST(account(c, "alice", "follow"), nil).OK()
}

// TestListsOfPeople: how many, of whom, and what an exclusive one takes away.
func TestListsOfPeople(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	c.Follow("alice", "bob")
	c.Post("bob", "hello")
	c.Settle()
	alice.POST("/api/v1/lists", nil).Error(http.StatusUnprocessableEntity)
	made := alice.POST("/api/v1/lists", testkit.F("title", "l")).Object()
	path := "/api/v1/lists/" + made.Str("id")
	if made.Str("replies_policy") != "list" || made.Bool("exclusive") {
		t.Errorf("a list begins as %v", made)
	}
	both := testkit.F("account_ids[]", c.Person("alice").ID.String())
	both.Add("account_ids[]", c.Person("bob").ID.String())
	alice.POST(path+"/accounts", both).OK()
	all := alice.GET(path + "/accounts?limit=0")
	if got := all.List(); len(got) != 2 || all.Header.Get("Link") != "" {
		t.Errorf("everybody: %v, %q", names(got), all.Header.Get("Link"))
	}
	if got := alice.GET(account(c, "bob", "lists")).List(); len(got) != 1 || got[0].Str("id") != made.Str("id") {
		t.Errorf("bob is on %v", got)
	}
	home := func() int { return len(alice.GET("/api/v1/timelines/home").List()) }
	if n := home(); n != 1 {
		t.Errorf("%d posts at home", n)
	}
	alice.PUT(path, testkit.F("exclusive", "true")).OK()
	if n := home(); n != 0 {
		t.Errorf("%d posts at home once the list has them", n)
	}
	alice.DELETE(path+"/accounts?account_ids[]="+c.Person("bob").ID.String(), nil).OK()
	if n := home(); n != 1 {
		t.Errorf("%d posts at home once bob is off it", n)
	}
	for range domain.MaxLists - 1 {
		alice.POST("/api/v1/lists", testkit.F("title", "more")).OK()
	}
	alice.POST("/api/v1/lists", testkit.F("title", "one more")).Error(http.StatusUnprocessableEntity)
}

// TestPostsOfAnAccount: every filter of the list, and its pins.
func TestPostsOfAnAccount(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Follow("bob", "alice")
	theirs := c.Post("carol", "theirs")
	first := c.Post("alice", "first #burrow")
	c.Post("alice", "thread", "in_reply_to_id", first.Str("id"))
	c.Post("alice", "answer", "in_reply_to_id", theirs.Str("id"))
	c.As("alice").POST(status(theirs, "reblog"), nil).OK()
	secret := c.Post("alice", "private", "visibility", "private")
	c.Post("alice", "letter", "visibility", "direct")
	for _, p := range []testkit.Object{secret, first} {
		c.As("alice").POST(status(p, "pin"), nil).OK()
	}
	path := account(c, "alice", "statuses")
	const burrow = `first <a href="http://coterie.test/tags/burrow" class="mention hashtag" rel="tag">#<span>burrow</span></a>`
	for query, want := range map[string][]string{
		"":                      {burrow, "thread", "answer", "boost of theirs", "private", "letter"},
		"?exclude_replies=true": {burrow, "thread", "boost of theirs", "private", "letter"},
		"?exclude_reblogs=1":    {burrow, "thread", "answer", "private", "letter"},
		"?exclude_direct=true":  {burrow, "thread", "answer", "boost of theirs", "private"},
		"?tagged=burrow":        {burrow},
		"?tagged=nothing":       {},
		"?only_media=true":      {},
		"?exclude_replies=true&exclude_reblogs=true&exclude_direct=true&tagged=burrow": {burrow},
	} {
		holds(t, c.As("alice"), path+query, want...)
	}
	holds(t, c.As("bob"), path, burrow, "thread", "answer", "boost of theirs", "private")
	holds(t, c.Anonymous(), path, burrow, "thread", "answer", "boost of theirs")
	for who, want := range map[string]string{"bob": burrow + " private", "carol": burrow} {
		var got []string
		for _, o := range c.As(who).GET(path + "?pinned=true").List() {
			got = append(got, plain(o))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("pinned, to %s: %q", who, got)
		}
	}
}

// TestEditsOfParts: what an edit leaves out and what it cannot change.
func TestEditsOfParts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice").In(t)
		m := c.Media("alice", testkit.PNG(t, testkit.Gradient(4, 4)))
		p := c.Post("alice", "with a picture", "media_ids[]", m.Str("id"), "visibility", "unlisted")
		path := "/api/v1/statuses/" + p.Str("id")
		if got := alice.PUT(path, map[string]any{"status": "still with it", "visibility": "public", "in_reply_to_id": c.Post("bob", "x").Str("id")}).Object(); len(media(got)) != 1 ||
			got.Str("visibility") != "unlisted" || got["in_reply_to_id"] != nil {
			t.Errorf("without a word about media: %v", got)
		}
		if got := alice.PUT(path, map[string]any{"status": ""}).Object(); len(media(got)) != 1 || got.Str("content") != "" {
			t.Errorf("without text: %v", got)
		}
		if got := alice.PUT(path, map[string]any{"status": "alone", "media_ids": []string{}}).Object(); len(media(got)) != 0 {
			t.Errorf("with an empty list: %v", media(got))
		}
		alice.PUT(path, testkit.F("status", "", "media_ids[]", "")).Error(http.StatusUnprocessableEntity)

		// A quote may say nothing itself; its warning stays one.
		quote := alice.POST("/api/v1/statuses", testkit.F("quoted_status_id", p.Str("id"), "spoiler_text", "look")).Object()
		if quote.Obj("quote").Str("state") != "accepted" || quote.Str("spoiler_text") != "look" || strings.Contains(quote.Str("content"), "look") {
			t.Errorf("a quote without words: %v", quote)
		}
		alice.PUT("/api/v1/statuses/"+quote.Str("id"), testkit.F("status", "", "spoiler_text", "look again")).OK()

		// Who may quote is no part of what a post says.
		before := alice.GET(path).Object()
		after := alice.PUT(path+"/interaction_policy", testkit.F("quote_approval_policy", "nobody")).Object()
		if after["edited_at"] != before["edited_at"] || len(after.Obj("quote_approval")["automatic"].([]any)) != 0 {
			t.Errorf("the policy: %v, edited %v then %v", after["quote_approval"], before["edited_at"], after["edited_at"])
		}
	})
}

// TestVerbsOnPosts: what they are about, whichever post they are given.
func TestVerbsOnPosts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice, bob := c.As("alice"), c.As("bob")
	p := c.Post("alice", "root")
	boost := bob.POST(status(p, "reblog"), nil).Object()
	if again := bob.POST(status(p, "reblog"), nil).Object(); again.Str("id") != boost.Str("id") {
		t.Errorf("boosted again: %v", again)
	}
	if of := c.As("carol").POST(status(boost, "reblog"), nil).Object(); of.Obj("reblog").Str("id") != p.Str("id") {
		t.Errorf("a boost of a boost: %v", of)
	}
	own := c.Post("alice", "for followers", "visibility", "private")
	if o := alice.POST(status(own, "reblog"), testkit.F("visibility", "public")).Object(); o.Str("visibility") != "private" {
		t.Errorf("one's own private post is boosted as %v", o["visibility"])
	}
	answer := c.Post("carol", "@alice yes", "in_reply_to_id", p.Str("id"))
	alice.POST(status(answer, "mute"), nil).OK()
	if o := alice.GET("/api/v1/statuses/" + p.Str("id")).Object(); !o.Bool("muted") {
		t.Error("only one post of the thread is muted")
	}
	for _, name := range []string{"bob", "carol", "dave"} {
		c.As(name).POST(status(p, "favourite"), nil).OK()
	}
	for verb, n := range map[string]int{"favourited_by": 3, "reblogged_by": 2} {
		var got []string
		path, links := status(p, verb)+"?limit=1", 0
		for ; path != "" && links < 9; links++ {
			a := c.As("erin").GET(path)
			got, path = append(got, names(a.List())...), a.Link("next")
			if prev := a.Header.Get("Link"); len(a.List()) > 0 && !strings.Contains(prev, "since_id=") {
				t.Errorf("%s: %s", verb, prev)
			}
		}
		if slices.Sort(got); len(slices.Compact(got)) != n {
			t.Errorf("%s: %v", verb, got)
		}
	}
	asked := c.Post("alice", "which?", "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "600")
	if gone := alice.DELETE("/api/v1/statuses/"+asked.Str("id"), nil).Object(); gone.Obj("poll")["options"] == nil || gone.Str("text") != "which?" {
		t.Errorf("to draft it anew: %v", gone)
	}
	for range 3 {
		alice.POST("/api/v1/statuses", testkit.F("status", "x", "quote_approval_policy", "friends")).Error(http.StatusUnprocessableEntity)
	}
	later := alice.POST("/api/v1/statuses", testkit.F("status", "later", "quoted_status_id", p.Str("id"), "scheduled_at", "2030-01-01T00:00:00Z")).Object()
	if q := later.Obj("params"); fmt.Sprint(q["quoted_status_id"]) != p.Str("id") {
		t.Errorf("what waits: %v", q)
	}
}

// TestThreadsOfVisitors are shorter than those of members (behaviours 8.14).
func TestThreadsOfVisitors(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	chain := []testkit.Object{c.Post("alice", "0")}
	for i := range 45 {
		chain = append(chain, c.Post("alice", fmt.Sprint(i+1), "in_reply_to_id", chain[i].Str("id")))
	}
	for range 25 {
		for _, at := range []int{0, 1, 2} {
			c.Post("bob", "aside", "in_reply_to_id", chain[at].Str("id"))
		}
	}
	size := func(cl *testkit.Client, p testkit.Object, key string) int {
		return len(list(cl.GET(status(p, "context")).Object(), key))
	}
	first, last := chain[0], chain[45]
	if up, down := size(c.As("bob"), last, "ancestors"), size(c.As("bob"), first, "descendants"); up != 45 || down != 120 {
		t.Errorf("bob reads %d up, %d down", up, down)
	}
	if up, down := size(c.Anonymous(), last, "ancestors"), size(c.Anonymous(), first, "descendants"); up != 40 || down != 60 {
		t.Errorf("a visitor reads %d up, %d down", up, down)
	}
	if down := size(c.Anonymous(), chain[3], "descendants"); down != 20 {
		t.Errorf("a visitor reads %d deep", down)
	}
}

// TestTokensOfEveryKind: what an app may learn of itself, and of whom.
func TestTokensOfEveryKind(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	app := c.WithToken(appToken(t, c, "read"))
	for who, cl := range map[string]*testkit.Client{"an app": app, "alice": c.As("alice")} {
		a := cl.GET("/api/v1/apps/verify_credentials").OK()
		if body := string(a.Body); strings.Contains(body, "client_secret") || strings.Contains(body, "client_id") {
			t.Errorf("%s is told %s", who, body)
		}
	}
	own := c.WithToken(narrow(c, "profile")).GET("/api/v1/accounts/verify_credentials").Object()
	if own.Str("username") != "alice" || own.Obj("source")["privacy"] == nil || own.Obj("role")["permissions"] == nil {
		t.Errorf("with the scope of the profile alone: %v", own)
	}
}

// TestListsForMembers: who may read which servers are held off.
func TestListsForMembers(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	const path = "/api/v1/instance/domain_blocks"
	for who, want := range map[domain.BlockList][2]int{
		domain.BlockListOpen: {200, 200}, domain.BlockListMembers: {401, 200}, domain.BlockListClosed: {404, 404},
	} {
		c.Configure(func(s *testkit.Settings) { s.BlockList = who })
		if got := [2]int{c.Anonymous().GET(path).Status, c.As("bob").GET(path).Status}; got != want {
			t.Errorf("%s: %v, want %v", who, got, want)
		}
	}
}

// TestWhatIsSwitchedOff answers like what is not there.
func TestWhatIsSwitchedOff(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	for path, off := range map[string]func(*testkit.Settings){
		"/api/v1/instance/peers":       func(s *testkit.Settings) { s.NoPeers = true },
		"/api/v1/peers/search?q=a":     func(s *testkit.Settings) { s.NoPeers = true },
		"/api/v1/instance/activity":    func(s *testkit.Settings) { s.NoActivity = true },
		"/api/v1/directory?local=true": func(s *testkit.Settings) { s.NoDirectory = true },
	} {
		c.Configure(func(s *testkit.Settings) { s.NoPeers, s.NoActivity, s.NoDirectory = false, false, false })
		c.Anonymous().GET(path).OK()
		c.Configure(off)
		c.Anonymous().GET(path).Error(http.StatusNotFound)
	}
}

// TestMarkersAreNotLost: of writes at once each is kept or refused (409).
func TestMarkersAreNotLost(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		var kept atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for range 4 {
					switch a := c.As("alice").POST("/api/v1/markers", testkit.F("home[last_read_id]", fmt.Sprint(i+1))); a.Status {
					case http.StatusOK:
						kept.Add(1)
					case http.StatusConflict:
					default:
						t.Errorf("%d %s", a.Status, a.Body)
					}
				}
			})
		}
		all.Wait()
		if got := c.As("alice").GET("/api/v1/markers?timeline[]=home").Object().Obj("home").Num("version"); int64(got) != kept.Load() || got == 0 {
			t.Errorf("version %v after %d writes", got, kept.Load())
		}
	})
}

// TestMergedIsTold: apps hear when what they let in stands among the others.
func TestMergedIsTold(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	h := perform(t, c)
	c.Post("carol", "@bob psst", "visibility", "direct")
	c.Settle()
	all, only := h.listen(t, "bob", "stream=user"), h.listen(t, "bob", "stream=user:notification")
	all.settled()
	only.settled()
	asks := c.As("bob").GET("/api/v1/notifications/requests").List()
	c.As("bob").POST("/api/v1/notifications/requests/"+asks[0].Str("id")+"/accept", nil).OK()
	c.Settle()
	all.want("user notifications_merged")
	only.want("user:notification notifications_merged")
}

// TestWhatMastodonRemoved answers like what never was.
func TestWhatMastodonRemoved(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "hello").Str("id")
	for _, path := range []string{"/api/v1/statuses/" + id + "/card", "/api/v1/timelines/direct", "/api/v2_alpha/notifications", "/api/proofs", "/api/v1/search?q=x"} {
		if got := c.As("alice").GET(path).Error(http.StatusNotFound); got != "Record not found" {
			t.Errorf("%s: %s", path, got)
		}
	}
	for _, path := range []string{"/api/v1/streaming/everything", "/api/v1/streaming/public/media", "/api/v1/streaming/user/x"} {
		if got := c.As("alice").GET(path).Error(http.StatusBadRequest); got != "Unknown stream type" {
			t.Errorf("%s: %s", path, got)
		}
		c.Anonymous().GET(path).Error(http.StatusUnauthorized)
	}
	for i := range 5 {
		c.Post("bob", fmt.Sprintf("#t%d", i))
	}
	if got := c.Anonymous().GET("/api/v1/timelines/tag/none?any[]=t0&any[]=t1&any[]=t2&any[]=t3&any[]=t4").List(); len(got) != 4 {
		t.Errorf("of five tags more %d posts are shown, four count", len(got))
	}
}
