// Package relation is the verbs between one account and others: follow,
// block, mute, note and lists. Whoever says a
// verb, a client here or a server elsewhere, it is the same function. Level 5:
// surfaces, inbox and instance may import it. A Service is safe for
// concurrent use.
package relation

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Service holds the verbs.
type Service struct{ st *store.Store }

// New makes the service.
func New(st *store.Store) *Service { return &Service{st: st} }

// errNotAllowed is what the API says to everything that two accounts may not
// do to each other.
var errNotAllowed = domain.Errorf(domain.Forbidden, "This action is not allowed")

// apart reports whether either blocks the other.
func apart(ctx context.Context, tx *store.Tx, one, other domain.ID) (bool, error) {
	blocks, err := tx.Blocks(ctx, one, other)
	if err != nil || blocks {
		return blocks, err
	}
	return tx.Blocks(ctx, other, one)
}

// undone reports whether a deed of that id was taken back before it came.
// What one account does under an id happens in turn.
func undone(ctx context.Context, tx *store.Tx, actor domain.ID, uri string) (bool, error) {
	if uri == "" {
		return false, nil
	}
	if err := tx.LockAccount(actor); err != nil {
		return false, fmt.Errorf("lock the actor: %w", err)
	}
	return tx.Tombstoned(ctx, uri)
}

// bury keeps a deed that was taken back before it came from taking effect.
func bury(tx *store.Tx, uri string) error {
	if uri == "" {
		return nil
	}
	return tx.BuryFor(uri, tx.Now().Add(domain.UndoneFor))
}
