package text

import (
	"net/url"
	"strings"
	"unicode"
)

// maxURL is the longest address in bytes that is linked or stored.
const maxURL = 4096

// urlScheme is a scheme that is linked when typed. Those with an authority are
// followed by "://" and a host.
type urlScheme struct {
	name  string
	loose bool // the host need not have a dot
}

// urlSchemes are those of behaviours 9.2; xmpp and magnet have forms of their own.
var urlSchemes = [...]urlScheme{
	{"https", false},
	{"http", false},
	{"gemini", false},
	{"gopher", false},
	{"dat", true},
	{"dweb", true},
	{"ipfs", true},
	{"ipns", true},
	{"ssb", true},
}

// Links lists the addresses of plain text, in order, each once. Mentions and
// hashtags are no links.
func Links(src string) []string { return Parse(src).Links() }

// Links lists the addresses, in order, each once.
func (d Doc) Links() []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range d.Tokens {
		if u := d.Text(t); t.Kind == KindURL && !seen[u] {
			seen[u] = true
			out = append(out, u)
		}
	}
	return out
}

// WebURL cleans an address that a stranger gave: white space around it is cut,
// and it is ok only if it is absolute, http or https, has a host and no user
// part, and holds no control, direction or backslash characters (SEC-52, 53).
func WebURL(s string) (clean string, ok bool) {
	s = strings.Trim(s, " \t\r\n\f")
	if len(s) > maxURL || !isWebScheme(s) {
		return "", false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7F || r == '\\' || r == '"' || r == '<' || r == '>' ||
			r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.IsSpace(r) || isInvisible(r) {
			return "", false
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	return s, true
}

// FieldLink is the address a profile field consists of, if it is one that may
// be verified: https, nothing around it, no user part (behaviours 7.8).
func FieldLink(value string) (string, bool) {
	value = strings.TrimSpace(value)
	u, ok := WebURL(value)
	return u, ok && len(value) > 8 && strings.EqualFold(value[:8], "https://")
}

func isWebScheme(s string) bool {
	return hasPrefixFold(s, "https://") || hasPrefixFold(s, "http://")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// schemeInitial reports whether a scheme begins with c.
func schemeInitial(c byte) bool {
	switch c | 0x20 {
	case 'h', 'g', 'd', 'i', 's', 'x', 'm':
		return true
	}
	return false
}

// urlMayFollow refuses addresses glued to a word or a sign.
func urlMayFollow(prev rune) bool {
	switch prev {
	case '@', '＠', '$', '#', '＃':
		return false
	}
	return prev < 0 || prev > unicode.MaxASCII || !isASCIIAlnum(byte(prev))
}

// url reads an address at i. It returns the token, or none, and where to go on.
func (s *scanner) url(i int) (Token, int) {
	rest := s.src[i:]
	if hasPrefixFold(rest, "magnet:?") {
		return s.urlToken(i, i+7, s.tail(i+7))
	}
	if hasPrefixFold(rest, "xmpp:") {
		return s.xmpp(i)
	}
	for _, scheme := range urlSchemes {
		n := len(scheme.name)
		if !hasPrefixFold(rest, scheme.name) || !strings.HasPrefix(rest[n:], "://") {
			continue
		}
		start := i + n + 3
		host := s.host(start, scheme.loose)
		if host == start {
			return Token{}, start
		}
		end := s.digitsAfterColon(host)
		if strings.HasPrefix(s.src[end:], "@") || s.userPart(host) {
			// "https://good.example@bad.example" is no link: what would be its host? (SEC-53)
			return Token{}, end
		}
		return s.urlToken(i, end, s.tail(end))
	}
	return Token{}, i + 1
}

// urlToken is the address from i to end, if something follows the bare prefix.
func (s *scanner) urlToken(i, prefix, end int) (Token, int) {
	if end <= prefix && s.src[prefix-1] == ':' {
		return Token{}, prefix
	}
	if end-i > maxURL {
		return Token{}, end
	}
	return Token{Kind: KindURL, Start: i, End: end}, end
}

// xmpp reads xmpp:[//account@host/]user@host[/resource][?query].
func (s *scanner) xmpp(i int) (Token, int) {
	start := i + len("xmpp:")
	if strings.HasPrefix(s.src[start:], "//") {
		start += 2
	}
	j := s.dotted(start, isUserChar)
	if j > start && j < len(s.src) && s.src[j] == '@' {
		start = j + 1
	}
	host := s.host(start, false)
	if host == start {
		return Token{}, max(j, start)
	}
	return s.urlToken(i, host, s.tail(host))
}

// userPart reports whether ":password@" follows the supposed host ending at i.
func (s *scanner) userPart(i int) bool {
	if i >= len(s.src) || s.src[i] != ':' {
		return false
	}
	for j := i + 1; j < len(s.src) && j < i+maxDomain; j++ {
		switch c := s.src[j]; {
		case c == '@':
			return true
		case c <= ' ' || c == '/' || c == '?' || c == '#' || c == '<' || c == '>':
			return false
		}
	}
	return false
}

// host reads a host name at i and returns its end, or i if there is none. The
// last label is a plausible top-level domain, unless loose.
func (s *scanner) host(i int, loose bool) int {
	end := s.dotted(i, isHostChar)
	if end-i > 4*maxDomain {
		return i
	}
	name := s.src[i:end]
	last := strings.LastIndexByte(name, '.') + 1
	if tld := asciiHead(name[last:]); last > 0 && len(tld) > 0 {
		// Text of another script follows without a space.
		end = i + last + len(tld)
		name = s.src[i:end]
	}
	switch {
	case name == "", len(name) > maxDomain, strings.Contains(name, ".."):
		return i
	case loose, isLocalhost(name), isIPv4(name), last > 0 && isTopLevel(name[last:]):
		return end
	}
	return i
}

func isHostChar(r rune) bool { return isWord(r) && !isInvisible(r) }

// asciiHead is the ASCII beginning of a label that goes on in another script
// than Latin, else "".
func asciiHead(label string) string {
	for i, r := range label {
		if r > unicode.MaxASCII {
			if unicode.Is(unicode.Latin, r) {
				return ""
			}
			return label[:i]
		}
	}
	return ""
}

func isTopLevel(label string) bool {
	if hasPrefixFold(label, "xn--") {
		return len(label) > 4
	}
	n := 0
	for _, r := range label {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			return false
		}
		n++
	}
	return n >= 2
}

func isLocalhost(name string) bool {
	return strings.EqualFold(name, "localhost") ||
		len(name) > 10 && strings.EqualFold(name[len(name)-10:], ".localhost")
}

// isIPv4 reports whether name is four decimal numbers up to 255.
func isIPv4(name string) bool {
	parts, number, digits := 1, 0, 0
	for i := range len(name) {
		switch c := name[i]; {
		case c == '.' && digits > 0:
			parts, number, digits = parts+1, 0, 0
		case isASCIIDigit(c):
			number, digits = number*10+int(c-'0'), digits+1
			if number > 255 || digits > 3 {
				return false
			}
		default:
			return false
		}
	}
	return parts == 4 && digits > 0
}

// tail reads path, query and fragment from i, and returns where the address
// ends: before trailing punctuation and before a parenthesis that has no partner.
func (s *scanner) tail(i int) int {
	if i >= len(s.src) || s.src[i] != '/' && s.src[i] != '?' && s.src[i] != '#' {
		return i
	}
	end, depth := i, 0
	query := false
	for j := i; j < len(s.src); {
		r, size := s.runeAt(j)
		if !isTailChar(r) {
			return end
		}
		switch {
		case r == '(':
			if !s.isClosed(j) {
				return end
			}
			depth++
		case r == ')':
			if depth == 0 {
				return end
			}
			depth--
			if depth == 0 {
				end = j + size
			}
		case depth == 0 && isTailEnd(r, query):
			end = j + size
		}
		query = query || r == '?'
		j += size
	}
	return end
}

func isTailChar(r rune) bool {
	if r <= ' ' || r == 0x7F || r == '<' || r == '>' {
		return false
	}
	return r < 0x80 || !unicode.IsSpace(r) && !unicode.IsControl(r) && r != unicode.ReplacementChar && !isInvisible(r)
}

// isTailEnd reports whether an address may end with r.
func isTailEnd(r rune, query bool) bool {
	switch r {
	case '!', '*', '"', '\'', '「', '」', ';', ':', ',', '.', '$', '%', '[', ']', '~', '|', '@', '?',
		'。', '、', '，', '！', '？', '；', '：', '（', '）', '『', '』', '【', '】', '“', '”', '‘', '’', '…':
		return false
	case '=', '&':
		return query
	case '{', '}', '^', '\\', '`', '+':
		return !query
	}
	return true
}

// isClosed reports whether the parenthesis at i has a partner before the word
// ends. All are paired in one walk, the first time somebody asks.
func (s *scanner) isClosed(i int) bool {
	if s.closed != nil {
		return s.closed[i]
	}
	s.closed = make([]bool, len(s.src))
	var open []int
	for j := i; j < len(s.src); {
		r, size := s.runeAt(j)
		switch {
		case !isTailChar(r):
			open = open[:0]
		case r == '(':
			open = append(open, j)
		case r == ')' && len(open) > 0:
			s.closed[open[len(open)-1]] = true
			open = open[:len(open)-1]
		}
		j += size
	}
	return s.closed[i]
}
