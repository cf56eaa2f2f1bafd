package inbox

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/apub"
	"coterie/internal/domain"
)

// move has the followers here of an account follow its new one, which must say
// that it is the same (facts 19). Both are asked anew first (SEC-19).
func (s *Service) move(ctx context.Context, a *act) error {
	if a.signer.URI != a.actor.URI {
		return refusef("an account is moved by its own server only")
	}
	target := a.Target.ID
	if target == "" || target == a.actor.URI || s.Refused(apub.Host(target)) {
		return refusef("%q is no new account", target)
	}
	r := s.Store.Reader()
	if ok, err := r.FollowedHere(ctx, a.actor.ID); err != nil || !ok {
		return orUnwanted(err)
	}
	old, err := s.Remote.Refresh(ctx, a.actor.URI)
	if err != nil {
		return fmt.Errorf("ask the old account: %w", err)
	}
	to, aliases, err := s.newHome(ctx, target)
	if err != nil {
		return fmt.Errorf("ask the new account: %w", err)
	}
	switch {
	case old.Suspended() || to.Suspended():
		return refusef("one of the accounts is suspended")
	case to.ID == old.ID || to.MovedTo != 0:
		return refusef("the new account has moved itself")
	case !slices.Contains(aliases, old.URI):
		return refusef("the new account does not name the old one")
	}
	return s.Relation.Move(ctx, old.ID, to.ID)
}

// newHome is the account that another moves to, and its other names, as its
// own server has them now: those of an account here are in our own rows.
func (s *Service) newHome(ctx context.Context, uri string) (domain.Account, []string, error) {
	r := s.Store.Reader()
	to, err := s.Remote.Known(ctx, r, uri)
	switch {
	case domain.Is(err, domain.NotFound):
		to, err = s.Remote.Actor(ctx, uri)
	case err == nil && to.Local():
		aliases, err := r.Aliases(ctx, to.ID)
		return to, aliases, err
	case err == nil:
		to, err = s.Remote.Refresh(ctx, uri)
	}
	if err != nil {
		return to, nil, err
	}
	state, err := r.Actor(ctx, to.ID)
	return to, state.AlsoKnownAs, err
}
