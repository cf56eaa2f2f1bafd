package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"coterie/internal/domain"
)

const (
	// maxWord is the longest search word in bytes; the rest of a longer one is
	// not searched for.
	maxWord = 64
	// maxWords is how many words of a text are searched for.
	maxWords = 10_000
)

// WordsVersion is that of Words and IndexWords. Raise it with any change to what
// they give: old posts are then indexed anew in the background.
const WordsVersion = 1

// IndexWords are the search words of a post: of its warning, its text, what its
// poll asks and what its media show, in this order.
func IndexWords(parts ...string) string { return strings.Join(Words(strings.Join(parts, "\n")), " ") }

// Words are the search words of a text in order: lower case, without
// diacritics, letters and digits only. Scripts without spaces give overlapping
// pairs of characters and the last character alone, so that every character
// begins a word. A Phrase of the same text is found in them.
func Words(s string) []string {
	var w wordWriter
	w.read(s)
	return w.out
}

// Phrase is what finds a text that has s in it; false if s has no words. Where
// it ends with a single character of a script without spaces, that may begin
// a pair.
func Phrase(s string) (domain.Phrase, bool) {
	var w wordWriter
	w.read(s)
	p := domain.Phrase{Words: w.out, Open: w.tail == 1}
	if w.tail > 1 { // in a longer text the last character may begin another pair
		p.Words = p.Words[:len(p.Words)-1]
	}
	return p, len(p.Words) > 0
}

// wordWriter collects words.
type wordWriter struct {
	out  []string
	word strings.Builder
	run  []rune // characters of a script without spaces
	tail int    // characters of the run that the last word is of, 0 for a word
}

func (w *wordWriter) read(s string) {
	for _, r := range fold(s) {
		switch {
		case r >= firstUnspaced && isUnspaced(r):
			w.endWord()
			w.run = append(w.run, r)
		case isWord(r) && r != '_':
			w.endRun()
			if w.word.Len() < maxWord {
				w.word.WriteRune(r)
			}
		default:
			w.endWord()
			w.endRun()
		}
		if len(w.out) >= maxWords {
			w.out = w.out[:maxWords]
			return
		}
	}
	w.endWord()
	w.endRun()
}

func (w *wordWriter) endWord() {
	if w.word.Len() > 0 {
		w.out = append(w.out, w.word.String())
		w.word.Reset()
		w.tail = 0
	}
}

func (w *wordWriter) endRun() {
	if len(w.run) == 0 {
		return
	}
	for i := range w.run {
		w.out = append(w.out, string(w.run[i:min(i+2, len(w.run))]))
	}
	w.tail = len(w.run)
	w.run = w.run[:0]
}

// firstUnspaced is below every character that isUnspaced knows.
const firstUnspaced = 0x0E00

// isUnspaced is a character of a script that writes without spaces, or that
// joins endings to words as Korean does.
func isUnspaced(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
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
