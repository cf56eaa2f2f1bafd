package webui_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"coterie/internal/domain"
	"coterie/internal/page"
	"coterie/internal/testkit"
)

// document is an HTML answer taken apart.
type document struct {
	t    *testing.T
	root *html.Node
	text string
	res  *testkit.Answer
}

// open gets a page as somebody without an account and holds it to what every
// page owes.
func open(t *testing.T, c *testkit.Community, path string) document {
	t.Helper()
	return parse(t, c.Anonymous().In(t).GET(path).OK())
}

func parse(t *testing.T, a *testkit.Answer) document {
	t.Helper()
	if got := a.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Fatalf("%s: Content-Type %q", a.Path, got)
	}
	if got := a.Header.Get("Content-Security-Policy"); got != page.CSP {
		t.Errorf("%s: policy %q", a.Path, got)
	}
	root, err := html.Parse(strings.NewReader(string(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	d := document{t: t, root: root, res: a}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data + " ")
		case n.Type == html.ElementNode && (n.Data == "style" || n.Data == "iframe" || n.Data == "object"),
			n.Data == "script" && (n.FirstChild != nil || !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "src" && strings.HasPrefix(a.Val, "/static/") })):
			t.Errorf("%s: <%s> on the page", a.Path, n.Data)
		}
		for _, attribute := range n.Attr {
			if attribute.Key == "style" || strings.HasPrefix(attribute.Key, "on") || strings.HasPrefix(strings.ToLower(attribute.Val), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", a.Path, n.Data, attribute.Key, attribute.Val)
			}
		}
	}
	d.text = strings.Join(strings.Fields(b.String()), " ")
	return d
}

// attr is the attribute want of the first element whose attribute key is value.
func (d document) attr(key, value, want string) string {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && attribute(n, key) == value {
			return attribute(n, want)
		}
	}
	return ""
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// has fails unless the text of the page contains each of these.
func (d document) has(words ...string) {
	d.t.Helper()
	for _, w := range words {
		if !strings.Contains(d.text, w) {
			d.t.Errorf("%s does not say %q", d.res.Path, w)
		}
	}
}

func (d document) hasNot(words ...string) {
	d.t.Helper()
	for _, w := range words {
		if strings.Contains(string(d.res.Body), w) {
			d.t.Errorf("%s says %q", d.res.Path, w)
		}
	}
}

func (d document) wantAttr(key, value, want, expected string) {
	d.t.Helper()
	if got := d.attr(key, value, want); got != expected {
		d.t.Errorf("%s: %s of [%s=%s] is %q, want %q", d.res.Path, want, key, value, got, expected)
	}
}

const base = "http://coterie.test"

func TestFrontPageShowsTheCommunity(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("bob", "Good morning from the marsh")
	c.Post("bob", "Only for my followers", "visibility", "private")
	c.Post("bob", "A quiet remark", "visibility", "unlisted")
	d := open(t, c, "/")
	d.has("Good morning from the marsh", "@alice", "5 members", "Sign-up is closed")
	d.hasNot("Only for my followers", "A quiet remark")
	d.wantAttr("rel", "canonical", "href", base+"/")
	d.wantAttr("property", "og:site_name", "content", "coterie.test")
	if got := d.res.Header.Get("Vary"); !strings.Contains(got, "Cookie") || !strings.Contains(got, "Accept") {
		t.Errorf("Vary %q", got)
	}
	if err := c.ChangeSettings(context.Background(), func(s *domain.Settings) { s.Registrations = domain.RegistrationsOpen }); err != nil {
		t.Fatal(err)
	}
	d = open(t, c, "/")
	d.wantAttr("href", "/auth/sign_up", "class", "btn")
	d.hasNot("Sign-up is closed")
}

func TestFrontPagePagesBothWays(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	const posts = 45
	for i := range posts {
		c.Clock.Add(time.Second)
		c.Post("bob", "post number "+string(rune('A'+i/10))+string(rune('0'+i%10)))
	}
	seen, pages := map[string]int{}, 0
	last := ""
	for path := "/"; path != ""; pages++ {
		d := open(t, c, path)
		for n := range d.root.Descendants() {
			if n.Data == "article" {
				seen[attribute(n, "id")]++
			}
		}
		last, path = path, d.attr("rel", "next", "href")
	}
	if len(seen) != posts || pages != 3 {
		t.Errorf("%d posts on %d pages", len(seen), pages)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s appears %d times", id, n)
		}
	}
	newer := open(t, c, last).attr("rel", "prev", "href")
	d := open(t, c, newer)
	if d.attr("rel", "prev", "href") == "" || d.attr("rel", "next", "href") == "" {
		t.Errorf("the page in the middle lacks a neighbour: %s", newer)
	}
	first := open(t, c, d.attr("rel", "prev", "href"))
	first.has("post number E4")
	if first.attr("rel", "prev", "href") != "" {
		t.Error("the first page has a newer one")
	}
}

// credentials makes somebody's profile.
func profile(t *testing.T, c *testkit.Community, name string, pairs ...string) {
	t.Helper()
	c.As(name).In(t).PATCH("/api/v1/accounts/update_credentials", testkit.F(pairs...)).OK()
}

func TestProfileShowsAPerson(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	profile(t, c, "alice", "display_name", "Alice A.", "note", "Birds & bread", "discoverable", "true", "indexable", "true",
		"fields_attributes[0][name]", "Blog", "fields_attributes[0][value]", "https://alice.example/")
	first := c.Post("alice", "My first post #birds")
	c.Post("alice", "An answer to bob", "in_reply_to_id", c.Post("bob", "bob asks").Str("id"))
	c.Post("alice", "for followers", "visibility", "private")
	c.As("alice").POST("/api/v1/statuses/"+first.Str("id")+"/pin", nil).OK()
	c.As("alice").POST("/api/v1/statuses/"+c.Post("carol", "carol's cake").Str("id")+"/reblog", nil).OK()

	d := open(t, c, "/@alice")
	d.has("Alice A.", "Birds & bread", "Owner", "My first post", "Pinned", "carol's cake", "Alice A. boosted")
	d.hasNot("An answer to bob", "for followers")
	if n := strings.Count(string(d.res.Body), "My first post"); n != 1 {
		t.Errorf("the pinned post stands there %d times", n)
	}
	d.wantAttr("rel", "canonical", "href", base+"/@alice")
	d.wantAttr("property", "og:title", "content", "Alice A. (@alice@coterie.test)")
	d.wantAttr("property", "og:type", "content", "profile")
	d.wantAttr("property", "og:description", "content", "Birds & bread")
	d.wantAttr("type", "application/rss+xml", "href", base+"/@alice.rss")
	d.wantAttr("type", "application/json", "href", base+"/api/v1/accounts/"+c.Person("alice").ID.String())
	d.wantAttr("rel", "me", "href", "https://alice.example/")
	d.wantAttr("name", "robots", "content", "")

	d = open(t, c, "/@alice/with_replies")
	d.has("An answer to bob", "In reply to bob")
	d.wantAttr("type", "application/rss+xml", "href", base+"/@alice/with_replies.rss")
	d = open(t, c, "/@alice/tagged/Birds")
	d.has("#Birds", "My first post")
	d.hasNot("carol's cake")
	d.wantAttr("rel", "canonical", "href", base+"/@alice/tagged/birds")

	open(t, c, "/@bob").wantAttr("name", "robots", "content", "noindex")
	open(t, c, "/@ALICE/").wantAttr("rel", "canonical", "href", base+"/@alice")
	open(t, c, "/@alice@coterie.test").has("Alice A.")
}

func TestPostShowsItsThread(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	root := c.Post("alice", "Who brings the cake?", "language", "en")
	answer := c.Post("bob", "I bring the cake", "in_reply_to_id", root.Str("id"))
	c.Post("carol", "And I the coffee", "in_reply_to_id", answer.Str("id"))
	c.Post("carol", "our secret", "in_reply_to_id", answer.Str("id"), "visibility", "private")
	path := "/@bob/" + answer.Str("id")
	d := open(t, c, path)
	d.has("Who brings the cake?", "I bring the cake", "And I the coffee")
	d.hasNot("our secret")
	d.wantAttr("rel", "canonical", "href", base+path)
	d.wantAttr("property", "og:title", "content", "bob: I bring the cake")
	d.wantAttr("property", "og:type", "content", "article")
	d.wantAttr("type", "application/json", "href", base+"/api/v1/statuses/"+answer.Str("id"))

	warned := c.Post("alice", "The butler did it", "spoiler_text", "Ending of the book")
	d = open(t, c, "/@alice/"+warned.Str("id"))
	d.has("Ending of the book", "The butler did it")
	d.wantAttr("property", "og:description", "content", "Ending of the book")
	d.wantAttr("name", "robots", "content", "noindex")

	boost := c.As("carol").POST("/api/v1/statuses/"+answer.Str("id")+"/reblog", nil).Object()
	to := c.Anonymous().GET("/@carol/" + boost.Str("id")).Want(http.StatusFound)
	if got := to.Header.Get("Location"); got != base+path {
		t.Errorf("the boost leads to %q", got)
	}
	c.Anonymous().GET("/@alice/" + answer.Str("id")).Want(http.StatusNotFound)
}

func TestHashtagShowsPublicPosts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("alice", "First light #MarshBirds")
	c.Post("alice", "hidden light #MarshBirds", "visibility", "private")
	d := open(t, c, "/tags/marshbirds")
	d.has("First light")
	d.hasNot("hidden light")
	d.wantAttr("type", "application/rss+xml", "href", base+"/tags/marshbirds.rss")
	d.wantAttr("name", "robots", "content", "")
	never := open(t, c, "/tags/neverused")
	never.wantAttr("name", "robots", "content", "noindex")
	c.Anonymous().GET("/tags/not%20a%20tag").Want(http.StatusNotFound)
}

// TestCollectionShowsItsPeople: the link of a collection opens for everybody,
// also from the address that other servers use.
func TestCollectionShowsItsPeople(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.As("bob").PATCH("/api/v1/accounts/update_credentials", testkit.F("discoverable", "true")).OK()
	made := c.As("alice").POST("/api/v1/collections", testkit.F("name", "Marsh <people>", "description", "They wade", "account_ids[]", c.Person("bob").ID.String())).Object().Obj("collection")
	path := "/collections/" + made.Str("id")
	if made.Str("url") != base+path {
		t.Errorf("url: %v", made["url"])
	}
	d := open(t, c, path)
	d.has("Marsh <people>", "They wade", "@alice", "@bob", "1 person")
	d.wantAttr("property", "og:title", "content", "Marsh <people>")
	to := c.Anonymous().GET("/users/alice" + path).Want(http.StatusFound)
	if got := to.Header.Get("Location"); got != base+path {
		t.Errorf("the address for servers leads to %q", got)
	}
	c.Anonymous().GET("/users/bob" + path).Want(http.StatusNotFound)
	c.As("alice").PATCH("/api/v1"+path, testkit.F("sensitive", "true")).OK()
	covered := open(t, c, path)
	covered.has("Marked as sensitive")
	covered.wantAttr("name", "robots", "content", "noindex")
	c.Anonymous().GET("/collections/1").Want(http.StatusNotFound)
}

func TestAboutShowsTheRules(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	if _, err := c.Command(t.Context(), "rule add", []byte(`{"text":"Be kind.","hint":"Always."}`), nil); err != nil {
		t.Fatal(err)
	}
	err := c.ChangeSettings(context.Background(), func(s *domain.Settings) {
		s.Description, s.ClosedMessage = "We met at the <mill>.", "Ask at the library."
	})
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, c, "/about")
	d.has("Be kind.", "Always.", "@alice", "5 members", "We met at the <mill>.", "Ask at the library.")
	d.wantAttr("rel", "canonical", "href", base+"/about")
}

func TestOtherAddressesLeadToThePages(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	id := c.Post("alice", "hello").Str("id")
	for from, to := range map[string]string{
		"/users/Alice": base + "/@alice", "/users/alice/": base + "/@alice",
		"/users/alice/statuses/" + id: base + "/@alice/" + id,
	} {
		if got := c.Anonymous().GET(from).Want(http.StatusFound).Header.Get("Location"); got != to {
			t.Errorf("%s leads to %q", from, got)
		}
	}
	c.Anonymous().GET("/robots.txt").OK()
	for _, path := range []string{"/", "/@alice", "/@alice/" + id, "/tags/x1", "/about", "/@alice.rss"} {
		full, head := c.Anonymous().GET(path).OK(), c.Anonymous().Do(http.MethodHead, path, nil).OK()
		if len(head.Body) != 0 || head.Header.Get("Content-Type") != full.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: %d bytes of %q", path, len(head.Body), head.Header.Get("Content-Type"))
		}
	}
}

// TestPostsInFramesElsewhere: a post alone is the one page that other sites may
// frame, the same for everybody and only if everybody may see it.
func TestPostsInFramesElsewhere(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	p := c.Post("alice", "In a frame", "spoiler_text", "careful")
	answer := c.Post("bob", "Not in it", "in_reply_to_id", p.Str("id"))
	boost := c.As("carol").POST("/api/v1/statuses/"+p.Str("id")+"/reblog", nil).Object()
	at := "/@alice/" + p.Str("id")
	for who, cl := range map[string]*testkit.Client{"a visitor": c.Anonymous(), "a token": c.As("bob")} {
		a := cl.With("Accept", "text/html").GET(at + "/embed").OK()
		body, h := string(a.Body), a.Header
		if !strings.Contains(body, "In a frame") || !strings.Contains(body, "careful") || strings.Contains(body, "Not in it") ||
			!strings.Contains(body, `<base target="_blank">`) || strings.Contains(body, "<form") || strings.Contains(body, "<script") {
			t.Errorf("%s sees %s", who, body)
		}
		if h.Get("X-Frame-Options") != "" || h.Get("Content-Security-Policy") != page.FramedCSP || h.Get("Cache-Control") != "public, max-age=15" {
			t.Errorf("to %s: %v", who, h)
		}
	}
	whole := c.Anonymous().With("Accept", "text/html").GET(at).OK()
	if whole.Header.Get("X-Frame-Options") != "DENY" || !strings.Contains(string(whole.Body), `type="application/json+oembed" href="http://coterie.test/api/oembed?url=`) {
		t.Errorf("its page: %v", whole.Header)
	}
	private := c.Post("alice", "SECRET", "visibility", "private")
	for _, path := range []string{
		"/@alice/" + private.Str("id"), "/@alice/1", "/@alice/" + answer.Str("id"), "/@carol/" + boost.Str("id"), "/@nobody/1", "/@alice/x",
	} {
		c.As("alice").With("Accept", "text/html").GET(path + "/embed").Want(http.StatusNotFound)
	}
}
