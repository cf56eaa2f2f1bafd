package text

import (
	"regexp"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// Limits on the HTML of strangers. What is over them is cut or unwrapped.
const (
	maxHTML      = 1 << 19 // bytes looked at
	maxHTMLDepth = 64      // elements within each other
)

// policy is the last wall behind the rewriting in this file: the same subset
// once more, by other hands. It changes nothing that Sanitize wrote.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	class := regexp.MustCompile(`^[A-Za-z0-9_-]+( [A-Za-z0-9_-]+)*$`)
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong", "u", "i", "em",
		"ul", "ol", "li", "ruby", "rt", "rp")
	p.AllowNoAttrs().OnElements("span")
	p.AllowAttrs("lang").Matching(langAttr).Globally()
	p.AllowAttrs("class").Matching(class).OnElements("p", "span", "a")
	p.AllowAttrs("translate").Matching(regexp.MustCompile(`^no$`)).OnElements("span", "a")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(?i:https?)://[^\x00-\x20<>"\\]+$`)).OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^(tag )?nofollow noopener$`)).OnElements("a")
	p.AllowAttrs("target").Matching(regexp.MustCompile(`^_blank$`)).OnElements("a")
	p.AllowAttrs("start").Matching(numberAttr).OnElements("ol")
	p.AllowAttrs("reversed").OnElements("ol")
	p.AllowAttrs("value").Matching(numberAttr).OnElements("li")
	return p
}

var (
	langAttr   = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,4}$`)
	numberAttr = regexp.MustCompile(`^-?[0-9]{1,9}$`)
	classAttr  = regexp.MustCompile(`^((h|p|u|dt|e)-[A-Za-z0-9_-]*|mention|hashtag|ellipsis|invisible|quote-inline)$`)
)

// Sanitize is remote HTML as this server shows it (behaviours 9.7): only the
// allowed elements and attributes, properly nested; links to http and https
// only, the others are text; headings as bold paragraphs, images as links,
// formulas as their source. Whatever a link says, its real host can be seen
// (SEC-53). Sanitising again changes nothing.
func Sanitize(src string) string {
	b := treeBuilder{root: &node{}}
	b.current = b.root
	b.build(cutHTML(src))
	b.root.checkLinks()
	var out strings.Builder
	out.Grow(len(src) + len(src)/4)
	for _, kid := range b.root.kids {
		kid.write(&out)
	}
	return policy.Sanitize(strings.TrimSpace(out.String()))
}

func cutHTML(src string) string {
	if len(src) > maxHTML {
		src = src[:maxHTML]
	}
	return CleanUTF8(src)
}

// node is an element, or a text where tag is empty.
type node struct {
	tag     string
	text    string
	attrs   []html.Attribute
	kids    []*node
	parent  *node
	depth   int
	heading bool // a paragraph that stands for a heading
	pending bool // a block was unwrapped here: what follows begins a new line
}

// treeBuilder makes a properly nested tree of allowed elements. It does not
// follow the parsing rules of HTML, whose repairs differ between parsers; it
// yields trees that need no repair, so that all parsers agree about them.
type treeBuilder struct {
	root, current *node
}

func (b *treeBuilder) build(src string) {
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			b.addText(z.Token().Data)
		case html.StartTagToken:
			b.start(z, z.Token(), false)
		case html.SelfClosingTagToken:
			b.start(z, z.Token(), true)
		case html.EndTagToken:
			b.end(z.Token().Data)
		}
	}
}

// How the elements are treated; those in none of these lists are unwrapped.
func isAllowedBlock(tag string) bool {
	switch tag {
	case "p", "pre", "blockquote", "ul", "ol", "li":
		return true
	}
	return false
}

func isAllowedInline(tag string) bool {
	switch tag {
	case "span", "del", "s", "code", "b", "strong", "u", "i", "em", "ruby":
		return true
	}
	return false
}

func isHeading(tag string) bool {
	return len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'
}

// isUnwrappedBlock is an element that goes while its content stays, on a line
// of its own.
func isUnwrappedBlock(tag string) bool {
	switch tag {
	case "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "figure", "figcaption",
		"table", "caption", "tr", "td", "th", "dl", "dt", "dd", "details", "summary", "form", "fieldset", "center", "hr":
		return true
	}
	return false
}

// isDropped is an element that goes with its content.
func isDropped(tag string) bool {
	switch tag {
	case "script", "style", "template", "iframe", "noscript", "noembed", "noframes", "object", "svg", "math", "title", "head",
		"select", "audio", "video", "canvas":
		return true
	}
	return false
}

func (b *treeBuilder) start(z *html.Tokenizer, t html.Token, selfClosing bool) {
	tag := t.Data
	switch {
	case tag == "br":
		b.add(&node{tag: "br"})
	case tag == "math" && !selfClosing:
		b.addText(formula(z, t))
	case isDropped(tag):
		if !selfClosing || tag == "script" || tag == "style" {
			skipContent(z, tag)
		}
	case tag == "img":
		b.image(t)
	case tag == "a":
		b.closeOpen("a")
		if href, ok := WebURL(attr(t, "href")); ok {
			b.open(tag, linkAttrs(t, href))
		}
	case tag == "li" && !b.inList():
		b.breakLine()
	case tag == "rt" || tag == "rp":
		b.rubyPart(tag, t)
	case isAllowedBlock(tag), isHeading(tag):
		b.block(tag, t)
	case isAllowedInline(tag):
		b.open(tag, commonAttrs(tag, t))
	case isUnwrappedBlock(tag):
		b.closeOpen("p")
		b.breakLine()
	}
}

func (b *treeBuilder) end(tag string) {
	switch {
	case isHeading(tag):
		for n := b.current; n.parent != nil; n = n.parent {
			if n.heading {
				b.current = n.parent
				return
			}
		}
	case isUnwrappedBlock(tag):
		b.closeOpen("p")
		b.breakLine()
	case tag == "li" && !b.inList():
		b.breakLine()
	default:
		b.closeOpen(tag)
	}
}

// closeOpen closes the innermost open element called tag, with all in it.
func (b *treeBuilder) closeOpen(tag string) {
	for n := b.current; n.parent != nil; n = n.parent {
		if n.tag == tag {
			b.current = n.parent
			return
		}
	}
}

// block opens a block element where it may stand: never in a paragraph, an
// item never in an item of the same list.
func (b *treeBuilder) block(tag string, t html.Token) {
	if tag == "li" {
		for n := b.current; n.tag != "ul" && n.tag != "ol"; n = n.parent {
			if n.tag == "li" {
				b.current = n.parent
				break
			}
		}
	}
	b.closeOpen("p")
	if !isHeading(tag) {
		b.open(tag, commonAttrs(tag, t))
		return
	}
	if b.open("p", nil) {
		b.current.heading = true
	}
	b.open("strong", nil)
}

// rubyPart opens the reading of a ruby text, which only stands right in it.
func (b *treeBuilder) rubyPart(tag string, t html.Token) {
	if b.current.tag == "rt" || b.current.tag == "rp" {
		b.current = b.current.parent
	}
	if b.current.tag == "ruby" {
		b.open(tag, commonAttrs(tag, t))
	}
}

// image puts a link in a picture's place, or only its description where there
// is a link already or the picture is an emoji.
func (b *treeBuilder) image(t html.Token) {
	alt := strings.TrimSpace(attr(t, "alt"))
	href, ok := WebURL(attr(t, "src"))
	emoji := len(alt) > 3 && alt[0] == ':' && alt[len(alt)-1] == ':' && ValidShortcode(alt[1:len(alt)-1])
	if !ok || emoji || b.inside("a") {
		b.addText(alt)
		return
	}
	if alt == "" {
		alt = href
	}
	parent := b.current
	if b.open("a", linkAttrs(html.Token{}, href)) {
		b.addText(alt)
	}
	b.current = parent
}

func (b *treeBuilder) inside(tag string) bool {
	for n := b.current; n.parent != nil; n = n.parent {
		if n.tag == tag {
			return true
		}
	}
	return false
}

// inList reports whether an item may be opened here.
func (b *treeBuilder) inList() bool { return b.inside("ul") || b.inside("ol") }

// open adds an element and goes into it, unless that is too deep.
func (b *treeBuilder) open(tag string, attrs []html.Attribute) bool {
	if b.current.depth >= maxHTMLDepth {
		return false
	}
	n := &node{tag: tag, attrs: attrs}
	b.add(n)
	b.current = n
	return true
}

func (b *treeBuilder) addText(s string) {
	if s == "" || b.current.pending && strings.TrimSpace(s) == "" {
		return
	}
	s = strings.Map(func(r rune) rune {
		if r == 0x202D || r == 0x202E {
			return -1
		}
		return r
	}, s)
	if last := b.current.last(); last != nil && last.tag == "" && !b.current.pending {
		last.text += s
		return
	}
	b.add(&node{text: s})
}

func (b *treeBuilder) add(n *node) {
	p := b.current
	if p.pending {
		p.pending = false
		if last := p.last(); last != nil && last.tag != "br" && n.tag != "br" && !isAllowedBlock(last.tag) && !isAllowedBlock(n.tag) {
			p.kids = append(p.kids, &node{tag: "br", parent: p})
		}
	}
	n.parent, n.depth = p, p.depth+1
	p.kids = append(p.kids, n)
}

func (b *treeBuilder) breakLine() { b.current.pending = true }

func (n *node) last() *node {
	if len(n.kids) == 0 {
		return nil
	}
	return n.kids[len(n.kids)-1]
}

func (n *node) write(w *strings.Builder) {
	if n.tag == "" {
		w.WriteString(html.EscapeString(n.text))
		return
	}
	w.WriteString("<" + n.tag)
	for _, a := range n.attrs {
		w.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
	}
	w.WriteByte('>')
	if n.tag == "br" {
		return
	}
	for _, kid := range n.kids {
		kid.write(w)
	}
	w.WriteString("</" + n.tag + ">")
}

// attr is the value of the first attribute called key, as parsers take it.
func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(t html.Token, key string) bool {
	return slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// commonAttrs are the attributes that an element other than a link keeps.
func commonAttrs(tag string, t html.Token) []html.Attribute {
	if len(t.Attr) == 0 {
		return nil
	}
	var out []html.Attribute
	keep := func(key, val string, ok bool) {
		if ok {
			out = append(out, html.Attribute{Key: key, Val: val})
		}
	}
	switch tag {
	case "p", "span":
		class := keepClasses(attr(t, "class"))
		keep("class", class, class != "")
		keep("translate", "no", tag == "span" && attr(t, "translate") == "no")
	case "ol":
		start := attr(t, "start")
		keep("start", start, numberAttr.MatchString(start))
		keep("reversed", "", hasAttr(t, "reversed"))
	case "li":
		value := attr(t, "value")
		keep("value", value, numberAttr.MatchString(value))
	}
	lang := attr(t, "lang")
	keep("lang", lang, langAttr.MatchString(lang))
	return out
}

func linkAttrs(t html.Token, href string) []html.Attribute {
	out := []html.Attribute{{Key: "href", Val: href}}
	if class := keepClasses(attr(t, "class")); class != "" {
		out = append(out, html.Attribute{Key: "class", Val: class})
	}
	rel := "nofollow noopener"
	if slices.Contains(strings.Fields(strings.ToLower(attr(t, "rel"))), "tag") {
		rel = "tag " + rel
	}
	out = append(out, html.Attribute{Key: "rel", Val: rel}, html.Attribute{Key: "target", Val: "_blank"})
	if attr(t, "translate") == "no" {
		out = append(out, html.Attribute{Key: "translate", Val: "no"})
	}
	if lang := attr(t, "lang"); langAttr.MatchString(lang) {
		out = append(out, html.Attribute{Key: "lang", Val: lang})
	}
	return out
}

func keepClasses(class string) string {
	var kept []string
	for _, c := range strings.Fields(class) {
		if classAttr.MatchString(c) {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, " ")
}

// skipContent reads on until the end tag of an element that has begun.
func skipContent(z *html.Tokenizer, tag string) {
	for open := 1; open > 0; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == tag {
				open++
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == tag {
				open--
			}
		}
	}
}

// formula reads a formula to its end and returns the source it is annotated
// with: TeX between dollar signs, else plain text, else nothing (9.7).
func formula(z *html.Tokenizer, math html.Token) string {
	var tex, plain string
	var encoding string
	var path []string
	for open := 1; open > 0; {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			open = 0
		case html.StartTagToken:
			t := z.Token()
			if t.Data == "math" {
				open++
			}
			if len(path) < maxHTMLDepth {
				path = append(path, t.Data)
			}
			encoding = ""
			if len(path) == 2 && path[0] == "semantics" && t.Data == "annotation" {
				encoding = attr(t, "encoding")
			}
		case html.EndTagToken:
			if z.Token().Data == "math" {
				open--
			}
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
			encoding = ""
		case html.TextToken:
			s := strings.TrimSpace(z.Token().Data)
			switch {
			case encoding == "application/x-tex" && tex == "":
				tex = s
			case encoding == "text/plain" && plain == "":
				plain = s
			}
		}
	}
	switch {
	case tex == "":
		return plain
	case attr(math, "display") == "block":
		return "$$" + tex + "$$"
	}
	return "$" + tex + "$"
}
