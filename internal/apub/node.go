package apub

import (
	"math"
	"strconv"
	"strings"
)

// prefixes of well-known names. A name may come compact ("as:Note") or in
// full; the last part is the name everybody writes.
var prefixes = [...]string{
	"as:", "https://www.w3.org/ns/activitystreams#", "http://www.w3.org/ns/activitystreams#",
	"toot:", "http://joinmastodon.org/ns#", "schema:", "http://schema.org#",
	"misskey:", "https://misskey-hub.net/ns#", "sec:", "https://w3id.org/security#",
	"ldp:", "ostatus:", "http://ostatus.org#", "gts:", "https://gotosocial.org/ns#",
	"https://w3id.org/fep/044f#", "litepub:", "http://litepub.social/ns#", "fedibird:", "http://fedibird.com/ns#",
}

// shortName takes a well-known prefix, or the @ of a keyword, off a name.
func shortName(s string) string {
	switch s {
	case "@id", "@type":
		return s[1:]
	}
	if strings.IndexByte(s, ':') < 0 {
		return s
	}
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok && rest != "" {
			return rest
		}
	}
	return s
}

// null is what a missing member reads as.
func null() *node { return new(node) }

// get is the member called name, or null. A plain key wins over a prefixed
// one.
func (n *node) get(name string) *node {
	var found *node
	for i := range n.members {
		m := &n.members[i]
		if m.name != name {
			continue
		}
		if m.key == name {
			return &m.value
		}
		if found == nil {
			found = &m.value
		}
	}
	if found == nil {
		return null()
	}
	return found
}

func (n *node) has(name string) bool { return n.get(name).kind != kindNull }

// list reads one-or-many: the entries that are not null, at most limit.
func (n *node) list(limit int) []*node {
	switch n.kind {
	case kindNull:
		return nil
	case kindArray:
		out := make([]*node, 0, min(len(n.items), limit))
		for i := range n.items {
			if n.items[i].kind != kindNull && len(out) < limit {
				out = append(out, &n.items[i])
			}
		}
		return out
	}
	if n.kind == kindObject && len(n.members) > 0 {
		if l := n.get("@list"); l.kind == kindArray {
			return l.list(limit)
		}
		if l := n.get("@set"); l.kind == kindArray {
			return l.list(limit)
		}
	}
	return []*node{n}
}

// first is the first entry of one-or-many, or null.
func (n *node) first() *node {
	if n.kind == kindArray || n.kind == kindObject {
		if l := n.list(1); len(l) > 0 {
			return l[0]
		}
		return null()
	}
	return n
}

// str is the string of one-or-many, or of a value object; "" for the rest.
func (n *node) str() string {
	f := n.first()
	switch f.kind {
	case kindString:
		return f.text
	case kindObject:
		if v := f.get("@value"); v.kind == kindString {
			return v.text
		}
	}
	return ""
}

// bool reads true and "true".
func (n *node) bool() bool {
	f := n.first()
	return (f.kind == kindBool || f.kind == kindString) && f.text == "true"
}

// number reads a number or a string holding one.
func (n *node) number() (float64, bool) {
	f := n.first()
	if f.kind != kindNumber && f.kind != kindString || len(f.text) > 32 {
		return 0, false
	}
	v, err := strconv.ParseFloat(f.text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// count reads a total: -1 when missing or not a number, 0 when negative.
func (n *node) count() int64 {
	v, ok := n.number()
	if !ok {
		return -1
	}
	return int64(max(0, min(v, 1<<53)))
}

// types are the names in type, shortened.
func (n *node) types() []string {
	var out []string
	for _, t := range n.get("type").list(16) {
		if t.kind == kindString && t.text != "" {
			out = append(out, shortName(t.text))
		}
	}
	return out
}

func (n *node) is(typ string) bool {
	for _, t := range n.get("type").list(16) {
		if t.kind == kindString && shortName(t.text) == typ {
			return true
		}
	}
	return false
}

// id is the address a value stands for: a string, or the id of an object.
func (n *node) id() string {
	f := n.first()
	switch f.kind {
	case kindString:
		return uri(f.text)
	case kindObject:
		if s := uri(f.get("id").str()); s != "" {
			return s
		}
		if f.is("Link") || !f.has("type") {
			return uri(f.get("href").str())
		}
	}
	return ""
}

// ids is id for each of one-or-many, without repeats and empty ones.
func (n *node) ids(limit int) []string {
	l := n.list(limit)
	out := make([]string, 0, len(l))
	seen := make(map[string]bool, len(l))
	for _, e := range l {
		if s := e.id(); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
