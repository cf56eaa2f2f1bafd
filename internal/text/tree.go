package text

import (
	"strings"

	"golang.org/x/net/html"
)

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
