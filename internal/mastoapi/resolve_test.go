package mastoapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// strange is another kind of server with one account, ann, and a page about
// her that names the document behind it.
func strange(t *testing.T, asked *atomic.Int64) http.Handler {
	t.Helper()
	ann := "http://far.test/users/ann"
	show := func(w http.ResponseWriter, kind string, v any) {
		w.Header().Set("Content-Type", kind)
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/webfinger", func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.FormValue("resource"), "acct:ann@far.test") {
			http.NotFound(w, r)
			return
		}
		show(w, "application/jrd+json", map[string]any{"subject": "acct:ann@far.test", "links": []any{
			map[string]any{"rel": "self", "type": "application/activity+json", "href": ann},
		}})
	})
	mux.HandleFunc("/users/ann", func(w http.ResponseWriter, _ *http.Request) {
		show(w, "application/activity+json", map[string]any{
			"id": ann, "type": "Person", "preferredUsername": "ann", "name": "Ann", "inbox": ann + "/inbox", "url": "http://far.test/@ann",
			"followers": ann + "/followers", "following": ann + "/following", "outbox": ann + "/outbox",
		})
	})
	for what, n := range map[string]int{"followers": 12, "following": 3, "outbox": 450} {
		mux.HandleFunc("/users/ann/"+what, func(w http.ResponseWriter, _ *http.Request) {
			show(w, "application/activity+json", map[string]any{"id": ann + "/" + what, "type": "OrderedCollection", "totalItems": n})
		})
	}
	mux.HandleFunc("/@ann", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<html><head><title>Ann</title><link rel="alternate" type="application/activity+json" href="/users/ann"></head>`))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		mux.ServeHTTP(w, r)
	})
}

func TestResolveStory(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"ann@far.test", "@ann@far.test", "http://far.test/users/ann", "http://far.test/@ann"} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c := n.Found("one.test")
			var asked atomic.Int64
			n.Serve("far.test", strange(t, &asked))
			bob := c.As("bob").In(t)
			if got := found(bob.GET("/api/v2/search?q=" + query).Object()); len(got["accounts"]) != 0 || asked.Load() != 0 {
				t.Errorf("unasked: %v after %d requests", got, asked.Load())
			}
			c.Anonymous().In(t).GET("/api/v2/search?resolve=true&q=" + query).Want(http.StatusUnauthorized)
			if got := found(bob.GET("/api/v2/search?resolve=true&type=statuses&q=" + query).Object()); len(got["accounts"]) != 0 {
				t.Errorf("of another kind: %v", got)
			}
			o := bob.GET("/api/v2/search?resolve=true&q=" + query).Object()
			list := objects(o["accounts"])
			if len(list) != 1 || list[0].Str("acct") != "ann@far.test" || list[0].Str("url") != "http://far.test/@ann" {
				t.Fatalf("found %v", o)
			}
			if ann := bob.GET("/api/v1/accounts/lookup?acct=ann@far.test").Object(); ann.Str("id") != list[0].Str("id") {
				t.Errorf("%v", ann)
			}
		})
	}
}

func TestResolveFindsNothing(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c := n.Found("one.test")
	var asked atomic.Int64
	n.Serve("far.test", strange(t, &asked))
	bob := c.As("bob").In(t)
	for _, query := range []string{"eve@far.test", "ann@nowhere.test", "http://far.test/nothing", "http://nowhere.test/x", "ann@", "http://far.test:1/"} {
		if got := found(bob.GET("/api/v2/search?resolve=true&q=" + query).Object()); len(got["accounts"])+len(got["statuses"]) != 0 {
			t.Errorf("%s: %v", query, got)
		}
	}
	if err := c.SetDomainPolicy(t.Context(), instance.DomainPolicy{Domain: "far.test", Severity: domain.SeveritySuspend}); err != nil {
		t.Fatal(err)
	}
	before := asked.Load()
	for _, query := range []string{"ann@far.test", "http://far.test/users/ann"} {
		if got := found(bob.GET("/api/v2/search?resolve=true&q=" + query).Object()); len(got["accounts"]) != 0 || asked.Load() != before {
			t.Errorf("%s of a refused domain: %v", query, got)
		}
	}
}

func TestProfilesAreCompletedWhenOpened(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c := n.Found("one.test")
	var asked atomic.Int64
	n.Serve("far.test", strange(t, &asked))
	bob := c.As("bob").In(t)
	list := bob.GET("/api/v1/accounts/search?resolve=true&q=@ann@far.test").List()
	if len(list) != 1 {
		t.Fatalf("found %v", list)
	}
	path := "/api/v1/accounts/" + list[0].Str("id")
	n.Settle()
	before := asked.Load()
	c.Anonymous().In(t).GET(path)
	n.Settle()
	if asked.Load() != before {
		t.Error("an anonymous reader had a profile fetched")
	}
	bob.GET(path)
	n.Settle()
	if ann := bob.GET(path).Object(); ann.Num("followers_count") != 12 || ann.Num("following_count") != 3 || ann.Num("statuses_count") != 450 {
		t.Errorf("%v", ann)
	}
	before = asked.Load()
	bob.GET(path + "/statuses")
	n.Settle()
	if asked.Load() != before {
		t.Error("fetched again at once")
	}
}

func TestPeers(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c := n.Found("one.test")
	var asked atomic.Int64
	n.Serve("far.test", strange(t, &asked))
	peers := func() string {
		return string(c.Anonymous().In(t).GET("/api/v1/instance/peers").Want(http.StatusOK).Body)
	}
	if got := strings.TrimSpace(peers()); got != "[]" {
		t.Errorf("alone: %s", got)
	}
	c.As("bob").In(t).GET("/api/v2/search?resolve=true&q=ann@far.test")
	if got := strings.TrimSpace(peers()); got != `["far.test"]` {
		t.Errorf("then: %s", got)
	}
	if err := c.SetDomainPolicy(t.Context(), instance.DomainPolicy{Domain: "far.test", Severity: domain.SeveritySuspend}); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(peers()); got != "[]" {
		t.Errorf("refused: %s", got)
	}
}
