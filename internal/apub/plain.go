package apub

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cut shortens s to at most n characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// cutBytes shortens s to at most n bytes, between characters.
func cutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// hidden reports characters that could turn or break a line of plain text:
// controls and direction marks. Joiners are kept, emoji need them.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

// line makes one line of plain text for display: no controls, no direction
// marks, single spaces.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case hidden(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// plain takes the tags out of HTML and decodes entities, in one pass. What
// only looks like a tag ("1 < 2") stays. Block ends become line breaks.
func plain(s string) string {
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '&') < 0 {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s, '>')
		if end < 0 || !tagStart(s) {
			if end < 0 {
				break
			}
			b.WriteByte('<')
			s = s[1:]
			continue
		}
		if tag := strings.ToLower(s[1:min(end, 5)]); strings.HasPrefix(tag, "br") || strings.HasPrefix(tag, "/p") || strings.HasPrefix(tag, "/div") {
			b.WriteByte('\n')
		}
		s = s[end+1:]
	}
	b.WriteString(s)
	return strings.TrimSpace(html.UnescapeString(b.String()))
}

func tagStart(s string) bool {
	if len(s) < 2 {
		return false
	}
	c := s[1] | 0x20
	return c >= 'a' && c <= 'z' || s[1] == '/' || s[1] == '!' || s[1] == '?'
}

// invisible reports text without anything to see: spaces and zero-width
// characters only (Misskey's empty content warning).
func invisible(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) && !hidden(r) && (r < 0x200b || r > 0x200d) && r != 0x2060 && r != 0xfeff {
			return false
		}
	}
	return true
}

// languageTag cleans the key of a language map: "" for none ("und") and for
// what is no language tag.
func languageTag(s string) string {
	if len(s) < 2 || len(s) > 35 || s == "und" {
		return ""
	}
	for i, part := range strings.Split(s, "-") {
		if len(part) == 0 || len(part) > 8 || i == 0 && (len(part) < 2 || len(part) > 3) {
			return ""
		}
		for _, c := range part {
			letter := c|0x20 >= 'a' && c|0x20 <= 'z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return ""
			}
		}
	}
	return s
}
