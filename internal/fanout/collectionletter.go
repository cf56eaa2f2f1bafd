package fanout

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// collectionReaders are who elsewhere is in the collection, or was, and if it
// is shown on the profile the followers of its owner (facts 22).
func (s *Service) collectionReaders(ctx context.Context, c *domain.Collection, more ...domain.ID) ([]store.Address, error) {
	items, err := s.Store.Reader().ItemsIn(ctx, c.ID)
	if err != nil {
		return nil, fmt.Errorf("find who is in the collection: %w", err)
	}
	for _, i := range items {
		more = append(more, i.Account)
	}
	return s.gather(ctx, c.Account, c.Audience(), more)
}

// sayCollectionShown tells of a collection that is on the profile.
func (s *Service) sayCollectionShown(ctx context.Context, m matter) ([]letter, error) {
	return s.onProfile(ctx, m, apub.NewAdd)
}

func (s *Service) sayCollectionHidden(ctx context.Context, m matter) ([]letter, error) {
	return s.onProfile(ctx, m, apub.NewRemove)
}

func (s *Service) onProfile(ctx context.Context, m matter, do func(actor string, what apub.Part, collection string) apub.ActivityDoc) ([]letter, error) {
	us, c, err := s.ourCollection(ctx, m)
	if err != nil {
		return nil, err
	}
	to, err := s.gather(ctx, us.ID, domain.Unlisted, nil)
	doc := do(s.URLs.ActorURI(&us), apub.IRI(s.URLs.Collection(&us, &c)), s.URLs.FeaturedCollections(&us))
	return []letter{{sender: us.ID, doc: doc, carry: carryOpen, to: to}}, err
}

func (s *Service) sayCollectionChanged(ctx context.Context, m matter) ([]letter, error) {
	us, c, err := s.ourCollection(ctx, m)
	if err != nil {
		return nil, err
	}
	d, err := s.Remote.DescribeCollection(ctx, c)
	if err != nil {
		return nil, err
	}
	to, err := s.collectionReaders(ctx, &c)
	return []letter{{sender: us.ID, doc: apub.NewCollectionUpdate(m.id(d.Owner, "updates"), d), carry: carryOpen, to: to}}, err
}

func (s *Service) sayCollectionGone(ctx context.Context, m matter) ([]letter, error) {
	us, err := s.ours(ctx, m.Actor)
	if err != nil {
		return nil, err
	}
	uri, actor := s.URLs.Collection(&us, &domain.Collection{ID: m.Object}), s.URLs.ActorURI(&us)
	to, err := s.gather(ctx, us.ID, m.Gone.Visibility, m.Gone.Reached)
	return []letter{
		{sender: us.ID, doc: apub.NewRemove(actor, apub.IRI(uri), s.URLs.FeaturedCollections(&us)), carry: carryOpen, to: to},
		{sender: us.ID, doc: apub.NewDelete(uri+"#delete", actor, uri), carry: carryOpen, to: to},
	}, err
}

// ourCollection is the collection of the matter, if it was made here.
func (s *Service) ourCollection(ctx context.Context, m matter) (us domain.Account, c domain.Collection, err error) {
	if us, err = s.ours(ctx, m.Actor); err != nil {
		return us, c, err
	}
	c, err = s.Store.Reader().AnyCollection(ctx, m.Object)
	return us, c, err
}

// sayFeatured asks somebody elsewhere to be in a collection of ours, or tells
// who may know of it that somebody is.
func (s *Service) sayFeatured(ctx context.Context, m matter) ([]letter, error) {
	us, c, err := s.ourCollection(ctx, m)
	if err != nil {
		return nil, err
	}
	i, err := s.Store.Reader().Item(ctx, m.Item)
	if err != nil {
		return nil, err
	}
	uri := s.URLs.Collection(&us, &c)
	switch i.State {
	case domain.ItemPending:
		them, err := s.theirs(ctx, i.Account)
		if err != nil {
			return nil, err
		}
		id := s.URLs.DeedURI(&us, domain.DeedFeature, i.ID)
		return s.personal(ctx, us.ID, them.ID, apub.NewFeatureRequest(id, s.URLs.ActorURI(&us), s.URLs.ActorURI(&them), uri))
	case domain.ItemAccepted:
		item, err := s.Remote.DescribeItem(ctx, &us, i)
		if err != nil {
			return nil, err
		}
		to, err := s.collectionReaders(ctx, &c)
		return []letter{{sender: us.ID, doc: apub.NewAdd(s.URLs.ActorURI(&us), item, uri), carry: carryOpen, to: to}}, err
	}
	return nil, nil
}

// sayUnfeatured tells that somebody is not in a collection of ours any more;
// or withdraws the consent of somebody here from who made one elsewhere.
func (s *Service) sayUnfeatured(ctx context.Context, m matter) ([]letter, error) {
	us, err := s.ours(ctx, m.Actor)
	if domain.Is(err, domain.NotFound) {
		return s.sayConsentWithdrawn(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Reader().AnyCollection(ctx, m.Object)
	if err != nil {
		return nil, err // who was in it hears that it is gone
	}
	to, err := s.collectionReaders(ctx, &c, m.Target)
	uri := s.URLs.Collection(&us, &c)
	doc := apub.NewRemove(s.URLs.ActorURI(&us), apub.IRI(s.URLs.CollectionItem(&us, m.Item)), uri)
	return []letter{{sender: us.ID, doc: doc, carry: carryOpen, to: to}}, err
}

func (s *Service) sayConsentWithdrawn(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Target, m.Actor)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Reader().AnyCollection(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	actor, id := s.URLs.ActorURI(&us), s.URLs.FeatureAuthorization(&us, m.Item)
	return s.personal(ctx, us.ID, them.ID, apub.NewRevocation(id+"#delete", actor, apub.ConsentDoc{
		ID: id, Type: "FeatureAuthorization", AttributedTo: actor, Object: c.URI, Target: actor,
	}))
}

// sayFeatureGranted lets somebody elsewhere put an account here into theirs.
func (s *Service) sayFeatureGranted(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.Reader().AnyCollection(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.ActorURI(&us)
	request := s.featureAsked(m, &us, &them)
	request.Instrument = apub.IRI(c.URI)
	return s.personal(ctx, us.ID, them.ID, apub.NewAccept(m.id(actor, "accepts"), actor, request, s.URLs.FeatureAuthorization(&us, m.Item)))
}

func (s *Service) sayFeatureRefused(ctx context.Context, m matter) ([]letter, error) {
	us, them, err := s.pair(ctx, m.Actor, m.Target)
	if err != nil {
		return nil, err
	}
	actor := s.URLs.ActorURI(&us)
	return s.personal(ctx, us.ID, them.ID, apub.NewReject(m.id(actor, "rejects"), actor, s.featureAsked(m, &us, &them)))
}

// featureAsked is what they asked us.
func (s *Service) featureAsked(m matter, us, them *domain.Account) apub.ActivityDoc {
	return apub.ActivityDoc{ID: m.URI, Type: "FeatureRequest", Actor: s.URLs.ActorURI(them), Object: apub.IRI(s.URLs.ActorURI(us))}
}
