package text

import (
	"slices"
	"strings"
	"testing"
)

func TestFilterMatcher(t *testing.T) {
	t.Parallel()
	tests := []struct {
		keyword string
		whole   bool
		text    string
		want    bool
	}{
		{"cat", true, "a Cat sat", true},
		{"cat", true, "concatenate", false},
		{"cat", false, "concatenate", true},
		{"cat", true, "cats", false},
		{"cat", true, "concat cat", true},
		{"cat", true, "catcat cat", true},
		{"cat", true, "#cat!", true},
		{"cat", true, "cat_", false},
		{"cat", true, "cat2", false},
		{"#cat", true, "x#cat", true},
		{"#cat", true, "#cats", false},
		{"c++", true, "c++11", true},
		{"c++", true, "objc++", false},
		{"Straße", true, "die STRAßE", true},
		{"ÉTÉ", true, "un été chaud", true},
		{"été", true, "étée", false},
		{"кот", true, "Кот", true},
		{"кот", true, "который", false},
		{"猫", true, "猫", true},
		{"猫", true, "黒猫", false},
		{"猫", false, "黒猫", true},
		{"two words", true, "say Two Words!", true},
		{"e\u0301", true, "e\u0301a", false},
		{"😀", true, "a😀b", true},
		{" ", true, " ", false},
		{"", false, "x", false},
		{"K", false, "\u212A", true},
	}
	for _, tt := range tests {
		m := CompileFilter([]Keyword{{tt.keyword, tt.whole}})
		if got := len(m.Match("", tt.text)) == 1; got != tt.want {
			t.Errorf("keyword %q (whole %v) in %q: %v, want %v", tt.keyword, tt.whole, tt.text, got, tt.want)
		}
	}
	m := CompileFilter([]Keyword{{"One", false}, {"two", true}, {"three", true}})
	if got := m.Match("three", "one"); !slices.Equal(got, []string{"One", "three"}) {
		t.Errorf("Match = %q", got)
	}
	if got := (FilterMatcher{}).Match("x"); got != nil {
		t.Errorf("empty matcher matches %q", got)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"", ""},
		{"Hello, World!", "hello world"},
		{"don't stop_me", "don t stop me"},
		{"Café Ærø ŁÓDŹ Straße", "cafe aero lodz strasse"},
		{"Việt Ёлка", "viet елка"},
		{"日本語", "日本 本語 語"},
		{"猫 と", "猫 と"},
		{"Go言語2", "go 言語 語 2"},
		{"データ", "デー ータ タ"},
		{"한국어", "한국 국어 어"},
		{"ｗｉｄｅ", "wide"},
		{"हिन्दी", "हिन्दी"},
		{"ไทย", "ไท ทย ย"},
		{"https://example.com/a", "https example com a"},
		{"×÷", ""},
		{strings.Repeat("x", 200), strings.Repeat("x", maxWord)},
	}
	for _, tt := range tests {
		if got := strings.Join(Words(tt.in), " "); got != tt.want {
			t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestLanguageTag(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"en": "en", "EN": "en", "en-US": "en", "pt_BR": "pt", "de-AT-1996": "de", "zh-tw": "zh-TW", "zh_Hant_HK": "zh-HK",
		"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "zh": "zh", "zh-YUE": "zh-YUE", "ast": "ast", "sr-Latn": "sr", " fr ": "fr",
		"": "", "xx": "", "english": "", "und": "", "e": "", "en\x00": "", strings.Repeat("en-", 50): "", "-": "", "zh-x-zz": "zh",
	} {
		got, ok := LanguageTag(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("LanguageTag(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
	if !slices.IsSorted(languages) {
		t.Error("languages are not sorted")
	}
}

func TestValidUsername(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"alice": true, "Alice_1": true, "_": true, strings.Repeat("a", 30): true,
		"": false, strings.Repeat("a", 31): false, "a.b": false, "a-b": false, "ä": false, "a b": false, "a\n": false,
	} {
		if got := ValidUsername(in); got != want {
			t.Errorf("ValidUsername(%q) = %v", in, got)
		}
	}
}

func TestCleanUTF8(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a": "a", "a\x00b": "ab", "a\xff\xfeb": "a\uFFFDb", "\xed\xa0\x80": "\uFFFD"} {
		if got := CleanUTF8(in); got != want {
			t.Errorf("CleanUTF8(%q) = %q, want %q", in, got, want)
		}
	}
}
