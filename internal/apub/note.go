package apub

import (
	"errors"
	"time"
)

// Note is every object that is shown as a status: notes and questions, and
// those that are shown through title and link (facts 11).
type Note struct {
	ID, Type string
	// Author is the first usable of attributedTo, else actor; Authors are all.
	Author  string
	Authors []string

	Name        string // title, plain text; option text of a vote
	Content     string // HTML unless ContentType says otherwise
	ContentType string // "" is HTML
	Language    string // "" unknown
	Summary     string // as sent; see Spoiler
	Source      *Source
	URL         string // page for people; the id when there is none
	Links       []Link // all usable entries of url
	Sensitive   bool

	Published, Updated time.Time // zero: missing or unreadable
	StartTime, EndTime time.Time
	Duration           time.Duration
	Location           string

	InReplyTo             string // "" for none and for itself
	Conversation, Context string
	To, Cc, Audience      []string

	Attachments []Attachment
	Icon, Image *Image
	Mentions    []Mention
	Hashtags    []Hashtag
	Emojis      []Emoji
	LinkTags    []LinkTag
	Collections []string // featured collections that it links to

	Replies, Likes, Shares Tally
	Quote                  Quote
	Policy                 *Policy
	Poll                   *Poll
	Preview                *Note // stand-in for a long text (FEP-b2b8)
	RepliesClosed          bool  // the author would rather have no replies
	Raw                    []byte

	addressed bool // has to or cc of its own
}

// Link is one address of an object.
type Link struct {
	Href, MediaType, Rel string
	Bytes                int64 // of a file, 0 where it is not said
	Width, Height        int
}

// Source is the text before it became HTML; for its own server only, never
// rendered.
type Source struct{ Content, MediaType string }

// Tally is a collection that goes with a post. Total is -1 when unknown;
// Collection is set when it was embedded.
type Tally struct {
	ID         string
	Total      int64
	Collection *Collection
}

// Errors of Note.Check.
var (
	ErrNoAuthor     = errors.New("the post names no author")
	ErrAuthorOrigin = errors.New("the post's id is on another host than its author")
)

// Check reports whether the post may be believed to be its author's, once it
// came from its id's own host or its author's signature (SEC-01, SEC-02).
func (n *Note) Check() error {
	switch {
	case n.ID == "" || n.ID == Public:
		return ErrNoID
	case n.Author == "":
		return ErrNoAuthor
	case !SameOrigin(n.ID, n.Author):
		return ErrAuthorOrigin
	}
	return nil
}

func (r *reader) note(n *node, d *Document) *Note {
	out := &Note{
		ID: d.ID, Type: d.Type, Raw: d.Raw,
		Summary:   cutBytes(firstText(n, "summary"), MaxBio),
		Name:      cut(plain(cutBytes(firstText(n, "name"), 8*MaxName)), MaxName),
		Sensitive: n.get("sensitive").bool(),

		Published: n.get("published").moment(), Updated: n.get("updated").moment(),
		StartTime: n.get("startTime").moment(), EndTime: n.get("endTime").moment(),
		Duration: n.get("duration").duration(), Location: cut(line(n.get("location").get("name").str()), MaxName),

		InReplyTo:    n.get("inReplyTo").id(),
		Conversation: cutBytes(n.get("conversation").str(), MaxURI), Context: n.get("context").id(),
		To: n.get("to").ids(MaxRecipients), Cc: n.get("cc").ids(MaxRecipients), Audience: n.get("audience").ids(MaxRecipients),
		addressed: n.has("to") || n.has("cc"),

		Attachments: readAttachments(n.get("attachment")),
		Icon:        readImage(n.get("icon")), Image: readImage(n.get("image")),
		Replies: r.tally(n.get("replies")), Likes: r.tally(n.get("likes")), Shares: r.tally(n.get("shares")),
		Policy:        readPolicy(n.get("interactionPolicy")),
		RepliesClosed: n.get("commentsEnabled").text == "false" || n.get("capabilities").get("reply").str() == "[]",
	}
	out.Author, out.Authors = readAuthors(n, d.ID)
	out.Content, out.ContentType, out.Language = readContent(n)
	t := readTags(n.get("tag"))
	out.Mentions, out.Hashtags, out.Emojis, out.LinkTags = t.mentions, t.hashtags, t.emojis, t.links
	out.Collections = t.collections
	out.Quote = readQuote(n, t.links)
	if out.URL, out.Links = pageURL(n, d.ID); out.URL == "" {
		out.URL = d.ID
	}
	if out.InReplyTo == d.ID {
		out.InReplyTo = ""
	}
	if d.Type == "Question" {
		out.Poll = readPoll(n)
	}
	out.Source = readSource(n.get("source"))
	if p := n.get("preview").first(); p.is("Note") && r.depth < maxEmbedded {
		out.Preview = r.document(p).Note
	}
	return out
}

// readAuthors picks who a post is by. Of several the first person on the
// id's own host, else the first entry; without any, the actor.
func readAuthors(n *node, id string) (author string, all []string) {
	entries := n.get("attributedTo").list(16)
	all = n.get("attributedTo").ids(16)
	for _, e := range entries {
		person := e.is("Person") || e.is("Service") || e.is("Application") || e.is("Organization")
		if a := e.id(); person && len(entries) > 1 && SameOrigin(a, id) {
			return a, all
		}
	}
	if len(all) > 0 {
		return all[0], all
	}
	if a := n.get("actor").id(); a != "" {
		return a, []string{a}
	}
	return "", nil
}

// readContent reads content, else the first entry of contentMap, and the
// language: the key whose value is the content, else the first key of
// contentMap, nameMap or summaryMap, else language or inLanguage.
func readContent(n *node) (content, contentType, language string) {
	content = n.get("content").str()
	found := false
	for _, name := range [...]string{"contentMap", "nameMap", "summaryMap"} {
		for i, m := range n.get(name).members {
			if m.value.kind != kindString {
				continue
			}
			if name == "contentMap" && content == "" {
				content = m.value.text
			}
			if !found && i == 0 || name == "contentMap" && m.value.text == content {
				language, found = languageTag(m.key), true
			}
			if name == "contentMap" && m.value.text == content {
				break
			}
		}
	}
	if !found {
		if language = languageTag(n.get("language").get("identifier").str()); language == "" {
			language = languageTag(n.get("inLanguage").str())
		}
	}
	contentType = mediaTypeOf(n)
	if contentType == "text/html" || contentType != "" && contentType != "text/markdown" && contentType != "text/plain" {
		contentType = ""
	}
	return cutBytes(content, MaxContent), contentType, language
}

func readSource(n *node) *Source {
	s := Source{Content: n.str(), MediaType: mediaTypeOf(n)}
	if n.kind == kindObject {
		s.Content = n.get("content").str()
	}
	if s.Content == "" {
		return nil
	}
	s.Content = cutBytes(s.Content, MaxContent)
	return &s
}

func (r *reader) tally(n *node) Tally {
	f := n.first()
	t := Tally{ID: f.id(), Total: f.total()}
	if f.kind == kindObject && r.depth < maxEmbedded {
		if d := r.document(f); d.Collection != nil {
			t.Collection = d.Collection
		}
	}
	return t
}
