package relation

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// AnswerFeatureRequest answers somebody elsewhere who asks to put a member of
// ours into a collection, as the member's policy says. theirs is the
// collection as its server shows it; request the id of what asks. Asked again,
// the answer is the same; who left does not come back.
func (s *Service) AnswerFeatureRequest(ctx context.Context, owner, member domain.ID, theirs domain.Collection, request string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(owner); err != nil {
			return err
		}
		refused := domain.Event{Kind: domain.EventFeatureRefused, Actor: member, Target: owner, URI: request}
		list, err := tx.FeatureStandings(ctx, owner, []domain.ID{member})
		if err != nil {
			return fmt.Errorf("ask whether the account may be shown: %w", err)
		}
		if len(list) == 0 || !list[0].Local || !list[0].Allows(owner) {
			return tx.Emit(refused)
		}
		c, err := mirrored(ctx, tx, theirs)
		if err != nil {
			return err
		}
		i := domain.CollectionItem{Collection: c.ID, Account: member, State: domain.ItemAccepted}
		isNew, err := tx.InsertItem(&i)
		if err != nil {
			return fmt.Errorf("put the account into the collection: %w", err)
		}
		if !isNew {
			if i, err = tx.ItemOf(ctx, c.ID, member); err != nil {
				return fmt.Errorf("look up the item: %w", err)
			}
			if i.State != domain.ItemAccepted {
				return tx.Emit(refused)
			}
		} else if err := tx.Emit(domain.Event{Kind: domain.EventFeatured, Actor: owner, Target: member, Object: c.ID, Item: i.ID}); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventFeatureGranted, Actor: member, Target: owner, Object: c.ID, Item: i.ID, URI: request})
	})
}

// mirrored is our copy of a collection elsewhere, made if there is none.
func mirrored(ctx context.Context, tx *store.Tx, theirs domain.Collection) (domain.Collection, error) {
	c, err := tx.CollectionByURI(ctx, theirs.URI)
	switch {
	case err == nil && c.Account != theirs.Account:
		return c, errNotAllowed
	case !domain.Is(err, domain.NotFound):
		return c, err
	}
	if err := ensureTopic(tx, &theirs); err != nil {
		return c, err
	}
	if err := tx.InsertCollection(&theirs); err != nil {
		return c, fmt.Errorf("insert the collection: %w", err)
	}
	return theirs, nil
}

// RefreshCollection takes what its server says of a collection elsewhere. With
// members, those of ours who are not among them are out of it.
func (s *Service) RefreshCollection(ctx context.Context, id domain.ID, theirs domain.Collection, members []domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.AnyCollection(ctx, id)
		if err != nil {
			return err
		}
		if err := ensureTopic(tx, &theirs); err != nil {
			return err
		}
		was := c
		c.Name, c.Description, c.Tag, c.Sensitive, c.Discoverable = theirs.Name, theirs.Description, theirs.Tag, theirs.Sensitive, theirs.Discoverable
		if c.Tag.ID == was.Tag.ID {
			c.Tag = was.Tag
		}
		if c != was {
			if err := tx.UpdateCollection(&c); err != nil {
				return fmt.Errorf("change the collection: %w", err)
			}
			if err := tx.Emit(domain.Event{Kind: domain.EventCollectionChanged, Actor: c.Account, Object: id}); err != nil {
				return err
			}
		}
		if members == nil {
			return nil
		}
		items, err := tx.ItemsIn(ctx, id)
		if err != nil {
			return fmt.Errorf("find who is in the collection: %w", err)
		}
		for i := range items {
			if slices.Contains(members, items[i].Account) {
				continue
			}
			if err := expel(tx, c.Account, &items[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// DropCollection forgets a collection that is gone from its server.
func (s *Service) DropCollection(ctx context.Context, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.DeleteCollection(id) })
}

// FeatureAnswered keeps what actor, who lives elsewhere, says to being put into
// a collection of ours; approval is its consent, which was looked at, "" for a
// no. Others' items are Forbidden, and nobody agrees who was not asked.
func (s *Service) FeatureAnswered(ctx context.Context, actor, item domain.ID, approval string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		i, err := tx.Item(ctx, item)
		if err != nil {
			return err
		}
		if i.Account != actor {
			return errNotAllowed
		}
		if i.State != domain.ItemPending && (approval != "" || i.State != domain.ItemAccepted) {
			return nil
		}
		c, err := tx.AnyCollection(ctx, i.Collection)
		if err != nil {
			return fmt.Errorf("look up the collection: %w", err)
		}
		e := domain.Event{Kind: domain.EventFeatureAccepted, Actor: c.Account, Target: actor, Object: c.ID, Item: item}
		was := i.State
		i.State, i.ApprovalURI = domain.ItemAccepted, approval
		if approval == "" {
			i.State, e.Kind = domain.ItemRejected, domain.EventUnfeatured
		}
		if err := tx.SetItemState(&i); err != nil {
			return fmt.Errorf("keep the answer: %w", err)
		}
		if was == domain.ItemPending && approval == "" {
			return nil // nobody had heard of it
		}
		return tx.Emit(e)
	})
}

// FeatureRevoked takes actor out of the collection of ours that rests on that
// consent. One that is not known is ErrNotFound.
func (s *Service) FeatureRevoked(ctx context.Context, actor domain.ID, approval string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		i, err := tx.ItemByApproval(ctx, approval)
		if err != nil {
			return err
		}
		if i.Account != actor {
			return errNotAllowed
		}
		if i.State != domain.ItemAccepted {
			return nil
		}
		c, err := tx.AnyCollection(ctx, i.Collection)
		if err != nil {
			return fmt.Errorf("look up the collection: %w", err)
		}
		return leave(tx, c.Account, &i)
	})
}
