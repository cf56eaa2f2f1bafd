package mastoapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"coterie/internal/domain"
	"coterie/internal/instance"
	"coterie/internal/testkit"
)

// newspaper is a site whose pages are linked to, and counts who asks.
type newspaper struct {
	mu    sync.Mutex
	asked []string
	pages map[string]string // by path
	down  bool
}

func openPaper(n *testkit.Network, host string) *newspaper {
	p := &newspaper{pages: map[string]string{}}
	n.Serve(host, p)
	return p
}

func (p *newspaper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.URL.Path)
	body, ok := p.pages[r.URL.Path]
	switch {
	case p.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case strings.HasPrefix(body, "to "):
		http.Redirect(w, r, body[3:], http.StatusFound)
	case strings.HasPrefix(body, "{"):
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	case ok:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	default:
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("no page"))
	}
}

func (p *newspaper) print(path, page string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = page
}

func (p *newspaper) shut(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

func (p *newspaper) hits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked)
}

func again(c *testkit.Community, name string, post testkit.Object) testkit.Object {
	c.T.Helper()
	return c.As(name).GET("/api/v1/statuses/" + post.Str("id")).Object()
}

const story = `<html lang="en"><head><title>ignored</title><meta property="og:title" content="Prairie <b>dogs</b>">
	<meta property="og:description" content="They bark."><meta property="og:site_name" content="The News"><meta name="author" content="Ann">
	<meta property="og:image" content="/dog.png"><link rel="canonical" href="/dogs"><meta property="article:published_time" content="2026-02-01T10:00:00Z">`

// TestCards follows a link from the post to its card, and what changes it.
func TestCards(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]testkit.Option{"sqlite": nil, "postgres": {testkit.Postgres()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := testkit.NewNetwork(t)
			c, paper := n.Found("one.test", options...), openPaper(n, "news.test")
			paper.print("/dogs", story)
			paper.print("/cats", `<title>Cats</title>`)
			post := c.Post("bob", "@alice #dogs http://one.test/@alice http://news.test/dogs?utm=1#part http://news.test/cats")
			if post["card"] != nil || paper.hits() != 0 {
				t.Errorf("a card before the page was asked: %v", post["card"])
			}
			c.Settle()
			card := again(c, "carol", post).Obj("card")
			for key, want := range map[string]any{
				"url": "http://news.test/dogs", "title": "Prairie <b>dogs</b>", "description": "They bark.", "type": "link", "provider_name": "The News",
				"author_name": "Ann", "author_url": "", "html": "", "language": "en", "published_at": "2026-02-01T10:00:00.000Z", "missing_attribution": false,
			} {
				if card[key] != want {
					t.Errorf("%s is %v, want %v", key, card[key], want)
				}
			}
			if !strings.HasPrefix(card.Str("image"), "http://one.test/media_proxy/") {
				t.Errorf("the picture is shown at %q", card.Str("image"))
			}
			if list, _ := card["authors"].([]any); len(list) != 1 {
				t.Errorf("authors: %v", card["authors"])
			}
			if home := c.Home("bob"); home[0].Obj("card").Str("title") == "" {
				t.Error("the timeline does not show it")
			}
			if anyone := c.Anonymous().GET("/api/v1/statuses/" + post.Str("id")).Object().Obj("card"); anyone.Str("title") == "" || anyone["missing_attribution"] != nil {
				t.Errorf("a visitor sees %v", anyone)
			}

			second := c.Post("carol", "http://news.test/dogs?utm=1")
			c.Settle()
			if got := again(c, "bob", second).Obj("card"); got.Str("title") != card.Str("title") || paper.hits() != 1 {
				t.Errorf("a known link: %v after %d requests", got, paper.hits())
			}
			c.As("carol").PUT("/api/v1/statuses/"+second.Str("id"), testkit.F("status", "http://news.test/cats")).OK()
			c.Settle()
			if got := again(c, "bob", second).Obj("card"); got.Str("title") != "Cats" {
				t.Errorf("after an edit: %v", got)
			}
			c.As("carol").PUT("/api/v1/statuses/"+second.Str("id"), testkit.F("status", "No more")).OK()
			c.Settle()
			if got := again(c, "bob", second)["card"]; got != nil {
				t.Errorf("without a link: %v", got)
			}

			for what, p := range map[string]testkit.Object{
				"a direct post": c.Post("bob", "@carol http://news.test/dogs?utm=1", "visibility", "direct"),
				"a quote":       c.Post("bob", "http://news.test/dogs?utm=1", "quoted_status_id", post.Str("id")),
				"no page":       c.Post("bob", "http://news.test/picture"),
			} {
				c.Settle()
				if got := again(c, "bob", p)["card"]; got != nil {
					t.Errorf("%s has a card: %v", what, got)
				}
			}
			if boost := c.As("dave").POST("/api/v1/statuses/"+post.Str("id")+"/reblog", nil).Object(); boost.Obj("reblog").Obj("card") == nil {
				t.Error("what is boosted has no card")
			}
			paper.print("/dogs", `<title>New dogs</title>`)
			c.After(domain.CardFresh + time.Hour)
			third := c.Post("dave", "http://news.test/dogs?utm=1")
			c.Settle()
			for _, p := range []testkit.Object{post, third} {
				if got := again(c, "bob", p).Obj("card").Str("title"); got != "New dogs" {
					t.Errorf("two weeks later: %q", got)
				}
			}
		})
	}
}

// TestCardOfAPageThatIsDown: it is tried a few times, and when somebody posts
// the link again later.
func TestCardOfAPageThatIsDown(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, paper := n.Found("one.test"), openPaper(n, "news.test")
	paper.print("/dogs", story)
	paper.shut(true)
	post := c.Post("bob", "http://news.test/dogs")
	for range 20 {
		c.After(time.Hour)
	}
	if paper.hits() != 3 || again(c, "bob", post)["card"] != nil {
		t.Errorf("%d requests", paper.hits())
	}
	paper.shut(false)
	c.After(domain.NoCardFresh)
	c.Post("carol", "http://news.test/dogs")
	c.Settle()
	if got := again(c, "bob", post).Obj("card"); got.Str("provider_name") != "The News" {
		t.Errorf("once it is back: %v", got)
	}
}

// TestCardCredit: a page names its author, who must have named the site.
func TestCardCredit(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, paper := n.Found("one.test"), openPaper(n, "blog.news.test")
	paper.print("/a", `<title>Mine</title><meta name="fediverse:creator" content="@alice@one.test">`)
	post := c.Post("bob", "http://blog.news.test/a")
	c.Settle()
	if card := again(c, "alice", post).Obj("card"); fmt.Sprint(card["authors"]) != "[]" || !card.Bool("missing_attribution") {
		t.Errorf("alice before: %v", card)
	}
	if card := again(c, "bob", post).Obj("card"); fmt.Sprint(card["authors"]) != "[]" || card.Bool("missing_attribution") {
		t.Errorf("bob before: %v", card)
	}
	allow := func(host string) {
		c.As("alice").PATCH("/api/v1/accounts/update_credentials", testkit.F("attribution_domains[]", host)).OK()
	}
	allow("news.test")
	card := again(c, "alice", post).Obj("card")
	list, _ := card["authors"].([]any)
	if len(list) != 1 || card.Bool("missing_attribution") {
		t.Fatalf("alice after: %v", card)
	}
	if author, _ := list[0].(map[string]any); testkit.Object(author).Obj("account").Str("acct") != "alice" {
		t.Errorf("the author is %v", author)
	}
	allow("other.test")
	if card := again(c, "bob", post).Obj("card"); fmt.Sprint(card["authors"]) != "[]" {
		t.Errorf("taken back: %v", card)
	}
}

// TestSEC27_CardsAreFetchedPolitely: one request for a link however many post
// it, no more than a site can bear, and not all servers at once.
func TestSEC27_CardsAreFetchedPolitely(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, far, paper := n.Found("one.test"), n.Found("two.test"), openPaper(n, "news.test")
	far.FollowElsewhere("alice", "bob@one.test")
	paper.print("/dogs", story)
	for range 3 {
		c.Post("bob", "http://news.test/dogs")
	}
	c.Settle()
	if paper.hits() != 1 {
		t.Errorf("%d requests for one link", paper.hits())
	}
	for i := range 40 {
		c.Post("carol", fmt.Sprintf("http://news.test/p%d", i))
	}
	c.Settle()
	if got := paper.hits(); got > 30 {
		t.Errorf("%d requests to one site at once", got)
	}
	before := paper.hits()
	n.Clock.Add(time.Minute)
	n.Settle()
	if got := far.Home("alice"); got[0].Obj("card") == nil || paper.hits() == before {
		t.Errorf("the other server has no card a minute later, after %d requests", paper.hits())
	}
}

// TestSEC25_CardsStayOutside: what a page leads to is looked at like the page:
// never ours, never a refused host.
func TestSEC25_CardsStayOutside(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, paper, bad := n.Found("one.test"), openPaper(n, "news.test"), openPaper(n, "bad.test")
	if err := c.SetDomainPolicy(t.Context(), instance.DomainPolicy{Domain: "bad.test", Severity: domain.SeveritySuspend}); err != nil {
		t.Fatal(err)
	}
	paper.print("/ours", "to http://one.test/about")
	paper.print("/bad", "to http://bad.test/")
	paper.print("/private", "to http://10.0.0.1/")
	paper.print("/oembed", `<title>t</title><link rel="alternate" type="application/json+oembed" href="http://bad.test/o">`)
	bad.print("/", story)
	bad.print("/o", `{"type":"link","title":"bad"}`)
	posts := map[string]testkit.Object{}
	for _, path := range []string{"ours", "bad", "private", "oembed"} {
		posts[path] = c.Post("bob", "http://news.test/"+path)
	}
	posts["itself"] = c.Post("bob", "http://bad.test/")
	for range 4 {
		c.After(time.Hour)
	}
	for path, p := range posts {
		if card := again(c, "bob", p).Obj("card"); path != "oembed" && card != nil || path == "oembed" && card.Str("title") != "t" {
			t.Errorf("%s: %v", path, card)
		}
	}
}

// TestSEC54_CardsAreText: whatever a page and its provider say, the card holds
// text, addresses of the web and at most one frame of the page's own site.
func TestSEC54_CardsAreText(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, paper := n.Found("one.test"), openPaper(n, "news.test")
	paper.print("/v", `<title>t</title><link rel="alternate" type="application/json+oembed" href="/o">`)
	paper.print("/w", `<title>&lt;script&gt;</title><link rel="alternate" type="application/json+oembed" href="/p">`)
	paper.print("/o", `{"type":"video","title":"<i>V</i>","author_url":"javascript:1","provider_url":"data:x","html":"<script>1</script><iframe src=\"https://news.test/\\\" onload=x\" onload=\"x\"></iframe>"}`)
	paper.print("/p", `{"type":"rich","html":"<img src=x onerror=1><iframe src=\"https://evil.test/\"></iframe>"}`)
	one, two := c.Post("bob", "http://news.test/v"), c.Post("bob", "http://news.test/w")
	c.Settle()
	card := again(c, "bob", one).Obj("card")
	if card.Str("type") != "video" && card.Str("html") != "" || strings.Contains(card.Str("html"), "script>") || strings.Contains(card.Str("html"), `" onload`) ||
		card.Str("provider_url") != "" || card.Str("author_url") != "" || card.Str("title") != "<i>V</i>" {
		t.Errorf("a video: %v", card)
	}
	if card = again(c, "bob", two).Obj("card"); card.Str("type") != "link" || card.Str("html") != "" || card.Str("title") != "<script>" {
		t.Errorf("rich: %v", card)
	}
}

// TestCardsAreForgotten: a card that no post shows is dropped in time, one
// that is shown is not.
func TestCardsAreForgotten(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, paper := n.Found("one.test"), openPaper(n, "news.test")
	paper.print("/dogs", story)
	paper.print("/cats", `<title>Cats</title>`)
	kept, gone := c.Post("bob", "http://news.test/dogs"), c.Post("bob", "http://news.test/cats")
	c.Settle()
	c.As("bob").DELETE("/api/v1/statuses/"+gone.Str("id"), nil).OK()
	c.After(31 * 24 * time.Hour)
	paper.shut(true)
	next := c.Post("carol", "http://news.test/cats")
	c.Settle()
	if got := again(c, "bob", next)["card"]; got != nil {
		t.Errorf("a forgotten card: %v", got)
	}
	if again(c, "bob", kept).Obj("card") == nil {
		t.Error("a card that is shown was forgotten")
	}
}
