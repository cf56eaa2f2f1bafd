package mastoapi_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"coterie/internal/mastoapi"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// aboutStatus are the routes of this vertical that name a status, with a body
// that would do something to one that is there.
var aboutStatus = []struct {
	method, path string
	body         testkit.Form
}{
	{"GET", "/api/v1/statuses/%s", nil},
	{"GET", "/api/v1/statuses?id[]=%s", nil},
	{"GET", "/api/v1/statuses/%s/source", nil},
	{"GET", "/api/v1/statuses/%s/history", nil},
	{"GET", "/api/v1/statuses/%s/context", nil},
	{"GET", "/api/v1/statuses/%s/favourited_by", nil},
	{"GET", "/api/v1/statuses/%s/reblogged_by", nil},
	{"PUT", "/api/v1/statuses/%s", testkit.F("status", "mine now")},
	{"DELETE", "/api/v1/statuses/%s", nil},
	{"POST", "/api/v1/statuses", testkit.F("status", "an answer", "in_reply_to_id", "%s")},
	{"POST", "/api/v1/statuses/%s/favourite", nil},
	{"POST", "/api/v1/statuses/%s/unfavourite", nil},
	{"POST", "/api/v1/statuses/%s/reblog", nil},
	{"POST", "/api/v1/statuses/%s/unreblog", nil},
	{"POST", "/api/v1/statuses/%s/bookmark", nil},
	{"POST", "/api/v1/statuses/%s/unbookmark", nil},
	{"POST", "/api/v1/statuses/%s/mute", nil},
	{"POST", "/api/v1/statuses/%s/unmute", nil},
	{"POST", "/api/v1/statuses/%s/pin", nil},
	{"POST", "/api/v1/statuses/%s/unpin", nil},
	{"POST", "/api/v1/statuses/%s/translate", nil},
	{"GET", "/api/v1/statuses/%s/quotes", nil},
	{"POST", "/api/v1/statuses/%s/quotes/1/revoke", nil},
	{"PUT", "/api/v1/statuses/%s/interaction_policy", testkit.F("quote_approval_policy", "nobody")},
	{"POST", "/api/v1/statuses", testkit.F("status", "look", "quoted_status_id", "%s")},
}

var aboutPoll = []struct {
	method, path string
	body         testkit.Form
}{
	{"GET", "/api/v1/polls/%s", nil},
	{"POST", "/api/v1/polls/%s/votes", testkit.F("choices[]", "0")},
}

// TestSEC28_EveryRouteIsAsked holds the two lists to the routes there are.
func TestSEC28_EveryRouteIsAsked(t *testing.T) {
	t.Parallel()
	asked := map[string]bool{}
	for _, r := range append(slices.Clone(aboutStatus), aboutPoll...) {
		asked[r.method+" "+r.path] = true
	}
	for _, r := range (&mastoapi.API{}).Routes() {
		if strings.HasPrefix(r.Pattern, "/api/v1/statuses/{id}") || strings.HasPrefix(r.Pattern, "/api/v1/polls/{id}") {
			name := r.Method + " " + strings.NewReplacer("{id}", "%s", "{quoting_status_id}", "1").Replace(r.Pattern)
			if !asked[name] {
				t.Errorf("%s is not asked for hidden posts", name)
			}
		}
	}
}

// neverExisted is an id that no row has.
const neverExisted = "115599225840664577"

// TestSEC28_HiddenIsAbsent asks every route for posts that the viewer may not
// see, and for one that never was: the answers must not differ.
func TestSEC28_HiddenIsAbsent(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		// bob follows alice, carol is mentioned, dave is blocked, erin is a stranger.
		c.As("bob").In(t).POST("/api/v1/accounts/"+c.Person("alice").ID.String()+"/follow", nil).OK()
		c.As("alice").In(t).POST("/api/v1/accounts/"+c.Person("dave").ID.String()+"/block", nil).OK()
		c.Settle()
		post := func(visibility, text string) testkit.Object {
			return c.As("alice").In(t).POST("/api/v1/statuses", testkit.F("status", text, "visibility", visibility,
				"poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "300")).Object()
		}
		hiddenFrom := map[string][]string{
			"public":  {"dave"},
			"private": {"", "dave", "erin"},
			"direct":  {"", "bob", "dave", "erin"},
		}
		posts := map[string]testkit.Object{
			"public": post("public", "for all"), "private": post("private", "@carol for followers"), "direct": post("direct", "@carol for you"),
		}
		for visibility, names := range hiddenFrom {
			s := posts[visibility]
			for _, name := range names {
				cl := viewer(c, name).In(t)
				for _, r := range aboutStatus {
					same(t, cl, visibility+" as "+name, r.method, r.path, r.body, s.Str("id"))
				}
				for _, r := range aboutPoll {
					same(t, cl, visibility+" as "+name, r.method, r.path, r.body, s.Obj("poll").Str("id"))
				}
			}
		}
		boost := c.As("alice").In(t).POST("/api/v1/statuses/"+posts["private"].Str("id")+"/reblog", nil).Object()
		shared := c.As("bob").In(t).POST("/api/v1/statuses/"+posts["public"].Str("id")+"/reblog", nil).Object()
		for _, r := range aboutStatus {
			same(t, viewer(c, "erin").In(t), "a boost of a private post", r.method, r.path, r.body, boost.Str("id"))
			same(t, viewer(c, "dave").In(t), "bob's boost of a post of who blocks dave", r.method, r.path, r.body, shared.Str("id"))
		}
		for name, visibility := range map[string]string{"bob": "private", "carol": "direct"} {
			viewer(c, name).In(t).GET("/api/v1/statuses/" + posts[visibility].Str("id")).OK()
		}
	})
}

func viewer(c *testkit.Community, name string) *testkit.Client {
	if name == "" {
		return c.Anonymous()
	}
	return c.As(name)
}

// same asks for id and for what never existed in the same way.
func same(t *testing.T, cl *testkit.Client, what, method, path string, body testkit.Form, id string) {
	t.Helper()
	hidden, absent := about(cl, method, path, body, id), about(cl, method, path, body, neverExisted)
	if hidden.Status != absent.Status || !bytes.Equal(hidden.Body, absent.Body) || !reflect.DeepEqual(steady(hidden), steady(absent)) {
		t.Errorf("%s: %s %s tells hidden from absent:\n%d %s %v\n%d %s %v", what, method, path,
			hidden.Status, hidden.Body, hidden.Header, absent.Status, absent.Body, absent.Header)
	}
	if hidden.Status == http.StatusOK && string(hidden.Body) != "[]" {
		t.Errorf("%s: %s %s answers 200: %s", what, method, path, hidden.Body)
	}
}

// about makes a request with id where path and body say %s.
func about(cl *testkit.Client, method, path string, body testkit.Form, id string) *testkit.Answer {
	at := path
	if strings.Contains(path, "%s") {
		at = fmt.Sprintf(path, id)
	}
	if body == nil {
		return cl.Do(method, at, nil)
	}
	form := testkit.Form{}
	for k, v := range body {
		form.Set(k, strings.ReplaceAll(v[0], "%s", id))
	}
	return cl.Do(method, at, form)
}

// steady are the headers that do not change from answer to answer.
func steady(a *testkit.Answer) http.Header {
	h := a.Header.Clone()
	for _, name := range []string{"X-Request-Id", "Date", "X-Ratelimit-Remaining", "X-Ratelimit-Reset"} {
		h.Del(name)
	}
	return h
}

// TestSEC28_HiddenTakesTheWorkOfAbsent is the time class: whoever measures how
// long an answer takes learns nothing either. Both take as many statements,
// enqueue no job and connect to nobody.
func TestSEC28_HiddenTakesTheWorkOfAbsent(t *testing.T) {
	t.Parallel()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = io.WriteString(w, `<title>Otters</title><meta property="og:title" content="Otters">`)
			}))
			t.Cleanup(page.Close)
			dialled := new(atomic.Int64)
			c := testkit.NewInstance(t, append(options, testkit.Dialled(dialled))...)
			st := storeFor(t, c)
			c.As("alice").In(t).POST("/api/v1/accounts/"+c.Person("dave").ID.String()+"/block", nil).OK()
			c.Settle()
			waiting := func() (n int64) {
				t.Helper()
				stats, err := st.Stats(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range stats.Jobs {
					n += int64(s.Count)
				}
				return n
			}
			post := func(visibility, text string) testkit.Object {
				return c.As("alice").In(t).POST("/api/v1/statuses", testkit.F("status", text, "visibility", visibility, "language", "en",
					"poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "300")).Object()
			}
			linked := func(visibility string) testkit.Object {
				return c.As("alice").In(t).POST("/api/v1/statuses", testkit.F("status", "@carol "+page.URL+"/otter", "visibility", visibility)).Object()
			}
			hiddenFrom := map[string][]string{"public": {"dave"}, "private": {"", "dave", "erin"}, "direct": {"", "bob", "erin"}}
			for visibility, names := range hiddenFrom {
				polled, link := post(visibility, "@carol which?"), linked(visibility)
				c.After(time.Hour)           // cards are there
				c.After(15 * 24 * time.Hour) // and due again; polls have ended
				for _, name := range names {
					work := func(method, path string, body testkit.Form, id string) (statements, jobs, connections int64) {
						t.Helper()
						before := waiting()
						from := dialled.Load()
						ctx, n := store.CountStatements(t.Context())
						about(viewer(c, name).In(t).WithContext(ctx), method, path, body, id)
						statements = n.Load()
						return statements, waiting() - before, dialled.Load() - from
					}
					ask := func(method, path string, body testkit.Form, id string) {
						t.Helper()
						work(method, path, body, neverExisted) // what is remembered from now on
						absent, _, _ := work(method, path, body, neverExisted)
						hidden, jobs, connections := work(method, path, body, id)
						if hidden != absent {
							t.Errorf("%s %s for %q of what is %s: %d statements, absent %d", method, path, name, visibility, hidden, absent)
						}
						if jobs != 0 || connections != 0 {
							t.Errorf("%s %s for %q of what is %s: %d jobs, %d connections", method, path, name, visibility, jobs, connections)
						}
					}
					if seen, _, _ := work("GET", "/api/v1/polls/%s", nil, polled.Obj("poll").Str("id")); seen == 0 {
						t.Error("nothing is counted")
					}
					for _, r := range aboutStatus {
						ask(r.method, r.path, r.body, polled.Str("id"))
						ask(r.method, r.path, r.body, link.Str("id"))
					}
					for _, r := range aboutPoll {
						ask(r.method, r.path, r.body, polled.Obj("poll").Str("id"))
					}
				}
			}
		})
	}
}

// TestSEC28_OthersPosts: what one sees but does not own can be neither edited
// nor deleted, and is answered as absent.
func TestSEC28_OthersPosts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	s := c.Post("alice", "mine")
	bob := c.As("bob")
	same(t, bob, "editing", "PUT", "/api/v1/statuses/%s", testkit.F("status", "bob's"), s.Str("id"))
	same(t, bob, "deleting", "DELETE", "/api/v1/statuses/%s", nil, s.Str("id"))
	if got := c.As("alice").GET("/api/v1/statuses/" + s.Str("id")).Object().Str("content"); got != "<p>mine</p>" {
		t.Errorf("the post says %q now", got)
	}
}

// TestSEC31_OthersScheduledPosts: scheduled posts are their author's alone.
func TestSEC31_OthersScheduledPosts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		at := c.Clock.Now().Add(time.Hour).Format(time.RFC3339)
		s := c.As("alice").In(t).POST("/api/v1/statuses", testkit.F("status", "later", "scheduled_at", at)).Object()
		const path = "/api/v1/scheduled_statuses/%s"
		for _, name := range []string{"", "bob"} {
			cl := viewer(c, name).In(t)
			same(t, cl, "as "+name, "GET", path, nil, s.Str("id"))
			same(t, cl, "as "+name, "PUT", path, testkit.F("scheduled_at", at), s.Str("id"))
			same(t, cl, "as "+name, "DELETE", path, nil, s.Str("id"))
		}
		if list := c.As("bob").In(t).GET("/api/v1/scheduled_statuses").List(); len(list) != 0 {
			t.Errorf("bob sees %v", list)
		}
		if got := c.As("alice").In(t).GET(fmt.Sprintf(path, s.Str("id"))).Object(); !strings.HasPrefix(got.Str("scheduled_at"), at[:16]) {
			t.Errorf("alice's post became %v", got)
		}
	})
}

// TestSEC63_TextIsInert posts quotes, placeholders, markup and filter syntax
// in every text there is and reads them back as they were.
func TestSEC63_TextIsInert(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		hostile := []string{
			`'; DROP TABLE statuses; --`, `$1 $2 :a ?1 %s %d {{.}}`, `" OR "1"="1`, `<script>alert(1)</script>`,
			`\'; \x00 \u0000`, `*) AND NEAR(a b) ^title:x`, "a\u202eb\u0007c", `=HYPERLINK("x")`, `'||pg_sleep(9)||'`,
		}
		alice := c.As("alice").In(t)
		for i, h := range hostile {
			s := alice.With("Idempotency-Key", h).POST("/api/v1/statuses", map[string]any{
				"status": h, "spoiler_text": h, "language": h,
				"poll": map[string]any{"options": []string{h, "other"}, "expires_in": 300},
			}).Object()
			source := alice.GET("/api/v1/statuses/" + s.Str("id") + "/source").Object()
			if source.Str("text") != h || source.Str("spoiler_text") != h {
				t.Errorf("%q came back as %v", h, source)
			}
			if strings.Contains(s.Str("content"), "<script") || strings.Contains(s.Str("content"), `"1"="1`) {
				t.Errorf("%q is shown as %q", h, s.Str("content"))
			}
			options, _ := s.Obj("poll")["options"].([]any)
			if first, _ := options[0].(map[string]any); first["title"] != h {
				t.Errorf("the option %q came back as %v", h, options)
			}
			if n := len(alice.GET("/api/v1/timelines/public").List()); n != i+1 {
				t.Errorf("after %q there are %d posts, want %d", h, n, i+1)
			}
		}
	})
}
