package inbox

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// featureRequest asks to put somebody here into a collection of the actor's,
// which is asked of its own host.
func (s *Service) featureRequest(ctx context.Context, a *act) error {
	member, err := s.here(ctx, a.Object().ID)
	if domain.Is(err, domain.NotFound) {
		return refusef("there is no %s here to put into a collection", a.Object().ID)
	}
	if err != nil {
		return fmt.Errorf("look up who is to be in the collection: %w", err)
	}
	theirs, _, err := s.Remote.FeaturedCollection(ctx, &a.actor, a.Instrument.ID)
	if domain.Is(err, domain.NotFound) || domain.Is(err, domain.Gone) || domain.Is(err, domain.Invalid) {
		return refusef("there is no such collection: %v", err)
	}
	if err != nil {
		return fmt.Errorf("look at the collection: %w", err)
	}
	return s.Relation.AnswerFeatureRequest(ctx, a.actor.ID, member.ID, theirs, a.ID)
}

// featureAnswered takes the answer to a request of ours, named by the item or
// by a copy of the request. A yes counts once the consent that it names is
// seen.
func (s *Service) featureAnswered(ctx context.Context, a *act, item domain.ID, yes bool) error {
	i, collection, err := s.featuring(ctx, a, item)
	if domain.Is(err, domain.NotFound) {
		return refusef("an answer to a collection that nobody here asked for")
	}
	if err != nil {
		return fmt.Errorf("find the item: %w", err)
	}
	if !yes {
		return s.Relation.FeatureAnswered(ctx, a.actor.ID, i.ID, "")
	}
	err = s.Remote.FeatureGranted(ctx, &a.actor, a.Result.ID, collection)
	if domain.Is(err, domain.NotFound) || domain.Is(err, domain.Gone) || domain.Is(err, domain.Invalid) {
		return refusef("the consent does not hold: %v", err)
	}
	if err != nil {
		return fmt.Errorf("look at the consent: %w", err)
	}
	return s.Relation.FeatureAnswered(ctx, a.actor.ID, i.ID, a.Result.ID)
}

// featuring is the actor's item of a collection of ours that an answer is
// about, and the id of the collection.
func (s *Service) featuring(ctx context.Context, a *act, item domain.ID) (i domain.CollectionItem, collection string, err error) {
	r := s.Store.Reader()
	if item != 0 {
		i, err = r.Item(ctx, item)
	} else {
		l, _ := s.URLs.Parse(a.Inner().Instrument.ID)
		id, ok := domain.ParseID(strings.TrimPrefix(l.Part, "collections/"))
		if !ok {
			return i, "", domain.ErrNotFound
		}
		i, err = r.ItemOf(ctx, id, a.actor.ID)
	}
	if err == nil && i.Account != a.actor.ID {
		err = domain.ErrNotFound
	}
	if err != nil {
		return i, "", err
	}
	c, err := r.AnyCollection(ctx, i.Collection)
	if err != nil {
		return i, "", err
	}
	owner, err := r.Account(ctx, c.Account)
	if err == nil && !owner.Local() {
		err = domain.ErrNotFound
	}
	return i, s.URLs.Collection(&owner, &c), err
}

// collectionTold takes news of a collection of the actor's that somebody here
// is in; of all that it says only the id counts, which is asked of its own
// host. known is false for what is no such collection.
func (s *Service) collectionTold(ctx context.Context, a *act, uri string) (known bool, err error) {
	if uri == "" || !apub.SameOrigin(uri, a.actor.URI) {
		return false, nil
	}
	c, err := s.Store.Reader().CollectionByURI(ctx, uri)
	if domain.Is(err, domain.NotFound) {
		return false, nil
	}
	if err != nil {
		return true, fmt.Errorf("look up the collection: %w", err)
	}
	if c.Account != a.actor.ID {
		return true, refusef("%s is another's collection", uri)
	}
	theirs, listed, err := s.Remote.FeaturedCollection(ctx, &a.actor, uri)
	if domain.Is(err, domain.NotFound) || domain.Is(err, domain.Gone) {
		return true, s.Relation.DropCollection(ctx, c.ID)
	}
	if err != nil {
		return true, fmt.Errorf("look at the collection: %w", err)
	}
	var members []domain.ID
	if a.Type == "Remove" {
		// A yes of ours may still be on its way to the owner, so only then
		// does it count who is not listed.
		members = []domain.ID{}
		for _, id := range listed {
			m, err := s.here(ctx, id)
			if err == nil {
				members = append(members, m.ID)
			} else if !domain.Is(err, domain.NotFound) {
				return true, fmt.Errorf("look up who is in the collection: %w", err)
			}
		}
	}
	return true, s.Relation.RefreshCollection(ctx, c.ID, theirs, members)
}
