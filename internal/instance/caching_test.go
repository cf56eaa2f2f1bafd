package instance_test

import (
	"net/http"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

const (
	notKept  = "no-store" // in any company
	briefly  = "public, max-age=15"
	minutes  = "public, max-age=300"
	aMinute  = "public, max-age=60"
	anHour   = "public, max-age=3600"
	forever  = "public, max-age=31536000, immutable"
	activity = "application/activity+json"
)

// TestWhoMayKeepWhat asks for every public page and document as anybody, with a
// token, with the session of a browser, and, where servers read it, with a
// signature: what anybody gets may be kept, what somebody gets may not, and
// Vary tells caches what an answer hangs on (behaviours 2.10, 2.11; SEC-35).
func TestWhoMayKeepWhat(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	file := c.Media("alice", testkit.PNG(t, testkit.Gradient(40, 40)))
	id := c.Post("alice", "Hello #tea", "media_ids[]", file.Str("id")).Str("id")
	secret := c.Post("alice", "Between us", "visibility", "private").Str("id")
	c.Settle()
	picture := strings.TrimPrefix(file.Str("url"), c.Config.BaseURL())
	alice := c.Person("alice").ID.String()
	page := []string{"Accept", "Accept-Language", "Cookie"}
	api := []string{"Authorization", "Cookie", "Origin"}
	doc := []string{"Accept", "Signature"}
	session := session(t, c, "alice")
	for _, row := range []struct {
		path    string
		accept  string
		anybody string   // Cache-Control for who is nobody
		member  string   // for who has a token or a session
		vary    []string // at least
	}{
		{"/", "text/html", briefly, notKept, page},
		{"/about", "text/html", briefly, notKept, page},
		{"/@alice", "text/html", briefly, notKept, page},
		{"/@alice/" + id, "text/html", briefly, notKept, page},
		{"/@alice/" + secret, "text/html", notKept, notKept, page},
		{"/tags/tea", "text/html", briefly, notKept, page},
		{"/nowhere", "text/html", notKept, notKept, nil},
		{"/auth/sign_in", "text/html", notKept, notKept, nil},
		{"/authorize_interaction?uri=alice@coterie.test", "text/html", notKept, notKept, nil},
		{"/@alice.rss", "", aMinute, aMinute, nil},
		{"/tags/tea.rss", "", aMinute, aMinute, nil},
		{"/robots.txt", "", anHour, anHour, nil},
		{picture, "", forever, forever, nil},
		{"/healthz", "", notKept, notKept, nil},

		{"/@alice", activity, briefly, briefly, doc},
		{"/users/alice", activity, briefly, briefly, doc},
		{"/users/alice/statuses/" + id, activity, briefly, briefly, doc},
		{"/users/alice/statuses/" + id + "/activity", activity, briefly, briefly, doc},
		{"/users/alice/statuses/" + id + "/replies", activity, briefly, briefly, doc},
		{"/users/alice/statuses/" + secret, activity, notKept, notKept, doc},
		{"/users/alice/outbox", activity, briefly, briefly, doc},
		{"/users/alice/followers", activity, briefly, briefly, doc},
		{"/users/alice/collections/featured", activity, briefly, briefly, doc},
		{"/actor", activity, briefly, briefly, doc},
		{"/.well-known/webfinger?resource=acct:alice@coterie.test", "", minutes, minutes, nil},
		{"/.well-known/webfinger?resource=acct:nobody@coterie.test", "", notKept, notKept, nil},
		{"/.well-known/host-meta", "", minutes, minutes, nil},
		{"/.well-known/nodeinfo", "", minutes, minutes, nil},
		{"/nodeinfo/2.0", "", minutes, minutes, nil},
		{"/nodeinfo/2.1", "", minutes, minutes, nil},

		{"/api/v1/instance", "", minutes, notKept, api},
		{"/api/v2/instance", "", minutes, notKept, api},
		{"/api/v1/instance/rules", "", minutes, notKept, api},
		{"/api/v1/custom_emojis", "", minutes, notKept, api},
		{"/api/v1/accounts/" + alice, "", briefly, notKept, api},
		{"/api/v1/accounts/" + alice + "/statuses", "", briefly, notKept, api},
		{"/api/v1/accounts/lookup?acct=alice", "", briefly, notKept, api},
		{"/api/v1/statuses/" + id, "", briefly, notKept, api},
		{"/api/v1/statuses/" + id + "/context", "", briefly, notKept, api},
		{"/api/v1/statuses/" + secret, "", notKept, notKept, api},
		{"/api/v1/statuses/1", "", notKept, notKept, api},
		{"/api/v1/timelines/public", "", briefly, notKept, api},
		{"/api/v1/timelines/tag/tea", "", briefly, notKept, api},
		{"/api/v1/timelines/home", "", notKept, notKept, api},
		{"/api/v1/trends/tags", "", briefly, notKept, api},
		{"/api/v1/directory", "", briefly, notKept, api},
		{"/api/oembed?url=" + c.Config.BaseURL() + "/@alice/" + id, "", briefly, notKept, nil},
	} {
		kept := func(who string, cl *testkit.Client, want string) {
			t.Helper()
			if row.accept != "" {
				cl = cl.With("Accept", row.accept)
			}
			a := cl.GET(row.path)
			got, vary := a.Header.Get("Cache-Control"), strings.Join(a.Header["Vary"], ", ")
			if got != want && (want != notKept || !strings.HasSuffix(got, "no-store")) {
				t.Errorf("%s %s for %s (%d): Cache-Control %q, want %q", row.path, row.accept, who, a.Status, got, want)
			}
			for _, name := range row.vary {
				if !strings.Contains(vary, name) {
					t.Errorf("%s %s for %s (%d): Vary %q lacks %s", row.path, row.accept, who, a.Status, vary, name)
				}
			}
			if strings.HasPrefix(got, "public") && a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s for %s: a cookie is set in what anybody may keep", row.path, who)
			}
		}
		kept("anybody", c.Anonymous(), row.anybody)
		if row.accept == "text/html" {
			kept("a token, which pages do not look at", c.As("alice"), row.anybody)
		} else {
			kept("a token", c.As("alice"), row.member)
		}
		kept("a session", c.Anonymous().With("Cookie", session).With("Sec-Fetch-Site", "same-origin"), row.member)
		if row.accept == activity {
			kept("a signature", c.Anonymous().With("Signature", `keyId="https://peer.test/a",signature="AA=="`), notKept)
		}
	}
}

// session is the Cookie header of a browser in which somebody has signed in.
func session(t *testing.T, c *testkit.Community, name string) string {
	t.Helper()
	a := c.Anonymous().POST("/auth/sign_in", testkit.F("login", name, "password", testkit.Password)).Want(http.StatusSeeOther)
	var all []string
	for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
		all = append(all, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(all, "; ")
}

// TestConditionalRequests: what can be asked whether it has changed is not sent
// again, and what has changed is.
func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	file := c.Media("alice", testkit.PNG(t, testkit.Gradient(40, 40)))
	c.Post("alice", "Hello #tea", "media_ids[]", file.Str("id"))
	c.Settle()
	for path, changes := range map[string]bool{
		"/@alice.rss":   true,
		"/tags/tea.rss": true,
		strings.TrimPrefix(file.Str("url"), c.Config.BaseURL()): false,
	} {
		first := c.Anonymous().GET(path).OK()
		tag := first.Header.Get("ETag")
		if again := c.Anonymous().With("If-None-Match", tag).GET(path).Want(http.StatusNotModified); len(again.Body) != 0 || again.Header.Get("ETag") != tag ||
			again.Header.Get("Cache-Control") != first.Header.Get("Cache-Control") {
			t.Errorf("%s: not modified with %v and %d bytes", path, again.Header, len(again.Body))
		}
		c.Anonymous().With("If-None-Match", `"another"`).GET(path).OK()
		c.Post("alice", "More #tea")
		c.Settle()
		want := http.StatusNotModified
		if changes {
			want = http.StatusOK
		}
		c.Anonymous().With("If-None-Match", tag).GET(path).Want(want)
	}
}
