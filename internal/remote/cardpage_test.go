package remote

import (
	"net/url"
	"strings"
	"testing"

	"coterie/internal/domain"
)

func readTest(t testing.TB, contentType, body, oembed string) domain.Card {
	t.Helper()
	p := readPage([]byte(body), contentType, &url.URL{Scheme: "https", Host: "www.news.example", Path: "/a", RawQuery: "utm=1"})
	p.apply([]byte(oembed))
	return p.card()
}

// TestReadPage reads pages as they are met.
func TestReadPage(t *testing.T) {
	t.Parallel()
	const utf8 = "text/html; charset=utf-8"
	for name, c := range map[string]struct {
		kind, body, oembed string
		want               func(c domain.Card) bool
	}{
		"OpenGraph": {utf8, `<html lang="de-DE"><head><title>x</title><meta property="og:title" content=" Ein  &amp; alles
			"><meta property="og:description" content="D"><meta property="og:site_name" content="Zeitung">
			<meta property="og:image" content="/i.png"><meta property="og:image:alt" content="Bild"><meta property="article:published_time" content="2026-02-03T04:05:06+01:00">
			<link rel="canonical" href="https://www.news.example/a#top"><meta name="author" content="Ann">`, "", func(c domain.Card) bool {
			return c.Title == "Ein & alles" && c.Description == "D" && c.Provider == "Zeitung" && c.Language == "de" && c.Image == "https://www.news.example/i.png" &&
				c.ImageDescription == "Bild" && c.PublishedAt.Format("15:04") == "03:05" && c.Link == "https://www.news.example/a" && c.Authors[0].Name == "Ann"
		}},
		"the title alone": {utf8, `<title>Just &lt;b&gt;this</title>`, "", func(c domain.Card) bool {
			return c.Title == "Just <b>this" && c.Type == domain.CardLink && c.Link == "https://www.news.example/a?utm=1" && len(c.Authors) == 0
		}},
		"another host's name": {utf8, `<title>t</title><link rel="canonical" href="https://bank.example/"><meta property="og:url" content="https://bank.example/">`, "", func(c domain.Card) bool {
			return c.Link == "https://www.news.example/a?utm=1"
		}},
		"twitter": {utf8, `<meta name="twitter:title" content="T"><meta name="twitter:player" content="https://player.news.example/1?a=1&amp;b=2"><meta name="twitter:player:width" content="640"><meta name="twitter:player:height" content="360px">`, "", func(c domain.Card) bool {
			return c.Type == domain.CardVideo && c.Width == 640 && c.Height == 360 && strings.HasPrefix(c.HTML, `<iframe src="https://player.news.example/1?a=1&amp;b=2" width="640"`)
		}},
		"JSON-LD": {utf8, `<title>t</title><body><script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"no"},{"@type":["NewsArticle"],"headline":"H &amp;amp; M",
			"datePublished":"2026-02-03","author":[{"name":"Ann","url":"https://news.example/ann"},{"name":"Bo"}],"publisher":{"name":"P"}}]}</script>`, "", func(c domain.Card) bool {
			return c.Title == "H &amp; M" && c.Provider == "P" && len(c.Authors) == 2 && c.Authors[0].URL == "https://news.example/ann" && !c.PublishedAt.IsZero()
		}},
		"what stands below the head": {utf8, `<title>t</title><body><meta property="og:title" content="evil"><title>evil</title>`, "", func(c domain.Card) bool {
			return c.Title == "t"
		}},
		"windows-1251 by header": {"text/html; charset=windows-1251", "<title>\xcf\xf0\xe8\xe2\xe5\xf2</title>", "", func(c domain.Card) bool {
			return c.Title == "Привет"
		}},
		"shift_jis by meta": {"text/html", "<meta charset=shift_jis><title>\x93\xfa\x96{</title>", "", func(c domain.Card) bool {
			return c.Title == "日本"
		}},
		"no text of its charset": {utf8, "<title>a\xff\x00b\u202e</title>", "", func(c domain.Card) bool {
			return c.Title == "a\ufffd\ufffdb" || c.Title == "a\ufffdb" || c.Title == "a\ufffd b"
		}},
		"a photo": {utf8, `<title>t</title>`, `{"type":"photo","title":"P","url":"https://cdn.example/p.jpg","width":"800","height":600,"author_name":"Ann","author_url":"https://news.example/ann"}`, func(c domain.Card) bool {
			return c.Type == domain.CardPhoto && c.Title == "P" && c.EmbedURL == "https://cdn.example/p.jpg" && c.Width == 800 && c.Height == 600 && c.Authors[0].Name == "Ann" && c.HTML == ""
		}},
		"a photo that is none": {utf8, `<title>t</title>`, `{"type":"photo","url":"javascript:alert(1)","width":1e9}`, func(c domain.Card) bool {
			return c.Type == domain.CardLink && c.EmbedURL == "" && c.Width == 0
		}},
		"a video": {utf8, `<title>t</title>`, `{"type":"video","html":"<div><iframe onload=x src='https://www.news.example/e?a=1'></iframe><script>1</script></div>","width":200,"height":100,"provider_name":"News","provider_url":"https://news.example/"}`, func(c domain.Card) bool {
			return c.Type == domain.CardVideo && c.ProviderURL == "https://news.example/" && strings.Count(c.HTML, "<") == 2 && !strings.Contains(c.HTML, "onload") && strings.Contains(c.HTML, `sandbox="`)
		}},
		"a frame of a third": {utf8, `<title>t</title>`, `{"type":"rich","html":"<iframe src='https://evil.example/'></iframe>"}`, func(c domain.Card) bool {
			return c.Type == domain.CardLink && c.HTML == ""
		}},
		"a frame without TLS": {utf8, `<title>t</title>`, `{"type":"video","html":"<iframe src='http://www.news.example/'></iframe>"}`, func(c domain.Card) bool {
			return c.Type == domain.CardLink && c.HTML == ""
		}},
		"rich without a frame": {utf8, `<title>t</title>`, `{"type":"rich","html":"<blockquote onclick=x>hi</blockquote><script src=//evil.example></script>"}`, func(c domain.Card) bool {
			return c.Type == domain.CardLink && c.HTML == "" && c.Title == "t"
		}},
		"nothing": {utf8, `just text`, "[1]", func(c domain.Card) bool { return c.Title == "" && c.HTML == "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := readTest(t, c.kind, c.body, c.oembed); !c.want(got) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestContentLinks tells links from mentions and hashtags in strangers' HTML.
func TestContentLinks(t *testing.T) {
	t.Parallel()
	got := contentLinks(`<p><a href="https://a.example/@x" class="u-url mention">@x</a> <a href="https://a.example/tags/y" rel="tag">#y</a>
		<a class="mention hashtag" href="https://a.example/z">#z</a> <a href="https://news.example/1?a=1&amp;b=2">n</a><a href="https://news.example/2">`)
	if len(got) != 2 || got[0] != "https://news.example/1?a=1&b=2" || got[1] != "https://news.example/2" {
		t.Errorf("got %q", got)
	}
}

// FuzzCard reads pages and oEmbed answers of strangers: nothing panics, texts
// are in bounds and on one line, addresses are of the web, and the HTML is one
// frame (SEC-51, SEC-54).
func FuzzCard(f *testing.F) {
	f.Add("text/html", `<html lang=en><title>t</title><meta property=og:url content="/x"><link rel=alternate type=application/json+oembed href=/o>`, `{"type":"video","html":"<iframe src=\"https://www.news.example/\">"}`)
	f.Add("text/html; charset=utf-16", `<base href="javascript:x"><script type="application/ld+json">[{"@graph":{"@type":"Article","name":["a"],"author":"x"}}]</script>`, `{"type":"photo","url":"https://x.example/","width":-1}`)
	f.Add("", "<script type=application/ld+json>{", "null")
	f.Fuzz(func(t *testing.T, kind, body, oembed string) {
		c := readTest(t, kind, body, oembed)
		for _, s := range []string{c.Title, c.Description, c.Provider, c.ImageDescription} {
			if len([]rune(s)) > 50*maxCardDescription || strings.ContainsAny(s, "\n\r\t\x00\u202e") {
				t.Errorf("text %q", s)
			}
		}
		addresses := []string{c.Link, c.ProviderURL, c.Image, c.EmbedURL}
		for _, a := range c.Authors {
			addresses = append(addresses, a.URL)
		}
		for _, a := range addresses {
			if a != "" && !strings.HasPrefix(strings.ToLower(a), "http") {
				t.Errorf("address %q", a)
			}
		}
		if c.HTML != "" && (!strings.HasPrefix(strings.ToLower(c.HTML), `<iframe src="https://`) || strings.Count(c.HTML, "<") != 2 || strings.Count(c.HTML, ">") != 2) {
			t.Errorf("html %q", c.HTML)
		}
	})
}
