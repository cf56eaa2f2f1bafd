package account

import (
	"context"
	"encoding/json"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Remember keeps something for a browser that was sent away, for CeremonyLife;
// the text is for its cookie.
func (s *Service) Remember(ctx context.Context, kind domain.CeremonyKind, what any) (string, error) {
	state, err := json.Marshal(what)
	if err != nil {
		return "", fmt.Errorf("write the ceremony: %w", err)
	}
	return s.begin(ctx, domain.Ceremony{Kind: kind, State: string(state)})
}

// Recall takes what Remember kept, once, or is Unauthenticated.
func (s *Service) Recall(ctx context.Context, kind domain.CeremonyKind, secret string, what any) error {
	c, err := s.waiting(ctx, secret, kind)
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(c.State), what); err != nil {
		return fmt.Errorf("read the ceremony: %w", err)
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return end(tx, secret) })
}

// SignInByIdentity opens a session for whose identity it is, or asks for the
// second factor, as after a password. ErrNotFound for one that is nobody's:
// whatever address its provider tells, it is linked to no account but by
// LinkIdentity (SEC-44).
func (s *Service) SignInByIdentity(ctx context.Context, in SignIn, issuer, subject string) (Opened, error) {
	i, err := s.st.Reader().IdentityBySubject(ctx, issuer, subject)
	if err != nil {
		return Opened{}, err
	}
	u, err := s.st.Reader().User(ctx, i.Account)
	if err != nil {
		return Opened{}, fmt.Errorf("look up the login: %w", err)
	}
	if err := s.mayEnter(ctx, &u); err != nil {
		return Opened{}, err
	}
	in.Method = domain.ByProvider
	return s.enter(ctx, in, &u)
}

// Linkable is the identity that waits in a browser for its owner to sign in
// here, or Unauthenticated. Only a session that was opened since may take it:
// who links an identity has just shown who they are.
func (s *Service) Linkable(ctx context.Context, secret string, by *domain.Session) (i domain.Identity, fresh bool, err error) {
	c, err := s.waiting(ctx, secret, domain.CeremonyIdentity)
	if err != nil {
		return i, false, err
	}
	var known struct{ Issuer, Subject, Name string }
	if err := json.Unmarshal([]byte(c.State), &known); err != nil {
		return i, false, fmt.Errorf("read the ceremony: %w", err)
	}
	i = domain.Identity{Issuer: known.Issuer, Subject: known.Subject, Name: known.Name}
	return i, !by.CreatedAt.Before(c.CreatedAt), nil
}

// LinkIdentity has the identity that waits sign in its account from now on.
// Every other session and token ends (SEC-40).
func (s *Service) LinkIdentity(ctx context.Context, secret string, by *domain.Session) error {
	i, fresh, err := s.Linkable(ctx, secret, by)
	if err == nil && !fresh {
		err = errCeremonyOver()
	}
	if err != nil {
		return err
	}
	i.Account = by.Account
	return s.st.Write(ctx, func(tx *store.Tx) error {
		list, err := tx.Identities(ctx, i.Account)
		if err != nil {
			return fmt.Errorf("look up identities: %w", err)
		}
		if len(list) >= domain.MaxIdentities {
			return domain.Errorf(domain.Invalid, "You have %d linked sign-ins, more are not kept.", len(list))
		}
		if err := end(tx, secret); err != nil {
			return err
		}
		if err := tx.InsertIdentity(&i); err != nil {
			if domain.Is(err, domain.Conflict) {
				err = domain.Errorf(domain.Invalid, "This sign-in is linked to an account already.")
			}
			return err
		}
		return identitiesChanged(ctx, tx, i.Account, by.Token)
	})
}

// Identities are what the account is linked with, oldest first.
func (s *Service) Identities(ctx context.Context, account domain.ID) ([]domain.Identity, error) {
	return s.st.Reader().Identities(ctx, account)
}

// UnlinkIdentity takes an identity from the account, and ends every other
// session and token; keep is the token that asked.
func (s *Service) UnlinkIdentity(ctx context.Context, account, keep, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteIdentity(account, id); err != nil {
			return err
		}
		return identitiesChanged(ctx, tx, account, keep)
	})
}

func identitiesChanged(ctx context.Context, tx *store.Tx, account, keep domain.ID) error {
	if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailFactors, Account: account})); err != nil {
		return err
	}
	return endOthers(ctx, tx, account, keep)
}
