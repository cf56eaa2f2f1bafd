package apub

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// facts collects "name=value" pairs, leaving out empty values, so that a line
// holds only what a document says.
type factLine struct{ b strings.Builder }

func (f *factLine) add(name string, value any) {
	s := fmt.Sprint(value)
	switch v := value.(type) {
	case time.Time:
		if v.IsZero() {
			return
		}
		s = v.Format("2006-01-02T15:04:05.999999999Z07:00")
	case []string:
		s = strings.Join(v, ",")
	case bool:
		if !v {
			return
		}
		f.word(name)
		return
	case error:
		s = v.Error()
	case *bool:
		if v == nil {
			return
		}
		s = fmt.Sprint(*v)
	}
	if s == "" || s == "0" || s == "0s" || s == "<nil>" {
		return
	}
	s = strings.ReplaceAll(s, "https://", "//")
	s = strings.ReplaceAll(s, "//www.w3.org/ns/activitystreams#Public", "PUBLIC")
	if strings.ContainsAny(s, " \n\"") {
		s = fmt.Sprintf("%q", s)
	}
	f.word(name + "=" + s)
}

func (f *factLine) word(s string) {
	if f.b.Len() > 0 {
		f.b.WriteByte(' ')
	}
	f.b.WriteString(s)
}

// short keeps the start of a text and its length.
func short(s string) string {
	if len(s) <= 60 {
		return s
	}
	return fmt.Sprintf("%s…%d", cut(s, 40), len(s))
}

func describe(d *Document) string {
	var f factLine
	f.word(d.Type)
	f.add("id", d.ID)
	switch d.Class {
	case ClassActivity:
		d.Activity.describe(&f)
	case ClassActor:
		d.Actor.describe(&f)
	case ClassNote:
		d.Note.describe(&f)
	case ClassCollection:
		d.Collection.describe(&f)
	case ClassConsent:
		f.add("by", d.Consent.AttributedTo)
		f.add("object", d.Consent.Object)
		f.add("target", d.Consent.Target)
	case ClassItem:
		f.add("object", d.Item.Object)
		f.add("kind", d.Item.ObjectType)
		f.add("authorization", d.Item.Authorization)
	case ClassHashtag:
		f.add("tag", d.Hashtag.Name)
	case ClassKey:
		f.add("owner", d.Key.Owner)
	case ClassUnknown:
		f.word("unknown")
	}
	return f.b.String()
}

func (f *factLine) ref(name string, r Ref) {
	if r.Doc != nil && r.Doc.Class != ClassTombstone {
		f.word(name + "=(" + describe(r.Doc) + ")")
	} else if r.Doc != nil {
		f.word(name + "=" + r.Doc.Type)
		f.add(name, r.ID)
	} else {
		f.add(name, r.ID)
	}
}

func (a *Activity) describe(f *factLine) {
	f.add("actor", a.Actor)
	for _, o := range a.Objects {
		f.ref("object", o)
	}
	f.ref("target", a.Target)
	f.ref("result", a.Result)
	f.ref("instrument", a.Instrument)
	f.add("reaction", a.Reaction())
	if a.Type == "Flag" {
		f.add("comment", a.Comment())
	} else {
		f.add("summary", a.Summary)
	}
	for _, e := range a.Emojis {
		f.add("emoji", e.Shortcode+"|"+e.URL)
	}
	if a.Type == "Announce" {
		f.add("visibility", a.Visibility(a.Actor+"/followers"))
	}
	f.add("end", a.EndTime)
	f.add("removeData", a.RemoveData)
	if err := a.Check(); err != nil {
		f.add("REFUSED", err)
	}
}

func (a *Actor) describe(f *factLine) {
	user, host := a.Handle()
	f.add("handle", user+"@"+host)
	if a.Name != a.Username {
		f.add("name", a.Name)
	}
	f.add("bio", short(a.Summary))
	if a.URL != a.ID {
		f.add("url", a.URL)
	}
	f.add("inbox", a.Inbox)
	f.add("shared", a.SharedInbox)
	f.add("outbox", a.Outbox)
	f.add("followers", a.Followers)
	f.add("following", a.Following)
	f.ref("featured", a.Featured)
	f.add("tagsCollection", a.FeaturedTags)
	f.add("collections", a.FeaturedCollections)
	for n, i := range map[string]*Image{"icon": a.Icon} {
		if i != nil {
			f.add(n, i.URL)
			f.add("alt", i.Description)
		}
	}
	if a.Image != nil {
		f.add("header", a.Image.URL)
	}
	f.add("bot", a.Bot())
	f.add("bare", a.Bare())
	f.add("locked", a.Locked)
	f.add("discoverable", a.Discoverable)
	f.add("indexable", a.Indexable)
	f.add("memorial", a.Memorial)
	f.add("suspended", a.Suspended)
	f.add("showMedia", a.ShowMedia)
	f.add("hidesPublic", a.HidesToPublic)
	f.add("hidesUnlisted", a.HidesCcPublic)
	f.add("published", a.Published)
	for _, k := range a.Keys {
		if _, err := k.RSA(); err != nil {
			f.add("badkey", k.ID)
			continue
		}
		if _, err := a.KeyFor(k.ID); err != nil {
			f.add("foreignkey", k.ID)
			continue
		}
		f.add("key", strings.TrimPrefix(k.ID, a.ID))
	}
	f.add("multikeys", len(a.Multikeys))
	for _, x := range a.Fields {
		f.add("field", x.Name+"|"+short(x.Value))
	}
	for _, e := range a.Emojis {
		f.add("emoji", e.Shortcode)
	}
	for _, h := range a.Hashtags {
		f.add("hashtag", h.Name)
	}
	f.add("aka", a.AlsoKnownAs)
	f.add("moved", a.MovedTo)
	f.add("domains", a.AttributionDomains)
	f.add("owners", a.Owners)
	if a.CanFeature != nil {
		f.add("canFeature", a.CanFeature.Automatic)
	}
	if err := a.Check(); err != nil {
		f.add("REFUSED", err)
	}
}

func (n *Note) describe(f *factLine) {
	v, limited := n.Visibility(n.Author + "/followers")
	f.add("by", n.Author)
	if len(n.Authors) > 1 {
		f.add("authors", len(n.Authors))
	}
	f.word(v.String())
	f.add("limited", limited)
	f.add("title", n.Name)
	f.add("content", short(n.Content))
	f.add("as", n.ContentType)
	f.add("lang", n.Language)
	s, fold := n.Spoiler()
	f.add("spoiler", s)
	f.add("fold", fold && s == "")
	if n.Converted() {
		f.add("abstract", short(n.Summary))
		if t := n.Thumbnail(); t != nil {
			f.add("thumbnail", t.URL)
		}
	}
	f.add("sensitive", n.Sensitive)
	if n.URL != n.ID {
		f.add("url", n.URL)
	}
	f.add("published", n.Published)
	f.add("edited", n.Edited())
	f.add("starts", n.StartTime)
	f.add("place", n.Location)
	f.add("lasts", n.Duration)
	f.add("reply", n.InReplyTo)
	f.add("context", n.Context)
	f.add("audience", n.Audience)
	kinds := [...]string{"file", "image", "video", "audio", "link"}
	for _, a := range n.Attachments[:min(12, len(n.Attachments))] {
		f.add(kinds[a.Kind], a.URL)
		f.add("alt", a.Description)
		f.add("blurhash", a.Blurhash != "")
		if a.Focus != nil {
			f.add("focus", fmt.Sprint(*a.Focus))
		}
		if a.Width > 0 {
			f.add("size", fmt.Sprintf("%dx%d", a.Width, a.Height))
		}
		f.add("plays", a.Duration)
		f.add("thumb", a.Preview)
	}
	if len(n.Attachments) > 12 {
		f.add("attachments", len(n.Attachments))
	}
	if len(n.Mentions) > 12 {
		f.add("mentions", len(n.Mentions))
	} else {
		for _, m := range n.Mentions {
			f.add("mention", m.Href+"|"+m.Name)
		}
	}
	if len(n.Mentions) <= 12 {
		f.add("notify", len(n.Addressed()))
	}
	for _, h := range n.Hashtags {
		f.add("hashtag", h.Name)
	}
	for _, e := range n.Emojis {
		f.add("emoji", e.Shortcode+"|"+e.URL)
	}
	for _, l := range n.LinkTags {
		f.add("objectlink", l.Href)
	}
	for i, t := range []Tally{n.Replies, n.Likes, n.Shares} {
		if t.Total >= 0 {
			f.add([]string{"replies", "likes", "shares"}[i], fmt.Sprintf("%d.", t.Total))
		}
	}
	states := [...]string{"", "legacy", "pending", "authorized", "deleted"}
	f.add("quote", states[n.Quote.State])
	f.add("quotes", n.Quote.Target)
	f.add("stamp", n.Quote.Authorization)
	n.describePolicy(f)
	n.describePoll(f)
	f.add("preview", n.Preview != nil)
	f.add("repliesClosed", n.RepliesClosed)
	f.add("source", n.Source != nil)
	if o, ok := n.Vote(); ok {
		f.add("VOTE", o)
	}
	if err := n.Check(); err != nil {
		f.add("REFUSED", err)
	}
}

func (n *Note) describePolicy(f *factLine) {
	if n.Policy == nil {
		return
	}
	for i, r := range []*Rule{n.Policy.Quote, n.Policy.Reply, n.Policy.Like, n.Policy.Announce} {
		if r != nil {
			name := []string{"canQuote", "canReply", "canLike", "canAnnounce"}[i]
			f.add(name, r.Automatic)
			f.add(name+"Asking", r.Manual)
		}
	}
}

func (n *Note) describePoll(f *factLine) {
	if n.Poll == nil {
		return
	}
	kind := "oneOf"
	if n.Poll.Multiple {
		kind = "anyOf"
	}
	var o []string
	for _, x := range n.Poll.Options {
		o = append(o, fmt.Sprintf("%s:%d", x.Title, x.Votes))
	}
	f.add(kind, o)
	f.add("voters", n.Poll.Voters)
	f.add("ends", n.Poll.EndTime)
	f.add("closed", n.Poll.Closed)
}

func (c *Collection) describe(f *factLine) {
	f.add("page", c.Page)
	f.add("total", fmt.Sprintf("%d.", c.Total))
	f.add("first", c.First)
	f.add("next", c.Next)
	f.add("partOf", c.PartOf)
	f.add("by", c.AttributedTo)
	f.add("name", c.Name)
	f.add("about", c.Summary)
	f.add("topic", c.Topic)
	if c.FirstPage != nil {
		f.word("page1=(")
		c.FirstPage.describe(f)
		f.word(")")
	}
	for _, i := range c.Items {
		f.ref("item", i)
	}
}

func describeFixture(name string, body []byte) string {
	var f factLine
	switch {
	case strings.Contains(name, "webfinger"):
		w, err := ParseFinger(body)
		if err != nil {
			return "error: " + err.Error()
		}
		f.word("JRD")
		f.add("subject", w.Subject)
		f.add("self", w.Self)
		f.add("profile", w.Profile)
		f.add("subscribe", w.Subscribe)
	case strings.Contains(name, "nodeinfo-wellknown"):
		l, err := ParseNodeLinks(body)
		if err != nil {
			return "error: " + err.Error()
		}
		f.add("nodeinfo", l.NodeInfo)
		f.add("application", l.Application)
	case strings.Contains(name, "nodeinfo"):
		i, err := ParseNodeInfo(body)
		if err != nil {
			return "error: " + err.Error()
		}
		f.add("software", i.Software+" "+i.Version)
		f.add("name", i.Name)
		f.add("users", i.Users)
		f.add("posts", i.Posts)
		f.add("open", i.Open)
	default:
		d, err := Parse(body)
		for _, e := range []error{ErrTooDeep, ErrTooLarge, ErrTooMany, ErrRepeated, ErrSyntax, ErrShape, ErrContext} {
			if errors.Is(err, e) {
				return "error: " + err.Error()
			}
		}
		return describe(d)
	}
	return f.b.String()
}
