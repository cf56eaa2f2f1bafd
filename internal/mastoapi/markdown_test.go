package mastoapi_test

import (
	"slices"
	"strings"
	"testing"

	"coterie/internal/testkit"
)

// written is the configuration of posts, in the newer and the older form.
func written(c *testkit.Community) [2]testkit.Object {
	get := func(v string) testkit.Object {
		return c.Anonymous().GET("/api/" + v + "/instance").Object().Obj("configuration").Obj("statuses")
	}
	return [2]testkit.Object{get("v2"), get("v1")}
}

func TestMarkdownPosts(t *testing.T) {
	t.Parallel()
	testkit.Both(t, func(t *testing.T, c *testkit.Community) {
		alice := c.As("alice")
		plain := c.Post("alice", "*off*", "content_type", "text/markdown")
		if got := plain.Str("content"); got != "<p>*off*</p>" {
			t.Errorf("switched off it reads %s", got)
		}
		c.Configure(func(s *testkit.Settings) { s.Markdown = true })
		for _, set := range written(c) {
			if types := set["supported_mime_types"].([]any); !slices.Equal(types, []any{"text/plain", "text/markdown"}) {
				t.Errorf("the instance takes %v", types)
			}
		}
		p := c.Post("alice", "**Hi** @bob, `@carol` and #Cats", "content_type", "text/markdown")
		if got := p.Str("content"); !strings.HasPrefix(got, "<p><strong>Hi</strong> <span class=\"h-card\"") || !strings.Contains(got, "<code>@carol</code>") {
			t.Errorf("it reads %s", got)
		}
		if m := p["mentions"].([]any); len(m) != 1 {
			t.Errorf("it mentions %v", m)
		}
		if tags := p["tags"].([]any); len(tags) != 1 {
			t.Errorf("it has the tags %v", tags)
		}
		source := alice.GET(status(p, "source")).Object()
		if source.Str("text") != "**Hi** @bob, `@carol` and #Cats" || source.Str("content_type") != "text/markdown" {
			t.Errorf("it was typed as %v", source)
		}
		if got := c.Post("alice", "*plain*").Str("content"); got != "<p>*plain*</p>" {
			t.Errorf("without a type it reads %s", got)
		}
		alice.POST("/api/v1/statuses", testkit.F("status", "x", "content_type", "text/html")).Error(422)

		// An edit keeps the way it is written, unless that is said.
		path := "/api/v1/statuses/" + p.Str("id")
		if got := alice.PUT(path, testkit.F("status", "_edited_")).Object().Str("content"); got != "<p><em>edited</em></p>" {
			t.Errorf("edited it reads %s", got)
		}
		if got := alice.PUT(path, testkit.F("status", "_edited_", "content_type", "text/plain")).Object().Str("content"); got != "<p>_edited_</p>" {
			t.Errorf("made plain it reads %s", got)
		}
		var read []string
		for _, e := range c.Anonymous().GET(status(p, "history")).List() {
			read = append(read, e.Str("content")[:12])
		}
		if want := []string{"<p><strong>H", "<p><em>edite", "<p>_edited_<"}; !slices.Equal(read, want) {
			t.Errorf("its history reads %q", read)
		}
		if gone := alice.DELETE(path, nil).Object(); gone.Str("content_type") != "text/plain" {
			t.Errorf("to draft it anew: %v", gone)
		}
	})
}

func TestMarkdownLater(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Configure(func(s *testkit.Settings) { s.Markdown = true })
	at := c.Clock.Now().Add(10 * 60 * 1e9).UTC().Format("2006-01-02T15:04:05Z")
	waiting := c.As("alice").POST("/api/v1/statuses", testkit.F("status", "*later*", "content_type", "text/markdown", "scheduled_at", at)).Object()
	if got := waiting.Obj("params").Str("content_type"); got != "text/markdown" {
		t.Errorf("it waits as %q", got)
	}
	c.After(11 * 60 * 1e9)
	list := c.Anonymous().GET("/api/v1/accounts/" + c.Person("alice").ID.String() + "/statuses").List()
	if len(list) != 1 || list[0].Str("content") != "<p><em>later</em></p>" {
		t.Errorf("published: %v", list)
	}
}

func TestLongerPosts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	alice := c.As("alice")
	alice.POST("/api/v1/statuses", testkit.F("status", strings.Repeat("a", 501))).Error(422)
	c.Configure(func(s *testkit.Settings) { s.MaxCharacters, s.MaxMedia = 2000, 12 })
	for _, set := range written(c) {
		if set.Num("max_characters") != 2000 || set.Num("max_media_attachments") != 12 {
			t.Errorf("the instance says %v", set)
		}
	}
	if n := c.Anonymous().GET("/api/v1/instance").Object().Num("max_toot_chars"); n != 2000 {
		t.Errorf("to old apps it says %v", n)
	}
	p := c.Post("alice", strings.Repeat("a", 2000))
	msg := alice.POST("/api/v1/statuses", testkit.F("status", strings.Repeat("a", 2001))).Error(422)
	if msg != "Validation failed: Text character limit of 2000 exceeded" {
		t.Errorf("too long: %s", msg)
	}
	// What is there stays when the limit falls; its edit keeps to the new one.
	c.Configure(func(s *testkit.Settings) { s.MaxCharacters = 0 })
	c.Anonymous().GET("/api/v1/statuses/" + p.Str("id")).OK()
	alice.PUT("/api/v1/statuses/"+p.Str("id"), testkit.F("status", strings.Repeat("b", 501))).Error(422)
}

// TestMarkdownElsewhereShown is what of a post in Markdown other parts show: its
// link's card, and what a phone is told.
func TestMarkdownElsewhereShown(t *testing.T) {
	t.Parallel()
	n := testkit.NewNetwork(t)
	c, paper := n.Found("one.test"), openPaper(n, "news.test")
	paper.print("/dogs", story)
	phone := newPhone(t, n, "push.test")
	c.As("bob").POST(pushPath, phone.form("subscription[standard]", "true")).OK()
	c.Configure(func(s *testkit.Settings) { s.Markdown = true })
	p := c.Post("alice", "`http://news.test/code` **Look**, @bob: [dogs](http://news.test/dogs)", "content_type", "text/markdown")
	c.Settle()
	if card := again(c, "bob", p).Obj("card"); card.Str("url") != "http://news.test/dogs" {
		t.Errorf("its card is %v", card)
	}
	got := phone.take()
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	if body := phone.read(got[0]).Str("body"); body != "http://news.test/code Look, @bob: dogs" {
		t.Errorf("the phone reads %q", body)
	}
}
