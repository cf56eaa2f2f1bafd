package remote

import (
	"bytes"
	"html"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/text"
)

// Bounds of what a card says, in characters and pixels.
const (
	maxCardTitle       = 300
	maxCardDescription = 1000
	maxCardName        = 200
	maxCardAuthors     = 5
	maxCardSide        = 10_000
	maxMetas           = 200
	maxLDBlocks        = 8
	maxLDDepth         = 4
)

// page is what a page says of itself, as it says it.
type page struct {
	final     *url.URL // where it was found
	base      *url.URL // from which its links count
	metas     map[string]string
	title     string
	language  string
	canonical string
	oembed    string
	creator   string
	article   article
	embed     embed
}

// readPage reads the head of a page, and JSON-LD wherever it stands. What
// strangers wrote below the head counts for nothing.
func readPage(body []byte, contentType string, final *url.URL) *page {
	p := &page{final: final, base: final, metas: map[string]string{}}
	r, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		r = bytes.NewReader(body)
	}
	p.scan(nethtml.NewTokenizer(io.LimitReader(r, 4*maxPageRead)))
	p.creator = strings.TrimSpace(p.metas["fediverse:creator"])
	return p
}

func (p *page) scan(z *nethtml.Tokenizer) {
	head, blocks := true, 0
	for {
		switch z.Next() {
		case nethtml.ErrorToken:
			return
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			t := z.Token()
			switch {
			case t.Data == "body":
				head = false
			case t.Data == "script" && attribute(t, "type") == "application/ld+json" && blocks < maxLDBlocks:
				blocks++
				if z.Next() == nethtml.TextToken {
					p.article.read(z.Text())
				}
			case head:
				p.headTag(z, t)
			}
		}
	}
}

func (p *page) headTag(z *nethtml.Tokenizer, t nethtml.Token) {
	switch t.Data {
	case "html":
		p.language = attribute(t, "lang")
	case "base":
		p.base = rebase(p.base, t)
	case "title":
		if p.title == "" && z.Next() == nethtml.TextToken {
			p.title = z.Token().Data
		}
	case "meta":
		name := strings.ToLower(strings.TrimSpace(attribute(t, "property")))
		if name == "" {
			name = strings.ToLower(strings.TrimSpace(attribute(t, "name")))
		}
		content := strings.TrimSpace(attribute(t, "content"))
		if _, there := p.metas[name]; !there && name != "" && content != "" && len(p.metas) < maxMetas {
			p.metas[name] = content
		}
	case "link":
		rel := strings.Fields(strings.ToLower(attribute(t, "rel")))
		switch {
		case slices.Contains(rel, "canonical") && p.canonical == "":
			p.canonical = p.address(attribute(t, "href"))
		case slices.Contains(rel, "alternate") && p.oembed == "" && strings.EqualFold(attribute(t, "type"), "application/json+oembed"):
			p.oembed = p.address(attribute(t, "href"))
		}
	}
}

// address is a link of the page, absolute and clean; "" if it is no address of
// the web.
func (p *page) address(href string) string {
	u, err := p.base.Parse(strings.TrimSpace(href))
	if href == "" || err != nil {
		return ""
	}
	clean, ok := text.WebURL(u.String())
	if !ok || apub.Host(clean) == "" || len(clean) > maxCardURL {
		return ""
	}
	return clean
}

// first is the first of the metas that is there.
func (p *page) first(names ...string) string {
	for _, n := range names {
		if v := p.metas[n]; v != "" {
			return v
		}
	}
	return ""
}

// card puts together what the page, its JSON-LD and its oEmbed answer say.
func (p *page) card() domain.Card {
	a, e := &p.article, &p.embed
	c := domain.Card{
		Type: domain.CardLink, Link: p.link(),
		Title:       line(maxCardTitle, e.title, p.first("og:title", "twitter:title"), a.headline, p.title),
		Description: line(maxCardDescription, p.first("og:description", "twitter:description"), a.description, p.metas["description"]),
		Provider:    line(maxCardName, e.provider, p.metas["og:site_name"], a.publisher),
		ProviderURL: p.address(e.providerURL),
		Authors:     p.authors(),
		Image:       p.address(p.first("og:image:secure_url", "og:image", "og:image:url", "twitter:image")),
		PublishedAt: pageTime(a.published, p.metas["article:published_time"]),
	}
	c.ImageDescription = line(maxCardDescription, p.first("og:image:alt", "twitter:image:alt"))
	locale, _, _ := strings.Cut(strings.ReplaceAll(p.metas["og:locale"], "_", "-"), ".")
	for _, l := range []string{p.language, locale, a.language} {
		if tag, ok := text.LanguageTag(l); ok && c.Language == "" {
			c.Language = tag
		}
	}
	if c.Image == "" {
		c.Image = p.address(e.thumbnail)
	}
	p.show(&c)
	return c
}

// show makes a photo of what oEmbed calls one, and of what is played a frame.
func (p *page) show(c *domain.Card) {
	e := &p.embed
	switch {
	case e.kind == "photo" && secure(p.address(e.url)):
		c.Type, c.EmbedURL, c.Width, c.Height = domain.CardPhoto, p.address(e.url), e.width, e.height
	case (e.kind == "video" || e.kind == "rich") && p.mayFrame(e.frame):
		c.Type, c.Width, c.Height = domain.CardType(e.kind), e.width, e.height
		c.HTML = frame(p.address(e.frame), e.width, e.height)
	case p.mayFrame(p.metas["twitter:player"]):
		c.Type, c.Width, c.Height = domain.CardVideo, side(p.metas["twitter:player:width"]), side(p.metas["twitter:player:height"])
		c.HTML = frame(p.address(p.metas["twitter:player"]), c.Width, c.Height)
	}
}

// link is the page's own name for itself, as far as its host may give one.
func (p *page) link() string {
	final := pageAddress(p.final.String())
	for _, l := range []string{p.canonical, p.address(p.metas["og:url"])} {
		if l = pageAddress(l); l != "" && apub.Host(l) == apub.Host(final) {
			return l
		}
	}
	return final
}

func (p *page) authors() []domain.CardAuthor {
	named := slices.Clone(p.article.authors)
	if e := p.embed; e.author != "" {
		named = []domain.CardAuthor{{Name: e.author, URL: e.authorURL}}
	}
	if len(named) == 0 {
		a := domain.CardAuthor{Name: p.metas["author"]}
		if by := p.metas["article:author"]; strings.HasPrefix(by, "http") {
			a.URL = by
		} else if a.Name == "" {
			a.Name = by
		}
		named = append(named, a)
	}
	out := []domain.CardAuthor{}
	for _, a := range named {
		a = domain.CardAuthor{Name: line(maxCardName, a.Name), URL: p.address(a.URL)}
		if (a.Name != "" || a.URL != "") && len(out) < maxCardAuthors {
			out = append(out, a)
		}
	}
	return out
}

// mayFrame reports whether an address may be shown in a frame: over https, and
// of the same site as the page, so that nobody frames a third.
func (p *page) mayFrame(src string) bool {
	src = p.address(src)
	return secure(src) && registrable(apub.Host(src)) == registrable(apub.Host(p.final.String()))
}

func secure(address string) bool { return strings.HasPrefix(strings.ToLower(address), "https://") }

// frame is the only HTML a card ever has.
func frame(src string, width, height int) string {
	b := `<iframe src="` + html.EscapeString(src) + `"`
	if width > 0 && height > 0 {
		b += ` width="` + strconv.Itoa(width) + `" height="` + strconv.Itoa(height) + `"`
	}
	return b + ` sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms" allowfullscreen="" frameborder="0"></iframe>`
}

// line is the first of several texts that says something, in one line without
// characters that are not seen.
func line(most int, texts ...string) string {
	for _, t := range texts {
		t = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsSpace(r), unicode.IsControl(r):
				return ' '
			case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
				return -1
			}
			return r
		}, text.CleanUTF8(t))
		if t = text.Truncate(strings.Join(strings.Fields(t), " "), most); t != "" {
			return t
		}
	}
	return ""
}

// side is a number of pixels.
func side(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 || n > maxCardSide {
		return 0
	}
	return n
}

// pageTime is the first of several times that can be read and is not absurd.
func pageTime(times ...string) time.Time {
	for _, s := range times {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
			t, err := time.Parse(layout, strings.TrimSpace(s))
			if err == nil && t.Year() > 0 && t.Year() < 10_000 {
				return t.UTC().Truncate(time.Millisecond)
			}
		}
	}
	return time.Time{}
}
