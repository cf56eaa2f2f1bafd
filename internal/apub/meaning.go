package apub

import (
	"html"
	"slices"
	"strings"

	"coterie/internal/domain"
)

func escapeHTML(s string) string { return html.EscapeString(s) }

// Visibility says for whom the post is meant, by its author's followers
// collection (facts 8; "" when unknown). Only to and cc count; a post that
// names nobody is direct, to nobody. limited is true for a direct post that
// also addresses somebody it does not mention: those may read it, and are
// not notified.
func (n *Note) Visibility(followers string) (v domain.Visibility, limited bool) {
	if n.Type != "ChatMessage" {
		switch {
		case slices.Contains(n.To, Public):
			return domain.Public, false
		case slices.Contains(n.Cc, Public):
			return domain.Unlisted, false
		case followers != "" && slices.Contains(n.To, followers):
			return domain.Private, false
		}
	}
	return domain.Direct, len(n.Unmentioned(followers)) > 0
}

// Visibility of a boost, by the same rule.
func (a *Activity) Visibility(followers string) domain.Visibility {
	v, _ := (&Note{To: a.To, Cc: a.Cc}).Visibility(followers)
	return v
}

// Recipients are the actors and collections in to and cc, without Public and
// without repeats.
func (n *Note) Recipients() []string {
	out := make([]string, 0, len(n.To)+len(n.Cc))
	seen := map[string]bool{Public: true}
	for _, s := range slices.Concat(n.To, n.Cc) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// Unmentioned are the recipients, followers aside, that no mention names.
func (n *Note) Unmentioned(followers string) []string {
	named := make(map[string]bool, len(n.Mentions))
	for _, m := range n.Mentions {
		named[m.Href] = true
	}
	return slices.DeleteFunc(n.Recipients(), func(s string) bool { return s == followers || named[s] })
}

// Addressed are the mentions whose address is also in to or cc: the people
// to notify (facts 8). Mentions by profile page or name are resolved first.
func (n *Note) Addressed() []Mention {
	to := make(map[string]bool)
	for _, s := range n.Recipients() {
		to[s] = true
	}
	return slices.DeleteFunc(slices.Clone(n.Mentions), func(m Mention) bool { return !to[m.Href] })
}

// Vote reports whether the post has the form of a vote, and for what
// (facts 12): it is one when the question is ours and has that option.
func (n *Note) Vote() (option string, ok bool) {
	if n.Type != "Note" || n.Name == "" || n.InReplyTo == "" || n.Content != "" || len(n.Attachments) > 0 {
		return "", false
	}
	return n.Name, true
}

// Converted reports the types that are shown through title and link.
func (n *Note) Converted() bool {
	switch n.Type {
	case "Article", "Page", "Video", "Audio", "Image", "Event":
		return true
	}
	return false
}

// Spoiler is the content warning as plain text. fold is true when the post
// asks to be folded, also with a warning of nothing visible (Misskey). The
// summary of an article is an abstract unless the article is sensitive.
func (n *Note) Spoiler() (text string, fold bool) {
	if n.Summary == "" || n.Converted() && !n.Sensitive {
		return "", false
	}
	if invisible(n.Summary) {
		return "", true
	}
	text = cut(strings.TrimSpace(strings.Map(func(r rune) rune {
		if hidden(r) && r != '\n' {
			return -1
		}
		return r
	}, plain(n.Summary))), MaxSpoiler)
	return text, text != ""
}

// Edited reports whether updated tells of an edit: later than published.
func (n *Note) Edited() bool {
	return !n.Updated.IsZero() && n.Updated.After(n.Published)
}

// Thumbnail is the picture that stands for a converted object.
func (n *Note) Thumbnail() *Image {
	if n.Image != nil {
		return n.Image
	}
	return n.Icon
}

// Body is what a status shows, unsanitised, and its media type ("" is HTML).
// Notes show their content, or their name when they have none; the others
// title, abstract or text, and link (facts 11).
func (n *Note) Body() (text, mediaType string) {
	if !n.Converted() {
		if _, vote := n.Vote(); n.Content == "" && n.Name != "" && !vote {
			return "<p>" + escapeHTML(n.Name) + "</p>", ""
		}
		return n.Content, n.ContentType
	}
	var b strings.Builder
	if n.Name != "" {
		b.WriteString("<h2>" + escapeHTML(n.Name) + "</h2>")
	}
	b.WriteString(n.facts())
	abstract, _ := n.Spoiler()
	switch {
	case n.Summary != "" && abstract == "" && !invisible(n.Summary):
		b.WriteString(n.Summary)
	case n.Type == "Video" || n.Type == "Audio":
	case n.ContentType != "":
		b.WriteString("<p>" + strings.ReplaceAll(escapeHTML(n.Content), "\n", "<br>") + "</p>")
	default:
		b.WriteString(n.Content)
	}
	link := n.URL
	for _, a := range n.Attachments {
		if a.Kind == MediaLink && n.Type == "Page" {
			link = a.URL
			break
		}
	}
	b.WriteString(`<p><a href="` + escapeHTML(link) + `">` + escapeHTML(link) + `</a></p>`)
	return b.String(), ""
}

// facts is when and where an event takes place.
func (n *Note) facts() string {
	if n.Type != "Event" {
		return ""
	}
	var parts []string
	if !n.StartTime.IsZero() {
		when := n.StartTime.Format("2006-01-02 15:04 UTC")
		if !n.EndTime.IsZero() {
			when += " – " + n.EndTime.Format("2006-01-02 15:04 UTC")
		}
		parts = append(parts, when)
	}
	if n.Location != "" {
		parts = append(parts, escapeHTML(n.Location))
	}
	if len(parts) == 0 {
		return ""
	}
	return "<p>" + strings.Join(parts, "<br>") + "</p>"
}
