package apub

import "slices"

// Class says which part of a Document is set.
type Class uint8

const (
	ClassUnknown    Class = iota // nothing we know; drop without an error
	ClassActivity                // Document.Activity
	ClassActor                   // Document.Actor
	ClassNote                    // Document.Note: everything shown as a status
	ClassCollection              // Document.Collection: collections and their pages
	ClassTombstone               // only ID and Type
	ClassKey                     // Document.Key: a bare public key
	ClassConsent                 // Document.Consent: quote, feature and reply authorizations
	ClassItem                    // Document.Item: an entry of a featured collection
	ClassHashtag                 // Document.Hashtag
)

// Document is one object that was read. Exactly the part named by Class is
// set.
type Document struct {
	Class Class
	ID    string // http(s), byte for byte; "" when missing or unusable
	Type  string // short name; of several, the first we know
	Raw   []byte // the bytes it came from

	Activity   *Activity
	Actor      *Actor
	Note       *Note
	Collection *Collection
	Key        *Key
	Consent    *Consent
	Item       *FeaturedItem
	Hashtag    *Hashtag
}

// Ref is a value that names an object: an address, and the object itself
// when it was embedded. The embedded copy has no authority of its own (facts
// 3): Activity.Check says when it may be used.
type Ref struct {
	ID  string
	Doc *Document
}

var activityTypes = []string{
	"Create", "Update", "Delete", "Announce", "Like", "EmojiReact", "Follow", "Accept", "Reject", "Undo", "Block",
	"Add", "Remove", "Move", "Flag", "QuoteRequest", "FeatureRequest", "ReplyRequest", "LikeRequest", "AnnounceRequest",
	"Dislike", "View", "Listen", "Join", "Leave", "Read", "Lock", "Resolve", "TentativeAccept", "TentativeReject",
	"Offer", "Invite", "Ignore", "Arrive", "Travel",
}

var actorTypes = []string{"Person", "Service", "Group", "Application", "Organization"}

var noteTypes = []string{
	"Note", "Question", "Article", "Page", "Video", "Audio", "Image", "Event", "ChatMessage",
}

var collectionTypes = []string{
	"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage", "FeaturedCollection",
}

var consentTypes = []string{
	"QuoteAuthorization", "FeatureAuthorization", "ReplyAuthorization", "LikeAuthorization", "AnnounceAuthorization",
	"ReplyApproval", "LikeApproval", "AnnounceApproval",
}

// classify picks the first type that is known, and its class.
func classify(n *node) (string, Class) {
	types := n.types()
	for _, t := range types {
		switch {
		case slices.Contains(noteTypes, t):
			return t, ClassNote
		case slices.Contains(activityTypes, t):
			return t, ClassActivity
		case slices.Contains(actorTypes, t):
			return t, ClassActor
		case slices.Contains(collectionTypes, t):
			return t, ClassCollection
		case slices.Contains(consentTypes, t):
			return t, ClassConsent
		case t == "Tombstone":
			return t, ClassTombstone
		case t == "FeaturedItem":
			return t, ClassItem
		case t == "Hashtag":
			return t, ClassHashtag
		case t == "Key" || t == "CryptographicKey":
			return t, ClassKey
		}
	}
	if n.has("publicKeyPem") && n.has("owner") {
		return "Key", ClassKey
	}
	if len(types) > 0 {
		return types[0], ClassUnknown
	}
	return "", ClassUnknown
}

// Parse reads one document: an activity, an actor, a post, a collection or
// one of the small kinds. It needs no @context and never fetches one. A
// document of unknown type is no error: its Class is ClassUnknown.
func Parse(body []byte) (*Document, error) {
	t, err := parseJSON(body)
	if err != nil {
		return nil, err
	}
	root := &t.root
	if root.kind == kindArray && len(root.items) == 1 {
		root = &root.items[0]
	}
	if root.kind != kindObject {
		return nil, ErrShape
	}
	var a audit
	if auditTree(root, &a); a.redefined {
		return nil, ErrContext
	}
	r := reader{body: t.body}
	return r.document(root), nil
}

// reader turns nodes into values. depth counts the objects inside objects.
type reader struct {
	body  []byte
	depth int
}

func (r *reader) raw(n *node) []byte { return r.body[n.start:n.end:n.end] }

func (r *reader) document(n *node) *Document {
	d := &Document{ID: n.get("id").id(), Raw: r.raw(n)}
	d.Type, d.Class = classify(n)
	r.depth++
	switch d.Class {
	case ClassActivity:
		d.Activity = r.activity(n, d)
	case ClassActor:
		d.Actor = r.actor(n, d)
	case ClassNote:
		d.Note = r.note(n, d)
	case ClassCollection:
		d.Collection = r.collection(n, d)
	case ClassConsent:
		d.Consent = readConsent(n, d)
	case ClassItem:
		d.Item = readItem(n, d)
	case ClassHashtag:
		if h, ok := readHashtag(n); ok {
			d.Hashtag = &h
		} else {
			d.Class = ClassUnknown
		}
	case ClassKey:
		d.Key = readKey(n)
	}
	r.depth--
	return d
}

// ref reads a string or an object.
func (r *reader) ref(n *node) Ref {
	f := n.first()
	out := Ref{ID: f.id()}
	if f.kind == kindObject && f.has("type") && r.depth < maxEmbedded {
		out.Doc = r.document(f)
	}
	return out
}

// refs reads one-or-many, leaving out what has neither an address nor a type.
func (r *reader) refs(n *node, limit int) []Ref {
	var out []Ref
	for _, e := range n.list(limit) {
		if ref := r.ref(e); ref.ID != "" || ref.Doc != nil {
			out = append(out, ref)
		}
	}
	return out
}
