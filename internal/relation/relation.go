// Package relation is the verbs between one account and others: follow,
// block, mute, note and lists. Whoever says a
// verb, a client here or a server elsewhere, it is the same function. Level 5:
// surfaces, inbox and instance may import it. A Service is safe for
// concurrent use.
package relation

import (
	"context"

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

// target is the account that a verb is done to. Suspended ones are absent.
func target(ctx context.Context, tx *store.Tx, id domain.ID) (domain.Account, error) {
	a, err := tx.Account(ctx, id)
	if err == nil && a.Suspended() {
		return a, domain.ErrNotFound
	}
	return a, err
}

// apart reports whether either blocks the other.
func apart(ctx context.Context, tx *store.Tx, one, other domain.ID) (bool, error) {
	blocks, err := tx.Blocks(ctx, one, other)
	if err != nil || blocks {
		return blocks, err
	}
	return tx.Blocks(ctx, other, one)
}
