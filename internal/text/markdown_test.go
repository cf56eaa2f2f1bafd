package text

import (
	"strings"
	"testing"
	"time"

	"coterie/internal/domain"
)

// cleaned is a link of ours after the sieve.
func cleaned(s string) string { return Sanitize(s) }

func TestMarkdown(t *testing.T) {
	t.Parallel()
	link := func(u string) string { return cleaned(plainLink(u)) }
	alice, tag, bob := cleaned(aliceLink), cleaned(tagLink), cleaned(bobLink("bob"))
	named := func(u, s string) string {
		return `<a href="` + u + `" rel="nofollow noopener" target="_blank">` + s + `</a>`
	}
	tests := []struct{ name, in, want string }{
		{"empty", " \n", ""},
		{"text", "hello", "<p>hello</p>"},
		{"lines", "a\nb\n\nc", "<p>a<br>b</p><p>c</p>"},
		{"stress", "*a* **b** ***c*** _d_ ~~e~~", "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> <em>d</em> <del>e</del></p>"},
		{"heading", "# Title\ntext", "<p><strong>Title</strong></p><p>text</p>"},
		{"list", "- a\n- b", "<ul><li>a</li><li>b</li></ul>"},
		{"numbers", "3. a\n4. b", `<ol start="3"><li>a</li><li>b</li></ol>`},
		{"quote", "> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"},
		{"code", "```go\na < b\n  *c*\n```", "<pre><code>a &lt; b\n  *c*</code></pre>"},
		{"code span", "`a *b*`", "<p><code>a *b*</code></p>"},
		{"no HTML", `<b onclick="x()">a</b> <script>alert(1)</script>`, "<p>&lt;b onclick=&#34;x()&#34;&gt;a&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>"},
		{"no block of HTML", "<div>\n*a*\n</div>", "<p>&lt;div&gt;<br><em>a</em><br>&lt;/div&gt;</p>"},
		{"escapes", `\*a\* &amp; &lt;b&gt;`, "<p>*a* &amp; &lt;b&gt;</p>"},
		{"rule", "a\n\n---\n\nb", "<p>a</p><p>b</p>"},

		{"named link", "[here](https://example.com/a_b_c)", "<p>" + named("https://example.com/a_b_c", "here") + "</p>"},
		{"reference", "[here]\n\n[here]: https://example.com/", "<p>" + named("https://example.com/", "here") + "</p>"},
		{"odd scheme", "[here](javascript:alert(1))", "<p>here</p>"},
		{"relative", "[here](/admin)", "<p>here</p>"},
		{"picture", "![a cat](https://example.com/cat.png)", "<p>" + named("https://example.com/cat.png", "a cat") + "</p>"},
		{"SEC-53 another host", "[https://bank.example](https://evil.example/)", "<p>" + named("https://evil.example/", "https://bank.example [evil.example]") + "</p>"},

		{"bare link", "see https://example.com/__init__/a*b*c now", "<p>see " + link("https://example.com/__init__/a*b*c") + " now</p>"},
		{"in brackets", "<https://example.com/>", "<p>" + link("https://example.com/") + "</p>"},
		{"stressed link", "**https://example.com/a**", "<p><strong>" + link("https://example.com/a") + "</strong></p>"},
		{"after a wide comma", "看，https://example.com/", "<p>看，" + link("https://example.com/") + "</p>"},
		{"in parentheses", "(https://example.com/)", "<p>(" + link("https://example.com/") + ")</p>"},

		{"mention", "hi @alice!", "<p>hi " + alice + "!</p>"},
		{"mention first", "@alice *b*", "<p>" + alice + " <em>b</em></p>"},
		{"mention stressed", "*@alice* _@alice_ **see @alice**", "<p><em>" + alice + "</em> <em>" + alice + "</em> <strong>see " + alice + "</strong></p>"},
		{"mention elsewhere", "- @bob@remote.example", "<ul><li>" + bob + "</li></ul>"},
		{"mention quoted", "> @alice", "<blockquote><p>" + alice + "</p></blockquote>"},
		{"mention in code", "`@alice` and\n\n    @alice #Cats", "<p><code>@alice</code> and</p><pre><code>@alice #Cats</code></pre>"},
		{"mention in a link", "[@alice](https://example.com/)", "<p>" + named("https://example.com/", "@alice") + "</p>"},
		{"escaped", `\@alice`, "<p>@alice</p>"},
		{"unknown", "@no_one_here", "<p>@no_one_here</p>"},
		{"two", "@alice @bob@remote.example", "<p>" + alice + " " + bob + "</p>"},
		{"hashtag", "#Cats and # no\n# #Cats", "<p>" + tag + " and # no</p><p><strong>" + tag + "</strong></p>"},
		{"hashtag stressed", "*a #Cats*", "<p><em>a " + tag + "</em></p>"},
	}
	for _, tt := range tests {
		got := PostHTML(domain.TypeMarkdown, tt.in, cast())
		if got != tt.want {
			t.Errorf("%s: %q is\n%s, want\n%s", tt.name, tt.in, got, tt.want)
		}
		checkSanitized(t, tt.in, got)
	}
}

func TestParseMarkdownPost(t *testing.T) {
	t.Parallel()
	src := "@alice `@carol` [@dave](https://example.com/) **#Cats** #snake_case_ _@eve_ https://example.com/a\n\n    #code"
	d := ParsePost(domain.TypeMarkdown, src)
	var got []string
	for _, tok := range d.Tokens {
		got = append(got, d.Text(tok))
	}
	want := "@alice #Cats #snake_case_ @eve https://example.com/a"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("found %q, want %q", s, want)
	}
	if m := d.Mentions(); len(m) != 2 || m[1].User != "eve" {
		t.Errorf("mentions are %+v", m)
	}
	to := d.CanonicalMentions(func(m Mention) (string, bool) { return strings.ToUpper(m.User), true })
	if want := strings.NewReplacer("@alice", "@ALICE", "@eve", "@EVE").Replace(src); to != want {
		t.Errorf("rewritten to %q, want %q", to, want)
	}
}

// TestMarkdownCost holds what takes a parser long to what is bearable: a tenth
// of a second or so, and far more under the race detector on a busy machine.
func TestMarkdownCost(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"*a ", "_*", "[", "![", "`a", "> ", "- ", "[a](", "<", "~~", "@a_", "\n> a", "* * ", "1. ", "&", "\\"} {
		src := strings.Repeat(s, domain.MostCharacters/len(s))
		start := time.Now()
		PostHTML(domain.TypeMarkdown, src, cast())
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%d times %q took %v", domain.MostCharacters/len(s), s, took)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"*a* _b_ [c](https://example.com/) @alice #Cats", "> - 1. `x`\n\n```\ny", "<b>\\@alice&#64;alice", "[a]: https://example.com/\n[a]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 {
			return
		}
		checkSanitized(t, src, PostHTML(domain.TypeMarkdown, src, cast()))
		last := 0
		for _, tok := range ParsePost(domain.TypeMarkdown, src).Tokens {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(src) {
				t.Fatalf("token %+v after %d in %q", tok, last, src)
			}
			last = tok.End
		}
	})
}
