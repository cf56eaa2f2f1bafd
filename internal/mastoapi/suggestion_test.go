package mastoapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// suggested are whom somebody is suggested, by name, and why.
func suggested(c *testkit.Community, name string) []string {
	c.T.Helper()
	out := []string{}
	for _, s := range c.As(name).GET("/api/v2/suggestions").List() {
		sources, _ := s["sources"].([]any)
		line := s.Obj("account").Str("acct") + " " + s.Str("source")
		for _, x := range sources {
			line += " " + x.(string)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// TestSuggestions: whom friends follow, who is followed here, and who is not
// suggested.
func TestSuggestions(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol", "dave", "alice")
		c.Follow("alice", "bob")
		c.Follow("bob", "carol")
		c.Follow("bob", "erin")
		c.Follow("erin", "dave")
		const friend, popular = "carol past_interactions friends_of_friends most_followed", "dave global most_followed"
		if got := suggested(c, "alice"); !slices.Equal(got, []string{friend, popular}) {
			t.Errorf("alice: %v", got)
		}
		if got := pluck(c.As("alice").GET("/api/v1/suggestions").List(), "acct"); len(got) != 2 || !slices.Contains(got, "carol") {
			t.Errorf("the older list: %v", got)
		}
		page := c.As("alice").GET("/api/v2/suggestions?limit=1").List()
		next := c.As("alice").GET("/api/v2/suggestions?limit=1&offset=1").List()
		if len(page) != 1 || len(next) != 1 || page[0].Obj("account").Str("acct") == next[0].Obj("account").Str("acct") {
			t.Errorf("pages: %v, %v", page, next)
		}
		c.Follow("alice", "dave")
		if got := suggested(c, "alice"); !slices.Equal(got, []string{friend}) {
			t.Errorf("once she follows dave: %v", got)
		}
		carol := c.Person("carol").ID.String()
		c.As("alice").DELETE("/api/v1/suggestions/"+carol, nil).OK()
		c.As("alice").DELETE("/api/v1/suggestions/"+carol, nil).OK()
		c.As("alice").DELETE("/api/v1/suggestions/1", nil).Error(404)
		if got := suggested(c, "alice"); len(got) != 0 {
			t.Errorf("once she dismissed carol: %v", got)
		}
		if got := suggested(c, "dave"); !slices.Equal(got, []string{"bob global most_followed", "carol global most_followed"}) {
			t.Errorf("dave: %v", got)
		}
		c.As("dave").POST("/api/v1/accounts/"+carol+"/mute", nil).OK()
		c.As("bob").POST("/api/v1/accounts/"+c.Person("dave").ID.String()+"/block", nil).OK()
		if got := suggested(c, "dave"); len(got) != 0 {
			t.Errorf("dave, who muted carol and is blocked by bob: %v", got)
		}
		// The list itself is made anew a quarter of an hour later.
		discoverable(c, everybody...)
		if got := suggested(c, "alice"); len(got) != 0 {
			t.Errorf("within a quarter of an hour: %v", got)
		}
		c.After(16 * time.Minute)
		if got := suggested(c, "alice"); !slices.Equal(got, []string{"erin past_interactions friends_of_friends most_followed"}) {
			t.Errorf("later: %v", got)
		}
		c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("hide_collections", "true")).OK()
		c.After(16 * time.Minute)
		if got := suggested(c, "alice"); !slices.Equal(got, []string{"erin global most_followed"}) {
			t.Errorf("once bob hides whom he follows: %v", got)
		}
	})
}

// TestStaffPicks: whom the staff recommends comes first and in order, for
// whoever may be suggested them, and a change bites at once.
func TestStaffPicks(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol", "dave", "erin")
		c.Follow("alice", "bob")
		c.Follow("bob", "carol")
		c.Follow("bob", "dave")
		pick := func(names ...string) {
			c.Configure(func(s *testkit.Settings) {
				s.StaffPicks = nil
				for _, name := range names {
					s.StaffPicks = append(s.StaffPicks, c.Person(name).ID)
				}
			})
		}
		list := func(name string) []string {
			t.Helper()
			v2 := c.As(name).GET("/api/v2/suggestions").List()
			out := []string{}
			for _, s := range v2 {
				out = append(out, s.Obj("account").Str("acct")+" "+s.Str("source")+" "+s["sources"].([]any)[0].(string))
			}
			v1 := pluck(c.As(name).GET("/api/v1/suggestions").List(), "acct")
			for i := range max(len(v1), len(out)) {
				if i >= len(v1) || i >= len(out) || !strings.HasPrefix(out[i], v1[i]+" ") {
					t.Fatalf("the older list is %v, the newer %v", v1, out)
				}
			}
			return out
		}
		picked := func(name string) (out []string) {
			for i, line := range list(name) {
				if acct, ok := strings.CutSuffix(line, " staff featured"); ok {
					if i != len(out) {
						t.Errorf("%s is told of %s at %d", name, acct, i)
					}
					out = append(out, acct)
				}
			}
			return out
		}
		if got := picked("alice"); got != nil {
			t.Errorf("before anybody is picked: %v", got)
		}
		pick("erin", "dave", "bob", "alice")
		if got := list("alice"); !slices.Equal(got, []string{"erin staff featured", "dave staff featured", "carol past_interactions friends_of_friends"}) {
			t.Errorf("alice, who follows bob and does not want to be found: %v", got)
		}
		if got := suggested(c, "alice"); !slices.Contains(got, "dave staff featured friends_of_friends most_followed") {
			t.Errorf("dave is suggested for each reason: %v", got)
		}
		page := c.As("alice").GET("/api/v2/suggestions?limit=1&offset=1").List()
		if len(page) != 1 || page[0].Obj("account").Str("acct") != "dave" {
			t.Errorf("the second page: %v", page)
		}
		pick("dave", "erin")
		if got := picked("alice"); !slices.Equal(got, []string{"dave", "erin"}) {
			t.Errorf("in another order: %v", got)
		}
		erin, dave := c.Person("erin").ID.String(), c.Person("dave").ID.String()
		c.As("alice").DELETE("/api/v1/suggestions/"+erin, nil).OK()
		if got := picked("alice"); !slices.Equal(got, []string{"dave"}) {
			t.Errorf("once erin is dismissed: %v", got)
		}
		for who, verb := range map[string]string{"bob": "/block", "carol": "/mute"} {
			c.As(who).POST("/api/v1/accounts/"+erin+verb, nil).OK()
			if got := picked(who); slices.Contains(got, "erin") {
				t.Errorf("%s after %s: %v", who, verb, got)
			}
		}
		c.As("dave").PATCH("/api/v1/accounts/update_credentials", testkit.F("locked", "true")).OK()
		c.As("alice").POST("/api/v1/accounts/"+dave+"/follow", nil).OK()
		if got := picked("alice"); got != nil {
			t.Errorf("once she asked dave: %v", got)
		}
		if got := picked("erin"); !slices.Equal(got, []string{"dave"}) {
			t.Errorf("erin: %v", got)
		}
		c.Join("admin", domain.RoleAdmin)
		staff := c.As("admin")
		for _, how := range []string{"silence", "suspend"} {
			staff.POST("/api/v1/admin/accounts/"+dave+"/action", testkit.F("type", how)).OK()
			c.Settle()
			if got := picked("erin"); got != nil {
				t.Errorf("dave after %s: %v", how, got)
			}
		}
	})
}

// TestSuggestionsCostAFixedNumberOfStatements counts with picks and without.
func TestSuggestionsCostAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	discoverable(c, "bob", "carol", "dave", "erin")
	statements := func(path string) int64 {
		c.As("alice").GET(path).OK() // keeps the list, fills the caches
		ctx, n := store.CountStatements(context.Background())
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, c.Config.BaseURL()+path, nil)
		r.Header.Set("Authorization", "Bearer "+c.Person("alice").Token)
		w := httptest.NewRecorder()
		c.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		return n.Load()
	}
	for _, picks := range [][]string{{"bob"}, {"bob", "carol", "dave", "erin"}} {
		c.Configure(func(s *testkit.Settings) {
			s.StaffPicks = nil
			for _, name := range picks {
				s.StaffPicks = append(s.StaffPicks, c.Person(name).ID)
			}
		})
		for path, want := range map[string]int64{"/api/v1/suggestions": 3, "/api/v2/suggestions": 2} { // who still fits, accounts; whether they may be featured
			if got := statements(path); got != want {
				t.Errorf("%s with %d picks took %d statements, not %d", path, len(picks), got, want)
			}
		}
	}
}

// TestDirectory: who wants to be found, in two orders.
func TestDirectory(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		discoverable(c, "bob", "carol", "dave")
		c.Post("carol", "hello")
		c.After(time.Minute)
		c.Post("bob", "hello")
		list := func(query string) []string {
			return pluck(c.Anonymous().GET("/api/v1/directory?"+query).List(), "acct")
		}
		for query, want := range map[string][]string{
			"": {"bob", "carol", "dave"}, "order=new": {"dave", "carol", "bob"}, "order=active&limit=1": {"bob"},
			"limit=2&offset=1": {"carol", "dave"}, "local=true": {"bob", "carol", "dave"}, "offset=9": {},
		} {
			if got := list(query); !slices.Equal(got, want) {
				t.Errorf("%q: %v, want %v", query, got, want)
			}
		}
		c.Anonymous().GET("/api/v1/directory?offset=-1").Error(400)
		c.As("alice").POST("/api/v1/accounts/"+c.Person("bob").ID.String()+"/block", nil).OK()
		c.As("dave").POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/block", nil).OK()
		if got := pluck(c.As("alice").GET("/api/v1/directory").List(), "acct"); !slices.Equal(got, []string{"carol"}) {
			t.Errorf("alice sees %v", got)
		}
	})
}

// TestDirectoryOfOthers: people elsewhere are in it unless only ours are asked
// for, or the viewer blocks their domain.
func TestDirectoryOfOthers(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	discoverable(one)
	discoverable(two, "bob")
	one.FindAccount("alice", "bob@two.test")
	if got := pluck(one.Anonymous().GET("/api/v1/directory").List(), "acct"); !slices.Equal(got, []string{"bob@two.test"}) {
		t.Errorf("everybody: %v", got)
	}
	if got := one.Anonymous().GET("/api/v1/directory?local=true").List(); len(got) != 0 {
		t.Errorf("ours: %v", got)
	}
	one.As("alice").POST("/api/v1/domain_blocks", testkit.F("domain", "two.test")).OK()
	if got := one.As("alice").GET("/api/v1/directory").List(); len(got) != 0 {
		t.Errorf("with the domain blocked: %v", got)
	}
}

// TestOEmbed shows public posts to other pages.
func TestOEmbed(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	ask := func(address string, more ...string) *testkit.Answer {
		return c.Anonymous().GET("/api/oembed?url=" + url.QueryEscape(address) + strings.Join(more, ""))
	}
	post := c.Post("bob", "Hello <b>world</b>")
	o := ask(post.Str("url")).Object()
	for key, want := range map[string]any{
		"type": "rich", "version": "1.0", "title": "bob: Hello <b>world</b>", "author_name": "bob", "author_url": post.Obj("account").Str("url"),
		"provider_url": "http://coterie.test/", "width": 400.0, "height": nil, "cache_age": 86400.0,
	} {
		if o[key] != want {
			t.Errorf("%s is %v, want %v", key, o[key], want)
		}
	}
	if h := o.Str("html"); !strings.Contains(h, `src="`+post.Str("url")+`/embed" title="bob: Hello &lt;b&gt;world&lt;/b&gt;"`) || strings.Contains(h, "script") {
		t.Errorf("html: %s", h)
	}
	if got := ask(post.Str("uri"), "&maxwidth=300&maxheight=200").Object(); got.Num("width") != 300 || !strings.Contains(got.Str("html"), `width="300" height="200"`) {
		t.Errorf("a small one: %v", got)
	}
	warned := ask(c.Post("bob", "The butler did it", "spoiler_text", "The <i>end</i>", "visibility", "unlisted").Str("url")).Object()
	if strings.Contains(warned.Str("html")+warned.Str("title"), "butler") || !strings.Contains(warned.Str("html"), "&lt;i&gt;") {
		t.Errorf("behind a warning: %v", warned)
	}
	boost := c.As("carol").POST("/api/v1/statuses/"+post.Str("id")+"/reblog", nil).Object()
	for what, address := range map[string]string{
		"nothing": "", "elsewhere": "http://far.test/@bob/1", "a profile": post.Obj("account").Str("url"), "absent": "http://coterie.test/@bob/1",
		"another's": "http://coterie.test/@alice/" + post.Str("id"), "a boost": "http://coterie.test/@carol/" + boost.Str("id"),
	} {
		if got := ask(address).Error(404); got != "Record not found" {
			t.Errorf("%s: %q", what, got)
		}
	}
}

// TestSEC28_OEmbedHidesWhatIsHidden: hidden and absent are alike, whoever asks.
func TestSEC28_OEmbedHidesWhatIsHidden(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	absent := c.As("bob").GET("/api/oembed?url=" + url.QueryEscape("http://coterie.test/@bob/1")).Error(404)
	for _, v := range []string{"private", "direct"} {
		hidden := c.Post("bob", "For few", "visibility", v)
		for _, name := range []string{"bob", "carol"} {
			if got := c.As(name).GET("/api/oembed?url=" + url.QueryEscape(hidden.Str("url"))).Error(404); got != absent {
				t.Errorf("%s to %s: %q", v, name, got)
			}
		}
	}
}
