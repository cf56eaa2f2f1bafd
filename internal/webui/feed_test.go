package webui_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"time"

	"coterie/internal/testkit"
)

type feed struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Channel struct {
		Title       string `xml:"title"`
		Description string `xml:"description"`
		Links       []struct {
			Href string `xml:"href,attr"`
			Rel  string `xml:"rel,attr"`
			Text string `xml:",chardata"`
		} `xml:"link"`
		LastBuild string `xml:"lastBuildDate"`
		Items     []struct {
			GUID        string   `xml:"guid"`
			Link        string   `xml:"link"`
			Published   string   `xml:"pubDate"`
			Description string   `xml:"description"`
			Categories  []string `xml:"category"`
		} `xml:"item"`
	} `xml:"channel"`
}

func readFeed(t *testing.T, a *testkit.Answer) feed {
	t.Helper()
	if got := a.Header.Get("Content-Type"); got != "application/rss+xml; charset=utf-8" {
		t.Fatalf("%s: Content-Type %q", a.Path, got)
	}
	var f feed
	dec := xml.NewDecoder(strings.NewReader(string(a.Body)))
	dec.Strict = true
	if err := dec.Decode(&f); err != nil {
		t.Fatalf("%s: %v", a.Path, err)
	}
	if f.Version != "2.0" || f.Channel.Title == "" || f.Channel.Description == "" && !strings.HasPrefix(a.Path, "/@") {
		t.Errorf("%s: version %q, title %q", a.Path, f.Version, f.Channel.Title)
	}
	for _, i := range f.Channel.Items {
		if _, err := time.Parse(time.RFC1123Z, i.Published); err != nil || i.GUID != i.Link {
			t.Errorf("%s: item %q of %q: %v", a.Path, i.GUID, i.Published, err)
		}
	}
	return f
}

// titles are the descriptions of a feed, newest first.
func (f feed) texts() string {
	var all []string
	for _, i := range f.Channel.Items {
		all = append(all, i.Description)
	}
	return strings.Join(all, "\n")
}

func TestFeedsHoldPublicPosts(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Post("alice", "First <b>light</b> & #Birds")
	c.Post("alice", "quiet #birds", "visibility", "unlisted")
	c.Post("alice", "for followers #birds", "visibility", "private")
	c.Post("alice", "to bob", "in_reply_to_id", c.Post("bob", "bob asks #birds").Str("id"))
	c.As("alice").POST("/api/v1/statuses/"+c.Post("carol", "carol's cake").Str("id")+"/reblog", nil).OK()
	warned := c.Post("alice", "the butler", "spoiler_text", "Who <did> it")
	for path, want := range map[string]int{
		"/@alice.rss": 2, "/@alice/with_replies.rss": 3, "/@alice/tagged/Birds.rss": 1, "/tags/BIRDS.rss": 2, "/tags/never.rss": 0, "/@dave.rss": 0,
	} {
		f := readFeed(t, c.Anonymous().GET(path).OK())
		if len(f.Channel.Items) != want {
			t.Errorf("%s has %d items: %s", path, len(f.Channel.Items), f.texts())
		}
		for _, secret := range []string{"quiet", "for followers", "cake"} {
			if strings.Contains(f.texts(), secret) {
				t.Errorf("%s tells %q", path, secret)
			}
		}
	}
	f := readFeed(t, c.Anonymous().GET("/@alice.rss").OK())
	newest := f.Channel.Items[0]
	if newest.Link != base+"/@alice/"+warned.Str("id") || !strings.HasPrefix(newest.Description, "<p><strong>CW: Who &lt;did&gt; it</strong></p><hr><p>the butler") {
		t.Errorf("%s: %s", newest.Link, newest.Description)
	}
	oldest := f.Channel.Items[1]
	if !strings.Contains(oldest.Description, "First &lt;b&gt;light&lt;/b&gt; &amp; <a") || len(oldest.Categories) != 1 || oldest.Categories[0] != "birds" {
		t.Errorf("%s %v", oldest.Description, oldest.Categories)
	}
	self := ""
	for _, l := range f.Channel.Links {
		if l.Rel == "self" {
			self = l.Href
		}
	}
	if self != base+"/@alice.rss" {
		t.Errorf("the feed says it is at %q", self)
	}
}

func TestFeedsAnswerConditionalRequests(t *testing.T) {
	t.Parallel()
	c := testkit.NewInstance(t)
	c.Clock.Add(time.Hour)
	c.Post("alice", "one")
	first := c.Anonymous().GET("/@alice.rss").OK()
	tag, changed := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if tag == "" || changed == "" || first.Header.Get("Cache-Control") != "public, max-age=60" {
		t.Fatalf("headers: %v", first.Header)
	}
	for name, value := range map[string]string{"If-None-Match": tag, "If-Modified-Since": changed} {
		if same := c.Anonymous().With(name, value).GET("/@alice.rss").Want(http.StatusNotModified); len(same.Body) != 0 {
			t.Errorf("%s: 304 with a body", name)
		}
	}
	c.Clock.Add(time.Minute)
	c.Post("alice", "two")
	c.Anonymous().With("If-None-Match", tag).GET("/@alice.rss").OK()
	c.Anonymous().With("If-Modified-Since", changed).GET("/@alice.rss").OK()
}
