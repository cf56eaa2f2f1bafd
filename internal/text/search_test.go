package text

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"coterie/internal/domain"
)

// told is a search in short.
func told(s domain.Search) string {
	var out []string
	say := func(not bool, format string, args ...any) {
		sign := ""
		if not {
			sign = "-"
		}
		out = append(out, sign+fmt.Sprintf(format, args...))
	}
	for _, p := range s.Phrases {
		words := strings.Join(p.What.Words, "_")
		if p.What.Open {
			words += "*"
		}
		say(p.Not, "%s", words)
	}
	for _, v := range s.Tags {
		say(v.Not, "#%s", v.What)
	}
	for _, v := range s.Authors {
		say(v.Not, "from:%s", v.What)
	}
	for _, v := range s.Languages {
		say(v.Not, "language:%s", v.What)
	}
	for _, v := range s.Traits {
		say(v.Not, "trait:%s", v.What)
	}
	if s.Scope != domain.SearchAll {
		say(false, "in:%s", s.Scope)
	}
	if !s.After.IsZero() {
		say(false, "from %s", s.After.UTC().Format("2006-01-02T15"))
	}
	if !s.Before.IsZero() {
		say(false, "to %s", s.Before.UTC().Format("2006-01-02T15"))
	}
	return strings.Join(out, " ")
}

func TestParseSearch(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"":                         "",
		" \t - + \" ":              "",
		"Crème brûlée":             "creme brulee",
		"e-mail don't":             "e_mail don_t",
		"-cats +dogs":              "-cats dogs",
		`"two words" -"not these"`: "two_words -not_these",
		"“two words” «deux mots» „zwei Wörter“":   "two_words deux_mots zwei_worter",
		"「猫犬」 猫 go言語":                             "猫犬 猫* go_言語",
		`say"two words"now`:                       "say two_words now",
		`"never closed`:                           "never closed",
		"#Cats -#Dogs ＃猫 #1 #":                    "1 #cats -#dogs #猫",
		"from:me from:@Ann -from:bob@Far.example": "from:me from:Ann -from:bob@Far.example",
		"from: from:@":                            "from from",
		"language:DE -language:zh-tw language:xx": "language_xx language:de -language:zh-TW",
		"has:media has:image -has:VIDEO has:audio has:poll has:link has:embed has:cheese": "has_cheese trait:media trait:image -trait:video trait:audio trait:poll trait:link trait:embed",
		"is:reply is:sensitive -is:quote is:fun":                                          "is_fun trait:reply trait:sensitive -trait:quote",
		"in:library":                                                                      "in:library",
		"in:public in:all":                                                                "",
		"-in:library in:here":                                                             "-in_library in_here",
		"before:2026-03-01":                                                               "to 2026-02-28T23",
		"after:2026-03-01":                                                                "from 2026-03-01T23",
		"during:2026-03-01":                                                               "from 2026-02-28T23 to 2026-03-01T23",
		"after:2026-01-01 after:2025-01-01 before:2026-03-01 before:2027-01-01": "from 2026-01-01T23 to 2026-02-28T23",
		"before:yesterday during:2026-02-30 -after:2026-01-01":                  "before_yesterday during_2026_02_30 -after_2026_01_01",
		"https://example.com/a re:you":                                          "https_example_com_a re_you",
		"😀 ...":                                                                 "",
		"สวัสดี":                                                                "สว_วั_ัส_สด_ดี",
	} {
		zone := time.FixedZone("", 3600)
		if got := told(ParseSearch(src, zone)); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
	s := ParseSearch(strings.Repeat("a ", 100), time.UTC)
	if len(s.Phrases) != maxConditions {
		t.Errorf("%d words are searched for", len(s.Phrases))
	}
}

// TestPhraseFindsParts holds for scripts without spaces that a text is found
// by any part of it and by nothing else.
func TestPhraseFindsParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom([]rune("猫犬鳥ー한ก")), 1, 6)
		whole, part := string(some.Draw(t, "text")), string(some.Draw(t, "part"))
		p, ok := Phrase(part)
		if !ok {
			t.Fatalf("%q has no words", part)
		}
		index := " " + strings.Join(Words("a "+whole+" b"), " ") + " "
		look := " " + strings.Join(p.Words, " ")
		if !p.Open {
			look += " "
		}
		if got, want := strings.Contains(index, look), strings.Contains(fold(whole), fold(part)); got != want {
			t.Fatalf("%q in %q: %v by words %q in %q", part, whole, got, look, index)
		}
	})
}

func FuzzParseSearch(f *testing.F) {
	f.Add(`from:me "a phrase" -#tag before:2026-01-01 has:image 猫 “x”`)
	f.Add(`-"`)
	f.Add("\xff+:")
	f.Fuzz(func(t *testing.T, src string) {
		s := ParseSearch(src, time.UTC)
		if n := len(s.Phrases) + len(s.Tags) + len(s.Authors) + len(s.Languages) + len(s.Traits); n > maxConditions {
			t.Errorf("%d conditions in %q", n, src)
		}
		for _, p := range s.Phrases {
			if len(p.What.Words) == 0 {
				t.Errorf("an empty phrase in %q", src)
			}
			for _, w := range p.What.Words {
				if w == "" || !utf8.ValidString(w) || strings.ContainsAny(w, "\x00 \t\n\"'\\:%_*&|!()<>") {
					t.Errorf("the word %q in %q would be read as an operator", w, src)
				}
			}
		}
		for _, v := range append(s.Tags, s.Authors...) {
			if v.What == "" || !utf8.ValidString(v.What) || strings.ContainsRune(v.What, 0) {
				t.Errorf("the name %q in %q", v.What, src)
			}
		}
	})
}
