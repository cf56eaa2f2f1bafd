package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// Characters that emoji are put together with (UTS 51).
const (
	pictureSelector = 0xFE0F
	joiner          = 0x200D
	enclosingKeycap = 0x20E3
	blackFlag       = 0x1F3F4
	tagBase         = 0xE0000
	tagEnd          = 0xE007F
)

// maxUnicodeEmoji is longer than any emoji, in bytes.
const maxUnicodeEmoji = 64

// UnicodeEmoji is the one emoji that s consists of, in its fully qualified
// form, so that all ways to type it are the same (UTS 51): a character, with
// or without skin tone, a flag, a keycap, or several joined to one. ok is false
// for anything else.
func UnicodeEmoji(s string) (emoji string, ok bool) {
	if len(s) > maxUnicodeEmoji {
		return "", false
	}
	r := slices.DeleteFunc([]rune(s), func(c rune) bool { return c == pictureSelector })
	switch {
	case len(r) < 1:
		return "", false
	case len(r) == 2 && r[1] == enclosingKeycap:
		return string([]rune{r[0], pictureSelector, enclosingKeycap}), r[0] < unicode.MaxASCII && strings.ContainsRune("0123456789#*", r[0])
	case isRegional(r[0]):
		return string(r), len(r) == 2 && isRegional(r[1]) && isRegion(r[0], r[1])
	case len(r) > 1 && r[1] > tagBase:
		return string(r), isNation(r)
	}
	return joined(r)
}

// joined reads pictures with a joiner between each two.
func joined(r []rune) (string, bool) {
	var out []rune
	for len(r) > 0 {
		c := r[0]
		if !unicode.Is(emojiChars, c) || isRegional(c) {
			return "", false
		}
		out, r = append(out, c), r[1:]
		switch {
		case len(r) > 0 && isSkinTone(r[0]):
			if !unicode.Is(emojiModifierBase, c) {
				return "", false
			}
			out, r = append(out, r[0]), r[1:]
		case !unicode.Is(emojiPresentation, c):
			out = append(out, pictureSelector)
		}
		if len(r) == 0 {
			return string(out), true
		}
		if r[0] != joiner {
			return "", false
		}
		out, r = append(out, joiner), r[1:]
	}
	return "", false
}

func isSkinTone(c rune) bool { return c >= 0x1F3FB && c <= 0x1F3FF }

func isRegional(c rune) bool { return c >= 0x1F1E6 && c <= 0x1F1FF }

// isRegion reports whether two regional indicators stand for a flag.
func isRegion(a, b rune) bool {
	code := string([]rune{a - 0x1F1E6 + 'A', b - 0x1F1E6 + 'A'})
	// Flags of what is no country of ISO 3166.
	if slices.Contains([]string{"AC", "CP", "CQ", "DG", "EA", "EU", "IC", "TA", "UN", "XK"}, code) {
		return true
	}
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry() && region.String() == code
}

// isNation reports whether it is the flag of a part of the United Kingdom, the
// only ones of that form that are in use.
func isNation(r []rune) bool {
	if r[0] != blackFlag || r[len(r)-1] != tagEnd {
		return false
	}
	var b strings.Builder
	for _, c := range r[1 : len(r)-1] {
		b.WriteRune(c - tagBase)
	}
	return slices.Contains([]string{"gbeng", "gbsct", "gbwls"}, b.String())
}
