package apub

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// errNumber is a number that no double holds.
var errNumber = errors.New("number out of range")

// Canonical writes a JSON document in the form of RFC 8785 (JCS). Documents
// that two readers could take differently (repeated keys, half surrogate
// pairs, bad UTF-8, NUL) have none.
func Canonical(body []byte) ([]byte, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	if t.repeated || t.repaired {
		return nil, ErrUnsigned
	}
	return appendCanonical(nil, &t.root)
}

// appendCanonical leaves the members named skip out of the value itself.
func appendCanonical(b []byte, n *node, skip ...string) ([]byte, error) {
	switch n.kind {
	case kindNull:
		return append(b, "null"...), nil
	case kindBool:
		return append(b, n.text...), nil
	case kindString:
		return appendString(b, n.text), nil
	case kindNumber:
		return appendNumber(b, n.text)
	case kindArray:
		return appendCanonicalItems(b, n.items)
	}
	order := make([]*member, 0, len(n.members))
	for i := range n.members {
		if m := &n.members[i]; !slices.Contains(skip, m.key) {
			order = append(order, m)
		}
	}
	slices.SortFunc(order, func(x, y *member) int { return compareUTF16(x.key, y.key) })
	b = append(b, '{')
	var err error
	for i, m := range order {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, m.key), ':')
		if b, err = appendCanonical(b, &m.value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendCanonicalItems(b []byte, items []node) ([]byte, error) {
	b = append(b, '[')
	var err error
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendCanonical(b, &items[i]); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

// compareUTF16 orders keys by UTF-16 code units.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		ra, na := utf8.DecodeRuneInString(a)
		rb, nb := utf8.DecodeRuneInString(b)
		if ra != rb {
			// Above the basic plane the first unit is a surrogate, which sorts
			// before U+E000.
			if highA, highB := ra > 0xffff, rb > 0xffff; highA != highB {
				if highA && rb >= 0xe000 || highB && ra < 0xe000 {
					return -1
				}
				return 1
			}
			return int(ra) - int(rb)
		}
		a, b = a[na:], b[nb:]
	}
	return len(a) - len(b)
}

// appendNumber writes a double the way ECMAScript does.
func appendNumber(b []byte, literal string) ([]byte, error) {
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, errNumber
	}
	if f == 0 {
		return append(b, '0'), nil
	}
	if abs := math.Abs(f); abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(b, f, 'f', -1, 64), nil
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	sign := exponent[:1]
	return append(b, mantissa+"e"+sign+strings.TrimLeft(exponent[1:], "0")...), nil
}
