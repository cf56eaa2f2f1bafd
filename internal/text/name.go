package text

import (
	"strings"
	"unicode/utf8"
)

// maxUsername is the longest local user name (behaviours 7.1).
const maxUsername = 30

// ValidUsername reports whether s can be a local user name: letters a to z of
// either case, digits and underscore, 1 to 30 of them (behaviours 7.1).
func ValidUsername(s string) bool {
	if s == "" || len(s) > maxUsername {
		return false
	}
	for i := range len(s) {
		if !isASCIIAlnum(s[i]) && s[i] != '_' {
			return false
		}
	}
	return true
}

// CleanUTF8 is s as both stores take it: valid UTF-8 without U+0000. Each run
// of bad bytes becomes U+FFFD.
func CleanUTF8(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}
