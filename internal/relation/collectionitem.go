package relation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// AddToCollection puts an account into actor's collection, as far as the
// account lets it. Another's collection and an account that does not are
// Forbidden, one that is there already Invalid.
func (s *Service) AddToCollection(ctx context.Context, actor, id, account domain.ID) (domain.CollectionItem, error) {
	var i domain.CollectionItem
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		c, err := own(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		i, err = feature(ctx, tx, &c, account)
		return err
	})
	return i, err
}

// feature puts an account into a collection. Who said no once, or left, is not
// put there again.
func feature(ctx context.Context, tx *store.Tx, c *domain.Collection, account domain.ID) (domain.CollectionItem, error) {
	i := domain.CollectionItem{Collection: c.ID, Account: account, State: domain.ItemAccepted}
	list, err := tx.FeatureStandings(ctx, c.Account, []domain.ID{account})
	if err != nil {
		return i, fmt.Errorf("ask whether the account may be shown: %w", err)
	}
	if len(list) == 0 || list[0].Suspended {
		return i, domain.ErrNotFound
	}
	if !list[0].Allows(c.Account) {
		return i, errNotAllowed
	}
	if !list[0].Local {
		i.State = domain.ItemPending
	}
	n, err := tx.CountItems(ctx, c.ID)
	if err != nil {
		return i, fmt.Errorf("count the collection: %w", err)
	}
	if n >= domain.MaxCollectionItems {
		return i, &domain.Error{Kind: domain.Invalid, Fields: []domain.FieldError{{
			Field: "collection_items", Code: "ERR_TOO_LONG", Description: fmt.Sprintf("are too many (maximum is %d accounts)", domain.MaxCollectionItems),
		}}}
	}
	isNew, err := tx.InsertItem(&i)
	if err != nil {
		return i, fmt.Errorf("put the account into the collection: %w", err)
	}
	if !isNew {
		return i, taken(ctx, tx, c.ID, account)
	}
	return i, tx.Emit(domain.Event{Kind: domain.EventFeatured, Actor: c.Account, Target: account, Object: c.ID, Item: i.ID})
}

// taken says why an account that has an item gets no other.
func taken(ctx context.Context, tx *store.Tx, collection, account domain.ID) error {
	i, err := tx.ItemOf(ctx, collection, account)
	if err != nil {
		return fmt.Errorf("look up the item: %w", err)
	}
	if i.State == domain.ItemPending || i.State == domain.ItemAccepted {
		return &domain.Error{Kind: domain.Invalid, Fields: []domain.FieldError{{
			Field: "account", Code: "ERR_TAKEN", Description: "has already been taken",
		}}}
	}
	return errNotAllowed
}

// RemoveFromCollection takes an item out of actor's collection; another's
// collection is Forbidden. An item whose account left stays as it is, so that
// it is not asked again, and is NotFound.
func (s *Service) RemoveFromCollection(ctx context.Context, actor, id, item domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := own(ctx, tx, actor, id); err != nil {
			return err
		}
		i, err := tx.CollectionItem(ctx, id, item)
		if err == nil && i.State == domain.ItemRevoked {
			err = domain.ErrNotFound
		}
		if err != nil {
			return err
		}
		return expel(tx, actor, &i)
	})
}

func expel(tx *store.Tx, owner domain.ID, i *domain.CollectionItem) error {
	if err := tx.DeleteItem(i.ID); err != nil {
		return fmt.Errorf("take the account out of the collection: %w", err)
	}
	return tx.Emit(domain.Event{Kind: domain.EventUnfeatured, Actor: owner, Target: i.Account, Object: i.Collection, Item: i.ID})
}

// LeaveCollection takes actor out of somebody's collection for good. Another's
// item is Forbidden.
func (s *Service) LeaveCollection(ctx context.Context, actor, id, item domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Collection(ctx, actor, id)
		if err != nil {
			return err
		}
		i, err := tx.CollectionItem(ctx, id, item)
		if err == nil && i.State == domain.ItemRevoked {
			err = domain.ErrNotFound
		}
		if err != nil {
			return err
		}
		if i.Account != actor {
			return errNotAllowed
		}
		return leave(tx, c.Account, &i)
	})
}

func leave(tx *store.Tx, owner domain.ID, i *domain.CollectionItem) error {
	i.State = domain.ItemRevoked
	if err := tx.SetItemState(i); err != nil {
		return fmt.Errorf("leave the collection: %w", err)
	}
	return tx.Emit(domain.Event{Kind: domain.EventUnfeatured, Actor: owner, Target: i.Account, Object: i.Collection, Item: i.ID})
}

// partCollections takes each out of the other's collections: actor, who wants
// it so, leaves for good.
func partCollections(ctx context.Context, tx *store.Tx, actor, other domain.ID) error {
	mine, err := tx.ItemsBetween(ctx, actor, other)
	if err != nil {
		return fmt.Errorf("find the items of one's collections: %w", err)
	}
	for i := range mine {
		if err := expel(tx, actor, &mine[i]); err != nil {
			return err
		}
	}
	theirs, err := tx.ItemsBetween(ctx, other, actor)
	if err != nil {
		return fmt.Errorf("find the items of their collections: %w", err)
	}
	for i := range theirs {
		if err := leave(tx, other, &theirs[i]); err != nil {
			return err
		}
	}
	return nil
}
