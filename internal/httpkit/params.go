package httpkit

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"coterie/internal/domain"
)

// Params are the parameters of a request in whatever form they came
// (behaviours 1.1 to 1.4): the path wins, then the body, then the query.
// Getters never fail: a value of another type counts as absent. The zero value
// is empty.
type Params struct {
	path  *http.Request
	body  *node
	query *node
	files map[string]*File
}

// Empty reports whether neither query nor body brought anything.
func (p Params) Empty() bool { return p.body == nil && p.query == nil }

func (p Params) get(key string) *node {
	if p.path != nil {
		if v := p.path.PathValue(key); v != "" {
			return &node{kind: nodeText, text: v}
		}
	}
	if n := p.body.get(key); n != nil {
		return n
	}
	return p.query.get(key)
}

// scalar is the text of a text, number or boolean.
func (n *node) scalar() (string, bool) {
	if n == nil {
		return "", false
	}
	switch n.kind {
	case nodeText, nodeNumber, nodeBool:
		return n.text, true
	}
	return "", false
}

// Has reports whether the parameter was sent; JSON null was not.
func (p Params) Has(key string) bool {
	n := p.get(key)
	return n != nil && n.kind != nodeNull
}

// Cleared reports whether the parameter was sent as JSON null or as empty
// text, where that means to clear (behaviours 1.4).
func (p Params) Cleared(key string) bool {
	n := p.get(key)
	return n != nil && (n.kind == nodeNull || n.kind == nodeText && n.text == "")
}

// String is the text of the parameter; numbers and booleans count as text.
func (p Params) String(key string) (string, bool) {
	if p.Empty() && p.path == nil {
		return "", false
	}
	return p.get(key).scalar()
}

// StringOr is String, or def where the parameter is absent.
func (p Params) StringOr(key, def string) string {
	if s, ok := p.String(key); ok {
		return s
	}
	return def
}

// Bool is nil where the parameter is absent or empty; false for false, 0, f
// and off in any case; else true (behaviours 1.3).
func (p Params) Bool(key string) *bool {
	s, ok := p.String(key)
	if !ok || s == "" {
		return nil
	}
	b := true
	switch strings.ToLower(s) {
	case "false", "0", "f", "off":
		b = false
	}
	return &b
}

// BoolOr is Bool, or def where the parameter is absent or empty.
func (p Params) BoolOr(key string, def bool) bool {
	if b := p.Bool(key); b != nil {
		return *b
	}
	return def
}

// Int is a whole number, sent as a number or as text.
func (p Params) Int(key string) (int64, bool) {
	s, ok := p.String(key)
	if !ok {
		return 0, false
	}
	return parseInt(s)
}

func parseInt(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	// 3.0 and 1e3 are whole numbers too, as far as a float is exact.
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// maxSeconds keeps sums of times within their range.
const maxSeconds = 100 * 365 * 24 * 60 * 60

// Seconds is a duration given in seconds, at most 100 years either way.
func (p Params) Seconds(key string) (time.Duration, bool) {
	n, ok := p.Int(key)
	n = max(-maxSeconds, min(n, maxSeconds))
	return time.Duration(n) * time.Second, ok
}

// ID is an id; what cannot be one counts as absent.
func (p Params) ID(key string) (domain.ID, bool) {
	s, ok := p.String(key)
	if !ok {
		return 0, false
	}
	return domain.ParseID(s)
}

// IDs are the ids of a list in any form; what cannot be an id is left out.
func (p Params) IDs(key string) []domain.ID {
	var ids []domain.ID
	for _, s := range p.Strings(key) {
		if id, ok := domain.ParseID(s); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

// Strings are the texts of a list: key[]=a, key[0]=a ordered by index, a JSON
// array, or a lone value, which counts as one element.
func (p Params) Strings(key string) []string {
	n := p.get(key)
	if s, ok := n.scalar(); ok {
		return []string{s}
	}
	var texts []string
	for _, item := range n.items() {
		if s, ok := item.scalar(); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

// Hash is a nested object; its getters see only what is inside.
func (p Params) Hash(key string) (Params, bool) {
	n := p.get(key)
	if n == nil || n.kind != nodeHash {
		return Params{}, false
	}
	return Params{body: n}, true
}

// Hashes are the objects of a list, of an object with number keys or of a
// list built by repeating keys (behaviours 1.2).
func (p Params) Hashes(key string) []Params {
	var all []Params
	for _, item := range p.get(key).items() {
		if item.kind == nodeHash {
			all = append(all, Params{body: item})
		}
	}
	return all
}

// Keys are the names of everything sent, in order of arrival, body first.
func (p Params) Keys() []string {
	var keys []string
	for _, n := range []*node{p.body, p.query} {
		if n == nil {
			continue
		}
		for _, k := range n.keys {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// File is an uploaded file, nil if there is none under that name.
func (p Params) File(key string) *File { return p.files[key] }

// items are the elements of a list, or of a hash ordered by its number keys.
func (n *node) items() []*node {
	if n == nil {
		return nil
	}
	if n.kind != nodeHash {
		return n.list
	}
	type entry struct {
		index int64
		value *node
	}
	entries := make([]entry, len(n.keys))
	for i, k := range n.keys {
		index, err := strconv.ParseInt(k, 10, 64)
		if err != nil {
			return n.vals
		}
		entries[i] = entry{index, n.vals[i]}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.index, b.index) })
	sorted := make([]*node, len(entries))
	for i, e := range entries {
		sorted[i] = e.value
	}
	return sorted
}
