package apub

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// Errors of Parse and its kin. They are wrapped, so compare with errors.Is.
var (
	ErrTooLarge = errors.New("document is too large")
	ErrTooDeep  = errors.New("document is nested too deeply")
	ErrTooMany  = errors.New("document has too many values")
	ErrRepeated = errors.New("document repeats too many keys")
	ErrSyntax   = errors.New("not a JSON document")
	ErrShape    = errors.New("not an ActivityStreams document")
	ErrContext  = errors.New("the @context gives well-known names another meaning")
)

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// node is one JSON value with the range of bytes it came from.
type node struct {
	kind       kind
	text       string // string value, number literal, "true" or "false"
	items      []node // of an array
	members    []member
	start, end int
}

// member is one entry of an object. name is the key without a well-known
// prefix, for reading; key is what stood there, for canonical forms.
type member struct {
	key, name string
	value     node
}

// tree is a document after the JSON step.
type tree struct {
	root     node
	body     []byte
	repeated bool // some object had a key twice; the last one counts
	repaired bool // some string held NUL, half a surrogate pair or bad UTF-8
}

type scanner struct {
	body     []byte
	at       int
	depth    int
	values   int
	repeats  int
	repaired bool
}

// parseJSON reads one document within the limits, in one pass. Strings come
// out as valid UTF-8 without NUL.
func parseJSON(body []byte) (*tree, error) {
	if len(body) > MaxBody {
		return nil, ErrTooLarge
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	s := scanner{body: body}
	root, err := s.value()
	if err != nil {
		return nil, err
	}
	if s.space(); s.at != len(body) {
		return nil, s.fail("text after the document")
	}
	return &tree{root: root, body: body, repeated: s.repeats > 0, repaired: s.repaired}, nil
}

func (s *scanner) fail(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrSyntax, what, s.at)
}

func (s *scanner) space() {
	for s.at < len(s.body) {
		switch s.body[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) value() (node, error) {
	s.space()
	if s.values++; s.values > maxValues {
		return node{}, ErrTooMany
	}
	if s.at >= len(s.body) {
		return node{}, s.fail("early end")
	}
	n := node{start: s.at}
	var err error
	switch c := s.body[s.at]; {
	case c == '{' || c == '[':
		if s.depth++; s.depth > MaxDepth {
			return node{}, ErrTooDeep
		}
		if c == '{' {
			n.kind = kindObject
			n.members, err = s.object()
		} else {
			n.kind = kindArray
			n.items, err = s.array()
		}
		s.depth--
	case c == '"':
		n.kind = kindString
		n.text, err = s.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = kindNumber
		n.text, err = s.number()
	default:
		err = s.word(&n)
	}
	n.end = s.at
	return n, err
}

func (s *scanner) word(n *node) error {
	for _, w := range [...]string{"null", "true", "false"} {
		if strings.HasPrefix(string(s.body[s.at:min(len(s.body), s.at+5)]), w) {
			s.at += len(w)
			if w != "null" {
				n.kind, n.text = kindBool, w
			}
			return nil
		}
	}
	return s.fail("unknown word")
}

func (s *scanner) array() ([]node, error) {
	s.at++
	var items []node
	if s.space(); s.at < len(s.body) && s.body[s.at] == ']' {
		s.at++
		return nil, nil
	}
	for {
		n, err := s.value()
		if err != nil {
			return nil, err
		}
		items = append(items, n)
		done, err := s.comma(']')
		if done || err != nil {
			return items, err
		}
	}
}

func (s *scanner) object() ([]member, error) {
	s.at++
	var members []member
	if s.space(); s.at < len(s.body) && s.body[s.at] == '}' {
		s.at++
		return nil, nil
	}
	for {
		if s.space(); s.at >= len(s.body) || s.body[s.at] != '"' {
			return nil, s.fail("no key")
		}
		key, err := s.str()
		if err != nil {
			return nil, err
		}
		if s.space(); s.at >= len(s.body) || s.body[s.at] != ':' {
			return nil, s.fail("no colon")
		}
		s.at++
		n, err := s.value()
		if err != nil {
			return nil, err
		}
		if len(members) == maxMembers {
			return nil, ErrTooMany
		}
		members = append(members, member{key: key, name: shortName(key), value: n})
		done, err := s.comma('}')
		if err != nil {
			return nil, err
		}
		if done {
			return s.unique(members)
		}
	}
}

// unique keeps the last of members with the same key, and counts the rest.
func (s *scanner) unique(members []member) ([]member, error) {
	if len(members) <= 16 && !repeats(members) {
		return members, nil
	}
	seen := make(map[string]int, len(members))
	kept := members[:0]
	for _, m := range members {
		if i, ok := seen[m.key]; ok {
			if s.repeats++; s.repeats > maxRepeats {
				return nil, ErrRepeated
			}
			kept[i] = m
			continue
		}
		seen[m.key] = len(kept)
		kept = append(kept, m)
	}
	return kept, nil
}

// repeats compares each pair, for objects too small to be worth a map.
func repeats(members []member) bool {
	for i := range members {
		for j := range i {
			if members[i].key == members[j].key {
				return true
			}
		}
	}
	return false
}

func (s *scanner) comma(end byte) (done bool, err error) {
	if s.space(); s.at >= len(s.body) {
		return false, s.fail("early end")
	}
	switch s.body[s.at] {
	case ',':
		s.at++
		return false, nil
	case end:
		s.at++
		return true, nil
	}
	return false, s.fail("no comma")
}

func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.body) && s.body[s.at] >= '0' && s.body[s.at] <= '9' {
		s.at++
	}
	return s.at > from
}

func (s *scanner) number() (string, error) {
	from := s.at
	peek := func(set string) bool {
		return s.at < len(s.body) && strings.IndexByte(set, s.body[s.at]) >= 0
	}
	if peek("-") {
		s.at++
	}
	if peek("0") {
		s.at++
	} else if !s.digits() {
		return "", s.fail("bad number")
	}
	if peek(".") {
		if s.at++; !s.digits() {
			return "", s.fail("bad number")
		}
	}
	if peek("eE") {
		if s.at++; peek("+-") {
			s.at++
		}
		if !s.digits() {
			return "", s.fail("bad number")
		}
	}
	return string(s.body[from:s.at]), nil
}
