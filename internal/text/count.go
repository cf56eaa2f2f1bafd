package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// urlLength is what a web address counts, however long (behaviours 8.1).
const urlLength = 23

// Count is the length of a post in characters as people see them: grapheme
// clusters of the content warning and the text, where each http or https
// address counts 23 and each remote mention its local part (behaviours 8.1).
// Profile notes count the same way, without a warning (behaviours 7.7).
func Count(spoiler, body string) int {
	if isPlainASCII(spoiler) && isPlainASCII(body) {
		return len(spoiler) + len(body)
	}
	var b strings.Builder
	b.Grow(len(spoiler) + len(body))
	b.WriteString(spoiler)
	last := 0
	for _, t := range Parse(body).Tokens {
		switch {
		case t.Kind == KindURL && isWebScheme(body[t.Start:t.End]):
			b.WriteString(body[last:t.Start])
			b.WriteString("xxxxxxxxxxxxxxxxxxxxxxx"[:urlLength])
			last = t.End
		case t.Kind == KindMention && t.Mention.Domain != "":
			b.WriteString(body[last:t.Start])
			b.WriteString("@" + t.Mention.User)
			last = t.End
		}
	}
	b.WriteString(body[last:])
	return uniseg.GraphemeClusterCount(b.String())
}

// CountGraphemes is the number of characters of s as people see them, with no
// exceptions: for names, fields, poll options and descriptions.
func CountGraphemes(s string) int {
	if isPlainASCII(s) {
		return len(s)
	}
	return uniseg.GraphemeClusterCount(s)
}

// Truncate cuts s to at most n characters as people see them.
func Truncate(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if len(s) <= n {
		return s
	}
	end, state := 0, -1
	for rest := s; rest != "" && n > 0; n-- {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		end += len(cluster)
	}
	return s[:end]
}

// isPlainASCII reports whether every byte of s is one character and nothing in
// it can be an address or a remote mention.
func isPlainASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c > '~' || c == '\r' || c == '@' || c == ':' {
			return false
		}
	}
	return true
}
