package text

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// sanitiserCorpus is hostile markup: mutation, foreign content, duplicate
// attributes, styles, look-alikes, malformed formulas, Markdown's products.
var sanitiserCorpus = []string{
	`<script>alert(1)</script>`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<ſcript>alert(1)</ſcript>`,
	`<ＳＣＲＩＰＴ>alert(1)</ＳＣＲＩＰＴ>`,
	`<svg><script>alert(1)</script></svg>`,
	`<svg><style><img src=x onerror=alert(1)></style></svg>`,
	`<svg/onload=alert(1)>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>`,
	`<math><semantics><annotation>no encoding</annotation></semantics></math>`,
	`<math><semantics><annotation encoding></annotation></semantics>`,
	`<math><semantics></math><annotation encoding="application/x-tex">x`,
	`<math><math><semantics></semantics></math>`,
	`<math><semantics><annotation encoding="application/x-tex"><script>alert(1)</script></annotation></semantics></math>`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<template><script>alert(1)</script></template>`,
	`<select><option><style><script>alert(1)</script></style></option></select>`,
	`<textarea></textarea><img src=x onerror=alert(1)>`,
	`<title><a href="</title><img src=x onerror=alert(1)>">`,
	`<xmp><p title="</xmp><img src=x onerror=alert(1)>">`,
	`<plaintext><script>alert(1)</script>`,
	`<iframe src="https://x.example"></iframe><embed src=x><object data=x></object>`,
	`<iframe srcdoc="<script>alert(1)</script>">`,
	`<base href="https://x.example/"><link rel=stylesheet href=x><meta http-equiv=refresh content="0;url=javascript:alert(1)">`,
	`<a href="javascript:alert(1)">x</a>`,
	`<a href="https://a.example/" href="javascript:alert(1)">x</a>`,
	`<a href="javascript:alert(1)" href="https://a.example/">x</a>`,
	`<a href=https://a.example/ onclick=alert(1)/>x`,
	`<a href="https://a.example/"onmouseover="alert(1)">x</a>`,
	`<a href='https://a.example/"onmouseover="alert(1)'>x</a>`,
	`<a href="https://a.example/&quot;&gt;&lt;script&gt;">x</a>`,
	`<p class="p-x&quot; onclick=&quot;alert(1)">x</p>`,
	`<p class="invisible">x</p><span class="invisible">y</span>`,
	`<p style="background:url(javascript:alert(1))">x</p>`,
	`<span lang='"><script>'>x</span>`,
	`<div><p>a<div>b</p>c</div>`,
	`<b><p>a</b>b</p><i><blockquote>c</i>d</blockquote>`,
	`<a href="https://a.example/"><p>a<a href="https://b.example/">b</p>c`,
	`<table><tr><td><a href="https://a.example/">x<table></a></table></td></tr></table>`,
	`<ul>x<p>y</ul><li>z</p>`,
	`<ruby>a<rt>b<p>c<rt>d</ruby><rt>e<rp>f`,
	`<ruby><ul><li><rt>a</ruby>b`,
	"<pre>\n\n<code>a\r\nb</code></pre>",
	`<h1><h2>a</h1>b</h2><h3><p>c</h3>d`,
	`<!--><img src=x onerror=alert(1)>-->`,
	`<![CDATA[<img src=x onerror=alert(1)>]]>`,
	`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y "z">]>&y;`,
	`<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>`,
	`<img src="https://a.example/x.png" alt="<script>alert(1)</script>">`,
	`<img src="data:text/html,<script>" alt="]()](javascript:alert(1))">`,
	"<a\x00href=\"https://a.example/\">x</a>",
	"<p>\xff\xfe</p>&#xD800;&#x110000;&#x202E;&#13;",
	`<br/><br></br><br class="x">`,
	`</p></div></a>`,
	`<a href="https://a.example/">`,
	`<li><li><ul><li><ol><li></ul>`,
	strings.Repeat("<b><blockquote>", 300) + "x",
	strings.Repeat("<a href=https://a.example/><p>", 100),
	strings.Repeat("<h1>", 100) + strings.Repeat("<div>x", 100),
}

func TestSEC51_SanitiserCorpus(t *testing.T) {
	t.Parallel()
	for _, in := range sanitiserCorpus {
		got := Sanitize(in)
		checkSanitized(t, in, got)
		if strings.Contains(PlainText(got), "\x00") {
			t.Errorf("NUL survives in %q", in)
		}
	}
}

func TestSEC52_AddressSchemes(t *testing.T) {
	t.Parallel()
	bad := []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
		"\x01javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:https://a.example/x",
		"//a.example/", "/path", "a.example", "", "https:", "https://", "https:///x", "https:a.example", "http:/a.example",
		"ftp://a.example/", "xmpp:a@b.example", "magnet:?xt=x", "dat://a.example", "mailto:a@b.example", "about:blank",
		"https:\\\\a.example\\", "https://a.example\\@b.example", "https://a.example/\x00", "https://a.example/\x7f",
		"https://a.example/\u202Egpj.exe", "https://a.example/a b", "https://a.example/\"x", "https://a.example/<x",
		"https://user@a.example/", "https://user:pass@a.example/", "https://good.example@a.example/", "https://[::1", "https://a.example:x/",
		"https://a.example/" + strings.Repeat("x", maxURL),
	}
	for _, u := range bad {
		if clean, ok := WebURL(u); ok {
			t.Errorf("WebURL(%q) = %q, want refused", u, clean)
		}
		if strings.Contains(u, "\x00") {
			continue // HTML drops the character, and the rest is an address
		}
		link := Sanitize(`<a href="` + html.EscapeString(u) + `">x</a><img src="` + html.EscapeString(u) + `" alt="y">`)
		if link != "xy" {
			t.Errorf("link to %q became %s", u, link)
		}
	}
	for in, want := range map[string]string{
		"https://a.example":           "https://a.example",
		"HTTP://a.example:8080/x?y#z": "HTTP://a.example:8080/x?y#z",
		" https://a.example/ü \n":     "https://a.example/ü",
		"https://[2001:db8::1]/":      "https://[2001:db8::1]/",
	} {
		if got, ok := WebURL(in); !ok || got != want {
			t.Errorf("WebURL(%q) = %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"javascript://a.example/%0aalert(1)", "data://a.example/x", "file://a.example/x"} {
		if got := HTML(in, cast()); strings.Contains(got, "href") {
			t.Errorf("HTML links %q: %s", in, got)
		}
	}
}

func TestSEC53_SpoofedLinks(t *testing.T) {
	t.Parallel()
	evil := `<a href="https://evil.example/x"` + remoteRel + `>`
	tests := []struct{ name, in, want string }{
		{"honest words", `<a href="https://evil.example/x">read this</a>`, evil + `read this</a>`},
		{"honest address", `<a href="https://evil.example/x">https://evil.example/x</a>`, evil + `https://evil.example/x</a>`},
		{"another address", `<a href="https://evil.example/x">https://good.com/</a>`, evil + `https://good.com/ [evil.example]</a>`},
		{"another www", `<a href="https://evil.example/x">see www.good.com</a>`, evil + `see www.good.com [evil.example]</a>`},
		{"another bare host", `<a href="https://evil.example/x">good.com/login</a>`, evil + `good.com/login [evil.example]</a>`},
		{"real host as prefix", `<a href="https://good.com.evil.example/">https://good.com</a>`, `<a href="https://good.com.evil.example/"` + remoteRel + `>https://good.com [good.com.evil.example]</a>`},
		{"user part in the text", `<a href="https://evil.example/x">https://good.com@evil.example/x</a>`, evil + `https://good.com@evil.example/x [evil.example]</a>`},
		{"hidden host", `<a href="https://evil.example/x"><span class="invisible">https://evil.example/</span>good.com</a>`, evil + `<span>https://evil.example/</span>good.com</a>`},
		{"hidden in the middle", `<a href="https://evil.example/x">good<span class="invisible">.evil.example/</span>.com</a>`, evil + `good<span>.evil.example/</span>.com</a>`},
		{"hidden outside a link", `a<span class="invisible u-x">b</span>c`, `a<span class="u-x">b</span>c`},
		{"direction override", "<a href=\"https://evil.example/x\">\u202Emoc.doog//:sptth</a>", evil + `moc.doog//:sptth</a>`},
		{"direction override outside", "a\u202Eb<b>\u202Dc</b>", `ab<b>c</b>`},
		{"no width", "<a href=\"https://evil.example/x\">good\u200B.com</a>", evil + `good.com [evil.example]</a>`},
		{"wide letters", `<a href="https://evil.example/x">ｈｔｔｐｓ：／／ｇｏｏｄ．ｃｏｍ</a>`, evil + `ｈｔｔｐｓ：／／ｇｏｏｄ．ｃｏｍ [evil.example]</a>`},
		{"user part", `<a href="https://good.com@evil.example/">good.com</a>`, `good.com`},
		{"homograph", `<a href="https://gооd.com/">https://good.com/</a>`, `<a href="https://gооd.com/"` + remoteRel + `>https://good.com/ [xn--gd-fmca.com]</a>`},
		{"picture", `<img src="https://evil.example/x" alt="https://good.com/">`, evil + `https://good.com/ [evil.example]</a>`},
		{"long host", `<a href="https://good.com.aaaaaaaaaaaaaaaaaaaaaaaaaaa.evil.example/"><span class="invisible">https://</span><span class="ellipsis">good.com.aaaaaaaaaaaaaaaaaaaaa</span><span class="invisible">aaaaaa.evil.example/</span></a>`, `<a href="https://good.com.aaaaaaaaaaaaaaaaaaaaaaaaaaa.evil.example/"` + remoteRel + `><span>https://</span><span class="ellipsis">good.com.aaaaaaaaaaaaaaaaaaaaa</span><span>aaaaaa.evil.example/</span></a>`},
	}
	for _, tt := range tests {
		got := Sanitize(tt.in)
		if got != tt.want {
			t.Errorf("%s: Sanitize(%q)\n got %s\nwant %s", tt.name, tt.in, got, tt.want)
		}
		checkSanitized(t, tt.in, got)
	}
	for _, in := range []string{
		"https://good.com@evil.example/", "https://good.com:80@evil.example/", "https://user:pass@evil.example/",
		"http://evil.example:x@good.com",
	} {
		if got := HTML(in, cast()); strings.Contains(got, "href") {
			t.Errorf("HTML links an address with a user part: %s", got)
		}
	}
	long := "https://good.com.aaaaaaaaaaaaaaaaaaaaaaaaaaa.evil.example/path"
	if got := HTML(long, cast()); !strings.Contains(got, `<span class="ellipsis">good.com.aaaaaaaaaaaaaaaaaaaaaaaaaaa.evil.example</span>`) {
		t.Errorf("the host is cut: %s", got)
	}
	if got := HTML("\u202Ehttps://a.example/\u202Emoc", cast()); strings.ContainsRune(got, 0x202E) {
		t.Errorf("direction override survives: %q", got)
	}
	for _, in := range []string{"http://a.example", "see https://a.example", "https://u@a.example", "https://a.example x", "a.example"} {
		if u, ok := FieldLink(in); ok {
			t.Errorf("FieldLink(%q) = %q, want none", in, u)
		}
	}
	if u, ok := FieldLink(" https://a.example/me "); !ok || u != "https://a.example/me" {
		t.Errorf("FieldLink = %q, %v", u, ok)
	}
}

func TestSEC54_MarkupIsText(t *testing.T) {
	t.Parallel()
	hostile := `<img src=x onerror=alert(1)>"'&<script>`
	r := Resolver{
		Account: func(m Mention) (Account, bool) { return Account{Acct: hostile, Username: hostile, URL: hostile}, true },
		BaseURL: `https://home.example/"><script>`,
	}
	for _, in := range []string{hostile, "@a #b " + hostile, "https://a.example/\"onclick=\"x https://a.example/'x"} {
		for _, got := range []string{HTML(in, r), FieldHTML(in, r)} {
			for _, n := range parseFragment(t, got) {
				checkNodeLocal(t, in, n)
			}
		}
	}
	for _, in := range []string{":<script>:", ":a\":", ":a b:", ":a<b:", ":ä:", ":a:"} {
		if got := Emojis(in); len(got) != 0 {
			t.Errorf("Emojis(%q) = %q", in, got)
		}
	}
	for _, in := range []string{"#<b>", "#\"x", "#&amp;"} {
		if got := Hashtags(in); len(got) != 0 {
			t.Errorf("Hashtags(%q) = %q", in, got)
		}
	}
}

// checkNodeLocal fails unless n is of the few elements that local text becomes.
func checkNodeLocal(t testing.TB, in string, n *html.Node) {
	t.Helper()
	if n.Type == html.ElementNode {
		switch n.Data {
		case "p", "br", "a", "span":
		default:
			t.Errorf("element %q comes from %q", n.Data, in)
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "class", "rel", "target", "translate":
			default:
				t.Errorf("attribute %q comes from %q", a.Key, in)
			}
		}
	} else if n.Type != html.TextNode {
		t.Errorf("node of type %d comes from %q", n.Type, in)
	}
	for kid := range n.ChildNodes() {
		checkNodeLocal(t, in, kid)
	}
}

// repeated are pieces that, repeated, make careless parsers slow.
var repeated = []string{
	"a", "@a", "@a@b", "@a@b.", "@a.", "#a", "#1", " #1", " #a·", "https://", "https://a.example/(", "https://a.example/(x)", "https://a.example?",
	"https://a.b", " https://a.example/)", "(", ")", "https://a-", "http://1.", "xmpp:a@", "magnet:?x", "\n", "\n\n ", ":a", ":aa:", "漢", "e\u0301",
	"https://a.example/....", "https://x:y", "@a@xn--a.", "ssb://a ", "\xff", "👩‍", "@@", "https://a.example/((((",
}

func TestSEC61_ParseIsLinear(t *testing.T) {
	t.Parallel()
	for _, piece := range repeated {
		steps := func(n int) int {
			s := scanner{src: strings.Repeat(piece, n)}
			s.scan()
			return s.steps
		}
		one, two := steps(2000), steps(4000)
		if two > 2*one+100 {
			t.Errorf("%q: %d steps, twice as long %d", piece, one, two)
		}
	}
}

// Not parallel: AllocsPerRun counts the whole process.
func TestSEC61_AllocationsAreLinear(t *testing.T) {
	pieces := append([]string{
		"<p>", "<b>", "<a href=https://a.example/>", "<li>", "<ul>", "</p>", "<h1>", "<div>", "<svg>", "<math>", "<math><semantics>", "<ruby><rt>",
		"<!--", "<a ", "&", "&amp", "<span class='invisible'>", "<x y=z y=z ", "<a href=https://a.example/>b.com</a>", "<pre>\n", "<script>",
	}, repeated...)
	r := cast()
	m := CompileFilter([]Keyword{{"aaaaaa", true}, {"#a", true}, {"漢漢", false}})
	work := map[string]func(string){
		"HTML":     func(s string) { HTML(s, r) },
		"Sanitize": func(s string) { Sanitize(s) },
		"Plain":    func(s string) { PlainText(s) },
		"Count":    func(s string) { Count("", s) },
		"Words":    func(s string) { Words(s) },
		"Emojis":   func(s string) { Emojis(s) },
		"Filter":   func(s string) { m.Match(s) },
		"Tag":      func(s string) { NormalizeHashtag(s) },
	}
	for name, f := range work {
		for _, piece := range pieces {
			one := testing.AllocsPerRun(1, func() { f(strings.Repeat(piece, 500)) })
			two := testing.AllocsPerRun(1, func() { f(strings.Repeat(piece, 1000)) })
			if two > 2*one+64 {
				t.Errorf("%s of repeated %q: %v allocations, twice as long %v", name, piece, one, two)
			}
		}
	}
}

func TestSEC61_HugeHTMLIsCut(t *testing.T) {
	t.Parallel()
	in := strings.Repeat("x", 3*maxHTML)
	if got := Sanitize(in); len(got) != maxHTML {
		t.Errorf("%d bytes of HTML gave %d", len(in), len(got))
	}
	deep := Sanitize(strings.Repeat("<blockquote>", 10_000) + "x")
	if n := strings.Count(deep, "<blockquote>"); n != maxHTMLDepth {
		t.Errorf("%d levels, want %d", n, maxHTMLDepth)
	}
}

func ExampleHTML() {
	fmt.Println(HTML("<b> is text", Resolver{}))
	// Output: <p>&lt;b&gt; is text</p>
}
