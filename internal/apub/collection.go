package apub

import "time"

// Collection is a collection or one page of one.
type Collection struct {
	ID, Type string
	Page     bool
	Total    int64 // -1 unknown
	// First, Next, Prev and Last are addresses; a Next that is the page itself
	// is left out. FirstPage is set when the first page was embedded.
	First, Next, Prev, Last string
	PartOf                  string
	FirstPage               *Collection
	Items                   []Ref
	Raw                     []byte

	// Of a FeaturedCollection (FEP-7aa9), and of a conversation's owner.
	AttributedTo            string
	Name, Summary, URL      string
	Topic                   string // hashtag without #
	Sensitive, Discoverable bool
	Published, Updated      time.Time
}

// IDs are the addresses of the items.
func (c *Collection) IDs() []string {
	out := make([]string, 0, len(c.Items))
	for _, i := range c.Items {
		if i.ID != "" {
			out = append(out, i.ID)
		}
	}
	return out
}

func (r *reader) collection(n *node, d *Document) *Collection {
	c := &Collection{
		ID: d.ID, Type: d.Type, Raw: d.Raw,
		Page:  n.is("CollectionPage") || n.is("OrderedCollectionPage"),
		Total: n.total(),
		First: n.get("first").id(), Next: n.get("next").id(), Prev: n.get("prev").id(), Last: n.get("last").id(),
		PartOf:       n.get("partOf").id(),
		AttributedTo: n.get("attributedTo").id(),
		Name:         cut(line(firstText(n, "name")), MaxName), Summary: cutBytes(firstText(n, "summary"), MaxBio),
		Sensitive: n.get("sensitive").bool(), Discoverable: n.get("discoverable").bool(),
		Published: n.get("published").moment(), Updated: n.get("updated").moment(),
	}
	items := n.get("orderedItems")
	if items.kind == kindNull {
		items = n.get("items")
	}
	c.Items = r.refs(items, MaxItems)
	if c.Next == c.ID {
		c.Next = ""
	}
	c.URL, _ = pageURL(n, c.ID)
	if h, ok := readHashtag(n.get("topic")); ok {
		c.Topic = h.Name
	}
	if f := n.get("first").first(); f.kind == kindObject && r.depth < maxEmbedded {
		if d := r.document(f); d.Collection != nil {
			c.FirstPage = d.Collection
		}
	}
	return c
}

// total is totalItems; -1 when missing, negative or no number.
func (n *node) total() int64 {
	if v, ok := n.get("totalItems").number(); ok && v >= 0 {
		return int64(min(v, 1<<53))
	}
	return -1
}

// Consent is an authorization somebody gave: to quote, to feature, to reply.
// It counts only when fetched from the host of the one who gave it.
type Consent struct {
	ID, Type     string
	AttributedTo string
	Object       string // interactingObject: the quote post, reply or collection
	Target       string // interactionTarget: the quoted post or featured account
}

func readConsent(n *node, d *Document) *Consent {
	c := &Consent{
		ID: d.ID, Type: d.Type, AttributedTo: n.get("attributedTo").id(),
		Object: n.get("interactingObject").id(), Target: n.get("interactionTarget").id(),
	}
	if c.Object == "" {
		c.Object = n.get("object").id()
	}
	if c.Target == "" {
		c.Target = n.get("target").id()
	}
	return c
}

// FeaturedItem is an entry of a featured collection.
type FeaturedItem struct{ ID, Object, ObjectType, Authorization string }

func readItem(n *node, d *Document) *FeaturedItem {
	return &FeaturedItem{
		ID: d.ID, Object: n.get("featuredObject").id(), ObjectType: cut(n.get("featuredObjectType").str(), 64),
		Authorization: n.get("featureAuthorization").id(),
	}
}
