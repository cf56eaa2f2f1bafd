package instance_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

// TestLocalOnlyElsewhere is what two.test hears of posts for one.test alone:
// nothing, whatever is done with them.
func TestLocalOnlyElsewhere(t *testing.T) {
	t.Parallel()
	among := func(f *fediverse, text string, pairs ...string) testkit.Object {
		f.one.Configure(func(s *testkit.Settings) { s.LocalOnly = true })
		return f.post("alice", text, append(pairs, "local_only", "true")...)
	}
	document := func(f *fediverse, path string) *testkit.Answer {
		return f.one.Anonymous().With("Accept", "application/activity+json").GET(path)
	}
	unheard := func(f *fediverse, p testkit.Object) {
		f.Helper()
		f.settle()
		f.absent(f.two, "carol", p)
		f.hears(f.two, "carol", "mention", 0)
		if found := f.two.Search("carol", "statuses", p.Str("uri")); len(found) != 0 {
			f.Errorf("%s can be fetched", p.Str("uri"))
		}
		f.one.Anonymous().With("Accept", "application/activity+json").GET(strings.TrimPrefix(p.Str("uri"), "http://one.test")).Want(http.StatusNotFound)
	}
	tell(t, map[string]func(f *fediverse){
		"it goes nowhere": func(f *fediverse) {
			f.carolFollowsAlice()
			p := among(f, "for @carol@two.test and all followers")
			unheard(f, p)
			for _, part := range []string{"", "/activity", "/replies", "/likes", "/shares"} {
				document(f, "/users/alice/statuses/"+p.Str("id")+part).Want(http.StatusNotFound)
			}
			if body := string(document(f, "/users/alice/outbox?page=true").OK().Body); strings.Contains(body, p.Str("id")) {
				f.Errorf("the outbox holds it: %s", body)
			}
		},
		"an edit, a pin and its end go nowhere": func(f *fediverse) {
			f.carolFollowsAlice()
			p := among(f, "first")
			f.net.Clock.Add(time.Minute)
			f.one.As("alice").PUT(statusPath(p.Str("id"), ""), testkit.F("status", "@carol@two.test second")).OK()
			f.on(f.one, "alice", statusPath(p.Str("id"), "/pin"))
			unheard(f, p)
			if body := string(document(f, "/users/alice/collections/featured").OK().Body); strings.Contains(body, p.Str("id")) {
				f.Errorf("it is featured: %s", body)
			}
			f.net.Down("two.test", true) // what is sent now waits
			before, _ := f.one.Status(f.Context())
			f.on(f.one, "alice", statusPath(p.Str("id"), "/unpin"))
			f.one.As("alice").DELETE(statusPath(p.Str("id"), ""), nil).OK()
			f.settle()
			if after, err := f.one.Status(f.Context()); err != nil || after.Jobs != before.Jobs {
				f.Errorf("of its end was told: jobs %+v, before %+v (%v)", after.Jobs, before.Jobs, err)
			}
		},
		"a boost of it and an answer to it go nowhere": func(f *fediverse) {
			f.two.FollowElsewhere("carol", "bob@one.test")
			f.settle()
			p := among(f, "us")
			boost := f.on(f.one, "bob", statusPath(p.Str("id"), "/reblog"))
			answer := f.post("bob", "indeed @carol@two.test", "in_reply_to_id", p.Str("id"))
			unheard(f, boost)
			unheard(f, answer)
		},
		"an answer for us alone to a post for all": func(f *fediverse) {
			p := f.post("alice", "for all")
			answer := among(f, "between us", "in_reply_to_id", p.Str("id"))
			unheard(f, answer)
			body := string(document(f, "/users/alice/statuses/"+p.Str("id")+"/replies?page=true").OK().Body)
			if strings.Contains(body, answer.Str("id")) {
				f.Errorf("the answers hold it: %s", body)
			}
		},
		"it cannot ask elsewhere for leave to quote": func(f *fediverse) {
			theirs := f.two.Post("carol", "quote me", "quote_approval_policy", "public")
			got := f.one.FindStatus("alice", theirs.Str("uri"))
			f.one.Configure(func(s *testkit.Settings) { s.LocalOnly = true })
			f.one.As("alice").POST("/api/v1/statuses", testkit.F("status", "look", "local_only", "true", "quoted_status_id", got.Str("id"))).Error(422)
		},
	})
}

func TestMarkdownElsewhere(t *testing.T) {
	t.Parallel()
	tell(t, map[string]func(f *fediverse){
		"a post in Markdown": func(f *fediverse) {
			f.carolFollowsAlice()
			f.one.Configure(func(s *testkit.Settings) { s.Markdown = true })
			p := f.post("alice", "# Hello\n- **one**\n- @carol@two.test #Burrow", "content_type", "text/markdown")
			got := f.at(f.two, "carol", p)
			if c := got.Str("content"); !strings.HasPrefix(c, "<p><strong>Hello</strong></p><ul><li><strong>one</strong></li><li><span class=\"h-card\"") {
				f.Errorf("it reads %s", c)
			}
			f.hears(f.two, "carol", "mention", 1)
			var doc struct {
				Source struct{ Content, MediaType string } `json:"source"`
			}
			f.one.Anonymous().With("Accept", "application/activity+json").GET("/users/alice/statuses/" + p.Str("id")).OK().Into(&doc)
			if doc.Source.MediaType != "text/markdown" || !strings.HasPrefix(doc.Source.Content, "# Hello\n") {
				f.Errorf("other servers are told that it was made of %+v", doc.Source)
			}
		},
	})
}

// TestSearchWhatIsShownAndAsked: what pictures show and polls ask is found, here and
// elsewhere, and after an edit what they ask then.
func TestSearchWhatIsShownAndAsked(t *testing.T) {
	t.Parallel()
	found := func(f *fediverse, c *testkit.Community, name, word string, want int) {
		f.Helper()
		if got := c.Search(name, "statuses", word); len(got) != want {
			f.Errorf("%s of %s finds %d posts with %s, want %d", name, c.Config.Domain, len(got), word, want)
		}
	}
	tell(t, map[string]func(f *fediverse){
		"pictures and polls are searched": func(f *fediverse) {
			f.carolFollowsAlice()
			m := f.one.Media("alice", testkit.PNG(f.T, testkit.Gradient(40, 40)), "description", "a marmoset")
			shown := f.post("alice", "look", "media_ids[]", m.Str("id"))
			asked := f.post("alice", "which", "poll[options][]", "quokka", "poll[options][]", "wombat", "poll[expires_in]", "3600")
			for _, p := range []testkit.Object{shown, asked} {
				f.on(f.two, "carol", statusPath(f.at(f.two, "carol", p).Str("id"), "/bookmark"))
			}
			for _, word := range []string{"marmoset", "quokka", "wombat"} {
				found(f, f.one, "alice", word, 1)
				found(f, f.two, "carol", word, 1)
			}
			f.after(time.Minute)
			f.one.As("alice").PUT(statusPath(asked.Str("id"), ""), testkit.F("status", "which", "poll[options][]", "quokka", "poll[options][]", "numbat", "poll[expires_in]", "3600")).OK()
			f.settle()
			for word, want := range map[string]int{"wombat": 0, "numbat": 1, "quokka": 1} {
				found(f, f.one, "alice", word, want)
				found(f, f.two, "carol", word, want)
			}
		},
	})
}
