package remote

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// DescribeCollection is a collection of ours as other servers read it, with
// those in it who agreed (facts 22).
func (s *Service) DescribeCollection(ctx context.Context, c domain.Collection) (apub.FeaturedCollectionDoc, error) {
	r := s.Store.Reader()
	items, err := r.CollectionItems(ctx, 0, []domain.ID{c.ID})
	if err != nil {
		return apub.FeaturedCollectionDoc{}, fmt.Errorf("read who is in the collection: %w", err)
	}
	ids := []domain.ID{c.Account}
	for _, i := range items {
		ids = append(ids, i.Account)
	}
	list, err := r.Accounts(ctx, ids)
	if err != nil {
		return apub.FeaturedCollectionDoc{}, fmt.Errorf("look up who is in the collection: %w", err)
	}
	people := make(map[domain.ID]*domain.Account, len(list))
	for i := range list {
		people[list[i].ID] = &list[i]
	}
	owner := people[c.Account]
	if owner == nil {
		return apub.FeaturedCollectionDoc{}, domain.ErrNotFound
	}
	d := apub.FeaturedCollectionDoc{
		ID: s.URLs.Collection(owner, &c), Owner: s.URLs.ActorURI(owner), Name: c.Name, Summary: c.Description, Language: c.Language,
		Sensitive: c.Sensitive, Discoverable: c.Discoverable, Published: c.CreatedAt, Updated: c.UpdatedAt,
	}
	if c.Tag.Name != "" {
		d.Topic = &apub.HashtagDoc{Name: c.Tag.Display, Href: text.TagURL(s.URLs.Base, c.Tag.Name)}
	}
	for i := range items {
		if member := people[items[i].Account]; member != nil {
			d.Items = append(d.Items, s.describeItem(owner, member, &items[i]))
		}
	}
	return d, nil
}

func (s *Service) describeItem(owner, member *domain.Account, i *domain.CollectionItem) apub.FeaturedItemDoc {
	d := apub.FeaturedItemDoc{
		ID: s.URLs.CollectionItem(owner, i.ID), Object: s.URLs.ActorURI(member), ObjectType: "Person", Authorization: i.ApprovalURI,
	}
	switch {
	case member.Group:
		d.ObjectType = "Group"
	case member.Bot:
		d.ObjectType = "Service"
	}
	if member.Local() {
		d.Authorization = s.URLs.FeatureAuthorization(member, i.ID)
	}
	return d
}

// DescribeItem is one entry of a collection of ours.
func (s *Service) DescribeItem(ctx context.Context, owner *domain.Account, i domain.CollectionItem) (apub.FeaturedItemDoc, error) {
	member, err := s.Store.Reader().Account(ctx, i.Account)
	if err != nil {
		return apub.FeaturedItemDoc{}, err
	}
	return s.describeItem(owner, &member, &i), nil
}

// maxCollectionItems is how many entries of a collection elsewhere are looked
// at (facts 22).
const maxCollectionItems = 150

// FeaturedCollection fetches a collection of an account elsewhere, and the ids
// of whom it lists. It must be the owner's, on the owner's host; else it is
// Invalid.
func (s *Service) FeaturedCollection(ctx context.Context, owner *domain.Account, uri string) (domain.Collection, []string, error) {
	c, err := s.featured(ctx, owner, uri)
	var members []string
	for _, i := range c.items {
		members = append(members, i.Object)
	}
	return c.Collection, members, err
}

// theirs is a collection elsewhere and what it lists.
type theirs struct {
	domain.Collection
	items []apub.FeaturedItem
}

func (s *Service) featured(ctx context.Context, owner *domain.Account, uri string) (theirs, error) {
	d, err := s.Collection(ctx, uri)
	if err != nil {
		return theirs{}, err
	}
	if d.Type != "FeaturedCollection" || d.ID != uri || d.AttributedTo != owner.URI || !apub.SameOrigin(uri, owner.URI) {
		return theirs{}, domain.Errorf(domain.Invalid, "It is no collection of %s", owner.URI)
	}
	c := theirs{Collection: domain.Collection{
		Account: owner.ID, URI: d.ID, Name: d.Name, Description: text.PlainText(d.Summary), Sensitive: d.Sensitive, Discoverable: d.Discoverable,
	}}
	if t, ok := TagOf(apub.Hashtag{Name: d.Topic}); ok {
		c.Tag = t
	}
	for _, i := range d.Items {
		if i.Doc != nil && i.Doc.Item != nil && len(c.items) < maxCollectionItems {
			c.items = append(c.items, *i.Doc.Item)
		}
	}
	return c, nil
}

// KnownCollections are those of ours and of our copies that have one of these
// addresses, without the network.
func (s *Service) KnownCollections(ctx context.Context, r store.Reader, uris []string) ([]domain.ID, error) {
	var ids []domain.ID
	var others []string
	for _, uri := range uris[:min(len(uris), apub.MaxTaggedCollections)] {
		if !s.atHome(uri) {
			others = append(others, uri)
		} else if id, ok := s.URLs.ParseCollection(uri); ok {
			ids = append(ids, id)
		}
	}
	if len(ids)+len(others) == 0 {
		return nil, nil
	}
	found, err := r.CollectionsAt(ctx, append([]domain.ID{}, ids...), append([]string{}, others...))
	if err != nil {
		return nil, fmt.Errorf("find the collections: %w", err)
	}
	return found, nil
}

// collectionFound is a collection elsewhere that somebody looks for, with its
// owner and with those in it who are known here: ours by what they said
// themselves, others by the consent that their own server shows.
func (s *Service) collectionFound(ctx context.Context, uri, owner string) (domain.ID, error) {
	a, err := s.Actor(ctx, owner)
	if err != nil {
		return 0, fmt.Errorf("find the owner of the collection %s: %w", uri, err)
	}
	if a.Local() || a.Suspended() {
		return 0, domain.ErrNotFound
	}
	c, err := s.featured(ctx, &a, uri)
	if err != nil {
		return 0, err
	}
	var members []store.Consent
	for _, i := range c.items {
		m, err := s.Known(ctx, s.Store.Reader(), i.Object)
		if domain.Is(err, domain.NotFound) || err == nil && (m.Local() || m.Suspended()) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("look up who is in the collection: %w", err)
		}
		if s.FeatureGranted(ctx, &m, i.Authorization, uri) == nil {
			members = append(members, store.Consent{Account: m.ID, URI: i.Authorization})
		}
	}
	var id domain.ID
	err = s.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		id, err = tx.MirrorCollection(ctx, c.Collection, members)
		return err
	})
	return id, err
}

// FeatureGranted looks at a consent: nil if the account elsewhere, on whose
// host it must be, lets the collection have it. One that is gone is NotFound
// or Gone, one that allows something else Invalid (SEC-20).
func (s *Service) FeatureGranted(ctx context.Context, member *domain.Account, authorization, collection string) error {
	wrong := domain.Errorf(domain.Invalid, "It allows something else")
	if !apub.SameOrigin(authorization, member.URI) {
		return wrong
	}
	d, err := s.Object(ctx, authorization)
	if err != nil {
		return err
	}
	c := d.Consent
	if c == nil || c.Type != "FeatureAuthorization" || c.Object != collection || c.Target != member.URI ||
		c.AttributedTo != "" && c.AttributedTo != member.URI {
		return wrong
	}
	return nil
}

// features is who may put an account elsewhere into collections (facts 9).
func features(a *apub.Actor) domain.FeaturePolicy {
	if a.CanFeature == nil {
		return domain.FeatureNobody
	}
	named := append(append([]string{}, a.CanFeature.Automatic...), a.CanFeature.Manual...)
	switch g := apub.Grants(named, a.ID, a.Followers, a.Following); {
	case g.Public:
		return domain.FeaturePublic
	case g.Followers:
		return domain.FeatureFollowers
	}
	return domain.FeatureNobody
}
