package webui_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/testkit"
)

// sameAnswer holds two answers to differ in nothing but the request's id and
// the address asked for.
func sameAnswer(t *testing.T, what string, a, b *testkit.Answer) {
	t.Helper()
	for _, h := range []http.Header{a.Header, b.Header} {
		h.Del("X-Request-Id")
	}
	if a.Status != b.Status || fmt.Sprint(a.Header) != fmt.Sprint(b.Header) || !bytes.Equal(withoutPath(a), withoutPath(b)) {
		t.Errorf("%s: the answers %d and %d differ", what, a.Status, b.Status)
	}
}

var languageLink = regexp.MustCompile(`href="/[^"]*\?lang=`)

// withoutPath is the body without the address asked for, which stands in the
// links of the language menu.
func withoutPath(a *testkit.Answer) []byte {
	return languageLink.ReplaceAll(a.Body, []byte(`href="?lang=`))
}

// A hidden post, account or hashtag answers exactly as an absent one.
func TestSEC28_HiddenAndAbsentPagesAreTheSame(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	followers := c.Post("bob", "for followers #secretly", "visibility", "private").Str("id")
	direct := c.Post("bob", "@alice between us", "visibility", "direct").Str("id")
	public := c.Post("erin", "before the ban").Str("id")
	if _, err := c.Command(context.Background(), "account delete", []byte(`{"name":"erin"}`), nil); err != nil {
		t.Fatal(err)
	}
	absent := domain.MaxID.String()
	get := func(path string) *testkit.Answer { return c.Anonymous().In(t).GET(path) }
	// erin is gone for others at once, and when the work in the background is done.
	for _, step := range []func(){func() {}, c.Settle} {
		step()
		for hidden, like := range map[string]string{
			"/@bob/" + followers: "/@bob/" + absent, "/@bob/" + direct: "/@bob/" + absent, "/users/bob/statuses/" + followers: "/users/bob/statuses/" + absent,
			"/@erin": "/@nobody", "/@erin/" + public: "/@nobody/" + public, "/@erin/with_replies": "/@nobody/with_replies",
			"/@erin.rss": "/@nobody.rss", "/@erin/tagged/x1.rss": "/@nobody/tagged/x1.rss", "/users/erin": "/users/nobody",
		} {
			sameAnswer(t, hidden, get(hidden).Want(http.StatusNotFound), get(like))
		}
	}
	name := strings.NewReplacer("secretly", "TAG", "neverever", "TAG")
	one, two := get("/tags/secretly").OK(), get("/tags/neverever").OK()
	if name.Replace(string(one.Body)) != name.Replace(string(two.Body)) {
		t.Error("the page of a hashtag tells that it was used in a hidden post")
	}
	one, two = get("/tags/secretly.rss").OK(), get("/tags/neverever.rss").OK()
	if name.Replace(string(one.Body)) != name.Replace(string(two.Body)) {
		t.Error("the feed of a hashtag tells that it was used in a hidden post")
	}
}

// No page and no feed shows more than the client API shows to somebody without
// a token, whoever is signed in; metadata included.
func TestSEC29_PagesShowWhatAnyoneMaySee(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	root := c.Post("alice", "root #tea").Str("id")
	secrets := map[string]string{"private": "SECRET-followers", "direct": "SECRET-direct"}
	var ids []string
	for visibility, text := range secrets {
		ids = append(ids, c.Post("bob", "@alice "+text+" #tea", "visibility", visibility, "in_reply_to_id", root).Str("id"))
	}
	own := c.Post("alice", "SECRET-own #tea", "visibility", "private").Str("id")
	c.As("alice").POST("/api/v1/statuses/"+own+"/reblog", nil)
	c.As("alice").POST("/api/v1/statuses/"+own+"/pin", nil)
	c.Follow("alice", "bob")
	cookie := signIn(t, c, "alice")
	paths := []string{
		"/", "/about", "/@alice", "/@bob", "/@alice/with_replies", "/@bob/with_replies", "/@alice/tagged/tea", "/@bob/tagged/tea", "/tags/tea", "/@alice/" + root,
		"/@alice.rss", "/@bob.rss", "/@bob/with_replies.rss", "/@bob/tagged/tea.rss", "/tags/tea.rss", "/@alice/tagged/tea.rss",
	}
	for _, path := range paths {
		for _, client := range []*testkit.Client{c.Anonymous(), c.As("alice"), c.Anonymous().With("Cookie", cookie)} {
			if a := client.GET(path).OK(); bytes.Contains(a.Body, []byte("SECRET")) {
				t.Errorf("%s tells a secret", path)
			}
		}
	}
	for _, id := range ids {
		c.Anonymous().With("Cookie", cookie).GET("/@bob/" + id).Want(http.StatusNotFound)
	}
}

// signIn is the Cookie header of a browser that has signed in.
func signIn(t *testing.T, c *testkit.Community, name string) string {
	t.Helper()
	a := c.Anonymous().POST("/auth/sign_in", testkit.F("login", name, "password", testkit.Password)).Want(http.StatusSeeOther)
	res := http.Response{Header: a.Header}
	for _, cookie := range res.Cookies() {
		if cookie.Name == "session" {
			return cookie.Name + "=" + cookie.Value
		}
	}
	t.Fatal("no session")
	return ""
}

// TestSEC29_LimitedFederationShowsItselfToMembers: visitors sign in before they
// see people and what they wrote.
func TestSEC29_LimitedFederationShowsItselfToMembers(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "SECRET #tea").Str("id")
	c.Configure(func(s *testkit.Settings) { s.LimitedFederation = true })
	for _, path := range []string{
		"/@alice", "/@alice/" + id, "/@alice/" + id + "/embed", "/@alice/with_replies", "/@alice.rss", "/tags/tea", "/tags/tea.rss", "/@alice/tagged/tea",
		"/users/alice", "/users/alice/statuses/" + id, "/@nobody",
	} {
		a := c.Anonymous().GET(path).Want(http.StatusSeeOther)
		if at := a.Header.Get("Location"); !strings.HasPrefix(at, "/auth/sign_in?return_to=") || !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s leads to %s, %s", path, at, a.Header.Get("Cache-Control"))
		}
	}
	for _, path := range []string{"/", "/about"} {
		if a := c.Anonymous().GET(path).OK(); strings.Contains(string(a.Body), "SECRET") {
			t.Errorf("%s tells visitors", path)
		}
	}
	if a := signedIn(t, c, "bob").client.GET("/@alice/" + id); a.Status != http.StatusOK || !strings.Contains(string(a.Body), "SECRET") {
		t.Errorf("bob gets %d", a.Status)
	}
}

func TestSignedInPagesSayWhoAndAreNotStored(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	cookie := signIn(t, c, "bob")
	id := c.Post("alice", "hello #tea").Str("id")
	for _, path := range []string{"/", "/about", "/@alice", "/@alice/" + id, "/tags/tea"} {
		d := parse(t, c.Anonymous().With("Cookie", cookie).GET(path).OK())
		d.wantAttr("action", "/auth/sign_out", "method", "post")
		if got := d.res.Header.Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		guest := open(t, c, path)
		guest.hasNot("/auth/sign_out")
		if got := guest.res.Header.Get("Cache-Control"); got != "public, max-age=15" {
			t.Errorf("%s for a guest: Cache-Control %q", path, got)
		}
	}
}

const hostile = `</title><script>alert(1)</script><img src=x onerror=alert(1)>"'{{.}}<style>*{}</style>`

// Whatever people type is text on every page and in every feed (SEC-52: names,
// SEC-54: other short texts, SEC-55: with the policy).
func TestSEC52_54_55_HostileTextIsText(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	profile(t, c, "alice", "display_name", `"><script>x</script>{{.}}`, "note", hostile,
		"fields_attributes[0][name]", `<script>n</script>`, "fields_attributes[0][value]", `javascript:alert(1)<script>`)
	id := c.Post("alice", hostile+" #tea", "spoiler_text", hostile,
		"poll[options][]", `<script>one</script>`, "poll[options][]", `"><img src=x onerror=1>`, "poll[expires_in]", "86400").Str("id")
	if err := c.ChangeSettings(context.Background(), func(s *domain.Settings) { s.Title, s.ShortDescription = `<script>t</script>`, hostile }); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Command(t.Context(), "rule add", []byte(`{"text":"<script>r</script>","hint":"<img onerror=1>"}`), nil); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/about", "/@alice", "/@alice/with_replies", "/@alice/" + id, "/tags/tea", "/@alice/tagged/tea", "/tags/%3Cscript%3E", "/@%3Cscript%3E", "/%22%3E%3Cscript%3E", "/?max_id=%22%3E%3Cscript%3E&lang=%3Cscript%3E"} {
		d := parse(t, c.Anonymous().In(t).GET(path))
		for n := range d.root.Descendants() {
			if n.Data == "img" && attribute(n, "src") == "x" {
				t.Errorf("%s: an image that somebody typed", path)
			}
		}
	}
	for _, path := range []string{"/@alice.rss", "/tags/tea.rss"} {
		f := readFeed(t, c.Anonymous().GET(path).OK())
		if strings.Contains(f.texts(), "<script") || strings.Contains(f.texts(), "<img") || strings.Contains(f.texts(), "<style") {
			t.Errorf("%s: %s", path, f.texts())
		}
	}
}

// statements are how many reads a page takes.
func statements(t *testing.T, c *testkit.Community, path string) int64 {
	t.Helper()
	ctx, n := store.CountStatements(t.Context())
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, base+path, nil).WithContext(ctx))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", path, w.Code)
	}
	return n.Load()
}

func TestPagesTakeAFixedNumberOfStatements(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	names := []string{"alice", "bob", "carol", "dave", "erin"}
	write := func(n int) (root string) {
		root = c.Post("alice", "root #tea").Str("id")
		for i := range n {
			text := fmt.Sprintf("post %d #tea with @%s", i, names[(i+2)%len(names)])
			c.Post(names[i%len(names)], text, "in_reply_to_id", root)
			c.Post("alice", text)
			c.As("alice").POST("/api/v1/statuses", testkit.F("status", text, "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "86400")).OK()
		}
		c.Settle()
		return root
	}
	pages := []struct {
		path string
		most int64
	}{
		{"/", 5},
		{"/about", 2},
		{"/@alice", 10},
		{"/@alice/with_replies", 8},
		{"/@alice/tagged/tea", 9},
		{"/tags/tea", 6},
		{"/@alice.rss", 8},
		{"/tags/tea.rss", 6},
		{"/@alice/ID", 9},
	}
	for _, path := range []string{"/", "/about"} {
		statements(t, c, path) // settings, rules and figures of the community are remembered
	}
	root := write(2)
	few := make([]int64, len(pages))
	for i, p := range pages {
		few[i] = statements(t, c, strings.Replace(p.path, "ID", root, 1))
	}
	root = write(12)
	for i, p := range pages {
		many := statements(t, c, strings.Replace(p.path, "ID", root, 1))
		if many > p.most || few[i] > p.most {
			t.Errorf("%s: %d statements for few posts, %d for many, at most %d wanted", p.path, few[i], many, p.most)
		}
	}
}
