package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Opened is what a right password comes to: a session, or, where the account
// has a second factor, the wish for it. Exactly one is set.
type Opened struct {
	Session string // for the cookies
	Pending string // for SecondFactor; it gives no right to anything else
	// FirstFactor says that Pending is for setting up a second factor, which
	// the role asks for.
	FirstFactor bool
}

// Wanted is what a sign-in waits for.
type Wanted struct {
	Account domain.Account
	Factors domain.Factors
}

// Waiting is what the pending sign-in waits for.
func (s *Service) Waiting(ctx context.Context, pending string) (Wanted, error) {
	c, err := s.waiting(ctx, pending, domain.CeremonySecondFactor)
	if err != nil {
		return Wanted{}, err
	}
	a, err := s.st.Reader().Account(ctx, c.Account)
	if err != nil {
		return Wanted{}, fmt.Errorf("look up the account: %w", err)
	}
	f, err := s.Factors(ctx, c.Account)
	return Wanted{Account: a, Factors: f}, err
}

// AskSecondFactor asks the passkeys of a pending sign-in's account.
func (s *Service) AskSecondFactor(ctx context.Context, pending string) (json.RawMessage, error) {
	c, err := s.waiting(ctx, pending, domain.CeremonySecondFactor)
	if err != nil {
		return nil, err
	}
	h, err := s.holder(ctx, s.st.Reader(), c.Account)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, domain.Errorf(domain.NotFound, "This account has no passkey.")
	}
	options, session, err := s.passkeys.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationDiscouraged))
	if err != nil {
		return nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	state, err := json.Marshal(session)
	if err != nil {
		return nil, fmt.Errorf("write the ceremony: %w", err)
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error { return tx.RememberCeremony(domain.HashSecret(pending), string(state)) })
	if err != nil {
		return nil, fmt.Errorf("keep the ceremony: %w", err)
	}
	return json.Marshal(options)
}

// SecondFactor opens the session of a pending sign-in for a one-time code or
// a recovery code. A wrong one is Unauthenticated; after a few the password is
// asked again.
func (s *Service) SecondFactor(ctx context.Context, in SignIn, pending, code string) (session string, err error) {
	c, err := s.try(ctx, pending, domain.CeremonySecondFactor)
	if err != nil {
		return "", err
	}
	in.Method = domain.BySecond
	return s.letIn(ctx, in, c.Account, func(tx *store.Tx) error {
		if err := end(tx, pending); err != nil {
			return err
		}
		o, err := tx.OneTimeSecret(ctx, c.Account)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("look up one-time codes: %w", err)
		}
		if o.Confirmed {
			if ok, err := takeOneTime(tx, o, code); ok || err != nil {
				return err
			}
		}
		ok, err := tx.UseRecoveryCode(c.Account, recoveryHash(code))
		if err == nil && !ok {
			err = domain.Errorf(domain.Unauthenticated, "That code is wrong or was used before.")
		}
		return err
	})
}

// SecondFactorByPasskey is SecondFactor for an answer to AskSecondFactor.
func (s *Service) SecondFactorByPasskey(ctx context.Context, in SignIn, pending string, answer []byte) (session string, err error) {
	c, err := s.try(ctx, pending, domain.CeremonySecondFactor)
	if err != nil {
		return "", err
	}
	state, parsed, err := assertion(c.State, answer)
	if err != nil {
		return "", err
	}
	h, err := s.holder(ctx, s.st.Reader(), c.Account)
	if err != nil {
		return "", err
	}
	cred, err := s.passkeys.ValidateLogin(h, state, parsed)
	if err != nil {
		return "", passkeyRefused(err)
	}
	in.Method = domain.ByBoth
	return s.letIn(ctx, in, c.Account, func(tx *store.Tx) error { return usedPasskey(tx, pending, h, cred) })
}

// letIn opens the session that a ceremony ends with, if check agrees, which
// ends it, all in one transaction: of several right answers one succeeds.
func (s *Service) letIn(ctx context.Context, in SignIn, account domain.ID, check func(*store.Tx) error) (string, error) {
	secret := newSecret()
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		no, err := refusedNow(ctx, tx.Reader, account)
		if err != nil {
			return err
		}
		if no != nil && !errors.Is(no, ErrNoFactor) {
			return no
		}
		if err := check(tx); err != nil {
			return err
		}
		return openSession(ctx, tx, account, in, secret)
	})
	var known *domain.Error
	if err != nil && !errors.As(err, &known) {
		err = fmt.Errorf("open the session: %w", err)
	}
	if err != nil {
		return "", err
	}
	return secret, nil
}
