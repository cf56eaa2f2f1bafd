package apub

import (
	"errors"
	"strings"
	"time"
)

// Actor is who does things: a person, a bot, a group, a server.
type Actor struct {
	ID, Type  string
	Username  string // preferredUsername as given; may hold dots and dashes
	Webfinger string // user@host when the actor states its handle (FEP-2c59)
	Name      string // one line of plain text; see DisplayName
	Summary   string // HTML as sent; some servers send plain text or markdown
	URL       string // page for people; the id when there is none

	Inbox, SharedInbox, Outbox   string
	Followers, Following         string
	Featured                     Ref // pinned posts; may be embedded
	FeaturedTags                 string
	FeaturedCollections          string
	Icon, Image                  *Image
	Locked                       bool // manuallyApprovesFollowers
	Discoverable, Indexable      bool
	Memorial, Suspended          bool
	ShowFeatured, ShowMedia      *bool // nil: not said
	ShowRepliesInMedia           *bool
	HidesToPublic, HidesCcPublic bool // from signed-out visitors (GoToSocial)
	Published                    time.Time
	Keys                         []Key
	Multikeys                    []Multikey
	Fields                       []Field
	Emojis                       []Emoji
	Hashtags                     []Hashtag
	AlsoKnownAs                  []string // http(s) only
	MovedTo                      string   // an id, or a profile page at Pixelfed: resolve it
	AttributionDomains           []string
	CanFeature                   *Rule
	Owners                       []string // attributedTo: moderators, or a channel's account
	Raw                          []byte
}

// Field is one line of a profile; Value is HTML.
type Field struct{ Name, Value string }

// Bot reports whether people should know that no person is behind it.
func (a *Actor) Bot() bool { return a.Type == "Service" || a.Type == "Application" }

// DisplayName is the name, or the username when there is none.
func (a *Actor) DisplayName() string {
	if a.Name == "" {
		return a.Username
	}
	return a.Name
}

// Handle is what the actor says its user@host is: webfinger if stated, else
// preferredUsername at the host of the id. It is a claim: ask WebFinger.
func (a *Actor) Handle() (user, host string) {
	if a.Webfinger != "" {
		i := strings.LastIndexByte(a.Webfinger, '@')
		return a.Webfinger[:i], a.Webfinger[i+1:]
	}
	return a.Username, Host(a.ID)
}

// Bare reports the stub that secure-mode servers show to unsigned requests:
// good for its keys, not for overwriting a fuller copy.
func (a *Actor) Bare() bool {
	return a.Featured.ID == "" && a.Followers == "" && a.Following == "" && a.Name == "" && a.Summary == "" &&
		a.Icon == nil && a.Image == nil && len(a.Fields) == 0 && a.Published.IsZero()
}

// Errors of Actor.Check.
var (
	ErrNoID       = errors.New("the object has no usable id")
	ErrNoInbox    = errors.New("the actor has no usable inbox")
	ErrNoUsername = errors.New("the actor has no usable username")
)

// Check reports whether the actor can be talked to (facts 9). An inbox on
// another host is legal; the address guard of the client decides about it.
func (a *Actor) Check() error {
	switch user, _ := a.Handle(); {
	case a.ID == "" || a.ID == Public:
		return ErrNoID
	case a.Inbox == "":
		return ErrNoInbox
	case user == "" || len(user) > MaxUsername || strings.ContainsAny(user, "@/ <>\"'"):
		return ErrNoUsername
	}
	return nil
}

func (r *reader) actor(n *node, d *Document) *Actor {
	username := n.get("preferredUsername").str()
	if line(username) != username {
		username = ""
	}
	a := &Actor{
		ID: d.ID, Type: d.Type, Raw: d.Raw, Username: username,
		Webfinger: readHandle(n.get("webfinger").str()),
		Name:      cut(line(cut(firstText(n, "name"), 2*MaxName)), MaxName),
		Summary:   cutBytes(firstText(n, "summary"), MaxBio),

		Inbox: inbox(n.get("inbox")), SharedInbox: inbox(n.get("endpoints").get("sharedInbox")),
		Outbox:    n.get("outbox").id(),
		Followers: n.get("followers").id(), Following: n.get("following").id(),
		Featured: r.ref(n.get("featured")), FeaturedTags: n.get("featuredTags").id(),
		FeaturedCollections: n.get("featuredCollections").id(),
		Icon:                readImage(n.get("icon")), Image: readImage(n.get("image")),

		Locked:       n.get("manuallyApprovesFollowers").bool(),
		Discoverable: n.get("discoverable").bool(), Indexable: n.get("indexable").bool(),
		Memorial: n.get("memorial").bool(), Suspended: n.get("suspended").bool(),
		ShowFeatured: n.get("showFeatured").said(), ShowMedia: n.get("showMedia").said(),
		ShowRepliesInMedia: n.get("showRepliesInMedia").said(),
		HidesToPublic:      n.get("hidesToPublicFromUnauthedWeb").bool(),
		HidesCcPublic:      n.get("hidesCcPublicFromUnauthedWeb").bool(),
		Published:          n.get("published").moment(),
		Keys:               readKeys(n.get("publicKey")), Multikeys: readMultikeys(n.get("assertionMethod")),
		Fields:             readFields(n.get("attachment")),
		AlsoKnownAs:        n.get("alsoKnownAs").ids(MaxAliases),
		MovedTo:            n.get("movedTo").id(),
		AttributionDomains: readDomains(n.get("attributionDomains")),
		CanFeature:         readRule(n.get("interactionPolicy").get("canFeature")),
		Owners:             n.get("attributedTo").ids(16),
	}
	if a.SharedInbox == "" {
		a.SharedInbox = inbox(n.get("sharedInbox"))
	}
	t := readTags(n.get("tag"))
	a.Emojis, a.Hashtags = t.emojis, t.hashtags
	if a.URL, _ = pageURL(n, a.ID); a.URL == "" {
		a.URL = a.ID
	}
	return a
}

// said tells false from missing.
func (n *node) said() *bool {
	if n.kind != kindBool {
		return nil
	}
	b := n.bool()
	return &b
}

// firstText is a text, or the first entry of its language map.
func firstText(n *node, name string) string {
	if s := n.get(name).str(); s != "" {
		return s
	}
	for _, m := range n.get(name + "Map").members {
		if m.value.kind == kindString && m.value.text != "" {
			return m.value.text
		}
	}
	return ""
}

func inbox(n *node) string {
	if s := n.id(); s != Public {
		return s
	}
	return ""
}

// readHandle cleans user@host; an acct: prefix is allowed.
func readHandle(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "acct:"), "@")
	user, host, ok := strings.Cut(s, "@")
	if !ok || user == "" || len(s) > MaxUsername || readDomain(host) == "" || line(user) != user {
		return ""
	}
	return s
}

func readDomains(n *node) []string {
	var out []string
	for _, e := range n.list(MaxAliases) {
		if d := readDomain(e.str()); d != "" {
			out = append(out, d)
		}
	}
	return out
}

// readDomain cleans a host name, with or without a port.
func readDomain(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 260 || s == "" || Host("https://"+s) != s || strings.ContainsAny(s, "/?#") {
		return ""
	}
	return s
}

// readFields reads PropertyValue fields and the newer Note and Link form
// (FEP-fb2a), showing each name once.
func readFields(n *node) []Field {
	var out []Field
	seen := map[string]bool{}
	for _, e := range n.list(4 * MaxFields) {
		f := Field{Name: line(cut(e.get("name").str(), MaxFieldText))}
		switch {
		case e.is("PropertyValue"):
			f.Value = e.get("value").str()
		case e.is("Note"):
			f.Value = e.get("content").str()
		case e.is("Link"):
			if s := href(e.get("href").str()); s != "" {
				f.Value = `<a href="` + escapeHTML(s) + `" rel="nofollow noopener">` + escapeHTML(s) + `</a>`
			}
		}
		f.Value = cut(f.Value, MaxFieldText)
		if f.Name == "" && f.Value == "" || f.Value == "" && !e.is("PropertyValue") || seen[f.Name] || len(out) == MaxFields {
			continue
		}
		seen[f.Name] = true
		out = append(out, f)
	}
	return out
}

func readLink(e *node) Link {
	l := Link{MediaType: mediaTypeOf(e), Href: href(e.str())}
	if e.kind == kindObject {
		l.Href, l.Rel = href(e.get("href").str()), e.get("rel").str()
		l.Width, l.Height = e.pixels("width"), e.pixels("height")
		if v, ok := e.get("size").number(); ok && v > 0 && v < 1<<50 {
			l.Bytes = int64(v)
		}
	}
	return l
}

// pageURL picks the page people go to from url: text/html first, else the
// first usable address, on the id's own host only.
func pageURL(n *node, id string) (page string, links []Link) {
	var nested []Link
	for _, e := range n.get("url").list(MaxLinks) {
		if l := readLink(e); l.Href != "" {
			links = append(links, l)
		}
		for _, t := range e.get("tag").list(MaxLinks) { // of a playlist the files (PeerTube)
			if l := readLink(t); l.Href != "" && l.Rel == "" && t.is("Link") {
				nested = append(nested, l)
			}
		}
	}
	links = append(links, nested[:min(len(nested), MaxLinks)]...)
	host := Host(id)
	for _, want := range [...]func(Link) bool{
		func(l Link) bool { return l.MediaType == "text/html" },
		func(l Link) bool { return l.MediaType == "" && l.Rel == "" },
	} {
		for _, l := range links {
			if want(l) && Host(l.Href) == host {
				return l.Href, links
			}
		}
	}
	return "", links
}
