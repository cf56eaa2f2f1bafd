package text_test

import (
	"testing"
	"unicode/utf8"

	"coterie/internal/text"
)

func TestUnicodeEmoji(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"a face", "🤔", "🤔"},
		{"a heart without selector", "\u2764", "\u2764\uFE0F"},
		{"a heart with", "\u2764\uFE0F", "\u2764\uFE0F"},
		{"a skin tone", "👍🏽", "👍🏽"},
		{"a skin tone alone", "🏽", "🏽"},
		{"a family", "👨\u200D👩\u200D👧", "👨\u200D👩\u200D👧"},
		{"a shrug without selector", "🤷\u200D\u2640", "🤷\u200D\u2640\uFE0F"},
		{"the longest", "👨🏻\u200D\u2764\uFE0F\u200D💋\u200D👨🏿", "👨🏻\u200D\u2764\uFE0F\u200D💋\u200D👨🏿"},
		{"a keycap", "7\u20E3", "7\uFE0F\u20E3"},
		{"a flag", "🇳🇱", "🇳🇱"},
		{"a flag of no country", "🇪🇺", "🇪🇺"},
		{"a flag of a part", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F", "🏴\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"},
		{"copyright", "©", "©\uFE0F"},
		{"nothing", "", ""},
		{"a selector", "\uFE0F", ""},
		{"a letter", "a", ""},
		{"a digit", "7", ""},
		{"a keycap of a letter", "a\u20E3", ""},
		{"two", "🤔🤔", ""},
		{"one and a space", "🤔 ", ""},
		{"half a flag", "🇳", ""},
		{"a flag of nowhere", "🇽🇽", ""},
		{"two flags", "🇳🇱🇳🇱", ""},
		{"a flag of another part", "🏴\U000E0075\U000E0073\U000E007F", ""},
		{"a tone on what has none", "🍞🏽", ""},
		{"a joiner at the end", "👨\u200D", ""},
		{"a joiner alone", "\u200D", ""},
		{"a shortcode", "blobcat", ""},
		{"broken", "\xf0\x9f", ""},
		{"endless", "👨\u200D👨\u200D👨\u200D👨\u200D👨\u200D👨\u200D👨\u200D👨\u200D👨\u200D👨", ""},
	} {
		got, ok := text.UnicodeEmoji(tc.in)
		if want := tc.want != ""; ok != want || ok && got != tc.want {
			t.Errorf("%s: %+q %v, want %+q", tc.name, got, ok, tc.want)
		}
	}
}

func FuzzUnicodeEmoji(f *testing.F) {
	for _, s := range []string{"🤔", "\u2764", "🇳🇱", "7\u20E3", "👨\u200D👩\u200D👧", "🏴\U000E0067\U000E007F", "a", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, ok := text.UnicodeEmoji(s)
		if !ok {
			return
		}
		if !utf8.ValidString(e) || len(e) > 2*len(s)+8 {
			t.Errorf("%+q becomes %+q", s, e)
		}
		if again, ok := text.UnicodeEmoji(e); !ok || again != e {
			t.Errorf("%+q becomes %+q, which becomes %+q", s, e, again)
		}
	})
}
