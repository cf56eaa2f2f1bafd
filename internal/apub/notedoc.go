package apub

import (
	"strconv"
	"time"
)

// NoteDoc is a post as we send it: a Note, or a Question when Poll is set
// (facts 10, 12, 13). All addresses are given in full; "" leaves a property
// out, or null where Mastodon writes null.
type NoteDoc struct {
	ID, URL, Author        string
	Content                string  // HTML
	Source                 *Source // what the HTML was made of, where that is no plain text
	Language               string
	Spoiler                string // plain text
	Sensitive              bool
	InReplyTo              string
	Approval               string // by the author of what it answers (facts 13)
	Conversation, Context  string
	To, Cc                 []string
	Published, Updated     time.Time // Updated zero: never edited
	Attachments            []Attachment
	Mentions               []Mention
	Hashtags               []Hashtag // names without #
	Emojis                 []Emoji
	Collections            []string // that it links to
	Replies, Likes, Shares *CollectionDoc
	Quote                  Quote // State QuoteDeleted writes a Tombstone
	Policy                 *Policy
	Poll                   *PollDoc
}

// PollDoc is the question part. Closed is set once it is over.
type PollDoc struct {
	Options         []Option
	Multiple        bool
	Voters          int64
	EndTime, Closed time.Time
}

func (n NoteDoc) vocabulary() vocabulary {
	if n.Approval != "" || len(n.Collections) > 0 {
		return answerWords
	}
	return noteWords
}

func (n NoteDoc) write(w *writer) {
	w.open('{')
	w.str("id", n.ID)
	if n.Poll == nil {
		w.str("type", "Note")
	} else {
		w.str("type", "Question")
	}
	w.orNull("summary", n.Spoiler)
	w.orNull("inReplyTo", n.InReplyTo)
	w.when("published", n.Published)
	w.opt("url", n.URL)
	w.str("attributedTo", n.Author)
	w.list("to", n.To)
	w.list("cc", n.Cc)
	w.bool("sensitive", n.Sensitive)
	w.opt("conversation", n.Conversation)
	w.opt("context", n.Context)
	w.str("content", n.Content)
	if n.Language != "" {
		w.key("contentMap")
		w.open('{')
		w.str(n.Language, n.Content)
		w.close('}')
	}
	if n.Source != nil {
		w.key("source")
		w.open('{')
		w.str("content", n.Source.Content)
		w.str("mediaType", n.Source.MediaType)
		w.close('}')
	}
	w.when("updated", n.Updated)
	w.attachments(n.Attachments)
	w.tags(n.Mentions, n.Hashtags, n.Emojis, n.Collections)
	for _, c := range [...]struct {
		name string
		doc  *CollectionDoc
	}{{"replies", n.Replies}, {"likes", n.Likes}, {"shares", n.Shares}} {
		if c.doc != nil {
			w.part(c.name, *c.doc)
		}
	}
	n.writePolicy(w)
	w.opt("replyAuthorization", n.Approval)
	w.opt("approvedBy", n.Approval) // the name before GoToSocial 0.21
	n.writeQuote(w)
	n.writePoll(w)
	w.close('}')
}

func (n NoteDoc) writePolicy(w *writer) {
	if n.Policy == nil || n.Policy.Quote == nil {
		return
	}
	w.key("interactionPolicy")
	w.open('{')
	w.rule("canQuote", n.Policy.Quote)
	w.close('}')
}

// rule writes who may do something. To say nobody, the caller names the
// author alone (facts 13).
func (w *writer) rule(name string, r *Rule) {
	w.key(name)
	w.open('{')
	w.list("automaticApproval", r.Automatic)
	w.listIf("manualApproval", r.Manual)
	w.close('}')
}

func (n NoteDoc) writeQuote(w *writer) {
	switch {
	case n.Quote.State == QuoteNone:
	case n.Quote.State == QuoteDeleted:
		w.key("quote")
		w.raw(`{"type":"Tombstone"}`)
	case n.Quote.Target != "":
		w.str("quote", n.Quote.Target)
		w.str("_misskey_quote", n.Quote.Target)
		w.str("quoteUri", n.Quote.Target)
		w.opt("quoteAuthorization", n.Quote.Authorization)
	}
}

func (n NoteDoc) writePoll(w *writer) {
	p := n.Poll
	if p == nil {
		return
	}
	if p.Multiple {
		w.key("anyOf")
	} else {
		w.key("oneOf")
	}
	w.open('[')
	for _, o := range p.Options {
		w.open('{')
		w.str("type", "Note")
		w.str("name", o.Title)
		w.key("replies")
		w.open('{')
		w.str("type", "Collection")
		w.int("totalItems", o.Votes)
		w.close('}')
		w.close('}')
	}
	w.close(']')
	w.when("endTime", p.EndTime)
	w.when("closed", p.Closed)
	w.int("votersCount", p.Voters)
}

func (w *writer) attachments(list []Attachment) {
	w.key("attachment")
	w.open('[')
	for _, a := range list {
		w.open('{')
		w.str("type", "Document")
		w.opt("mediaType", a.MediaType)
		w.str("url", a.URL)
		w.orNull("name", a.Description)
		w.opt("blurhash", a.Blurhash)
		if a.Focus != nil {
			w.key("focalPoint")
			w.raw("[" + decimal(a.Focus[0]) + "," + decimal(a.Focus[1]) + "]")
		}
		if a.Width > 0 && a.Height > 0 {
			w.int("width", int64(a.Width))
			w.int("height", int64(a.Height))
		}
		if a.Duration > 0 {
			w.str("duration", "PT"+decimal(a.Duration.Seconds())+"S")
		}
		if a.Preview != "" {
			w.image("icon", &Image{URL: a.Preview})
		}
		w.close('}')
	}
	w.close(']')
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (w *writer) image(name string, i *Image) {
	if i == nil {
		return
	}
	w.key(name)
	w.open('{')
	w.str("type", "Image")
	w.opt("mediaType", i.MediaType)
	w.str("url", i.URL)
	w.opt("summary", i.Description)
	w.close('}')
}

func (w *writer) tags(mentions []Mention, hashtags []Hashtag, emojis []Emoji, collections []string) {
	w.key("tag")
	w.open('[')
	for _, m := range mentions {
		w.open('{')
		w.str("type", "Mention")
		w.str("href", m.Href)
		w.opt("name", m.Name)
		w.close('}')
	}
	for _, h := range hashtags {
		HashtagDoc(h).write(w)
	}
	for _, e := range emojis {
		w.open('{')
		w.opt("id", e.ID)
		w.str("type", "Emoji")
		w.str("name", ":"+e.Shortcode+":")
		w.when("updated", e.Updated)
		w.image("icon", &Image{URL: e.URL, MediaType: e.MediaType})
		w.close('}')
	}
	for _, id := range collections {
		w.open('{')
		w.str("id", id)
		w.str("type", "FeaturedCollection")
		w.close('}')
	}
	w.close(']')
}

// HashtagDoc is a hashtag that stands alone: featured, or of a collection.
type HashtagDoc Hashtag

func (HashtagDoc) vocabulary() vocabulary { return noteWords }

func (h HashtagDoc) write(w *writer) {
	w.open('{')
	w.str("type", "Hashtag")
	w.opt("href", h.Href)
	w.str("name", "#"+h.Name)
	w.close('}')
}

// VoteDoc is one vote: a note with the option's title and nothing else, to
// the poll's author (facts 12).
type VoteDoc struct {
	ID, Voter, Question, PollAuthor string
	Option                          string
}

func (VoteDoc) vocabulary() vocabulary { return plainWords }

func (v VoteDoc) write(w *writer) {
	w.open('{')
	w.str("id", v.ID)
	w.str("type", "Note")
	w.str("name", v.Option)
	w.str("attributedTo", v.Voter)
	w.list("to", []string{v.PollAuthor})
	w.str("inReplyTo", v.Question)
	w.close('}')
}
