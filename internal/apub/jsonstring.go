package apub

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string. The common case has nothing to change and is one copy.
func (s *scanner) str() (string, error) {
	s.at++
	from := s.at
	for s.at < len(s.body) {
		switch c := s.body[s.at]; {
		case c == '"':
			text := string(s.body[from:s.at])
			s.at++
			return s.valid(text), nil
		case c == '\\':
			return s.escaped(from)
		case c < 0x20:
			return "", s.fail("control character in a string")
		}
		s.at++
	}
	return "", s.fail("early end")
}

func (s *scanner) valid(text string) string {
	if !utf8.ValidString(text) {
		s.repaired = true
		return strings.ToValidUTF8(text, "\ufffd")
	}
	return text
}

func (s *scanner) escaped(from int) (string, error) {
	var b strings.Builder
	b.Write(s.body[from:s.at])
	for s.at < len(s.body) {
		c := s.body[s.at]
		switch {
		case c == '"':
			s.at++
			return s.valid(b.String()), nil
		case c == '\\':
			if err := s.escape(&b); err != nil {
				return "", err
			}
			continue
		case c < 0x20:
			return "", s.fail("control character in a string")
		}
		b.WriteByte(c)
		s.at++
	}
	return "", s.fail("early end")
}

const (
	escapes  = `"\/bfnrt`
	escapees = "\"\\/\b\f\n\r\t"
)

func (s *scanner) escape(b *strings.Builder) error {
	if s.at++; s.at >= len(s.body) {
		return s.fail("early end")
	}
	c := s.body[s.at]
	if i := strings.IndexByte(escapes, c); i >= 0 {
		b.WriteByte(escapees[i])
		s.at++
		return nil
	}
	r, ok := s.hex()
	if !ok {
		return s.fail("bad escape")
	}
	switch {
	case r == 0:
		s.repaired = true
		return nil
	case utf16.IsSurrogate(r):
		back := s.at
		if s.at < len(s.body) && s.body[s.at] == '\\' {
			s.at++
			if low, ok := s.hex(); ok {
				if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
					b.WriteRune(both)
					return nil
				}
			}
		}
		s.at, s.repaired, r = back, true, utf8.RuneError
	}
	b.WriteRune(r)
	return nil
}

// hex reads uXXXX.
func (s *scanner) hex() (rune, bool) {
	if s.at+5 > len(s.body) || s.body[s.at] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range s.body[s.at+1 : s.at+5] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	s.at += 5
	return r, true
}
