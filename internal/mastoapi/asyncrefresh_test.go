package mastoapi_test

import (
	"regexp"
	"testing"
	"time"

	"coterie/internal/testkit"
)

var refreshHeader = regexp.MustCompile(`^id="([a-z0-9-]+)", retry=[0-9]+$`)

// refreshOf is where the refresh that an answer names can be asked about.
func refreshOf(t *testing.T, a *testkit.Answer) string {
	t.Helper()
	m := refreshHeader.FindStringSubmatch(a.Header.Get("Mastodon-Async-Refresh"))
	if m == nil {
		t.Fatalf("the header is %q", a.Header.Get("Mastodon-Async-Refresh"))
	}
	return "/api/v1_alpha/async_refreshes/" + m[1]
}

// TestThreadRefresh opens the thread of a post elsewhere, whose answers are
// fetched meanwhile.
func TestThreadRefresh(t *testing.T) {
	t.Parallel()
	one, two := testkit.Pair(t)
	p := one.Post("alice", "Any questions?")
	one.Post("bob", "Yes", "in_reply_to_id", p.Str("id"))
	got := two.FindStatus("carol", p.Str("uri"))
	two.After(time.Hour)
	path := "/api/v1/statuses/" + got.Str("id") + "/context"
	if h := two.Anonymous().GET(path).OK().Header.Get("Mastodon-Async-Refresh"); h != "" {
		t.Errorf("a passer-by is told %q", h)
	}
	refresh := refreshOf(t, two.As("carol").GET(path).OK())
	ask := func() string {
		t.Helper()
		return two.As("carol").GET(refresh).Object().Obj("async_refresh").Str("status")
	}
	if s := ask(); s != "running" {
		t.Errorf("before it is fetched: %s", s)
	}
	two.Settle()
	if s := ask(); s != "finished" {
		t.Errorf("when it is fetched: %s", s)
	}
	again := two.As("carol").GET(path).OK()
	var thread map[string][]testkit.Object
	again.Into(&thread)
	if h := again.Header.Get("Mastodon-Async-Refresh"); h != "" || len(thread["descendants"]) != 1 {
		t.Errorf("then %q, %d answers", h, len(thread["descendants"]))
	}
	two.Anonymous().GET(refresh).Error(401)
	two.Clock.Add(61 * time.Minute)
	two.As("carol").GET(refresh).Error(404)

	// Threads of our own are all there.
	if h := one.As("bob").GET("/api/v1/statuses/" + p.Str("id") + "/context").OK().Header.Get("Mastodon-Async-Refresh"); h != "" {
		t.Errorf("at home: %q", h)
	}
	for _, id := range []string{"x", "thread-1-zzz", "thread-" + p.Str("id"), "annual-2026-1", "thread-1-" + "zzzzzzz"} {
		one.As("bob").GET("/api/v1_alpha/async_refreshes/" + id).Error(404)
	}
}
