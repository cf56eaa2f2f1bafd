package text

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	mdtext "github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"coterie/internal/domain"
)

// ParsePost is Parse for a post of that content type, as stored.
func ParsePost(contentType, src string) Doc {
	if contentType == domain.TypeMarkdown {
		d, _ := parseMarkdown(src)
		return d
	}
	return Parse(src)
}

// PostHTML is HTML for a post of that content type, as stored.
func PostHTML(contentType, src string, r Resolver) string {
	if contentType == domain.TypeMarkdown {
		return markdown(src, r)
	}
	return HTML(src, r)
}

// markdownParser reads CommonMark with struck text. HTML is no part of it: what
// looks like a tag is text.
var markdownParser = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(extension.NewStrikethroughParser(), 500),
		util.Prioritized(entityParser{}, 900),
	),
	parser.WithParagraphTransformers(util.Prioritized(parser.LinkReferenceParagraphTransformer, 100)),
)

var (
	entityKind = ast.NewNodeKind("Entity")
	tokensKey  = parser.NewContextKey()
)

// entity is a link, mention or hashtag as typed, in a tree.
type entity struct {
	ast.BaseInline
	token Token
}

func (*entity) Kind() ast.NodeKind { return entityKind }

func (e *entity) Dump(source []byte, level int) { ast.DumpHelper(e, source, level, nil, nil) }

// entityParser takes the tokens of the plain text whole, so that their
// underscores and stars stress nothing.
type entityParser struct{}

// Trigger are a space, which stands for the beginning of a line too, and every
// punctuation but the backslash, which escapes what follows.
func (entityParser) Trigger() []byte { return []byte(" !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~") }

func (entityParser) Parse(parent ast.Node, block mdtext.Reader, pc parser.Context) ast.Node {
	tokens, _ := pc.Get(tokensKey).(map[int]Token)
	line, seg := block.PeekLine()
	lead := 0
	t, ok := tokens[seg.Start]
	if !ok && len(line) > 0 && !isASCIIAlnum(line[0]) && line[0] < 0x80 {
		lead = 1
		t, ok = tokens[seg.Start+1]
	}
	length := t.End - t.Start
	if !ok || seg.Padding > 0 || lead+length > len(line) {
		return nil
	}
	if lead > 0 {
		ast.MergeOrAppendTextSegment(parent, seg.WithStop(seg.Start+lead))
	}
	block.Advance(lead + length)
	return &entity{token: t}
}

// parseMarkdown reads a post: its tree, and the tokens that are neither code
// nor part of a link.
func parseMarkdown(src string) (Doc, ast.Node) {
	tokens := map[int]Token{}
	for _, t := range Parse(unmarked(src)).Tokens {
		if t = unstressed(src, t); t.Start < t.End {
			tokens[t.Start] = t
		}
	}
	c := collector{src: []byte(src), tokens: tokens}
	pc := parser.NewContext()
	pc.Set(tokensKey, tokens)
	root := markdownParser.Parse(mdtext.NewReader(c.src), parser.WithContext(pc))
	c.collect(root)
	return Doc{Src: src, Tokens: c.found}, root
}

// unmarked is src with spaces for the marks that begin stress, which stand
// before a mention or hashtag as nothing else does.
func unmarked(src string) string {
	b := []byte(src)
	for i, c := range b {
		if (c == '*' || c == '_' || c == '~') && (i == 0 || strings.IndexByte(" \t\r\n([{\"'>", b[i-1]) >= 0) {
			b[i] = ' '
		}
	}
	return string(b)
}

// unstressed leaves out the marks at the end of a token that end stress: of an
// address all, of a name those that stand before it, too.
func unstressed(src string, t Token) Token {
	if t.Kind == KindURL {
		t.End = t.Start + len(strings.TrimRight(src[t.Start:t.End], "*_~"))
		return t
	}
	for i := t.Start - 1; i >= 0 && src[i] == '_' && src[t.End-1] == '_'; i-- {
		t.End--
	}
	if t.Kind == KindMention && t.Mention.Domain == "" {
		t.Mention.User = src[t.Start+1 : t.End]
	}
	return t
}

// collector finds the tokens of a tree in their order.
type collector struct {
	src    []byte
	tokens map[int]Token
	found  []Token
}

// collect looks below n. Tokens that no parser came by, since nothing stands
// out before them, are put in their place.
func (c *collector) collect(n ast.Node) {
	for kid := n.FirstChild(); kid != nil; {
		next := kid.NextSibling()
		switch k := kid.(type) {
		case *entity:
			c.found = append(c.found, k.token)
		case *ast.Text:
			for next != nil && k.Segment.Stop > 0 && k.Merge(next, c.src) {
				n.RemoveChild(n, next)
				next = k.NextSibling()
			}
			c.split(n, k)
		case *ast.Link, *ast.Image, *ast.CodeSpan:
		default:
			c.collect(k)
		}
		kid = next
	}
}

// split takes the tokens within a text out of it.
func (c *collector) split(parent ast.Node, text *ast.Text) {
	for i := text.Segment.Start; i < text.Segment.Stop; i++ {
		t, ok := c.tokens[i]
		if !ok || t.End > text.Segment.Stop || i > 0 && c.src[i-1] == '\\' {
			continue
		}
		if i > text.Segment.Start {
			parent.InsertBefore(parent, text, ast.NewTextSegment(text.Segment.WithStop(i)))
		}
		parent.InsertBefore(parent, text, &entity{token: t})
		c.found = append(c.found, t)
		text.Segment = text.Segment.WithStart(t.End)
		i = t.End - 1
	}
}
