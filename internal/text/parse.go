package text

import (
	"unicode"
	"unicode/utf8"
)

// Kind says what a Token is.
type Kind uint8

// The kinds of token.
const (
	KindURL Kind = iota + 1
	KindMention
	KindHashtag
)

// Token is one entity found in a text.
type Token struct {
	Kind       Kind
	Start, End int     // byte offsets into Doc.Src
	Mention    Mention // of a KindMention
}

// Doc is a parsed plain text: its tokens in order, never overlapping. What
// lies between them is text.
type Doc struct {
	Src    string
	Tokens []Token
}

// Text is the source text of t. For a hashtag it includes the sign.
func (d Doc) Text(t Token) string { return d.Src[t.Start:t.End] }

// Parse finds the links, mentions and hashtags of plain text in one pass
// (behaviours 9.2 to 9.4).
func Parse(src string) Doc {
	s := scanner{src: src}
	return Doc{Src: src, Tokens: s.scan()}
}

// scanner walks a text once. Each try at a token either yields one or stops
// where no later try will look again, so the whole is linear; steps counts the
// runes looked at, so that tests can hold it to that.
type scanner struct {
	src    string
	closed []bool // per byte: is this '(' closed inside its word? nil until needed
	steps  int
}

func (s *scanner) scan() []Token {
	var tokens []Token
	prev := rune(-1)
	for i := 0; i < len(s.src); {
		r, size := s.runeAt(i)
		var t Token
		next := i + size
		switch {
		case r == '@' && mentionMayFollow(prev):
			t, next = s.mention(i)
		case (r == '#' || r == '＃') && hashtagMayFollow(prev):
			t, next = s.hashtag(i, size)
		case r < utf8.RuneSelf && schemeInitial(byte(r)) && urlMayFollow(prev):
			t, next = s.url(i)
		}
		if t.Kind != 0 {
			tokens = append(tokens, t)
		}
		if next == i+size {
			prev = r
		} else {
			prev, _ = utf8.DecodeLastRuneInString(s.src[:next])
		}
		i = next
	}
	return tokens
}

func (s *scanner) runeAt(i int) (rune, int) {
	s.steps++
	if i >= len(s.src) {
		return -1, 0
	}
	if c := s.src[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s.src[i:])
}

// isWord is a word character: letter, mark, digit or connector (12.3).
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && (isASCIIAlnum(byte(r)) || r == '_')
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || unicode.Is(unicode.Pc, r)
}

func isASCIIAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isASCIIDigit(c byte) bool { return c >= '0' && c <= '9' }

// isBidi is a character that changes the direction of what follows, so that a
// link could look like another one (SEC-53).
func isBidi(r rune) bool {
	switch {
	case r < 0x61C:
		return false
	case r == 0x61C, r == 0x200E, r == 0x200F:
		return true
	}
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// isInvisible is a format character without width that has no place in an address.
func isInvisible(r rune) bool {
	return r == 0x200B || r == 0x2060 || r == 0xFEFF || r == 0xAD || isBidi(r)
}
