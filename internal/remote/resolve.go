package remote

import (
	"bytes"
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/fetch"
)

// Found is what a search named. One of the three is set.
type Found struct{ Account, Status, Collection domain.ID }

const (
	acceptPage = fetch.AcceptActivity + ", text/html;q=0.5"
	maxHead    = 256 << 10 // bytes of a page that are looked at
)

// Resolve finds what a search names: a handle, or the address of an actor, a
// post, a collection or a page about one. Look-ups of the network are few whatever is named.
func (s *Service) Resolve(ctx context.Context, query string) (Found, error) {
	ctx = WithBudget(ctx, resolveLookups)
	query = strings.TrimSpace(query)
	if strings.HasPrefix(query, "https://") || strings.HasPrefix(query, "http://") {
		return s.resolveAddress(ctx, query)
	}
	user, host, ok := handleIn(query)
	if !ok {
		return Found{}, domain.ErrNotFound
	}
	var a domain.Account
	var err error
	if host == "" {
		a, err = s.resident(ctx, s.Store.Reader(), user)
	} else {
		a, err = s.ByHandle(ctx, user, host)
	}
	return Found{Account: a.ID}, err
}

// handleIn reads user@host, @user@host, acct:user@host and @user.
func handleIn(query string) (user, host string, ok bool) {
	rest, scheme := strings.CutPrefix(query, "acct:")
	rest, sign := strings.CutPrefix(rest, "@")
	user, host, whole := strings.Cut(rest, "@")
	if user == "" || whole && host == "" || !whole && !sign && !scheme || strings.ContainsAny(rest, " /\t\n") {
		return "", "", false
	}
	return user, strings.ToLower(host), true
}

func (s *Service) resolveAddress(ctx context.Context, address string) (Found, error) {
	if f, err := s.resolveKnown(ctx, address); !domain.Is(err, domain.NotFound) {
		return f, err
	}
	if s.atHome(address) {
		return Found{}, domain.ErrNotFound
	}
	if err := s.mayAsk(address); err != nil {
		return Found{}, err
	}
	if err := spend(ctx); err != nil {
		return Found{}, err
	}
	doc, page, err := s.look(ctx, address)
	if err == nil && doc == nil {
		if doc, err = s.behind(ctx, page); err == nil {
			if f, err := s.resolveKnown(ctx, doc.ID); !domain.Is(err, domain.NotFound) {
				return f, err
			}
		}
	}
	if err != nil {
		return Found{}, fmt.Errorf("look at %s: %w", address, err)
	}
	return s.resolveDocument(ctx, doc)
}

// resolveDocument stores what a document is about, from its own id.
func (s *Service) resolveDocument(ctx context.Context, doc *apub.Document) (Found, error) {
	id := doc.ID
	switch doc.Class {
	case apub.ClassActor:
		a, err := s.Actor(ctx, id)
		return Found{Account: a.ID}, err
	case apub.ClassActivity:
		id = doc.Activity.Object().ID // a post's address may lead to its Create
	case apub.ClassNote:
	case apub.ClassCollection:
		if doc.Type != "FeaturedCollection" || doc.Collection == nil {
			return Found{}, domain.ErrNotFound
		}
		c, err := s.collectionFound(ctx, id, doc.Collection.AttributedTo)
		return Found{Collection: c}, err
	default:
		return Found{}, domain.ErrNotFound
	}
	st, err := s.Status(ctx, id)
	return Found{Status: st.ID}, err
}

// resolveKnown is what has that address here, without the network.
func (s *Service) resolveKnown(ctx context.Context, address string) (Found, error) {
	r := s.Store.Reader()
	a, err := s.Known(ctx, r, address)
	if domain.Is(err, domain.NotFound) {
		a, err = r.AccountByURL(ctx, address)
	}
	if domain.Is(err, domain.NotFound) {
		st, err := s.KnownStatus(ctx, r, address)
		return Found{Status: st.ID}, err
	}
	return Found{Account: a.ID}, err
}

// look fetches an address that may be a document's or a page's.
func (s *Service) look(ctx context.Context, address string) (*apub.Document, *fetch.Response, error) {
	isPage := fetch.MediaTypes("text/html", "application/xhtml+xml")
	res, err := s.request(ctx, address, fetch.Options{
		Accept: acceptPage, MaxBytes: apub.MaxBody,
		Types: func(t string) bool { return fetch.IsActivity(t) || isPage(t) },
	})
	if err != nil {
		return nil, nil, err
	}
	if !fetch.IsActivity(res.Header.Get("Content-Type")) {
		return nil, res, nil
	}
	doc, err := parse(res)
	return doc, res, err
}

// behind is the document of which a page says that it is its other form.
func (s *Service) behind(ctx context.Context, page *fetch.Response) (*apub.Document, error) {
	address := discovered(page.URL, page.Header, page.Body)
	if address == "" {
		return nil, domain.ErrNotFound
	}
	return s.Object(ctx, address)
}

// discovered is the address of the ActivityPub form of a page, by its Link
// header or its <link> elements, "" if it names none (facts 2).
func discovered(base *url.URL, header http.Header, body []byte) string {
	for _, value := range header.Values("Link") {
		for _, l := range links(value) {
			if href := alternate(base, l.href, l.rel, l.kind); href != "" {
				return href
			}
		}
	}
	z := html.NewTokenizer(bytes.NewReader(body[:min(len(body), maxHead)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "body" {
				return ""
			}
			if t.Data == "base" {
				base = rebase(base, t)
			}
			if t.Data != "link" {
				continue
			}
			if href := alternate(base, attribute(t, "href"), attribute(t, "rel"), attribute(t, "type")); href != "" {
				return href
			}
		}
	}
}

func rebase(base *url.URL, t html.Token) *url.URL {
	if u, err := base.Parse(attribute(t, "href")); err == nil {
		return u
	}
	return base
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// alternate is the address of a link if it is to an ActivityPub document.
func alternate(base *url.URL, href, rel, kind string) string {
	if href == "" || !fetch.IsActivity(kind) || !slices.Contains(strings.Fields(strings.ToLower(rel)), "alternate") {
		return ""
	}
	u, err := base.Parse(strings.TrimSpace(href))
	if err != nil || apub.Host(u.String()) == "" {
		return ""
	}
	return u.String()
}

// headerLink is one link of a Link header.
type headerLink struct{ href, rel, kind string }

// links reads a Link header (RFC 8288): <address>; rel="…"; type="…", …
func links(value string) []headerLink {
	var out []headerLink
	for len(value) > 0 && len(out) < apub.MaxLinks {
		_, rest, ok := strings.Cut(value, "<")
		href, rest, ok2 := strings.Cut(rest, ">")
		if !ok || !ok2 {
			return out
		}
		end := parametersEnd(rest)
		_, params, err := mime.ParseMediaType("link/link" + rest[:end])
		if err == nil {
			out = append(out, headerLink{href, params["rel"], params["type"]})
		}
		value = rest[end:]
	}
	return out
}

// parametersEnd is where the parameters of a link end: at a comma outside of
// quotes.
func parametersEnd(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			return i
		}
	}
	return len(s)
}
