package webui_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"coterie/internal/account"
	"coterie/internal/page"
	"coterie/internal/testkit"
)

// build is a web client as Vite leaves it.
var build = fstest.MapFS{
	"manifest.json": {Data: []byte(`{
		"src/main.ts": {"file": "assets/main-1a2b.js", "isEntry": true, "imports": ["_kit.js"], "css": ["assets/main-3c.css"]},
		"_kit.js": {"file": "assets/kit-4d.js"}
	}`)},
	"assets/main-1a2b.js":    {Data: []byte("script")},
	"assets/main-1a2b.js.br": {Data: []byte("in brotli")},
	"assets/main-1a2b.js.gz": {Data: []byte("in gzip")},
	"assets/main-3c.css":     {Data: []byte("style")},
	"assets/kit-4d.js":       {Data: []byte("kit")},
	"sw.js":                  {Data: []byte("worker")},
}

// reader sends the cookies of somebody of the cast, as a navigation sends them.
func reader(t *testing.T, c *testkit.Community, name string) *testkit.Client {
	t.Helper()
	got := c.Anonymous().In(t).With("Sec-Fetch-Site", "same-origin").
		POST("/auth/sign_in", testkit.F("login", name, "password", testkit.Password)).Want(http.StatusSeeOther)
	res := http.Response{Header: got.Header}
	for _, k := range res.Cookies() {
		if k.Name == account.SessionCookie {
			return c.Anonymous().In(t).With("Cookie", k.Name+"="+k.Value).With("Accept", "text/html")
		}
	}
	t.Fatal("no cookie")
	return nil
}

func isShell(a *testkit.Answer) bool {
	return strings.Contains(string(a.Body), `src="/client/assets/main-1a2b.js"`)
}

// Whoever is signed in gets the client, everybody else the page, and servers
// get their document, all on the same address.
func TestTheClientIsForWhoeverIsSignedIn(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.WebClient(build))
	id := c.Post("alice", "hello #prairie").Str("id")
	bob := reader(t, c, "bob")
	for _, path := range []string{"/@alice", "/@alice/with_replies", "/@alice/" + id, "/@alice/tagged/prairie", "/tags/prairie"} {
		if a := bob.GET(path).OK(); !isShell(a) {
			t.Errorf("%s: no client", path)
		}
		a := c.Anonymous().In(t).With("Accept", "text/html").GET(path).OK()
		if isShell(a) || !strings.Contains(string(a.Body), "hello") {
			t.Errorf("%s: visitors do not get the page", path)
		}
		if vary := strings.Join(a.Header["Vary"], ","); !strings.Contains(vary, "Cookie") {
			t.Errorf("%s: Vary %s", path, vary)
		}
	}
	for _, path := range []string{"/@alice", "/@alice/" + id} {
		a := bob.With("Accept", "application/activity+json").GET(path).OK()
		if !strings.Contains(a.Header.Get("Content-Type"), "json") {
			t.Errorf("%s: a document was asked for: %s", path, a.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/@alice.rss", "/@alice/with_replies.rss", "/tags/prairie.rss", "/@alice/tagged/prairie.rss"} {
		if a := bob.GET(path).OK(); !strings.Contains(a.Header.Get("Content-Type"), "rss") {
			t.Errorf("%s: no feed", path)
		}
	}
	for _, path := range []string{"/home", "/lists/1", "/share?text=Hello", "/settings/profile", "/@alice@elsewhere.example", "/@alice/" + id + "/favourites"} {
		if !isShell(bob.GET(path).OK()) {
			t.Errorf("%s: no client", path)
		}
	}
	if to := bob.GET("/").Want(http.StatusSeeOther).Header.Get("Location"); to != "/home" {
		t.Errorf("the front page leads to %q", to)
	}
	for path, want := range map[string]string{
		"/home": "/auth/sign_in?return_to=%2Fhome", "/search?q=a+b": "/auth/sign_in?return_to=%2Fsearch%3Fq%3Da%2Bb",
	} {
		if to := c.Anonymous().In(t).GET(path).Want(http.StatusSeeOther).Header.Get("Location"); to != want {
			t.Errorf("%s, signed out, leads to %q", path, to)
		}
	}
	c.Anonymous().In(t).GET("/@alice/" + id + "/favourites").Want(http.StatusNotFound)
}

func TestWithoutAClientThereArePages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("alice", "hello")
	bob := reader(t, c, "bob")
	if a := bob.GET("/@alice").OK(); !strings.Contains(string(a.Body), "hello") {
		t.Error("no page")
	}
	if to := bob.GET("/home").Want(http.StatusSeeOther).Header.Get("Location"); to != "/" {
		t.Errorf("home leads to %q", to)
	}
	c.Anonymous().In(t).GET("/sw.js").Want(http.StatusNotFound)
}

// The shell loads files of ours alone, under the policy of every page (SEC-55).
func TestSEC55_ShellOfTheClient(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t, testkit.WebClient(build))
	a := reader(t, c, "bob").GET("/home").OK()
	if got := a.Header.Get("Content-Security-Policy"); got != page.CSP {
		t.Errorf("policy %q", got)
	}
	body := string(a.Body)
	for _, bad := range []string{"<style", " style=", "javascript:", "<script>"} {
		if strings.Contains(body, bad) {
			t.Errorf("the shell has %s", bad)
		}
	}
	for _, want := range []string{`href="/client/assets/main-3c.css"`, `rel="modulepreload" href="/client/assets/kit-4d.js"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the shell lacks %s", want)
		}
	}
	for encoding, want := range map[string]string{"br, gzip": "in brotli", "gzip": "in gzip", "gzip;q=0, br;q=0": "script", "identity": "script"} {
		a := c.Anonymous().In(t).With("Accept-Encoding", encoding).GET("/client/assets/main-1a2b.js").OK()
		if string(a.Body) != want || a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s: %q %v", encoding, a.Body, a.Header)
		}
	}
	if a := c.Anonymous().In(t).GET("/sw.js").OK(); a.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("worker: %v", a.Header)
	}
	c.Anonymous().In(t).GET("/client/manifest.json").Want(http.StatusNotFound)
	c.Anonymous().In(t).GET("/client/../embed.go").Want(http.StatusTemporaryRedirect)
	m := c.Anonymous().In(t).GET("/manifest.webmanifest").OK()
	for _, part := range []string{`"start_url":"/home"`, `"handle_links":"preferred"`, `{"protocol":"web+ap","url":"/intent?uri=%s"}`} {
		if m.Header.Get("Content-Type") != "application/manifest+json" || !strings.Contains(string(m.Body), part) {
			t.Errorf("manifest without %s: %s", part, m.Body)
		}
	}
}

// TestPagesThatAppsOpen: what Mastodon's API has nothing for apps look for on
// its pages, and find here (behaviours 18.7).
func TestPagesThatAppsOpen(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	cookie := signIn(t, c, "alice")
	for from, to := range map[string]string{
		"/settings/preferences": "/settings/look", "/settings/delete": "/settings/account", "/settings/export": "/settings/data",
		"/settings/imports": "/settings/data", "/settings/migration": "/settings/account", "/settings/aliases": "/settings/account",
		"/auth/edit": "/settings/security", "/invites": "/settings/invites", "/filters": "/settings/filters", "/statuses_cleanup": "/settings/cleanup",
		"/disputes/strikes/7": "/settings/strikes", "/relationships": "/settings/people", "/admin/reports/7": "/moderation/reports/7",
		"/admin/accounts/7": "/moderation/accounts/7",
	} {
		a := c.Anonymous().With("Cookie", cookie).GET(from).Want(http.StatusFound)
		if got := a.Header.Get("Location"); got != to {
			t.Errorf("%s leads to %s, want %s", from, got, to)
		}
	}
	c.Anonymous().With("Cookie", cookie).GET("/oauth/authorized_applications").OK()
}
