package text

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// markdown is the HTML of a post in Markdown: what other servers show, too, and
// through the same sieve as what comes from them. The same input gives the same
// bytes.
func markdown(src string, r Resolver) string {
	src = strings.TrimSpace(CleanUTF8(src))
	if src == "" {
		return ""
	}
	doc, root := parseMarkdown(src)
	accounts, shared := doc.resolve(r)
	w := &markdownWriter{
		writer: writer{style: style{paragraphs: true, rel: "nofollow noopener"}},
		src:    []byte(src), base: r.BaseURL, people: map[int]Account{}, shared: shared,
	}
	for i, t := range doc.Tokens {
		if a, ok := accounts[i]; ok {
			w.people[t.Start] = a
		}
	}
	w.Grow(len(src) + 200*len(doc.Tokens) + 16)
	w.kids(root)
	return Sanitize(w.String())
}

// markdownWriter writes a tree as HTML without a newline that is not in code.
type markdownWriter struct {
	writer
	src    []byte
	base   string
	people map[int]Account // by where they are mentioned
	shared map[string]bool // user names that several of them bear
	linked bool            // within a link, where no other may stand
}

func (w *markdownWriter) kids(n ast.Node) {
	for kid := n.FirstChild(); kid != nil; kid = kid.NextSibling() {
		w.node(kid)
	}
}

func (w *markdownWriter) within(tag string, n ast.Node) {
	w.WriteString("<" + tag + ">")
	w.kids(n)
	w.WriteString("</" + tag + ">")
}

func (w *markdownWriter) node(node ast.Node) {
	switch n := node.(type) {
	case *ast.Paragraph:
		w.within("p", n)
	case *ast.Heading:
		w.WriteString("<p>")
		w.within("strong", n)
		w.WriteString("</p>")
	case *ast.Blockquote:
		w.within("blockquote", n)
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.within("li", n)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.code(n)
	case *ast.CodeSpan:
		w.codeSpan(n)
	case *ast.Emphasis:
		if n.Level > 1 {
			w.within("strong", n)
		} else {
			w.within("em", n)
		}
	case *extensionast.Strikethrough:
		w.within("del", n)
	case *ast.Link:
		w.anchor(string(n.Destination), n)
	case *ast.Image:
		w.anchor(string(n.Destination), n)
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.Text:
		w.words(n)
	case *ast.String:
		w.escape(string(n.Value))
	case *entity:
		w.entity(n)
	default:
		w.kids(n)
	}
}

func (w *markdownWriter) list(n *ast.List) {
	switch {
	case !n.IsOrdered():
		w.within("ul", n)
	case n.Start == 1:
		w.within("ol", n)
	default:
		w.WriteString(`<ol start="` + strconv.Itoa(n.Start) + `">`)
		w.kids(n)
		w.WriteString("</ol>")
	}
}

func (w *markdownWriter) code(n ast.Node) {
	w.WriteString("<pre><code>")
	var lines strings.Builder
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		lines.Write(line.Value(w.src))
	}
	w.escape(strings.TrimRight(lines.String(), "\n"))
	w.WriteString("</code></pre>")
}

func (w *markdownWriter) codeSpan(n *ast.CodeSpan) {
	w.WriteString("<code>")
	for kid := n.FirstChild(); kid != nil; kid = kid.NextSibling() {
		if t, ok := kid.(*ast.Text); ok {
			w.escape(strings.ReplaceAll(string(t.Segment.Value(w.src)), "\n", " "))
		}
	}
	w.WriteString("</code>")
}

// anchor writes a link that somebody gave a text, or a picture, which is a
// link with its description. Only the web is linked to.
func (w *markdownWriter) anchor(address string, n ast.Node) {
	href, ok := WebURL(address)
	if !ok || w.linked {
		w.kids(n)
		return
	}
	w.WriteString(`<a href="`)
	w.escape(href)
	w.WriteString(`">`)
	w.linked = true
	if n.HasChildren() {
		w.kids(n)
	} else {
		w.escape(href)
	}
	w.linked = false
	w.WriteString("</a>")
}

func (w *markdownWriter) autoLink(n *ast.AutoLink) {
	if href, ok := WebURL(string(n.URL(w.src))); ok && n.AutoLinkType == ast.AutoLinkURL && !w.linked {
		w.link(href)
		return
	}
	w.escape(string(n.Label(w.src)))
}

var characterReference = regexp.MustCompile(`&#?[A-Za-z0-9]{1,32};`)

// words writes text with what is escaped in it as it is meant.
func (w *markdownWriter) words(n *ast.Text) {
	for s := string(n.Segment.Value(w.src)); s != ""; {
		plain, rest, escaped := strings.Cut(s, `\`)
		w.escape(characterReference.ReplaceAllStringFunc(plain, html.UnescapeString))
		if escaped && (rest == "" || !util.IsPunct(rest[0])) {
			w.escape(`\`)
		} else if escaped {
			w.escape(rest[:1])
			rest = rest[1:]
		}
		s = rest
	}
	if n.SoftLineBreak() || n.HardLineBreak() {
		w.WriteString("<br />")
	}
}

func (w *markdownWriter) entity(n *entity) {
	typed := string(w.src[n.token.Start:n.token.End])
	person, known := w.people[n.token.Start]
	switch {
	case w.linked:
		w.escape(typed)
	case n.token.Kind == KindURL && isWebScheme(typed):
		w.link(typed)
	case n.token.Kind == KindHashtag:
		w.hashtag(trimHashSign(typed), w.base)
	case known && person.URL != "":
		w.mention(person, w.shared[strings.ToLower(person.Username)])
	default:
		w.escape(typed)
	}
}
