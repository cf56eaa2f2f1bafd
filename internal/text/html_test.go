package text

import (
	"strings"
	"testing"
)

// cast resolves the people the tests mention.
func cast() Resolver {
	people := map[string]Account{
		"alice":               {"alice", "alice", "https://home.example/@alice"},
		"bob@remote.example":  {"bob@remote.example", "bob", "https://remote.example/@bob"},
		"bob@münchen.example": {"bob@münchen.example", "bob", "https://xn--mnchen-3ya.example/@bob"},
		"bob@other.example":   {"bob@other.example", "Bob", "https://other.example/users/bob"},
		"bob":                 {"bob", "bob", "https://home.example/@bob"},
	}
	return Resolver{
		Account: func(m Mention) (Account, bool) { a, ok := people[m.Key()]; return a, ok },
		BaseURL: "https://home.example",
	}
}

func anchor(href, prefix, class, shown, rest string) string {
	return `<a href="` + href + `" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">` + prefix +
		`</span><span class="` + class + `">` + shown + `</span><span class="invisible">` + rest + `</span></a>`
}

func plainLink(u string) string {
	prefix, rest, _ := strings.Cut(u, "://")
	return anchor(u, prefix+"://", "", rest, "")
}

const (
	aliceLink = `<span class="h-card" translate="no"><a href="https://home.example/@alice" class="u-url mention">@<span>alice</span></a></span>`
	tagLink   = `<a href="https://home.example/tags/Cats" class="mention hashtag" rel="tag">#<span>Cats</span></a>`
)

func bobLink(shown string) string {
	return `<span class="h-card" translate="no"><a href="https://remote.example/@bob" class="u-url mention">@<span>` + shown + `</span></a></span>`
}

func TestHTML(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"blank", " \n\t ", ""},
		{"text", "hello", "<p>hello</p>"},
		{"escaping", `<b>"R&D"</b> it's`, "<p>&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt; it&#39;s</p>"},
		{"lines", "a\nb", "<p>a<br />b</p>"},
		{"windows lines", "a\r\nb\r\n\r\nc\rd", "<p>a<br />b</p><p>c<br />d</p>"},
		{"paragraphs", "a\n\nb\n\n\n\nc", "<p>a</p><p>b</p><p>c</p>"},
		{"around", "\n\na\n\n", "<p>a</p>"},
		{"nul", "a\x00b", "<p>ab</p>"},
		{"invalid", "a\xffb", "<p>a\uFFFDb</p>"},

		{"link", "see https://example.com/a", "<p>see " + plainLink("https://example.com/a") + "</p>"},
		{"www", "https://www.example.com/", "<p>" + anchor("https://www.example.com/", "https://www.", "", "example.com/", "") + "</p>"},
		{"30 characters", "http://example.com/12345678901234567", "<p>" + anchor("http://example.com/12345678901234567", "http://", "", "example.com/12345678901234567", "") + "</p>"},
		{"one over", "https://example.com/1234567890123456789", "<p>" + plainLink("https://example.com/1234567890123456789") + "</p>"},
		{
			"two over", "https://example.com/12345678901234567890",
			"<p>" + anchor("https://example.com/12345678901234567890", "https://", "ellipsis", "example.com/123456789012345678", "90") + "</p>",
		},
		{"ampersand", "https://example.com/?a=1&b='", "<p>" + anchor("https://example.com/?a=1&amp;b=", "https://", "", "example.com/?a=1&amp;b=", "") + "&#39;</p>"},
		{"xmpp", "xmpp:user@example.com", "<p>" + anchor("xmpp:user@example.com", "xmpp:", "", "user@example.com", "") + "</p>"},
		{"magnet", "magnet:?xt=urn:btih:c12fe1c06bba", "<p>" + anchor("magnet:?xt=urn:btih:c12fe1c06bba", "", "ellipsis", "magnet:?xt=urn:btih:c12fe1c06b", "ba") + "</p>"},

		{"mention", "hi @alice!", "<p>hi " + aliceLink + "!</p>"},
		{"case", "hi @ALICE", "<p>hi " + aliceLink + "</p>"},
		{"remote", "@bob@remote.example.", "<p>" + bobLink("bob") + ".</p>"},
		{"unknown", "@nobody and @x@<y", "<p>@nobody and @x@&lt;y</p>"},
		{"twice the same", "@bob@remote.example @bob@REMOTE.example", "<p>" + bobLink("bob") + " " + bobLink("bob") + "</p>"},
		{
			"shared name", "@bob@remote.example @bob@other.example",
			"<p>" + bobLink("bob@remote.example") + ` <span class="h-card" translate="no"><a href="https://other.example/users/bob" class="u-url mention">@<span>bob@other.example</span></a></span></p>`,
		},
		{"punycode", "@bob@xn--mnchen-3ya.example", `<p><span class="h-card" translate="no"><a href="https://xn--mnchen-3ya.example/@bob" class="u-url mention">@<span>bob</span></a></span></p>`},

		{"hashtag", "look: #Cats.", "<p>look: " + tagLink + ".</p>"},
		{"wide sign", "＃Cats", "<p>" + tagLink + "</p>"},
		{"hashtag in Thai", "#ไทย", `<p><a href="https://home.example/tags/%E0%B9%84%E0%B8%97%E0%B8%A2" class="mention hashtag" rel="tag">#<span>ไทย</span></a></p>`},
		{"all", "@alice\n#Cats\n\nhttps://example.com", "<p>" + aliceLink + "<br />" + tagLink + "</p><p>" + plainLink("https://example.com") + "</p>"},
		{"emoji", ":blob: <3", "<p>:blob: &lt;3</p>"},
	}
	for _, tt := range tests {
		if got := HTML(tt.in, cast()); got != tt.want {
			t.Errorf("%s: HTML(%q)\n got %s\nwant %s", tt.name, tt.in, got, tt.want)
		}
		if got := NoteHTML(tt.in, cast()); got != tt.want {
			t.Errorf("%s: NoteHTML(%q) = %s, want as a post", tt.name, tt.in, got)
		}
	}
}

func TestFieldHTML(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"a\nb", "a b"},
		{"@bob@remote.example", bobLink("bob@remote.example")},
		{"https://example.com", strings.Replace(plainLink("https://example.com"), `rel="`, `rel="me `, 1)},
		{"she/her <3", "she/her &lt;3"},
	}
	for _, tt := range tests {
		if got := FieldHTML(tt.in, cast()); got != tt.want {
			t.Errorf("FieldHTML(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestQuoteInline(t *testing.T) {
	t.Parallel()
	want := `<p class="quote-inline">RE: ` + plainLink("https://remote.example/@bob/1") + "</p>"
	if got := QuoteInline("https://remote.example/@bob/1"); got != want {
		t.Errorf("QuoteInline = %s, want %s", got, want)
	}
}

func TestHTMLWithoutResolver(t *testing.T) {
	t.Parallel()
	if got := HTML("@alice", Resolver{}); got != "<p>@alice</p>" {
		t.Errorf("got %s", got)
	}
}

func TestCanonicalMentions(t *testing.T) {
	t.Parallel()
	resolve := func(m Mention) (string, bool) {
		switch m.Key() {
		case "bob@old.example":
			return "Bob@new.example", true
		case "alice@home.example":
			return "alice", true
		}
		return "", false
	}
	tests := []struct{ in, want string }{
		{"no one", "no one"},
		{"@bob@old.example, @carol@x.example & @alice@home.example", "@Bob@new.example, @carol@x.example & @alice"},
		{"mail bob@old.example", "mail bob@old.example"},
		{"https://x.example/@bob@old.example", "https://x.example/@bob@old.example"},
	}
	for _, tt := range tests {
		if got := Parse(tt.in).CanonicalMentions(resolve); got != tt.want {
			t.Errorf("CanonicalMentions(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
