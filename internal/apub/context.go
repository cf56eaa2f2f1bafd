package apub

import "strings"

// ContentTypes of what is served and sent (facts 1, 2).
const (
	ContentType    = "application/activity+json; charset=utf-8"
	ContentTypeJRD = "application/jrd+json; charset=utf-8"
	ContentTypeXRD = "application/xrd+xml; charset=utf-8"
)

const (
	nsAS  = "https://www.w3.org/ns/activitystreams"
	nsSec = "https://w3id.org/security/v1"
)

// structure are the names that say who did what to what. A context that
// gives one of them another meaning makes JSON readers and JSON-LD readers
// see different documents (SEC-15).
var structure = map[string]bool{
	"id": true, "type": true, "actor": true, "object": true, "target": true, "result": true, "instrument": true,
	"attributedTo": true, "to": true, "cc": true, "bto": true, "bcc": true, "audience": true,
	"inReplyTo": true, "content": true, "contentMap": true, "summary": true, "name": true, "url": true, "href": true,
	"inbox": true, "outbox": true, "followers": true, "following": true, "endpoints": true, "sharedInbox": true,
	"preferredUsername": true, "items": true, "orderedItems": true, "oneOf": true, "anyOf": true,
	"published": true, "updated": true, "tag": true, "attachment": true,
	"publicKey": true, "publicKeyPem": true, "owner": true,
	"Note": true, "Question": true, "Person": true, "Create": true, "Update": true, "Delete": true, "Undo": true,
	"Accept": true, "Reject": true, "Announce": true, "Like": true, "Follow": true, "Block": true, "Add": true,
	"Remove": true, "Move": true, "Flag": true, "Public": true, "Tombstone": true,
}

// safeKeywords may stand in the contexts of a signed document. Others can
// move parts of it about without breaking its signature (SEC-14).
var safeKeywords = map[string]bool{
	"@id": true, "@type": true, "@container": true, "@list": true, "@set": true, "@language": true,
	"@context": true, "@value": true, "@vocab": true, "@json": true, "@version": true, "@base": true,
}

// audit is what one walk over a document finds about its vocabulary.
type audit struct {
	redefined    bool // a name of structure means something else
	restructured bool // graph, included, reverse or other odd keywords, or blank node ids
}

func auditTree(n *node, a *audit) {
	for i := range n.items {
		auditTree(&n.items[i], a)
	}
	for i := range n.members {
		m := &n.members[i]
		if m.key == "@context" {
			a.context(&m.value)
			continue
		}
		if strings.HasPrefix(m.key, "@") && !safeKeywords[m.key] {
			a.restructured = true
		}
		auditTree(&m.value, a)
	}
	if n.kind == kindString && strings.HasPrefix(n.text, "_:") {
		a.restructured = true
	}
}

// context looks at one @context: strings name contexts of our own copy or
// nothing, objects define terms.
func (a *audit) context(n *node) {
	for _, c := range n.list(64) {
		for i := range c.members {
			a.term(&c.members[i])
		}
	}
}

func (a *audit) term(m *member) {
	a.keywords(&m.value)
	if strings.HasPrefix(m.key, "@") {
		if m.key != "@language" && m.key != "@version" {
			a.restructured = true
		}
		return
	}
	means := &m.value
	if means.kind == kindObject {
		if means = means.get("id"); means.kind == kindNull {
			return
		}
	}
	if m.key == "as" {
		a.redefined = a.redefined || strings.TrimSuffix(means.text, "#") != nsAS
	}
	if structure[m.key] && !sameTerm(m.key, means.text) {
		a.redefined = true
	}
}

// keywords looks for keywords a term definition must not use.
func (a *audit) keywords(n *node) {
	switch n.kind {
	case kindString:
		if strings.HasPrefix(n.text, "@") && !safeKeywords[n.text] {
			a.restructured = true
		}
	case kindArray:
		for i := range n.items {
			a.keywords(&n.items[i])
		}
	case kindObject:
		for i := range n.members {
			m := &n.members[i]
			if strings.HasPrefix(m.key, "@") && !safeKeywords[m.key] || m.key == "@context" {
				a.restructured = true
			}
			a.keywords(&m.value)
		}
	}
}

func sameTerm(term, iri string) bool {
	switch iri {
	case "as:" + term, nsAS + "#" + term, "@" + term:
		return true
	case "ldp:" + term, "http://www.w3.org/ns/ldp#" + term:
		return term == "inbox"
	case "sec:" + term, "https://w3id.org/security#" + term:
		return term == "publicKey" || term == "publicKeyPem" || term == "owner"
	case "sc:" + term, "schema:" + term, "http://schema.org/" + term, "http://schema.org#" + term:
		return term == "name" || term == "url" || term == "summary"
	case "contentMap", "as:content", nsAS + "#content":
		return term == "contentMap"
	}
	return false
}
