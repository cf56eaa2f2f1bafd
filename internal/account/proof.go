package account

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Proof is what shows that the owner of an account acts, and not only somebody
// with a token of it: the password, or the answer of a passkey to AskProof.
// Who has no password may give a recovery code in its place, which is used up.
type Proof struct {
	Password      string
	PasskeySecret string
	PasskeyAnswer []byte
}

// AskProof asks the account's passkeys for a Proof.
func (s *Service) AskProof(ctx context.Context, account domain.ID) (PasskeyCeremony, error) {
	h, err := s.holder(ctx, s.st.Reader(), account)
	if err != nil {
		return PasskeyCeremony{}, err
	}
	if len(h.keys) == 0 {
		return PasskeyCeremony{}, domain.Errorf(domain.NotFound, "This account has no passkey.")
	}
	options, session, err := s.passkeys.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return PasskeyCeremony{}, fmt.Errorf("ask for a passkey: %w", err)
	}
	return s.ceremony(ctx, domain.Ceremony{Account: account, Kind: domain.CeremonyProof}, session, options)
}

// Prove is Invalid unless the proof is the account's: before what changes who
// may sign in.
func (s *Service) Prove(ctx context.Context, account domain.ID, p Proof) error {
	if p.PasskeySecret != "" {
		return s.proveByPasskey(ctx, account, p)
	}
	u, err := s.st.Reader().User(ctx, account)
	if err != nil {
		return fmt.Errorf("look up the login: %w", err)
	}
	if u.PasswordHash == "" {
		return s.st.Write(ctx, func(tx *store.Tx) error {
			ok, err := tx.UseRecoveryCode(account, recoveryHash(p.Password))
			if err == nil && !ok {
				err = wrongPassword()
			}
			return err
		})
	}
	if len(p.Password) > maxPassword {
		p.Password = ""
	}
	ok, err := s.hash.verify(ctx, u.PasswordHash, p.Password)
	if err == nil && !ok {
		err = wrongPassword()
	}
	return err
}

func wrongPassword() error {
	return invalid([]domain.FieldError{{Field: "current_password", Code: "ERR_INVALID", Description: "is wrong"}})
}

func (s *Service) proveByPasskey(ctx context.Context, account domain.ID, p Proof) error {
	c, err := s.try(ctx, p.PasskeySecret, domain.CeremonyProof)
	if err != nil {
		return err
	}
	if c.Account != account {
		return errCeremonyOver()
	}
	state, parsed, err := assertion(c.State, p.PasskeyAnswer)
	if err != nil {
		return err
	}
	h, err := s.holder(ctx, s.st.Reader(), account)
	if err != nil {
		return err
	}
	cred, err := s.passkeys.ValidateLogin(h, state, parsed)
	if err != nil {
		return passkeyRefused(err)
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return usedPasskey(tx, p.PasskeySecret, h, cred) })
}

// enough is Invalid where what is left does not let the owner in, or is not
// what the role asks for.
func enough(ctx context.Context, tx *store.Tx, account domain.ID) error {
	u, err := tx.User(ctx, account)
	switch {
	case err != nil:
		return fmt.Errorf("look up the login: %w", err)
	case u.LacksFactor:
		return domain.Errorf(domain.Invalid, "Your role asks for a second factor. Set up another before you remove this one.")
	case u.PasswordHash != "":
		return nil
	}
	f, err := factors(ctx, tx.Reader, account)
	if err != nil {
		return err
	}
	for _, k := range f.Passkeys {
		if knowsOwner(k) && f.RecoveryCodes > 0 {
			return nil
		}
	}
	return domain.Errorf(domain.Invalid, "Without a password you need a passkey that asks for your finger, face or PIN, and recovery codes.")
}

// knowsOwner reports whether a passkey asked for its owner's finger, face or
// PIN when it was made or used last, so that it signs in alone.
func knowsOwner(k domain.Passkey) bool {
	var c webauthn.Credential
	return json.Unmarshal([]byte(k.Record), &c) == nil && c.Flags.UserVerified
}

// SignInByRecoveryCode opens a session for who has lost the passkey that an
// account without a password was signed in with. The login and code of any
// other account are Unauthenticated, like wrong ones; a code costs as much as a
// password, beside which it does not show whose login it was (SEC-48).
func (s *Service) SignInByRecoveryCode(ctx context.Context, in SignIn) (session string, err error) {
	refused := domain.Errorf(domain.Unauthenticated, "That code is wrong or was used before.")
	u, err := s.userByLogin(ctx, in.Login)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return "", fmt.Errorf("look up the login: %w", err)
	}
	if _, err := s.hash.verify(ctx, "", ""); err != nil {
		return "", err
	}
	known, err := s.st.Reader().HasRecoveryCode(ctx, u.Account, recoveryHash(in.Password))
	if err != nil {
		return "", fmt.Errorf("look up the code: %w", err)
	}
	if !known || u.PasswordHash != "" {
		return "", refused
	}
	in.Method = domain.ByRecovery
	return s.letIn(ctx, in, u.Account, func(tx *store.Tx) error {
		now, err := tx.User(ctx, u.Account)
		if err != nil {
			return err
		}
		ok, err := tx.UseRecoveryCode(u.Account, recoveryHash(in.Password))
		if err == nil && (!ok || now.PasswordHash != "") {
			err = refused
		}
		return err
	})
}

// BeginJoin begins the making of a passkey for somebody who is about to join
// with it instead of a password, under the name that they chose.
func (s *Service) BeginJoin(ctx context.Context, username, invite string) (PasskeyCeremony, error) {
	if _, err := s.MayJoin(ctx, invite); err != nil {
		return PasskeyCeremony{}, err
	}
	h := &holder{account: domain.Account{Username: passkeyName(username)}}
	// The passkey knows its owner by the account's number from the beginning.
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		h.account.ID = tx.NewID()
		return nil
	})
	if err != nil {
		return PasskeyCeremony{}, fmt.Errorf("draw an id: %w", err)
	}
	options, session, err := s.passkeys.BeginRegistration(h,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{UserVerification: protocol.VerificationRequired}),
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired))
	if err != nil {
		return PasskeyCeremony{}, fmt.Errorf("begin a passkey: %w", err)
	}
	return s.ceremony(ctx, domain.Ceremony{Kind: domain.CeremonyJoin}, session, options)
}

// joinsWith reads the passkey of BeginJoin; its account is the number that the
// new account takes.
func (s *Service) joinsWith(ctx context.Context, username string, p NewPasskey) (*domain.Passkey, error) {
	c, err := s.try(ctx, p.Secret, domain.CeremonyJoin)
	if err != nil {
		return nil, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal([]byte(c.State), &session); err != nil {
		return nil, fmt.Errorf("read the ceremony: %w", err)
	}
	if len(session.UserID) != 8 {
		return nil, errors.New("read the ceremony: no id")
	}
	k := &domain.Passkey{Account: domain.ID(binary.BigEndian.Uint64(session.UserID)), Name: passkeyName(p.Name)}
	if k.Name == "" {
		k.Name = username
	}
	return k, s.readPasskey(k, &holder{account: domain.Account{ID: k.Account, Username: username}}, c.State, p.Answer)
}
