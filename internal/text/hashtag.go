package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Hashtag is a tag found in a text.
type Hashtag struct {
	Name    string // for lookup: see NormalizeHashtag
	Display string // as typed, without the sign
}

// Hashtags lists the tags of plain text, in order, each name once as first typed.
func Hashtags(src string) []Hashtag { return Parse(src).Hashtags() }

// Hashtags lists the tags, in order, each name once as first typed.
func (d Doc) Hashtags() []Hashtag {
	var out []Hashtag
	seen := map[string]bool{}
	for _, t := range d.Tokens {
		if t.Kind != KindHashtag {
			continue
		}
		display := trimHashSign(d.Text(t))
		if name := NormalizeHashtag(display); name != "" && !seen[name] {
			seen[name] = true
			out = append(out, Hashtag{Name: name, Display: display})
		}
	}
	return out
}

// NormalizeHashtag is the name a tag is looked up by: NFKC, lower case, Latin
// letters without their diacritics, characters that cannot stand in a tag
// dropped. A leading sign is ignored (behaviours 9.4).
func NormalizeHashtag(name string) string {
	name = strings.ToLower(norm.NFKC.String(trimHashSign(name)))
	return strings.Map(func(r rune) rune {
		switch {
		case r < 128 && (r == '_' || isASCIIAlnum(byte(r))):
			return r
		case r >= 0xDF && r <= 0x17F:
			return foldLatin(r)
		case isHashtagSeparator(r), unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r):
			return r
		}
		return -1
	}, name)
}

// ValidHashtag reports whether name, without its sign, is a whole hashtag.
func ValidHashtag(name string) bool {
	d := Parse("#" + name)
	return len(d.Tokens) == 1 && d.Tokens[0].Kind == KindHashtag && d.Tokens[0].End == len(name)+1
}

// foldLatin is the plain letter of a lower-case letter of Latin-1 or Latin
// Extended-A, the two blocks that Mastodon folds; others stay themselves.
func foldLatin(r rune) rune {
	switch r {
	case 'ð', 'đ':
		return 'd'
	case 'ħ':
		return 'h'
	case 'ı':
		return 'i'
	case 'ĸ':
		return 'k'
	case 'ł':
		return 'l'
	case 'ŋ':
		return 'n'
	case 'ø':
		return 'o'
	case 'ŧ':
		return 't'
	}
	if d := norm.NFD.PropertiesString(string(r)).Decomposition(); len(d) > 0 && d[0] < 128 {
		return rune(d[0])
	}
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

func trimHashSign(s string) string {
	if t, ok := strings.CutPrefix(s, "#"); ok {
		return t
	}
	return strings.TrimPrefix(s, "＃")
}

// isHashtagSeparator may join the parts of a tag: underscore, middle dot,
// katakana middle dot, zero width non-joiner.
func isHashtagSeparator(r rune) bool {
	return r == '_' || r == 0xB7 || r == 0x30FB || r == 0x200C
}

// hashtagMayFollow wants a tag at the start or after white space.
func hashtagMayFollow(prev rune) bool { return prev == -1 || unicode.IsSpace(prev) }

// hashtag reads a tag at the sign at i, size bytes long. A tag has at least
// one letter, and does not begin or end with a dot or joiner.
func (s *scanner) hashtag(i, size int) (Token, int) {
	start := i + size
	end, letter := start, false
	for j := start; ; {
		r, n := s.runeAt(j)
		word := isWord(r)
		if !word && (j == start || !isHashtagSeparator(r)) {
			break
		}
		j += n
		if word {
			end = j
			letter = letter || unicode.IsLetter(r)
		}
	}
	if !letter {
		return Token{}, max(end, start)
	}
	if strings.HasPrefix(s.src[end:], "://") {
		// "#catshttps://", typed without its space: the scheme is no part of the tag.
		for _, scheme := range []string{"https", "http"} {
			if e := end - len(scheme); e > start && strings.EqualFold(s.src[e:end], scheme) {
				end = e
				break
			}
		}
	}
	return Token{Kind: KindHashtag, Start: i, End: end}, end
}
