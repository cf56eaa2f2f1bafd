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
