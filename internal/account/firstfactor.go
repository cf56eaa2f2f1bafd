package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Whoever's role asks for a second factor, and who has none, sets one up
// between the password and the session.

// beginFirstFactor draws what one-time codes could be made from, which counts
// once a code was right.
func (s *Service) beginFirstFactor(ctx context.Context, account domain.ID) (string, error) {
	secret, err := drawOneTimeSecret()
	if err != nil {
		return "", err
	}
	return s.begin(ctx, domain.Ceremony{Account: account, Kind: domain.CeremonyFirstFactor, State: secret})
}

// FirstFactor is who is to set a second factor up, and what an authenticator
// app needs for it.
func (s *Service) FirstFactor(ctx context.Context, pending string) (domain.Account, OneTimeSetUp, error) {
	c, err := s.waiting(ctx, pending, domain.CeremonyFirstFactor)
	if err != nil {
		return domain.Account{}, OneTimeSetUp{}, err
	}
	a, err := s.st.Reader().Account(ctx, c.Account)
	if err != nil {
		return a, OneTimeSetUp{}, fmt.Errorf("look up the account: %w", err)
	}
	set, err := s.oneTimeSetUp(&a, c.State)
	return a, set, err
}

// FirstFactorByCode turns one-time codes on and opens the session. codes are
// the recovery codes. A wrong code is Invalid.
func (s *Service) FirstFactorByCode(ctx context.Context, in SignIn, pending, code string) (session string, codes []string, err error) {
	c, err := s.try(ctx, pending, domain.CeremonyFirstFactor)
	if err != nil {
		return "", nil, err
	}
	in.Method = domain.BySecond
	session, err = s.letIn(ctx, in, c.Account, func(tx *store.Tx) error {
		if err := end(tx, pending); err != nil {
			return err
		}
		return changeFactors(ctx, tx, c.Account, 0, &codes, func(tx *store.Tx) error {
			if err := tx.ProposeOneTimeSecret(c.Account, c.State); err != nil {
				return err
			}
			return confirmOneTime(ctx, tx, c.Account, code)
		})
	})
	return session, codes, err
}

// AskFirstPasskey begins the making of a passkey as the second factor.
func (s *Service) AskFirstPasskey(ctx context.Context, pending string) (PasskeyCeremony, error) {
	c, err := s.waiting(ctx, pending, domain.CeremonyFirstFactor)
	if err != nil {
		return PasskeyCeremony{}, err
	}
	return s.BeginPasskey(ctx, c.Account)
}

// FirstFactorByPasskey stores the passkey that the browser made for
// AskFirstPasskey, whose secret is given, and opens the session.
func (s *Service) FirstFactorByPasskey(ctx context.Context, in SignIn, pending string, p NewPasskey) (session string, codes []string, err error) {
	c, err := s.try(ctx, pending, domain.CeremonyFirstFactor)
	if err != nil {
		return "", nil, err
	}
	k, err := s.madePasskey(ctx, c.Account, p)
	if err != nil {
		return "", nil, err
	}
	in.Method = domain.ByBoth
	session, err = s.letIn(ctx, in, c.Account, func(tx *store.Tx) error {
		if err := end(tx, pending); err != nil {
			return err
		}
		return changeFactors(ctx, tx, c.Account, 0, &codes, func(tx *store.Tx) error { return keepPasskey(tx, p.Secret, &k) })
	})
	return session, codes, err
}
