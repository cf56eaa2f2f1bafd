package text

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// maxDomain is the longest host name in bytes (RFC 1035).
const maxDomain = 253

// Mention is @user or @user@domain as typed.
type Mention struct {
	User   string
	Domain string // empty when none was typed
}

// Key is the name to look the mention up by: lower case, the domain in its
// Unicode form (behaviours 7.1), "user" or "user@domain".
func (m Mention) Key() string {
	if m.Domain == "" {
		return strings.ToLower(m.User)
	}
	return strings.ToLower(m.User) + "@" + NormalizeDomain(m.Domain)
}

// NormalizeDomain is the lower-case Unicode form of a host name. A name that
// is no valid IDN is only lower-cased.
func NormalizeDomain(domain string) string {
	domain = strings.ToLower(domain)
	if len(domain) > maxDomain || isASCII(domain) && !strings.Contains(domain, "xn--") {
		return domain
	}
	u, err := idna.Lookup.ToUnicode(domain)
	if err != nil {
		return domain
	}
	return u
}

// Mentions lists the people mentioned in plain text, in order, each once.
func Mentions(src string) []Mention { return Parse(src).Mentions() }

// Mentions lists the people mentioned, in order, each once.
func (d Doc) Mentions() []Mention {
	var out []Mention
	seen := map[string]bool{}
	for _, t := range d.Tokens {
		if t.Kind == KindMention && !seen[t.Mention.Key()] {
			seen[t.Mention.Key()] = true
			out = append(out, t.Mention)
		}
	}
	return out
}

// mentionMayFollow refuses e-mail addresses and paths.
func mentionMayFollow(prev rune) bool {
	return prev != '=' && prev != '/' && !isWord(prev)
}

// mention reads a mention at the @ at i. It returns the token, or none, and
// where to go on.
func (s *scanner) mention(i int) (Token, int) {
	userEnd := s.dotted(i+1, isUserChar)
	if userEnd == i+1 {
		return Token{}, i + 1
	}
	end := userEnd
	m := Mention{User: s.src[i+1 : userEnd]}
	if userEnd < len(s.src) && s.src[userEnd] == '@' {
		end = s.dotted(userEnd+1, isWord)
		if end == userEnd+1 || end-userEnd-1 > maxDomain {
			return Token{}, end
		}
		end = s.port(userEnd+1, end)
		m.Domain = s.src[userEnd+1 : end]
	}
	if r, _ := s.runeAt(end); r == '@' || r == '＠' || isLatinAccent(r) || strings.HasPrefix(s.src[end:], "://") {
		return Token{}, end
	}
	return Token{Kind: KindMention, Start: i, End: end, Mention: m}, end
}

// dotted reads runs of characters joined by dots and dashes from i, and
// returns where they end: never after a dot or dash.
func (s *scanner) dotted(i int, ok func(rune) bool) int {
	end := i
	for j := i; ; {
		r, size := s.runeAt(j)
		switch {
		case ok(r):
			end = j + size
		case j > i && (r == '.' || r == '-'):
		default:
			return end
		}
		j += size
	}
}

// port extends a mention's domain from start to end by ":port", which only
// development names have: elsewhere a colon is punctuation.
func (s *scanner) port(start, end int) int {
	host := s.src[start:end]
	if !isLocalhost(host) && !isIPv4(host) {
		return end
	}
	return s.digitsAfterColon(end)
}

// digitsAfterColon returns the end of a ":12345" at i, or i.
func (s *scanner) digitsAfterColon(i int) int {
	if i >= len(s.src) || s.src[i] != ':' {
		return i
	}
	j := i + 1
	for j < len(s.src) && j <= i+5 && isASCIIDigit(s.src[j]) {
		s.steps++
		j++
	}
	if j == i+1 || j < len(s.src) && isASCIIAlnum(s.src[j]) {
		return i
	}
	return j
}

func isUserChar(r rune) bool { return r >= 0 && r < 128 && (isASCIIAlnum(byte(r)) || r == '_') }

// isLatinAccent is a letter that would continue a Latin name, so that
// "@andré" does not mention andr. Other scripts may follow a name directly.
func isLatinAccent(r rune) bool {
	switch {
	case r < 0xC0, r == 0xD7, r == 0xF7:
		return false
	case r <= 0x24F, r >= 0x300 && r <= 0x36F, r >= 0x1E00 && r <= 0x1EFF:
		return true
	}
	return false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// CanonicalMentions is the text with each mention that resolve knows rewritten
// to the acct it returns, and the others as typed (behaviours 8.5).
func (d Doc) CanonicalMentions(resolve func(Mention) (acct string, ok bool)) string {
	var b strings.Builder
	last := 0
	for _, t := range d.Tokens {
		if t.Kind != KindMention {
			continue
		}
		acct, ok := resolve(t.Mention)
		if !ok {
			continue
		}
		b.WriteString(d.Src[last:t.Start])
		b.WriteByte('@')
		b.WriteString(acct)
		last = t.End
	}
	if last == 0 {
		return d.Src
	}
	b.WriteString(d.Src[last:])
	return b.String()
}
