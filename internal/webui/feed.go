package webui

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/media"
	"coterie/internal/text"
	"coterie/internal/timeline"
)

// A feed has up to feedLength posts out of the newest feedReach.
const (
	feedLength = 20
	feedReach  = 40
)

// rss is RSS 2.0 with a link to itself.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Self        rssSelf   `xml:"atom:link"`
	Image       *rssImage `xml:"image"`
	LastBuild   string    `xml:"lastBuildDate,omitempty"`
	Generator   string    `xml:"generator"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	GUID        rssGUID  `xml:"guid"`
	Link        string   `xml:"link"`
	Published   string   `xml:"pubDate"`
	Description string   `xml:"description"`
	Categories  []string `xml:"category"`

	Enclosures []rssEnclosure `xml:"enclosure"`
	Media      []rssMedia     `xml:"media:content"`
}

// rssEnclosure names one file, of which most readers look at the first.
type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr"`
	Length int64  `xml:"length,attr"`
}

// rssMedia is a file with what it shows (Media RSS).
type rssMedia struct {
	URL         string          `xml:"url,attr"`
	Type        string          `xml:"type,attr"`
	Length      int64           `xml:"fileSize,attr,omitempty"`
	Medium      string          `xml:"medium,attr"`
	Description *rssDescription `xml:"media:description"`
}

type rssDescription struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	URL       string `xml:",chardata"`
}

// personFeed is the feed of a tab of a profile: public posts, no boosts.
func (s *Server) personFeed(r *httpkit.Request, segment string, q timeline.ProfileQuery) (any, error) {
	a, err := s.handle(r, segment)
	if err != nil {
		return nil, err
	}
	shown, err := s.account(r, a.ID)
	if err != nil {
		return nil, err
	}
	q.ExcludeReblogs = true
	ids, err := s.timeline.Profile(r.Context(), 0, a.ID, q, domain.Page{Limit: feedReach})
	if err != nil {
		return nil, err
	}
	c := rssChannel{Title: s.titleOf(&shown), Link: shown.URL, Description: text.PlainText(string(shown.Note))}
	address := shown.URL
	switch {
	case q.Tagged != "":
		address = s.urls.TaggedBy(&a, text.NormalizeHashtag(q.Tagged))
		c.Title, c.Link = "#"+q.Tagged+" · "+c.Title, address
	case q.OnlyMedia:
		address += "/media"
	case !q.ExcludeReplies:
		address += "/with_replies"
		c.Link = address
	}
	c.Image = &rssImage{URL: shown.Avatar, Title: c.Title, Link: c.Link}
	if hiddenFromRobots(&a) {
		r.SetHeader("X-Robots-Tag", "noindex")
	}
	return s.feed(r, c, address, ids)
}

// tagFeed is the feed of a hashtag.
func (s *Server) tagFeed(r *httpkit.Request, name string) (any, error) {
	ids, err := s.publicIDs(r, true, timeline.PublicQuery{}, func(q timeline.PublicQuery) ([]domain.ID, error) {
		return s.timeline.Tag(r.Context(), 0, timeline.TagQuery{Name: name, PublicQuery: q}, domain.Page{Limit: feedReach})
	})
	if err != nil {
		return nil, err
	}
	address := s.urls.Tag(text.NormalizeHashtag(name))
	return s.feed(r, rssChannel{Title: "#" + name, Link: address, Description: "#" + name + " · " + s.urls.Host}, address, ids)
}

// feed answers with the public ones of these posts, or that nothing changed.
func (s *Server) feed(r *httpkit.Request, c rssChannel, address string, ids []domain.ID) (any, error) {
	list, err := s.entities(r.Context(), 0, ids)
	if err != nil {
		return nil, err
	}
	sizes, err := s.sizes(r.Context(), list)
	if err != nil {
		return nil, err
	}
	var changed time.Time
	for i := range list {
		e := &list[i]
		if e.Visibility != domain.Public.String() || len(c.Items) == feedLength {
			continue
		}
		item := e.item()
		s.enclose(&item, e, sizes)
		c.Items = append(c.Items, item)
		for _, t := range []time.Time{e.CreatedAt, e.EditedAt} {
			if t.After(changed) {
				changed = t
			}
		}
	}
	c.Self = rssSelf{Href: address + feedSuffix, Rel: "self", Type: "application/rss+xml"}
	c.Generator = "Coterie " + s.version
	if !changed.IsZero() {
		c.LastBuild = rssTime(changed)
	}
	body, err := xml.Marshal(rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Media: "http://search.yahoo.com/mrss/", Channel: c})
	if err != nil {
		return nil, fmt.Errorf("write a feed: %w", err)
	}
	body = append([]byte(xml.Header), body...)
	sum := sha256.Sum256(body)
	w := r.Writer()
	h := w.Header()
	h.Set("Content-Type", "application/rss+xml; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r.HTTP, "", changed, bytes.NewReader(body))
	return httpkit.Written{}, nil
}

// ownFile is the name of a file of ours at an address, "" for others.
func (s *Server) ownFile(address string) string {
	name, ours := strings.CutPrefix(address, s.urls.Base+"/media/")
	if !ours {
		return ""
	}
	return name
}

// sizes are those of the files of ours that the posts show.
func (s *Server) sizes(ctx context.Context, list []statusEntity) (map[string]int64, error) {
	var names []string
	for i := range list {
		for _, m := range list[i].Media {
			if name := s.ownFile(m.URL); name != "" {
				names = append(names, name)
			}
		}
	}
	return s.st.MediaSizes(ctx, names)
}

// enclose adds the files of a post that live here.
func (s *Server) enclose(item *rssItem, e *statusEntity, sizes map[string]int64) {
	for _, m := range e.Media {
		name := s.ownFile(m.URL)
		size, ok := sizes[name]
		if !ok {
			continue
		}
		medium := m.Type
		if medium == string(domain.AttachmentGIFV) {
			medium = string(domain.AttachmentVideo)
		}
		shown := rssMedia{URL: m.URL, Type: media.TypeOf(name), Length: size, Medium: medium}
		if m.Description != "" {
			shown.Description = &rssDescription{"plain", m.Description}
		}
		item.Enclosures = append(item.Enclosures, rssEnclosure{m.URL, shown.Type, size})
		item.Media = append(item.Media, shown)
	}
}

func rssTime(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }

// item is the post in a feed. Its HTML is that of the entity, with what else
// the post has as HTML, too.
func (e *statusEntity) item() rssItem {
	var b strings.Builder
	if e.Spoiler != "" {
		b.WriteString("<p><strong>CW: " + template.HTMLEscapeString(e.Spoiler) + "</strong></p><hr>")
	}
	b.WriteString(string(e.Content))
	if e.Poll != nil {
		b.WriteString("<ul>")
		for _, o := range e.Poll.Options {
			b.WriteString("<li>" + template.HTMLEscapeString(o.Title) + "</li>")
		}
		b.WriteString("</ul>")
	}
	i := rssItem{GUID: rssGUID{true, e.URL}, Link: e.URL, Published: rssTime(e.CreatedAt), Description: b.String()}
	for _, t := range e.Tags {
		i.Categories = append(i.Categories, t.Name)
	}
	return i
}
