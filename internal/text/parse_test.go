package text

import (
	"slices"
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want string // separated by spaces
	}{
		{"https://example.com", "https://example.com"},
		{"HTTPS://EXAMPLE.COM/x", "HTTPS://EXAMPLE.COM/x"},
		{"no example.com or www.example.com", ""},
		{"https://example.com.", "https://example.com"},
		{"https://example.com, http://example.org!", "https://example.com http://example.org"},
		{"(https://example.com)", "https://example.com"},
		{"(see https://example.com/a)", "https://example.com/a"},
		{"https://en.example.org/wiki/Foo_(bar)", "https://en.example.org/wiki/Foo_(bar)"},
		{"(https://en.example.org/wiki/Foo_(bar))", "https://en.example.org/wiki/Foo_(bar)"},
		{"https://example.com/a_(b_(c)_d)_e", "https://example.com/a_(b_(c)_d)_e"},
		{"https://example.com/a(b", "https://example.com/a"},
		{"https://example.com/?q=1.", "https://example.com/?q=1"},
		{"https://example.com?q=a&b=c#d", "https://example.com?q=a&b=c#d"},
		{"https://example.com/#frag", "https://example.com/#frag"},
		{`"https://example.com/a"`, "https://example.com/a"},
		{"https://example.com/a…", "https://example.com/a"},
		{"<https://example.com/>", "https://example.com/"},
		{"https://example.com:8080/x", "https://example.com:8080/x"},
		{"https://example.com: what", "https://example.com"},
		{"https://example.com/@user/1", "https://example.com/@user/1"},
		{"http://localhost:8080/@a", "http://localhost:8080/@a"},
		{"http://127.0.0.1:1234", "http://127.0.0.1:1234"},
		{"http://999.0.0.1/", ""},
		{"https://localhostx/ https://nodot/", ""},
		{"https://a_b.example.com/", "https://a_b.example.com/"},
		{"https://münchen.example/straße", "https://münchen.example/straße"},
		{"https://例え.テスト/", "https://例え.テスト/"},
		{"https://пример.рф", "https://пример.рф"},
		{"見てhttps://example.comこれ", "https://example.com"},
		{"xhttps://example.com", ""},
		{"@https://example.com", ""},
		{"https://example.com https://example.com", "https://example.com"},
		{"https://", ""},
		{"https://.com https://-", ""},
		{"gemini://example.com/x gopher://example.com dat://abc ipfs://Qmabc/x", "gemini://example.com/x gopher://example.com dat://abc ipfs://Qmabc/x"},
		{"xmpp:me@example.com?join", "xmpp:me@example.com?join"},
		{"xmpp: example", ""},
		{"magnet:?xt=urn:btih:abc&dn=x", "magnet:?xt=urn:btih:abc&dn=x"},
		{"magnet: x magnet:?", ""},
		{"ftp://example.com javascript:alert(1) mailto:a@b.example", ""},
		{"https://example.com/\u202Egnp", "https://example.com/"},
	}
	for _, tt := range tests {
		if got := strings.Join(Links(tt.in), " "); got != tt.want {
			t.Errorf("Links(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"@alice", "alice"},
		{"@alice @ALICE @bob", "alice bob"},
		{"hi @alice, (@bob) “@carol”", "alice bob carol"},
		{"@alice. @alice: @bob's", "alice bob"},
		{"@bob@remote.example.", "bob@remote.example"},
		{"@Bob@Remote.Example", "bob@remote.example"},
		{"@bob.b-c@remote.example", "bob.b-c@remote.example"},
		{"@bob@münchen.example @bob@xn--mnchen-3ya.example", "bob@münchen.example"},
		{"@bob@localhost:8080 @bob@127.0.0.1:99", "bob@localhost:8080 bob@127.0.0.1:99"},
		{"@bob@remote.example:8080", "bob@remote.example"},
		{"me@example.com", ""},
		{"x/@alice =@alice", ""},
		{"https://example.com/@alice", ""},
		{"@ alice @@alice @", "alice"},
		{"@alice@", ""},
		{"@a@b@c", ""},
		{"@aliceé", ""},
		{"@aliceさん", "alice"},
		{"。@alice", "alice"},
		{"@alice://x", ""},
		{"@" + strings.Repeat("a", 40) + "@x.example", strings.Repeat("a", 40) + "@x.example"},
		{"@a@" + strings.Repeat("b", 300), ""},
		{"\n@alice\n@bob", "alice bob"},
	}
	for _, tt := range tests {
		var got []string
		for _, m := range Mentions(tt.in) {
			got = append(got, m.Key())
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Mentions(%q) = %q, want %q", tt.in, s, tt.want)
		}
	}
}

func TestHashtags(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{ // name=display
		{"#Cats", "cats=Cats"},
		{"#cats #CATS", "cats=cats"},
		{"a #cat, #dog.", "cat=cat dog=dog"},
		{"＃Cats", "cats=Cats"},
		{"#123 #1a #a1 #2_3", "1a=1a a1=a1"},
		{"#_ #_a #a_", "_a=_a a_=a_"},
		{"#a·b #a· #·a", "a·b=a·b a=a"},
		{"#ア・イ", "ア・イ=ア・イ"},
		{"#نیم\u200cفاصله", "نیم\u200cفاصله=نیم\u200cفاصله"},
		{"#Café #CAFE", "cafe=Café"},
		{"#Ærø #łódź #ðing", "æro=Ærø lodz=łódź ding=ðing"},
		{"#ﬁre", "fire=ﬁre"},
		{"#ｗｉｄｅ", "wide=ｗｉｄｅ"},
		{"#ไทย #हिन्दी #한국어 #日本語", "ไทย=ไทย हिन्दी=हिन्दी 한국어=한국어 日本語=日本語"},
		{"#йод #Việt", "йод=йод việt=Việt"},
		{"x#cat /#cat &#cat (#cat)", ""},
		{"#cat-dog #it's", "cat=cat it=it"},
		{"line\n#cat", "cat=cat"},
		{"\u3000#cat", "cat=cat"},
		{"https://example.com/#cat", ""},
		{"#cathttps://example.com", "cat=cat"},
		{"##cat #", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, h := range Hashtags(tt.in) {
			got = append(got, h.Name+"="+h.Display)
			if !ValidHashtag(h.Display) {
				t.Errorf("ValidHashtag(%q) = false", h.Display)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("Hashtags(%q) = %q, want %q", tt.in, s, tt.want)
		}
	}
	for _, bad := range []string{"", "1", "a b", "a-b", "#a", "a·"} {
		if ValidHashtag(bad) {
			t.Errorf("ValidHashtag(%q) = true", bad)
		}
	}
	if got := NormalizeHashtag("#Foo-Bär!"); got != "foobar" {
		t.Errorf("NormalizeHashtag = %q", got)
	}
}

func TestTokensAreInOrder(t *testing.T) {
	t.Parallel()
	d := Parse("a @b https://c.example/#d #e @f@g.example")
	var got []string
	for _, tok := range d.Tokens {
		got = append(got, d.Text(tok))
	}
	if want := []string{"@b", "https://c.example/#d", "#e", "@f@g.example"}; !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
}

func TestEmojis(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{":blob:", "blob"},
		{"a :blob: :blob_cat: :blob:", "blob blob_cat"},
		{":a: :ab:", "ab"},
		{"x:blob: :blob:x", ""},
		{"(:blob:)", "blob"},
		{":aa::bb:", ""},
		{"12:30:45", ""},
		{"é:blob:", ""},
		{":blob", ""},
		{":no-dash:", ""},
		{":a :blob:", "blob"},
		{"::blob:", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(Emojis(tt.in), " "); got != tt.want {
			t.Errorf("Emojis(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := Emojis(":aa:", ":bb: :aa:"); !slices.Equal(got, []string{"aa", "bb"}) {
		t.Errorf("Emojis of two texts = %q", got)
	}
}
