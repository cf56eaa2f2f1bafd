package remote

import (
	"encoding/json"
	"html"
	"slices"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"

	"coterie/internal/domain"
)

// article is what JSON-LD says of an article (schema.org).
type article struct {
	headline, description, published, publisher, language string

	authors []domain.CardAuthor
}

// read takes the first article of a block, unless one was found already.
func (a *article) read(block []byte) {
	if a.headline != "" {
		return
	}
	var v any
	if json.Unmarshal(block, &v) == nil {
		a.find(v, maxLDDepth)
	}
}

func (a *article) find(v any, depth int) {
	if depth == 0 || a.headline != "" {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			a.find(item, depth-1)
		}
	case map[string]any:
		if isArticle(v["@type"]) {
			a.take(v)
			return
		}
		a.find(v["@graph"], depth-1)
	}
}

func isArticle(kind any) bool {
	list, ok := kind.([]any)
	if !ok {
		list = []any{kind}
	}
	return slices.ContainsFunc(list, func(k any) bool {
		s, _ := k.(string)
		return strings.HasSuffix(s, "Article") || strings.HasSuffix(s, "Posting") || s == "Report"
	})
}

func (a *article) take(v map[string]any) {
	a.headline = ldText(v["headline"])
	if a.headline == "" {
		a.headline = ldText(v["name"])
	}
	a.description, a.published, a.language = ldText(v["description"]), ldText(v["datePublished"]), ldText(v["inLanguage"])
	if p, ok := v["publisher"].(map[string]any); ok {
		a.publisher = ldText(p["name"])
	}
	list, ok := v["author"].([]any)
	if !ok {
		list = []any{v["author"]}
	}
	a.authors = nil
	for _, one := range list {
		who := domain.CardAuthor{Name: ldText(one)}
		if m, ok := one.(map[string]any); ok {
			who = domain.CardAuthor{Name: ldText(m["name"]), URL: ldText(m["url"])}
		}
		if who.Name != "" && len(a.authors) < maxCardAuthors {
			a.authors = append(a.authors, who)
		}
	}
}

// ldText is a text of JSON-LD, which is often escaped once too often.
func ldText(v any) string {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	s, _ := v.(string)
	return html.UnescapeString(s)
}

// embed is an answer of oEmbed.
type embed struct {
	kind, title, author, authorURL, provider, providerURL, url, thumbnail string

	frame         string // the address of the first frame in its HTML
	width, height int
}

// apply reads an oEmbed answer; what cannot be read says nothing.
func (p *page) apply(answer []byte) {
	var v map[string]any
	if json.Unmarshal(answer, &v) != nil {
		return
	}
	word := func(key string) string { s, _ := v[key].(string); return s }
	p.embed = embed{
		kind: word("type"), title: html.UnescapeString(word("title")), author: word("author_name"), authorURL: word("author_url"),
		provider: word("provider_name"), providerURL: word("provider_url"), url: word("url"), thumbnail: word("thumbnail_url"),
		frame: firstFrame(word("html")), width: pixels(v["width"]), height: pixels(v["height"]),
	}
}

func pixels(v any) int {
	switch v := v.(type) {
	case float64:
		return side(strconv.FormatFloat(v, 'f', 0, 64))
	case string:
		return side(v)
	}
	return 0
}

// firstFrame is the address of the first frame in some HTML, "" for none.
func firstFrame(src string) string {
	z := nethtml.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return ""
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			if t := z.Token(); t.Data == "iframe" {
				return attribute(t, "src")
			}
		}
	}
}
