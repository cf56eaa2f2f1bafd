package apub

import (
	"strings"
	"time"
)

// Mention is a person named by a post. Href is the actor id, or a profile
// address at some servers, or ""; then Name ("@user@host") must lead on.
type Mention struct{ Href, Name string }

// Hashtag is a tag without its #.
type Hashtag struct{ Name, Href string }

// Emoji is a custom emoji. ID may be ""; key by shortcode and host then.
type Emoji struct {
	ID, Shortcode  string // no colons
	URL, MediaType string
	Updated        time.Time // zero or 1970 never looks newer: compare URL too
}

// LinkTag is an object link of a post (FEP-e232).
type LinkTag struct{ Href, MediaType, Rel, Name string }

type tags struct {
	mentions    []Mention
	hashtags    []Hashtag
	emojis      []Emoji
	links       []LinkTag
	collections []string
}

// readTags sorts one-or-many tags. Entries that make no sense are left out.
func readTags(n *node) tags {
	var t tags
	for _, e := range n.list(MaxMentions + MaxHashtags + MaxEmojis + MaxLinks) {
		t.add(e)
		// Pixelfed mixes numbered entries into the first one.
		for i := range e.members {
			if k := e.members[i].key; k != "" && len(k) < 4 && strings.Trim(k, "0123456789") == "" {
				t.add(&e.members[i].value)
			}
		}
	}
	return t
}

func (t *tags) add(n *node) {
	if n.kind != kindObject {
		return
	}
	switch {
	case n.is("Mention"):
		m := Mention{Href: href(n.get("href").str()), Name: line(cut(n.get("name").str(), MaxName))}
		if (m.Href != "" || strings.Contains(m.Name, "@")) && len(t.mentions) < MaxMentions {
			t.mentions = append(t.mentions, m)
		}
	case n.is("Hashtag"):
		if h, ok := readHashtag(n); ok && len(t.hashtags) < MaxHashtags {
			t.hashtags = append(t.hashtags, h)
		}
	case n.is("Emoji"):
		if e, ok := readEmoji(n); ok && len(t.emojis) < MaxEmojis {
			t.emojis = append(t.emojis, e)
		}
	case n.is("FeaturedCollection"):
		if id := n.get("id").id(); id != "" && len(t.collections) < MaxTaggedCollections {
			t.collections = append(t.collections, id)
		}
	case n.is("Link"):
		l := LinkTag{
			Href: href(n.get("href").str()), MediaType: cut(n.get("mediaType").str(), 200),
			Rel: cut(n.get("rel").str(), 200), Name: cut(n.get("name").str(), MaxName),
		}
		if l.Href != "" && len(t.links) < MaxLinks {
			t.links = append(t.links, l)
		}
	}
}

func readHashtag(n *node) (Hashtag, bool) {
	name := strings.TrimLeft(line(n.get("name").str()), "#＃")
	if name == "" || len(name) > 4*MaxTagName || cut(name, MaxTagName) != name || strings.ContainsAny(name, " /<>\"") {
		return Hashtag{}, false
	}
	return Hashtag{Name: name, Href: href(n.get("href").str())}, true
}

func readEmoji(n *node) (Emoji, bool) {
	code := strings.Trim(n.get("name").str(), ":")
	if len(code) < 2 || len(code) > MaxShortcode {
		return Emoji{}, false
	}
	for _, c := range code {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return Emoji{}, false
		}
	}
	icon := readImage(n.get("icon"))
	if icon == nil {
		return Emoji{}, false
	}
	return Emoji{
		ID: n.get("id").id(), Shortcode: code, URL: icon.URL, MediaType: icon.MediaType,
		Updated: n.get("updated").moment(),
	}, true
}
