package instance_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// shelf serves block lists by path.
type shelf struct {
	mu    sync.Mutex
	lists map[string]string
	asked int // for what had not changed
}

func (s *shelf) put(path, list string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists[path] = list
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, known := s.lists[r.URL.Path]
	etag := `"` + strings.Join(strings.Fields(list), "_") + `"`
	switch {
	case !known:
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<p>two.test is for sale")
	case r.Header.Get("If-None-Match") == etag:
		s.asked++
		w.WriteHeader(http.StatusNotModified)
	default:
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("ETag", etag)
		_, _ = io.WriteString(w, list)
	}
}

// A community subscribes to two lists, looks at what they would change, lets
// them count, and loses and regains follows by what both say.
func TestStorySubscribedLists(t *testing.T) {
	t.Parallel()
	for engine, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			one, two := n.Found("one.test", options...), n.Found("two.test", options...)
			lists := &shelf{lists: map[string]string{
				"/a.csv": "#domain,#severity,#public_comment\ntwo.test,suspend,Spam\nfriend.test,suspend,\nsub.friend.test,suspend,\none.test,suspend,\nhand.test,suspend,\nloud.test,silence,Noise\nalone.test,suspend,\n",
				"/b.txt": "# A remark\n*.two.test\nfriend.test\nsub.friend.test\nhand.test\nloud.test\ntest\n",
			}}
			n.Serve("lists.test", lists)
			dave := one.FollowElsewhere("bob", "dave@two.test").Str("id")
			admin := one.As("alice")
			const own, blocks = "/api/coterie/v1/admin/domain_lists", "/api/v1/admin/domain_blocks"
			admin.POST("/api/v1/admin/domain_allows", testkit.F("domain", "friend.test")).OK()
			admin.POST(blocks, testkit.F("domain", "hand.test", "severity", "silence")).OK()
			held := func() string {
				var out []string
				for _, b := range admin.GET(blocks).List() {
					out = append(out, b.Str("domain")+" "+b.Str("severity"))
				}
				return strings.Join(out, ", ")
			}

			var ids []string
			for _, path := range []string{"a.csv", "b.txt"} {
				ids = append(ids, admin.POST(own, testkit.F("url", "http://lists.test/"+path, "title", path)).Object().Str("id"))
			}
			one.Settle()
			if got := admin.GET(own).List(); len(got) != 2 || got[0].Num("entries") != 6 || got[1].Num("entries") != 5 || got[0].Bool("active") || got[0]["error"] != nil {
				t.Fatalf("subscribed: %v", got)
			}
			if got := held(); got != "hand.test silence" {
				t.Errorf("before they count: %s", got)
			}
			plan := admin.GET(own + "/preview?ids[]=" + ids[0] + "&ids[]=" + ids[1]).Object()
			if plan.Num("quorum") != 2 || plan.Num("following_count") != 1 || len(plan["changes"].([]any)) != 2 || len(plan["follows"].([]any)) != 1 {
				t.Errorf("what they would change: %v", plan)
			}
			if got, err := one.PlanDomains(t.Context(), instance.DomainPlan{}); err != nil || got.Lists != 0 || len(got.Changes) != 0 {
				t.Errorf("none counts: %+v, %v", got, err)
			}

			for _, id := range ids {
				admin.PUT(own+"/"+id, testkit.F("active", "true")).OK()
			}
			one.Settle()
			if got := held(); got != "two.test suspend, loud.test silence, hand.test silence" && got != "loud.test silence, two.test suspend, hand.test silence" {
				t.Errorf("they count: %s", got)
			}
			for _, b := range admin.GET(blocks).List() {
				if b.Str("domain") == "two.test" && (!b.Bool("by_lists") || b.Str("public_comment") != "Spam" || b.Str("private_comment") != "a.csv, b.txt") {
					t.Errorf("why: %v", b)
				}
			}
			if got := one.Heard("bob", "severed_relationships"); len(got) != 1 || got[0].Obj("event").Str("target_name") != "two.test" {
				t.Errorf("bob was told: %v", got)
			}
			if log := string(admin.GET("/api/coterie/v1/admin/audit_log").Body); !strings.Contains(log, `"account":"block lists","verb":"suspend"`) || !strings.Contains(log, `"verb":"subscribe"`) {
				t.Errorf("the log: %s", log)
			}

			// What no list counts for is lifted; what cannot be had says what it said.
			lists.put("/b.txt", "loud.test\nalone.test\n")
			admin.POST(own+"/refresh", nil).OK()
			one.Settle()
			if got := held(); strings.Contains(got, "two.test") || !strings.Contains(got, "alone.test suspend") || !one.Relation("bob", dave).Bool("following") || lists.asked != 1 {
				t.Errorf("b.txt changed its mind: %s, %d unchanged", got, lists.asked)
			}
			two.Post("dave", "Back again")
			two.Settle()
			if got := one.Home("bob"); len(got) != 1 {
				t.Errorf("home of bob: %v", got)
			}
			lists.mu.Lock()
			delete(lists.lists, "/b.txt")
			lists.mu.Unlock()
			one.After(13 * 60 * 60 * 1e9)
			if got := admin.GET(own).List()[1]; got["error"] == nil || got.Num("entries") != 2 || !strings.Contains(held(), "alone.test suspend") {
				t.Errorf("b.txt is gone: %v, %s", got, held())
			}

			// A person's word is the last one.
			for _, b := range admin.GET(blocks).List() {
				if b.Str("domain") == "alone.test" {
					admin.DELETE(blocks+"/"+b.Str("id"), nil).OK()
				}
			}
			admin.POST(blocks, testkit.F("domain", "loud.test", "severity", "silence")).OK()
			admin.POST(own+"/refresh", nil).OK()
			one.Settle()
			if got := held(); strings.Contains(got, "alone.test") || string(admin.GET(own+"/exceptions").Body) != `["alone.test"]` {
				t.Errorf("lifted by hand: %s", got)
			}
			admin.DELETE(own+"/"+ids[0], nil).OK()
			one.Settle()
			if got := held(); got != "loud.test silence, hand.test silence" || len(admin.GET(own).List()) != 1 {
				t.Errorf("unsubscribed: %s", got)
			}
			admin.DELETE(own+"/exceptions", testkit.F("domain", "alone.test")).OK()
			admin.POST(own, testkit.F("url", "http://lists.test/b.txt")).Error(409)
			admin.POST(own, testkit.F("url", "ftp://lists.test/b.txt")).Error(422)
		})
	}
}
