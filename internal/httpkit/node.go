package httpkit

import (
	"strings"

	"coterie/internal/domain"
)

// Limits of what a request may carry (SEC-59). An honest client stays far below.
const (
	maxParams   = 4096 // values, in lists and hashes together
	maxDepth    = 32   // nesting of brackets or JSON
	indexHashes = 16   // hashes above this size are looked up by a map
)

type nodeKind uint8

const (
	nodeNull nodeKind = iota
	nodeText
	nodeNumber
	nodeBool
	nodeList
	nodeHash
)

// node is one value of the parameter tree, which forms and JSON share.
type node struct {
	kind  nodeKind
	text  string // of text, number and bool ("true", "false")
	list  []*node
	keys  []string // of a hash, in order of arrival
	vals  []*node
	index map[string]int // of a large hash
}

func (n *node) find(key string) int {
	if n.index != nil {
		if i, ok := n.index[key]; ok {
			return i
		}
		return -1
	}
	for i, k := range n.keys {
		if k == key {
			return i
		}
	}
	return -1
}

func (n *node) get(key string) *node {
	if n == nil || n.kind != nodeHash {
		return nil
	}
	if i := n.find(key); i >= 0 {
		return n.vals[i]
	}
	return nil
}

// put sets a key of a hash; a later value replaces an earlier one.
func (n *node) put(key string, v *node) {
	if i := n.find(key); i >= 0 {
		n.vals[i] = v
		return
	}
	n.keys = append(n.keys, key)
	n.vals = append(n.vals, v)
	switch {
	case n.index != nil:
		n.index[key] = len(n.keys) - 1
	case len(n.keys) > indexHashes:
		n.index = make(map[string]int, 2*len(n.keys))
		for i, k := range n.keys {
			n.index[k] = i
		}
	}
}

// splitKey takes a[b][][c] apart into its name and its bracketed parts. A key
// that is not well formed is taken as a plain name.
func splitKey(key string) (name string, parts []string, err error) {
	open := strings.IndexByte(key, '[')
	if open <= 0 || key[len(key)-1] != ']' {
		return key, nil, nil
	}
	name = key[:open]
	for rest := key[open:]; rest != ""; {
		end := strings.IndexByte(rest, ']')
		if rest[0] != '[' || end < 0 {
			return key, nil, nil
		}
		if len(parts) == maxDepth {
			return "", nil, domain.Errorf(domain.BadRequest, "A parameter is nested too deeply")
		}
		parts = append(parts, rest[1:end])
		rest = rest[end+1:]
	}
	return name, parts, nil
}

// insert puts a value at the place its bracketed key names (behaviours 1.2).
func (n *node) insert(name string, parts []string, v *node) {
	for len(parts) > 0 {
		if parts[0] == "" {
			n = n.child(name, nodeList)
			if len(parts) == 1 {
				n.list = append(n.list, v)
				return
			}
			// A further part after [] means a list of hashes: a new hash
			// starts when the key repeats.
			n = n.lastHash(parts[1:])
			name, parts = parts[1], parts[2:]
			if name == "" {
				name = "0" // a[][] has no meaning of its own
			}
			continue
		}
		n = n.child(name, nodeHash)
		name, parts = parts[0], parts[1:]
	}
	n.put(name, v)
}

// child is the value of a key as a list or a hash, made or replaced if it is
// something else.
func (n *node) child(key string, kind nodeKind) *node {
	if c := n.get(key); c != nil && c.kind == kind {
		return c
	}
	c := &node{kind: kind}
	n.put(key, c)
	return c
}

func (n *node) lastHash(path []string) *node {
	if len(n.list) > 0 {
		if last := n.list[len(n.list)-1]; last.kind == nodeHash && !last.holds(path) {
			return last
		}
	}
	h := &node{kind: nodeHash}
	n.list = append(n.list, h)
	return h
}

// holds reports whether the hash has a value at the path; a path through a
// list can always take one more.
func (n *node) holds(path []string) bool {
	for _, key := range path {
		if key == "" {
			return false
		}
		if n = n.get(key); n == nil {
			return false
		}
	}
	return true
}
