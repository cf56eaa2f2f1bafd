package text

import (
	"unicode"
	"unicode/utf8"
)

// Emojis lists the custom emoji shortcodes in plain texts, without colons, in
// order, each once: letters, digits and underscore, at least two, between
// colons with no letter, digit or colon on their outer sides (behaviours 9.5).
func Emojis(texts ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range texts {
		for i := 0; i < len(s); i++ {
			if s[i] != ':' {
				continue
			}
			end := i + 1
			for end < len(s) && (isASCIIAlnum(s[end]) || s[end] == '_') {
				end++
			}
			code := s[i+1 : end]
			if len(code) >= 2 && end < len(s) && s[end] == ':' && emojiMayTouch(lastRune(s[:i])) && emojiMayTouch(firstRune(s[end+1:])) {
				if !seen[code] {
					seen[code] = true
					out = append(out, code)
				}
			}
			i = end - 1
		}
	}
	return out
}

// ValidShortcode reports whether s can name a custom emoji.
func ValidShortcode(s string) bool {
	for i := range len(s) {
		if !isASCIIAlnum(s[i]) && s[i] != '_' {
			return false
		}
	}
	return len(s) >= 2
}

func emojiMayTouch(r rune) bool {
	return r != ':' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
}

func lastRune(s string) rune {
	if s == "" {
		return -1
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func firstRune(s string) rune {
	if s == "" {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
