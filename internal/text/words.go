package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxWord is the longest search word in bytes; the rest of a longer one is
// not searched for.
const maxWord = 64

// Words are the search words of a text in order: lower case, without
// diacritics, letters and digits only. Scripts without spaces (Han, kana,
// Hangul) give overlapping pairs of characters. Index and query are prepared
// alike, so that what was typed is found.
func Words(s string) []string {
	var out []string
	var word strings.Builder
	var run []rune // characters of a script without spaces
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
		if len(run) == 1 {
			out = append(out, string(run))
		}
		for i := 0; i+1 < len(run); i++ {
			out = append(out, string(run[i:i+2]))
		}
		run = run[:0]
	}
	for _, r := range fold(s) {
		switch {
		case r >= firstCJK && isCJK(r):
			if word.Len() > 0 {
				flush()
			}
			run = append(run, r)
		case isWord(r) && r != '_':
			if len(run) > 0 {
				flush()
			}
			if word.Len() < maxWord {
				word.WriteRune(r)
			}
		default:
			flush()
		}
	}
	flush()
	return out
}

// firstCJK is below every character that isCJK knows.
const firstCJK = 0x1100

func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー'
}

// fold is s in lower case without diacritics.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	s = norm.NFKD.String(strings.ToLower(CleanUTF8(s)))
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r >= 0x300 && r <= 0x36F:
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'þ':
			b.WriteString("th")
		case r >= 0xDF && r <= 0x17F:
			b.WriteRune(foldLatin(r))
		default:
			b.WriteRune(r)
		}
	}
	return strings.ToLower(norm.NFKC.String(b.String()))
}
