package mastoapi_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// The tests of this file hold sentences of the behaviours, by their numbers,
// that no story comes across.

// crowdOf makes people of another server, who do something each.
func crowdOf(t *testing.T, c *testkit.Community, n int, do func(tx *store.Tx, who domain.ID) error) {
	t.Helper()
	err := storeFor(t, c).Write(context.Background(), func(tx *store.Tx) error {
		for i := range n {
			a := domain.Account{Username: fmt.Sprintf("p%d", i), Domain: "far.example", URI: fmt.Sprintf("https://far.example/%d", i)}
			if err := tx.InsertAccount(&a); err != nil {
				return err
			}
			if err := do(tx, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var moment = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// TestFormsOfTime is behaviours 2.3.
func TestFormsOfTime(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	path := "/api/v1/accounts/" + c.Person("bob").ID.String()
	before := c.Anonymous().GET(path).Object()
	if at := before.Str("created_at"); !moment.MatchString(at) || !strings.HasSuffix(at, "T00:00:00.000Z") || before["last_status_at"] != nil {
		t.Errorf("an account was made at %s, posted at %v", at, before["last_status_at"])
	}
	p := c.Post("bob", "now #then")
	if at := p.Str("created_at"); !moment.MatchString(at) {
		t.Errorf("a post was made at %s", at)
	}
	day := p.Str("created_at")[:10]
	if at := c.Anonymous().GET(path).Object().Str("last_status_at"); at != day {
		t.Errorf("bob last posted at %s, want %s", at, day)
	}
	made := c.As("bob").POST("/api/v1/featured_tags", testkit.F("name", "then")).Object()
	if made.Str("last_status_at") != day || made.Str("statuses_count") != "1" {
		t.Errorf("a featured hashtag: %v", made)
	}
	for _, h := range objects(c.Anonymous().GET("/api/v1/tags/then").Object()["history"]) {
		if ok := regexp.MustCompile(`^\d+$`); !ok.MatchString(h.Str("day")) || !ok.MatchString(h.Str("uses")) || !ok.MatchString(h.Str("accounts")) {
			t.Errorf("a day of a hashtag: %v", h)
		}
	}
}

// TestKeysThatComeAndGo is behaviours 2.5: what is there for whom.
func TestKeysThatComeAndGo(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	app := c.Anonymous().POST("/api/v1/apps", testkit.F("client_name", "Burrow", "redirect_uris", domain.OutOfBand, "scopes", "read write")).Object()
	id, _ := domain.ParseID(app.Str("id"))
	err := storeFor(t, c).Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertToken(&domain.Token{App: id, Account: c.Person("alice").ID, Scopes: "read write"}, domain.HashSecret("burrow"))
	})
	if err != nil {
		t.Fatal(err)
	}
	alice := c.WithToken("burrow")
	post := alice.POST("/api/v1/statuses", testkit.F("status", "hello", "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "600")).Object()
	letter := alice.POST("/api/v1/statuses", testkit.F("status", "@bob psst", "visibility", "direct")).Object()
	boost := alice.POST(status(post, "reblog"), nil).Object()
	see := func(cl *testkit.Client, id string) testkit.Object { return cl.GET("/api/v1/statuses/" + id).Object() }
	has := func(what string, o testkit.Object, key string, want bool) {
		t.Helper()
		if _, got := o[key]; got != want {
			t.Errorf("%s has %s: %v", what, key, got)
		}
	}
	for _, key := range []string{"favourited", "reblogged", "muted", "bookmarked", "filtered"} {
		has("to a visitor, a post", see(c.Anonymous(), post.Str("id")), key, false)
		has("to bob, a post", see(c.As("bob"), post.Str("id")), key, true)
	}
	for _, key := range []string{"voted", "own_votes"} {
		has("to a visitor, a poll", see(c.Anonymous(), post.Str("id")).Obj("poll"), key, false)
		has("to bob, a poll", see(c.As("bob"), post.Str("id")).Obj("poll"), key, true)
	}
	for _, key := range []string{"following", "featuring"} {
		has("to a visitor, a hashtag", c.Anonymous().GET("/api/v1/tags/dogs").Object(), key, false)
		has("to bob, a hashtag", c.As("bob").GET("/api/v1/tags/dogs").Object(), key, true)
	}
	has("one's own post", see(alice, post.Str("id")), "pinned", true)
	has("somebody else's post", see(c.As("bob"), post.Str("id")), "pinned", false)
	has("one's own letter", see(alice, letter.Str("id")), "pinned", false)
	has("one's own boost", see(alice, boost.Str("id")), "pinned", false)
	for _, key := range []string{"in_reply_to_id", "in_reply_to_account_id", "language", "url", "card", "poll", "reblog", "edited_at", "quote"} {
		has("a post without it", see(c.Anonymous(), c.Post("bob", "plain").Str("id")), key, true)
	}
	if got := see(alice, post.Str("id")).Obj("application").Str("name"); got != "Burrow" {
		t.Errorf("alice posted by %q", got)
	}
	has("to bob, a post by an app", see(c.As("bob"), post.Str("id")), "application", true)
	c.As("alice").PATCH("/api/coterie/v1/preferences", testkit.F("show_application", "false")).OK()
	has("to bob, a post whose author hides the app", see(c.As("bob"), post.Str("id")), "application", false)
	has("to its author, it", see(alice, post.Str("id")), "application", true)

	crowdOf(t, c, 1, func(*store.Tx, domain.ID) error { return nil })
	far := c.Anonymous().GET("/api/v1/accounts/lookup?acct=p0@far.example").Object()
	near := c.Anonymous().GET("/api/v1/accounts/lookup?acct=bob").Object()
	for _, key := range []string{"roles", "noindex"} {
		has("somebody of here", near, key, true)
		has("somebody of elsewhere", far, key, false)
	}
	for _, key := range []string{"source", "role"} {
		has("somebody else", near, key, false)
		has("oneself", alice.GET("/api/v1/accounts/verify_credentials").Object(), key, true)
	}
	for _, key := range []string{"avatar", "avatar_static", "header", "header_static"} {
		if at := near.Str(key); !strings.HasPrefix(at, "http://coterie.test/") || !strings.HasSuffix(at, "missing.png") {
			t.Errorf("who has no picture has %s at %s", key, at)
		}
	}
}

// TestRequestsAreCounted up to forty (behaviours 7.3).
func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	bob := c.As("bob")
	count := func() float64 {
		return bob.GET("/api/v1/accounts/verify_credentials").Object().Obj("source").Num("follow_requests_count")
	}
	bob.PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
	c.As("carol").POST(account(c, "bob", "follow"), nil).OK()
	if n := count(); n != 1 {
		t.Errorf("of one: %v", n)
	}
	if k := bob.GET("/api/v1/accounts/relationships?id=" + c.Person("carol").ID.String()).List()[0]; !k.Bool("requested_by") {
		t.Errorf("bob is asked, but %v", k)
	}
	crowdOf(t, c, 45, func(tx *store.Tx, who domain.ID) error {
		return tx.SaveFollow(&domain.Follow{Account: who, Target: c.Person("bob").ID, Pending: true})
	})
	if n := count(); n != 40 {
		t.Errorf("of many: %v", n)
	}
}

// TestAnswersToOneselfGoOnToOthers is behaviours 8.6.
func TestAnswersToOneselfGoOnToOthers(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	reply := func(name, text string, to testkit.Object) testkit.Object {
		return c.Post(name, text, "in_reply_to_id", to.Str("id"))
	}
	to := func(o testkit.Object, name string) {
		t.Helper()
		if got := o.Str("in_reply_to_account_id"); got != c.Person(name).ID.String() {
			t.Errorf("%q answers %s, not %s", plain(o), got, name)
		}
	}
	root := c.Post("alice", "root")
	first := reply("bob", "first", root)
	second := reply("bob", "second", first)
	to(first, "alice")
	to(second, "alice")
	to(reply("carol", "third", second), "bob")
	own := reply("alice", "own", root)
	to(own, "alice")
	to(reply("alice", "own again", own), "alice")
}

// TestSizesOfPages is behaviours 4.1 and 4.6: the usual number, the most, and
// what becomes of nonsense.
func TestSizesOfPages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	bob := c.Person("bob").ID
	crowdOf(t, c, 90, func(tx *store.Tx, who domain.ID) error {
		if err := tx.SaveFollow(&domain.Follow{Account: who, Target: bob}); err != nil {
			return err
		}
		_, _, err := tx.InsertBlock(bob, who, "")
		return err
	})
	for i := range 90 {
		c.Post("carol", fmt.Sprint("@bob ", i))
	}
	for i := range 210 {
		c.As("bob").POST("/api/v1/domain_blocks", testkit.F("domain", fmt.Sprintf("d%d.example", i))).OK()
	}
	c.Settle()
	for path, want := range map[string][2]int{
		"/api/v1/timelines/public?":      {20, 40},
		account(c, "carol", "statuses?"): {20, 40},
		account(c, "bob", "followers?"):  {40, 80},
		"/api/v1/blocks?":                {40, 80},
		"/api/v1/notifications?":         {40, 80},
		"/api/v1/domain_blocks?":         {100, 200},
		"/api/v1/accounts/search?q=p&":   {40, 80},
	} {
		for query, n := range map[string]int{
			"": want[0], "limit=7": 7, "limit=-7": 7, "limit=1000": want[1], "limit=x": want[0], "max_id=nonsense&min_id=&since_id=-1": want[0],
		} {
			var list []any
			c.As("bob").GET(path + query).OK().Into(&list)
			if len(list) != n {
				t.Errorf("%s%s has %d, not %d", path, query, len(list), n)
			}
		}
	}
}

// TestLinksOfPages is behaviours 4.3 and 4.4: which cursor leads back, and what
// else of the request stays.
func TestLinksOfPages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	for _, name := range []string{"bob", "carol", "dave"} {
		c.Follow("alice", name)
		c.Follow(name, "alice")
		alice.POST(account(c, name, "endorse"), nil).OK()
		p := c.Post(name, "@alice #tag"+name)
		alice.POST(status(p, "favourite"), nil).OK()
		alice.POST(status(p, "bookmark"), nil).OK()
		c.Post(name, "@alice psst", "visibility", "direct")
		alice.POST("/api/v1/tags/tag"+name+"/follow", nil).OK()
		alice.POST("/api/v1/domain_blocks", testkit.F("domain", name+".example")).OK()
		alice.POST("/api/v1/statuses", testkit.F("status", "later", "scheduled_at", "2030-01-01T00:00:00Z")).OK()
	}
	list := alice.POST("/api/v1/lists", testkit.F("title", "l")).Object().Str("id")
	members := testkit.Form{}
	for _, name := range []string{"bob", "carol", "dave"} {
		members.Add("account_ids[]", c.Person(name).ID.String())
	}
	alice.POST("/api/v1/lists/"+list+"/accounts", members).OK()
	popular := c.Post("alice", "popular", "quote_approval_policy", "public")
	for _, name := range []string{"bob", "carol", "dave"} {
		c.As(name).POST(status(popular, "favourite"), nil).OK()
		c.As(name).POST(status(popular, "reblog"), nil).OK()
		c.Post(name, "look", "quoted_status_id", popular.Str("id"))
	}
	c.Settle()
	for _, path := range []string{account(c, "dave", "mute"), account(c, "carol", "mute")} {
		alice.POST(path, nil).OK()
	}
	back := map[string]string{
		"/api/v1/timelines/home": "min_id", "/api/v1/timelines/public": "min_id", "/api/v1/timelines/list/" + list: "min_id",
		account(c, "alice", "statuses"): "min_id", "/api/v1/notifications": "min_id", "/api/v2/notifications": "min_id", "/api/v1/favourites": "min_id",
		"/api/v1/bookmarks": "min_id", "/api/v1/conversations": "min_id", "/api/v1/scheduled_statuses": "min_id",
		account(c, "alice", "followers"): "since_id", account(c, "alice", "following"): "since_id", "/api/v1/mutes": "since_id", "/api/v1/domain_blocks": "since_id",
		"/api/v1/endorsements": "since_id", "/api/v1/lists/" + list + "/accounts": "since_id", status(popular, "favourited_by"): "since_id",
		status(popular, "reblogged_by"): "since_id", status(popular, "quotes"): "since_id", "/api/v1/followed_tags": "since_id",
	}
	for _, path := range slices.Sorted(maps.Keys(back)) {
		a := alice.GET(path + "?limit=1&with=%C3%A4&max_id=" + domain.MaxID.String())
		header := a.OK().Header.Get("Link")
		next, prev := a.Link("next"), a.Link("prev")
		if !strings.Contains(next, "max_id=") || strings.Contains(next, "min_id=") || strings.Contains(next, "since_id=") ||
			!strings.Contains(prev, back[path]+"=") || strings.Contains(prev, "max_id=") {
			t.Errorf("%s: %s", path, header)
		}
		for _, at := range []string{next, prev} {
			if !strings.Contains(at, "limit=1") || !strings.Contains(at, "with=%C3%A4") {
				t.Errorf("%s: %s loses what was asked", path, at)
			}
		}
		if strings.Count(header, "<http://coterie.test"+strings.SplitN(path, "?", 2)[0]+"?") != 2 {
			t.Errorf("%s: not absolute: %s", path, header)
		}
		// Either cursor is understood everywhere.
		for _, cursor := range []string{"min_id", "since_id"} {
			alice.GET(path + "?" + cursor + "=1").OK()
		}
	}
}

// TestWhatIsOutdatedSaysSo is behaviours 2.10.
func TestWhatIsOutdatedSaysSo(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Person("bob").ID.String()
	for _, path := range []string{
		"/api/v1/instance", "/api/v1/filters", "/api/v1/trends", "/api/v1/suggestions", "/api/v1/accounts/" + id + "/identity_proofs",
		"/api/v1_alpha/accounts/" + id + "/collections",
	} {
		if got := c.As("bob").GET(path).OK().Header.Get("Deprecation"); !regexp.MustCompile(`^@\d+$`).MatchString(got) {
			t.Errorf("%s: Deprecation is %q", path, got)
		}
	}
	for _, path := range []string{"/api/v2/instance", "/api/v2/filters", "/api/v1/trends/tags", "/api/v2/suggestions", "/api/v1/accounts/" + id + "/collections"} {
		if got := c.As("bob").GET(path).OK().Header.Get("Deprecation"); got != "" {
			t.Errorf("%s: Deprecation is %q", path, got)
		}
	}
}

// TestFiltersReadDescriptionsAndQuotes is behaviours 12.3.
func TestFiltersReadDescriptionsAndQuotes(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	alice.POST("/api/v2/filters", map[string]any{
		"title": "f", "context": []string{"home"}, "keywords_attributes": []any{map[string]any{"keyword": "quince"}},
	}).OK()
	m := c.Media("bob", testkit.PNG(t, testkit.Gradient(4, 4)))
	c.As("bob").PUT("/api/v1/media/"+m.Str("id"), testkit.F("description", "a Quince on a table")).OK()
	pictured := c.Post("bob", "look", "media_ids[]", m.Str("id"))
	if got := filtered(alice.GET("/api/v1/statuses/" + pictured.Str("id")).Object()); len(got) != 1 {
		t.Errorf("by what is said of its picture: %v", got)
	}
	said := c.Post("bob", "a quince", "quote_approval_policy", "public")
	quoting := alice.GET("/api/v1/statuses/" + c.Post("carol", "indeed", "quoted_status_id", said.Str("id")).Str("id")).Object()
	if got := filtered(quoting.Obj("quote").Obj("quoted_status")); len(got) != 1 {
		t.Errorf("what is quoted: %v", got)
	}
	if got := filtered(quoting); len(got) != 0 {
		t.Errorf("what quotes: %v", got)
	}
}

// TestQuotesInQuotesAreShallow is behaviours 17.1.
func TestQuotesInQuotesAreShallow(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	first := c.Post("alice", "one", "quote_approval_policy", "public")
	second := c.Post("bob", "two", "quoted_status_id", first.Str("id"), "quote_approval_policy", "followers")
	third := c.Post("carol", "three", "quoted_status_id", c.As("bob").GET("/api/v1/statuses/"+first.Str("id")).Object().Str("id"))
	c.Follow("dave", "bob")
	c.Settle()
	fourth := c.As("dave").POST("/api/v1/statuses", testkit.F("status", "four", "quoted_status_id", second.Str("id"))).Object()
	outer := fourth.Obj("quote")
	inner := outer.Obj("quoted_status").Obj("quote")
	if outer.Str("state") != "accepted" || inner.Str("state") != "accepted" || inner.Str("quoted_status_id") != first.Str("id") {
		t.Errorf("a quote of a quote: %v", outer)
	}
	if _, there := inner["quoted_status"]; there {
		t.Error("a quote in a quote holds the post")
	}
	if third["quote"] == nil || first["quote"] != nil {
		t.Errorf("quote: %v, %v", third["quote"], first["quote"])
	}
	may := func(name string, o testkit.Object) string {
		return c.As(name).GET("/api/v1/statuses/" + o.Str("id")).Object().Obj("quote_approval").Str("current_user")
	}
	for who, want := range map[string]string{"dave": "automatic", "erin": "denied", "bob": "automatic"} {
		if got := may(who, second); got != want {
			t.Errorf("%s may quote bob: %s, want %s", who, got, want)
		}
	}
	private := c.Post("bob", "for few", "visibility", "private", "quote_approval_policy", "public")
	if got := fmt.Sprint(private.Obj("quote_approval")["automatic"]); got != "[]" {
		t.Errorf("a private post may be quoted by %s", got)
	}
	c.As("dave").POST("/api/v1/statuses", testkit.F("status", "x", "quoted_status_id", private.Str("id"))).Error(http.StatusNotFound)
	own := c.As("bob").POST("/api/v1/statuses", testkit.F("status", "x", "quoted_status_id", private.Str("id"))).Object()
	if own.Str("visibility") != "private" {
		t.Errorf("a quote of one's own private post is %s", own.Str("visibility"))
	}
	boost := c.As("erin").POST(status(first, "reblog"), nil).Object()
	if got := c.Post("erin", "x", "quoted_status_id", boost.Str("id")).Obj("quote").Obj("quoted_status").Str("id"); got != first.Str("id") {
		t.Errorf("a quote of a boost quotes %s", got)
	}
}

// TestConfigurationOfAnInstance is behaviours 19, value by value.
func TestConfigurationOfAnInstance(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	in := c.Anonymous().GET("/api/v2/instance").Object()
	conf := in.Obj("configuration")
	for part, want := range map[string]map[string]float64{
		"accounts": {
			"max_featured_tags": 10, "max_pinned_statuses": 5, "max_display_name_length": 40, "max_note_length": 500, "max_avatar_description_length": 150,
			"max_header_description_length": 150, "max_profile_fields": 4, "profile_field_name_limit": 255, "profile_field_value_limit": 255,
		},
		"statuses":          {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
		"media_attachments": {"description_limit": 10000, "image_size_limit": 16777216, "image_matrix_limit": 33177600, "video_size_limit": 103809024, "video_frame_rate_limit": 120, "video_matrix_limit": 8294400},
		"polls":             {"max_options": 4, "max_characters_per_option": 50, "min_expiration": 300, "max_expiration": 2629746},
	} {
		for key, n := range want {
			if got := conf.Obj(part).Num(key); got != n {
				t.Errorf("%s.%s is %v, not %v", part, key, got, n)
			}
		}
	}
	urls := conf.Obj("urls")
	for _, key := range []string{"status", "about", "privacy_policy", "terms_of_service"} {
		if _, there := urls[key]; !there {
			t.Errorf("urls.%s is missing", key)
		}
	}
	if conf.Obj("translation")["enabled"] != false || conf["limited_federation"] != false || conf["timelines_access"] == nil {
		t.Errorf("configuration: %v", conf)
	}
	if wrapped, there := in["wrapstodon"]; !there || wrapped != nil {
		t.Errorf("wrapstodon: %v, %v", wrapped, there)
	}
	if languages, _ := in["languages"].([]any); len(languages) == 0 || in.Obj("thumbnail").Str("url") == "" || in["icon"] == nil || in.Obj("usage").Obj("users")["active_month"] == nil {
		t.Errorf("the instance: %v", in)
	}
	for _, key := range []string{"enabled", "approval_required", "reason_required", "message", "min_age", "url"} {
		if _, there := in.Obj("registrations")[key]; !there {
			t.Errorf("registrations.%s is missing", key)
		}
	}
	old := c.Anonymous().GET("/api/v1/instance").Object()
	for _, key := range []string{"short_description", "stats", "registrations", "approval_required", "invites_enabled", "contact_account"} {
		if _, there := old[key]; !there {
			t.Errorf("the older form has no %s", key)
		}
	}
	if old.Obj("urls").Str("streaming_api") != urls.Str("streaming") {
		t.Errorf("streams are at %v or %v", old["urls"], urls)
	}
	node := c.Anonymous().GET("/nodeinfo/2.0").Object()
	if node.Obj("software").Str("name") != "coterie" || node.Obj("metadata").Obj("upstream").Str("name") != "mastodon" {
		t.Errorf("nodeinfo: %v", node)
	}
	for _, odd := range []string{"pixelfed", "pleroma", "akkoma", "+glitch"} {
		if strings.Contains(strings.ToLower(in.Str("version")), odd) {
			t.Errorf("the version %q switches apps to %s", in.Str("version"), odd)
		}
	}
}

// TestChosenLanguages: whoever chose some gets posts in these on public
// timelines, at once too, and apps are told what else was wished (behaviours
// 11, 14.6).
func TestChosenLanguages(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		h := perform(t, c)
		const path = "/api/coterie/v1/preferences"
		bob := c.As("bob").In(t)
		stream := h.listen(t, "bob", "stream=public")
		stream.settled()
		if o := bob.PATCH(path, testkit.F("languages[]", "ja", "languages[]", "DE-at",
			"expand_media", "hide_all", "expand_spoilers", "true", "autoplay_gifs", "1")).Object(); fmt.Sprint(o["languages"]) != "[de ja]" {
			t.Errorf("chosen: %v", o)
		}
		stream.ends() // it had every language
		if p := bob.GET("/api/v1/preferences").Object(); p.Str("reading:expand:media") != "hide_all" || !p.Bool("reading:expand:spoilers") || !p.Bool("reading:autoplay:gifs") {
			t.Errorf("apps are told %v", p)
		}
		stream = h.listen(t, "bob", "stream=public")
		stream.settled()
		want := []string{}
		for _, tag := range []string{"de", "fr", "ja", ""} {
			p := c.Post("carol", "in "+tag+" #words", "language", tag)
			if tag != "fr" {
				want = append(want, "public "+p.Str("id"))
			}
		}
		c.Settle()
		if got := stream.updates(); !slices.Equal(got, want) {
			t.Errorf("at once: %v, want %v", got, want)
		}
		for path, n := range map[string]int{"/api/v1/timelines/public": 3, "/api/v1/timelines/tag/words": 4, account(c, "carol", "statuses"): 4} {
			if got := bob.GET(path).List(); len(got) != n {
				t.Errorf("%s has %d posts, not %d", path, len(got), n)
			}
		}
		bob.PATCH(path, testkit.F("languages[]", "klingon")).Error(http.StatusUnprocessableEntity)
		bob.PATCH(path, testkit.F("expand_media", "some")).Error(http.StatusUnprocessableEntity)
		if o := bob.PATCH(path, map[string]any{"languages": []string{}}).Object(); fmt.Sprint(o["languages"]) != "[]" || o.Str("expand_media") != "hide_all" {
			t.Errorf("all languages again: %v", o)
		}
		if got := bob.GET("/api/v1/timelines/public").List(); len(got) != 4 {
			t.Errorf("all languages again: %d posts", len(got))
		}
	})
}
