package fetch

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
)

// Structured Fields (RFC 8941), as far as signatures need them: dictionaries
// whose members are items or inner lists of items, with parameters; items are
// integers, strings, tokens, byte sequences and booleans.

const (
	fieldLimit  = 8 << 10 // bytes of one header
	memberLimit = 64      // members, list items or parameters in one place
)

var errField = errors.New("malformed structured field")

type sfKind uint8

const (
	sfInteger sfKind = iota + 1
	sfString
	sfToken
	sfBytes
	sfBool
)

// sfItem is a bare item with its parameters.
type sfItem struct {
	kind   sfKind
	text   string // of a string or token
	num    int64  // of an integer; 1 for true
	bytes  []byte
	params []sfParam
}

// sfParam is one parameter. Names are unique: repeated ones are refused,
// stricter than RFC 8941, which keeps the last (SEC-12).
type sfParam struct {
	key   string
	value sfItem
}

// sfMember is one member of a dictionary: an inner list, or an item in item.
type sfMember struct {
	key    string
	isList bool
	list   []sfItem
	item   sfItem // of a list only the parameters are used
}

// param is the parameter of that name, nil where there is none.
func (i *sfItem) param(key string) *sfItem {
	for n := range i.params {
		if i.params[n].key == key {
			return &i.params[n].value
		}
	}
	return nil
}

// parseDictionary reads a dictionary. Repeated keys are refused.
func parseDictionary(s string) ([]sfMember, error) {
	if len(s) > fieldLimit {
		return nil, errField
	}
	p := &sfParser{s: s}
	p.skip(" \t")
	var members []sfMember
	for !p.end() {
		m, err := p.member()
		if err != nil {
			return nil, err
		}
		for _, other := range members {
			if other.key == m.key {
				return nil, errField
			}
		}
		if members = append(members, m); len(members) > memberLimit {
			return nil, errField
		}
		p.skip(" \t")
		if p.end() {
			return members, nil
		}
		if !p.take(',') {
			return nil, errField
		}
		p.skip(" \t")
		if p.end() {
			return nil, errField
		}
	}
	return members, nil
}

type sfParser struct {
	s string
	i int
}

func (p *sfParser) end() bool { return p.i >= len(p.s) }

func (p *sfParser) take(c byte) bool {
	if p.end() || p.s[p.i] != c {
		return false
	}
	p.i++
	return true
}

func (p *sfParser) skip(set string) {
	for !p.end() && strings.IndexByte(set, p.s[p.i]) >= 0 {
		p.i++
	}
}

// span takes the longest run of bytes that ok accepts.
func (p *sfParser) span(ok func(byte) bool) string {
	start := p.i
	for !p.end() && ok(p.s[p.i]) {
		p.i++
	}
	return p.s[start:p.i]
}

func (p *sfParser) key() (string, error) {
	if p.end() || (!isLower(p.s[p.i]) && p.s[p.i] != '*') {
		return "", errField
	}
	return p.span(func(c byte) bool {
		return isLower(c) || isDigit(c) || strings.IndexByte("_-.*", c) >= 0
	}), nil
}

func (p *sfParser) member() (sfMember, error) {
	key, err := p.key()
	if err != nil {
		return sfMember{}, err
	}
	m := sfMember{key: key}
	switch {
	case !p.take('='):
		m.item = sfItem{kind: sfBool, num: 1}
		m.item.params, err = p.parameters()
	case p.take('('):
		m.isList = true
		if m.list, err = p.innerList(); err == nil {
			m.item.params, err = p.parameters()
		}
	default:
		m.item, err = p.item()
	}
	return m, err
}

// innerList reads the rest of a list whose opening bracket is taken.
func (p *sfParser) innerList() ([]sfItem, error) {
	var list []sfItem
	for {
		p.skip(" ")
		if p.take(')') {
			return list, nil
		}
		it, err := p.item()
		if err != nil {
			return nil, err
		}
		if list = append(list, it); len(list) > memberLimit {
			return nil, errField
		}
		if p.end() || (p.s[p.i] != ' ' && p.s[p.i] != ')') {
			return nil, errField
		}
	}
}

func (p *sfParser) item() (sfItem, error) {
	it, err := p.bare()
	if err != nil {
		return it, err
	}
	it.params, err = p.parameters()
	return it, err
}

func (p *sfParser) parameters() ([]sfParam, error) {
	var params []sfParam
	for p.take(';') {
		p.skip(" ")
		key, err := p.key()
		if err != nil {
			return nil, err
		}
		value := sfItem{kind: sfBool, num: 1}
		if p.take('=') {
			if value, err = p.bare(); err != nil {
				return nil, err
			}
		}
		for _, other := range params {
			if other.key == key {
				return nil, errField
			}
		}
		if params = append(params, sfParam{key, value}); len(params) > memberLimit {
			return nil, errField
		}
	}
	return params, nil
}

func (p *sfParser) bare() (sfItem, error) {
	if p.end() {
		return sfItem{}, errField
	}
	switch c := p.s[p.i]; {
	case c == '"':
		return p.quoted()
	case c == ':':
		return p.byteSequence()
	case c == '?':
		return p.boolean()
	case c == '-' || isDigit(c):
		return p.integer()
	case c == '*' || isAlpha(c):
		text := p.span(func(c byte) bool { return isTokenByte(c) || c == ':' || c == '/' })
		return sfItem{kind: sfToken, text: text}, nil
	}
	return sfItem{}, errField
}

func (p *sfParser) quoted() (sfItem, error) {
	p.i++
	var b strings.Builder
	for !p.end() {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			return sfItem{kind: sfString, text: b.String()}, nil
		case c == '\\':
			if p.end() || (p.s[p.i] != '"' && p.s[p.i] != '\\') {
				return sfItem{}, errField
			}
			b.WriteByte(p.s[p.i])
			p.i++
		case c < 0x20 || c > 0x7e:
			return sfItem{}, errField
		default:
			b.WriteByte(c)
		}
	}
	return sfItem{}, errField
}

func (p *sfParser) byteSequence() (sfItem, error) {
	text, _, ok := strings.Cut(p.s[p.i+1:], ":")
	if !ok || strings.ContainsAny(text, "\r\n") {
		return sfItem{}, errField
	}
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return sfItem{}, errField
	}
	p.i += len(text) + 2
	return sfItem{kind: sfBytes, bytes: b}, nil
}

func (p *sfParser) boolean() (sfItem, error) {
	p.i++
	switch {
	case p.take('1'):
		return sfItem{kind: sfBool, num: 1}, nil
	case p.take('0'):
		return sfItem{kind: sfBool}, nil
	}
	return sfItem{}, errField
}

func (p *sfParser) integer() (sfItem, error) {
	minus := p.take('-')
	digits := p.span(isDigit)
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || len(digits) > 15 {
		return sfItem{}, errField
	}
	if minus {
		n = -n
	}
	return sfItem{kind: sfInteger, num: n}, nil
}

// write appends the canonical form (RFC 8941 section 4.1).
func (i *sfItem) write(b *strings.Builder) {
	switch i.kind {
	case sfInteger:
		b.WriteString(strconv.FormatInt(i.num, 10))
	case sfString:
		b.WriteByte('"')
		for n := range len(i.text) {
			if c := i.text[n]; c == '"' || c == '\\' {
				b.WriteByte('\\')
			}
			b.WriteByte(i.text[n])
		}
		b.WriteByte('"')
	case sfToken:
		b.WriteString(i.text)
	case sfBytes:
		b.WriteString(":" + base64.StdEncoding.EncodeToString(i.bytes) + ":")
	case sfBool:
		b.WriteString("?" + strconv.FormatInt(i.num, 10))
	}
	writeParams(b, i.params)
}

func writeParams(b *strings.Builder, params []sfParam) {
	for _, p := range params {
		b.WriteString(";" + p.key)
		if p.value.kind != sfBool || p.value.num == 0 {
			b.WriteByte('=')
			p.value.write(b)
		}
	}
}

// writeList appends an inner list and its parameters.
func (m *sfMember) writeList(b *strings.Builder) {
	b.WriteByte('(')
	for n := range m.list {
		if n > 0 {
			b.WriteByte(' ')
		}
		m.list[n].write(b)
	}
	b.WriteByte(')')
	writeParams(b, m.item.params)
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return isLower(c) || ('A' <= c && c <= 'Z') }

// isTokenByte reports whether c may stand in a header name or token (RFC 9110).
func isTokenByte(c byte) bool {
	return isAlpha(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
