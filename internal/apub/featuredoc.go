package apub

import "time"

// FeaturedCollectionDoc is a collection of accounts that its owner recommends
// (FEP-7aa9, facts 22).
type FeaturedCollectionDoc struct {
	ID, Owner          string
	Name, Summary      string // plain text
	Language           string // of both; "" unknown
	Topic              *HashtagDoc
	Sensitive          bool
	Discoverable       bool
	Published, Updated time.Time
	Items              []FeaturedItemDoc
}

func (FeaturedCollectionDoc) vocabulary() vocabulary { return featureWords }

func (c FeaturedCollectionDoc) write(w *writer) {
	w.open('{')
	w.str("id", c.ID)
	w.str("type", "FeaturedCollection")
	w.int("totalItems", int64(len(c.Items)))
	w.str("name", c.Name)
	w.str("attributedTo", c.Owner)
	w.bool("sensitive", c.Sensitive)
	w.bool("discoverable", c.Discoverable)
	w.when("published", c.Published)
	w.when("updated", c.Updated)
	switch {
	case c.Summary != "" && c.Language != "":
		w.key("summaryMap")
		w.open('{')
		w.str(c.Language, c.Summary)
		w.close('}')
	default:
		w.opt("summary", c.Summary)
	}
	if c.Topic != nil {
		w.part("topic", *c.Topic)
	}
	w.key("orderedItems")
	w.open('[')
	for _, i := range c.Items {
		i.write(w)
	}
	w.close(']')
	w.close('}')
}

// FeaturedItemDoc is an account in such a collection, and its consent.
type FeaturedItemDoc FeaturedItem

func (FeaturedItemDoc) vocabulary() vocabulary { return featureWords }

func (i FeaturedItemDoc) write(w *writer) {
	w.open('{')
	w.str("id", i.ID)
	w.str("type", "FeaturedItem")
	w.str("featuredObject", i.Object)
	w.opt("featuredObjectType", i.ObjectType)
	w.opt("featureAuthorization", i.Authorization)
	w.close('}')
}

// NewFeatureRequest asks an account for leave to put it into a collection.
func NewFeatureRequest(id, owner, member, collection string) ActivityDoc {
	return ActivityDoc{ID: id, Type: "FeatureRequest", Actor: owner, To: []string{member}, Object: IRI(member), Instrument: IRI(collection)}
}

// NewCollectionUpdate is a changed collection.
func NewCollectionUpdate(id string, c FeaturedCollectionDoc) ActivityDoc {
	return ActivityDoc{ID: id, Type: "Update", Actor: c.Owner, Published: c.Updated, To: []string{Public}, Object: c}
}
