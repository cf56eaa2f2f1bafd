package text

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const remoteRel = ` rel="nofollow noopener" target="_blank"`

func TestSanitize(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"text", "a & b < c", "a &amp; b &lt; c"},
		{"kept", "<p>a<br>b <b>c</b> <strong>d</strong> <i>e</i> <em>f</em> <u>g</u> <del>h</del> <s>i</s> <code>j</code></p>", "<p>a<br>b <b>c</b> <strong>d</strong> <i>e</i> <em>f</em> <u>g</u> <del>h</del> <s>i</s> <code>j</code></p>"},
		{"blocks", "<blockquote><p>a</p></blockquote><pre>b\n c</pre>", "<blockquote><p>a</p></blockquote><pre>b\n c</pre>"},
		{"lists", `<ul><li>a</li></ul><ol start="3" reversed><li value="7">b</li></ol>`, `<ul><li>a</li></ul><ol start="3" reversed=""><li value="7">b</li></ol>`},
		{"bad numbers", `<ol start="x"><li value="1e9">b</li></ol>`, `<ol><li>b</li></ol>`},
		{"ruby", "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>"},
		{"headings", "<h1>A</h1><h6>b <i>c</i></h6>d", "<p><strong>A</strong></p><p><strong>b <i>c</i></strong></p>d"},
		{"script", "a<script>alert(1)</script><style>p{}</style>b", "ab"},
		{"divs", "<div>a</div><div>b</div>", "a<br>b"},
		{"unknown", "<blink>a</blink> <font color=red>b</font>", "a b"},
		{"comment", "a<!-- x -->b<!DOCTYPE html>", "ab"},
		{"attributes", `<p style="x" onclick="y" id="z" class="q quote-inline p-name" lang="de">a</p>`, `<p class="quote-inline p-name" lang="de">a</p>`},
		{"bad lang", `<p lang="&quot;x">a</p>`, `<p>a</p>`},
		{"translate", `<span translate="no">a</span><span translate="yes">b</span>`, `<span translate="no">a</span><span>b</span>`},
		{
			"mention", `<p><span class="h-card" translate="no"><a href="https://r.example/@bob" class="u-url mention">@<span>bob</span></a></span></p>`,
			`<p><span class="h-card" translate="no"><a href="https://r.example/@bob" class="u-url mention"` + remoteRel + `>@<span>bob</span></a></span></p>`,
		},
		{
			"hashtag", `<a href="https://r.example/tags/cats" class="mention hashtag" rel="tag">#<span>cats</span></a>`,
			`<a href="https://r.example/tags/cats" class="mention hashtag" rel="tag nofollow noopener" target="_blank">#<span>cats</span></a>`,
		},
		{
			"shortened", `<a href="https://r.example/long/way" rel="me" target="_top"><span class="invisible">https://</span><span class="ellipsis">r.example/long</span><span class="invisible">/way</span></a>`,
			`<a href="https://r.example/long/way"` + remoteRel + `><span class="invisible">https://</span><span class="ellipsis">r.example/long</span><span class="invisible">/way</span></a>`,
		},
		{"image", `<img src="https://r.example/a.png" alt="A cat">`, `<a href="https://r.example/a.png"` + remoteRel + `>A cat</a>`},
		{"image without words", `<img src="https://r.example/a.png">`, `<a href="https://r.example/a.png"` + remoteRel + `>https://r.example/a.png</a>`},
		{"image in a link", `<a href="https://r.example/"><img src="https://r.example/a.png" alt="x"></a>`, `<a href="https://r.example/"` + remoteRel + `>x</a>`},
		{"emoji image", `<img class="emoji" alt=":blob:" src="https://r.example/blob.png">`, `:blob:`},
		{"script image", `<img src="javascript:alert(1)" alt="x" onerror="y">`, `x`},
		{"tex", `<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x &lt; 1</annotation></semantics></math>`, `$x &lt; 1$`},
		{"tex block", `<math display="block"><semantics><mi>x</mi><annotation encoding="application/x-tex">x</annotation></semantics></math>`, `$$x$$`},
		{"plain formula", `<math><semantics><mi>x</mi><annotation encoding="text/plain">x plus</annotation></semantics></math>!`, `x plus!`},
		{"bare formula", `a<math><mi>x</mi></math>b`, `ab`},
		{"nesting", "<p>a<p>b<ul><li>c<li>d</ul>e", "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>e"},
		{"crossing", "<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"},
		{"unclosed", "<p><b>a", "<p><b>a</b></p>"},
		{"links in links", `<a href="https://a.example/">x<a href="https://b.example/">y</a></a>`, `<a href="https://a.example/"` + remoteRel + `>x</a><a href="https://b.example/"` + remoteRel + `>y</a>`},
		{"item without list", "<li>a</li><li>b</li>", "a<br>b"},
		{"invalid text", "a\xff\x00b&#0;", "a\uFFFDb\uFFFD"},
	}
	for _, tt := range tests {
		got := Sanitize(tt.in)
		if got != tt.want {
			t.Errorf("%s: Sanitize(%q)\n got %s\nwant %s", tt.name, tt.in, got, tt.want)
		}
		checkSanitized(t, tt.in, got)
	}
}

func TestPlainText(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"", ""},
		{"just\ntext", "just\ntext"},
		{"<p>a<br />b</p><p>c &amp; d</p>", "a\nb\n\nc & d"},
		{"<p>a</p>\n<p>b</p>", "a\n\nb"},
		{"<ul><li>a</li><li>b</li></ul>", "a\nb"},
		{`<a href="x"><span class="invisible">https://</span><span class="ellipsis">a.example/1</span><span class="invisible">23</span></a>!`, "https://a.example/123!"},
		{"<pre>a\n  b</pre>", "a\n  b"},
		{"a <b> b</b>   c", "a b c"},
		{"a<script>x</script>b<img alt='cat'>", "abcat"},
		{"&lt;b&gt;", "<b>"},
		{"a<br><br><br>b", "a\n\nb"},
	}
	for _, tt := range tests {
		if got := PlainText(tt.in); got != tt.want {
			t.Errorf("PlainText(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	const src = "Hello @alice & <all>\nsee https://example.com/a/very/long/path/that/is/shortened #Cats\n\nBye"
	if got := PlainText(HTML(src, cast())); got != src {
		t.Errorf("plain text of a post is not its source: %q", got)
	}
}

var allowedAttrs = map[string]string{
	"p": "class lang", "br": "", "span": "class translate lang", "a": "href class rel target translate lang",
	"del": "lang", "s": "lang", "pre": "lang", "blockquote": "lang", "code": "lang", "b": "lang", "strong": "lang",
	"u": "lang", "i": "lang", "em": "lang", "ul": "lang", "ol": "start reversed lang", "li": "value lang",
	"ruby": "lang", "rt": "lang", "rp": "lang",
}

// parseFragment is the tree a browser makes of s in a page's body.
func parseFragment(t testing.TB, s string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatalf("parse %q: %v", s, err)
	}
	return nodes
}

func renderNodes(t testing.TB, nodes []*html.Node) string {
	t.Helper()
	var b strings.Builder
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// checkSanitized fails unless got holds only what is allowed, parses as it
// reads, and is a fixed point.
func checkSanitized(t testing.TB, in, got string) {
	t.Helper()
	if again := Sanitize(got); again != got {
		t.Errorf("not a fixed point: %q\n once %s\ntwice %s", in, got, again)
	}
	nodes := parseFragment(t, got)
	rendered := renderNodes(t, nodes)
	if again := renderNodes(t, parseFragment(t, rendered)); again != rendered {
		t.Errorf("parse and render differ: %q\nfirst  %s\nsecond %s", in, rendered, again)
	}
	if browser := sortedMarkup(rendered); browser != sortedMarkup(got) {
		t.Errorf("a browser reads it otherwise: %q\n   ours %s\nbrowser %s", in, got, browser)
	}
	for _, n := range nodes {
		checkNode(t, in, n)
	}
}

// sortedMarkup is s with its attributes sorted and br always written alike,
// without the one newline that a parser drops at the start of pre.
func sortedMarkup(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for z.Next() != html.ErrorToken {
		t := z.Token()
		if t.Type == html.SelfClosingTagToken {
			t.Type = html.StartTagToken
		}
		slices.SortFunc(t.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
		b.WriteString(t.String())
	}
	return strings.ReplaceAll(b.String(), "<pre>\n", "<pre>")
}

func checkNode(t testing.TB, in string, n *html.Node) {
	t.Helper()
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		t.Errorf("node of type %d survives in %q", n.Type, in)
	}
	allowed, ok := allowedAttrs[n.Data]
	if !ok || n.Namespace != "" {
		t.Errorf("element %q survives in %q", n.Data, in)
	}
	for _, a := range n.Attr {
		if !strings.Contains(" "+allowed+" ", " "+a.Key+" ") || a.Namespace != "" {
			t.Errorf("attribute %q of %q survives in %q", a.Key, n.Data, in)
		}
		if a.Key == "href" && !isWebScheme(a.Val) {
			t.Errorf("address %q survives in %q", a.Val, in)
		}
	}
	for kid := range n.ChildNodes() {
		checkNode(t, in, kid)
	}
}
