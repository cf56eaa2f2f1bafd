package text

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// shownURL is how many characters of an address are shown (behaviours 9.2).
const shownURL = 30

// Account is a mentioned person as the HTML shows it.
type Account struct {
	Acct     string // "user", or "user@domain" of a remote one
	Username string
	URL      string // profile address, byte for byte what the API's mentions[].url says
}

// Resolver says where the mentions and hashtags of a text lead.
type Resolver struct {
	// Account finds a mentioned person; nil finds nobody. Mention.Key is the
	// usual key of a prepared map.
	Account func(Mention) (Account, bool)
	// BaseURL is the address of this server without a trailing slash; tags
	// lead to BaseURL/tags/name.
	BaseURL string
}

// style is how texts of one kind differ.
type style struct {
	paragraphs bool
	domains    bool // mentions show user@domain
	rel        string
}

// HTML is the HTML of a plain text post: escaped, linked, in paragraphs
// (behaviours 9.1 to 9.4). The same input gives the same bytes.
func HTML(src string, r Resolver) string {
	return format(src, r, style{paragraphs: true, rel: "nofollow noopener"})
}

// NoteHTML is the HTML of a profile note, formatted like a post (behaviours 9.8).
func NoteHTML(src string, r Resolver) string { return HTML(src, r) }

// FieldHTML is the HTML of a profile field's value: no paragraphs, mentions
// with their domain, links that claim to be the person's own (behaviours 7.8, 9.8).
func FieldHTML(src string, r Resolver) string {
	return format(src, r, style{domains: true, rel: "me nofollow noopener"})
}

// QuoteInline is the paragraph put before the HTML of a post that quotes
// another and does not itself link to it at quoted; clients that show quotes
// hide it (behaviours 9.6).
func QuoteInline(quoted string) string {
	w := &writer{style: style{rel: "nofollow noopener"}}
	w.WriteString(`<p class="quote-inline">RE: `)
	w.link(quoted)
	w.WriteString("</p>")
	return w.String()
}

func format(src string, r Resolver, st style) string {
	src = strings.TrimSpace(CleanUTF8(src))
	if src == "" {
		return ""
	}
	d := Parse(src)
	accounts, shared := d.resolve(r)
	w := &writer{style: st}
	w.Grow(len(src) + 200*len(d.Tokens) + 16)
	if st.paragraphs {
		w.WriteString("<p>")
	}
	last := 0
	for i, t := range d.Tokens {
		w.text(src[last:t.Start])
		last = t.End
		switch t.Kind {
		case KindURL:
			w.link(d.Text(t))
		case KindHashtag:
			w.hashtag(trimHashSign(d.Text(t)), r.BaseURL)
		case KindMention:
			if a := accounts[i]; a.URL != "" {
				w.mention(a, st.domains || shared[strings.ToLower(a.Username)])
			} else {
				w.text(d.Text(t))
			}
		}
	}
	w.text(src[last:])
	if st.paragraphs {
		w.WriteString("</p>")
	}
	return w.String()
}

// resolve finds the people mentioned, by token, and which user names more than
// one of them bears (behaviours 9.3).
func (d Doc) resolve(r Resolver) (map[int]Account, map[string]bool) {
	if r.Account == nil {
		return nil, nil
	}
	accounts := map[int]Account{}
	shared := map[string]bool{}
	acctOf := map[string]string{}
	for i, t := range d.Tokens {
		if t.Kind != KindMention {
			continue
		}
		a, ok := r.Account(t.Mention)
		if !ok {
			continue
		}
		accounts[i] = a
		name, acct := strings.ToLower(a.Username), strings.ToLower(a.Acct)
		if other, seen := acctOf[name]; seen && other != acct {
			shared[name] = true
		}
		acctOf[name] = acct
	}
	return accounts, shared
}

// writer writes escaped HTML.
type writer struct {
	strings.Builder
	style style
}

// text writes plain text with its line breaks.
func (w *writer) text(s string) {
	for s != "" {
		i := strings.IndexAny(s, "\r\n")
		if i < 0 {
			w.escape(s)
			return
		}
		w.escape(s[:i])
		s = w.lineBreak(s[i:])
	}
}

// lineBreak writes the newlines that s begins with, and returns the rest.
func (w *writer) lineBreak(s string) string {
	lines := 0
	for s != "" && (s[0] == '\n' || s[0] == '\r') {
		if !strings.HasPrefix(s, "\r\n") {
			lines++
		}
		s = s[1:]
	}
	switch {
	case !w.style.paragraphs:
		w.WriteByte(' ')
	case lines > 1:
		w.WriteString("</p><p>")
	default:
		w.WriteString("<br />")
	}
	return s
}

// escape writes s so that it stays text, as content or in a quoted attribute.
// Characters that override direction are dropped, since they could turn a link
// around (SEC-53).
func (w *writer) escape(s string) {
	last := 0
	for i := 0; i < len(s); i++ {
		var rep string
		skip := 1
		switch s[i] {
		case '&':
			rep = "&amp;"
		case '<':
			rep = "&lt;"
		case '>':
			rep = "&gt;"
		case '"':
			rep = "&quot;"
		case '\'':
			rep = "&#39;"
		case 0xE2:
			if !strings.HasPrefix(s[i:], "\u202D") && !strings.HasPrefix(s[i:], "\u202E") {
				continue
			}
			skip = 3
		default:
			continue
		}
		w.WriteString(s[last:i])
		w.WriteString(rep)
		last = i + skip
		i = last - 1
	}
	w.WriteString(s[last:])
}

// link writes an address, shortened for the eye only. The whole host is always
// shown, however long (SEC-53).
func (w *writer) link(u string) {
	prefix := len(invisiblePrefix(u))
	cut := offset(u, prefix, shownURL)
	if isWebScheme(u) {
		cut = max(cut, hostEnd(u))
	}
	if rest := u[cut:]; utf8.RuneCountInString(rest) == 1 {
		cut = len(u)
	}
	class := ""
	if cut < len(u) {
		class = "ellipsis"
	}
	w.WriteString(`<a href="`)
	w.escape(u)
	w.WriteString(`" target="_blank" rel="` + w.style.rel + `" translate="no"><span class="invisible">`)
	w.escape(u[:prefix])
	w.WriteString(`</span><span class="` + class + `">`)
	w.escape(u[prefix:cut])
	w.WriteString(`</span><span class="invisible">`)
	w.escape(u[cut:])
	w.WriteString(`</span></a>`)
}

// invisiblePrefix is the beginning of an address that nobody needs to see.
func invisiblePrefix(u string) string {
	for _, p := range []string{"https://www.", "http://www.", "https://", "http://", "xmpp:"} {
		if hasPrefixFold(u, p) {
			return u[:len(p)]
		}
	}
	return ""
}

// hostEnd is where the host and port of a web address end.
func hostEnd(u string) int {
	start := strings.Index(u, "://") + 3
	if i := strings.IndexAny(u[start:], "/?#"); i >= 0 {
		return start + i
	}
	return len(u)
}

// offset is the byte offset n characters after from, at most len(s).
func offset(s string, from, n int) int {
	for i := range s[from:] {
		if n == 0 {
			return from + i
		}
		n--
	}
	return len(s)
}

func (w *writer) hashtag(name, base string) {
	w.WriteString(`<a href="`)
	w.escape(TagURL(base, name))
	w.WriteString(`" class="mention hashtag" rel="tag">#<span>`)
	w.escape(name)
	w.WriteString(`</span></a>`)
}

// TagURL is the address of a hashtag's page (behaviours 9.4).
func TagURL(base, name string) string { return base + "/tags/" + url.PathEscape(name) }

func (w *writer) mention(a Account, domain bool) {
	name := a.Username
	if domain {
		name = a.Acct
	}
	w.WriteString(`<span class="h-card" translate="no"><a href="`)
	w.escape(a.URL)
	w.WriteString(`" class="u-url mention">@<span>`)
	w.escape(name)
	w.WriteString(`</span></a></span>`)
}
