package fanout

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// featured tells somebody that they were put into a collection, unless they
// are out of it again.
func (s *Service) featured(ctx context.Context, tx *store.Tx, e domain.Event) error {
	i, err := tx.ItemOf(ctx, e.Object, e.Target)
	if domain.Is(err, domain.NotFound) || err == nil && i.State != domain.ItemAccepted {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up the item: %w", err)
	}
	return s.tell(ctx, tx, []domain.ID{e.Target}, domain.Notification{From: e.Actor, Type: domain.NotifyCollected, Collection: e.Object})
}

func (s *Service) unfeatured(_ context.Context, tx *store.Tx, e domain.Event) error {
	return tx.ForgetCollection(e.Target, e.Object)
}

// collectionChanged tells those who are in it.
func (s *Service) collectionChanged(ctx context.Context, tx *store.Tx, e domain.Event) error {
	members, err := tx.MembersHere(ctx, e.Object)
	if err != nil {
		return fmt.Errorf("find who is in the collection: %w", err)
	}
	return s.tell(ctx, tx, members, domain.Notification{From: e.Actor, Type: domain.NotifyCollectionUpdate, Collection: e.Object})
}
