package fedhttp

import (
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/httpkit"
)

// featuredCollections are the collections on a profile.
func (s *Server) featuredCollections(r *httpkit.Request) (any, error) {
	a, v, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	list, err := s.st.CollectionsOf(r.Context(), v.id, a.ID, domain.MaxCollections, 0)
	if err != nil {
		return nil, fmt.Errorf("read the collections of %s: %w", a.Username, err)
	}
	doc := apub.CollectionDoc{ID: s.URLs.FeaturedCollections(&a), Ordered: true, Total: int64(len(list))}
	for i := range list {
		doc.Items = append(doc.Items, apub.IRI(s.URLs.Collection(&a, &list[i])))
	}
	return document(r, v, doc)
}

// featuredCollection is one of them (FEP-7aa9), also if it is not on the
// profile.
func (s *Server) featuredCollection(r *httpkit.Request) (any, error) {
	a, v, err := s.owner(r)
	if err != nil {
		return nil, err
	}
	id, ok := domain.ParseID(r.Path("id"))
	if !ok {
		return nil, domain.ErrNotFound
	}
	c, err := s.st.Collection(r.Context(), v.id, id)
	if err == nil && c.Account != a.ID {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	doc, err := s.DescribeCollection(r.Context(), c)
	if err != nil {
		return nil, err
	}
	return document(r, v, doc)
}

// item is the entry of a collection that is asked for, below the owner of the
// path. It must be accepted: others are absent.
func (s *Server) item(r *httpkit.Request) (a domain.Account, v reader, i domain.CollectionItem, err error) {
	if a, v, err = s.owner(r); err != nil {
		return a, v, i, err
	}
	id, ok := domain.ParseID(r.Path("id"))
	if !ok {
		return a, v, i, domain.ErrNotFound
	}
	i, err = s.st.Item(r.Context(), id)
	if err == nil && i.State != domain.ItemAccepted {
		err = domain.ErrNotFound
	}
	return a, v, i, err
}

// featuredItem is one entry of a collection, whose account agreed.
func (s *Server) featuredItem(r *httpkit.Request) (any, error) {
	a, v, i, err := s.item(r)
	if err != nil {
		return nil, err
	}
	c, err := s.st.Collection(r.Context(), v.id, i.Collection)
	if err == nil && c.Account != a.ID {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	doc, err := s.DescribeItem(r.Context(), &a, i)
	if err != nil {
		return nil, err
	}
	return document(r, v, doc)
}

// featureAuthorization is the consent of an account here to be in a
// collection, as long as it holds.
func (s *Server) featureAuthorization(r *httpkit.Request) (any, error) {
	a, v, i, err := s.item(r)
	if err != nil {
		return nil, err
	}
	if i.Account != a.ID {
		return nil, domain.ErrNotFound
	}
	c, err := s.st.AnyCollection(r.Context(), i.Collection)
	if err != nil {
		return nil, err
	}
	owner, err := s.st.Account(r.Context(), c.Account)
	if err != nil {
		return nil, err
	}
	return document(r, v, apub.ConsentDoc{
		ID: s.URLs.FeatureAuthorization(&a, i.ID), Type: "FeatureAuthorization", AttributedTo: s.URLs.ActorURI(&a),
		Object: s.URLs.Collection(&owner, &c), Target: s.URLs.ActorURI(&a),
	})
}
