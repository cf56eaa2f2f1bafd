package account

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"coterie/internal/domain"
	"coterie/internal/store"
)

const (
	maxPasskeyName = 60
	// maxPasskeyAnswer is how long the JSON of a browser's answer may be.
	maxPasskeyAnswer = 16 << 10
)

// newPasskeys is the relying party at that origin: its host name is what
// passkeys are bound to (WebAuthn section 5.1.2). There are none for an IP
// address, by which developers go: browsers refuse the name that stands in.
func newPasskeys(origin, name string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("read the origin: %w", err)
	}
	host := u.Hostname()
	if net.ParseIP(host) != nil {
		host = "localhost"
	}
	p, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: name, RPOrigins: []string{origin}})
	if err != nil {
		return nil, fmt.Errorf("set passkeys up: %w", err)
	}
	return p, nil
}

// holder is a person as WebAuthn knows them: by a number, never by a name.
type holder struct {
	account domain.Account
	keys    []domain.Passkey
	creds   webauthn.Credentials
}

func (h *holder) WebAuthnID() []byte                         { return binary.BigEndian.AppendUint64(nil, uint64(h.account.ID)) }
func (h *holder) WebAuthnName() string                       { return h.account.Username }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.creds }
func (h *holder) WebAuthnDisplayName() string {
	if h.account.DisplayName != "" {
		return h.account.DisplayName
	}
	return h.account.Username
}

// key is the passkey with that credential.
func (h *holder) key(credential []byte) (domain.Passkey, bool) {
	want := base64.RawURLEncoding.EncodeToString(credential)
	for _, k := range h.keys {
		if k.Credential == want {
			return k, true
		}
	}
	return domain.Passkey{}, false
}

func (s *Service) holder(ctx context.Context, r store.Reader, account domain.ID) (*holder, error) {
	a, err := r.Account(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("look up the account: %w", err)
	}
	h := &holder{account: a}
	if h.keys, err = r.Passkeys(ctx, account); err != nil {
		return nil, fmt.Errorf("look up passkeys: %w", err)
	}
	for _, k := range h.keys {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(k.Record), &c); err != nil {
			return nil, fmt.Errorf("read passkey %s: %w", k.ID, err)
		}
		h.creds = append(h.creds, c)
	}
	return h, nil
}

// PasskeyCeremony is the first half of a passkey's making or use.
type PasskeyCeremony struct {
	Secret  string          // sent back with the answer
	Options json.RawMessage // for navigator.credentials
}

// BeginPasskey begins the making of a passkey for the account.
func (s *Service) BeginPasskey(ctx context.Context, account domain.ID) (PasskeyCeremony, error) {
	h, err := s.holder(ctx, s.st.Reader(), account)
	if err != nil {
		return PasskeyCeremony{}, err
	}
	if len(h.keys) >= domain.MaxPasskeys {
		return PasskeyCeremony{}, domain.Errorf(domain.Invalid, "You have %d passkeys, more are not kept.", len(h.keys))
	}
	options, session, err := s.passkeys.BeginRegistration(h,
		webauthn.WithExclusions(h.creds.CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{UserVerification: protocol.VerificationPreferred}),
		webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired))
	if err != nil {
		return PasskeyCeremony{}, fmt.Errorf("begin a passkey: %w", err)
	}
	return s.ceremony(ctx, domain.Ceremony{Account: account, Kind: domain.CeremonyRegistration}, session, options)
}

// ceremony keeps what WebAuthn must remember and hands out what the browser needs.
func (s *Service) ceremony(ctx context.Context, c domain.Ceremony, session *webauthn.SessionData, options any) (out PasskeyCeremony, err error) {
	state, err := json.Marshal(session)
	if err != nil {
		return out, fmt.Errorf("write the ceremony: %w", err)
	}
	c.State = string(state)
	if out.Options, err = json.Marshal(options); err != nil {
		return out, fmt.Errorf("write the options: %w", err)
	}
	out.Secret, err = s.begin(ctx, c)
	return out, err
}

// FinishPasskey stores the passkey that the browser made. Every other session
// and token ends (SEC-40); keep is the token that asked. codes are the
// recovery codes, if this is the first factor.
func (s *Service) FinishPasskey(ctx context.Context, account, keep domain.ID, p NewPasskey) (k domain.Passkey, codes []string, err error) {
	k, err = s.madePasskey(ctx, account, p)
	if err != nil {
		return k, nil, err
	}
	err = s.changeFactors(ctx, account, keep, &codes, func(tx *store.Tx) error { return keepPasskey(tx, p.Secret, &k) })
	return k, codes, err
}

// NewPasskey is the second half of a passkey's making.
type NewPasskey struct {
	Secret string // of the first half
	Name   string // what its owner calls it
	Answer []byte // of the browser, as JSON
}

// madePasskey is the passkey that the browser made for BeginPasskey.
func (s *Service) madePasskey(ctx context.Context, account domain.ID, p NewPasskey) (k domain.Passkey, err error) {
	c, err := s.try(ctx, p.Secret, domain.CeremonyRegistration)
	if err != nil {
		return k, err
	}
	if c.Account != account {
		return k, errCeremonyOver()
	}
	k = domain.Passkey{Account: account, Name: passkeyName(p.Name)}
	if k.Name == "" {
		return k, invalid([]domain.FieldError{{Field: "name", Code: "ERR_BLANK", Description: "can't be blank"}})
	}
	h, err := s.holder(ctx, s.st.Reader(), account)
	if err != nil {
		return k, err
	}
	err = s.readPasskey(&k, h, c.State, p.Answer)
	return k, err
}

// readPasskey has the passkey of an answer written into k.
func (s *Service) readPasskey(k *domain.Passkey, h *holder, state string, answer []byte) error {
	session, parsed, err := registration(state, answer)
	if err != nil {
		return err
	}
	made, err := s.passkeys.CreateCredential(h, session, parsed)
	if err != nil {
		return passkeyRefused(err)
	}
	record, err := json.Marshal(made)
	if err != nil {
		return fmt.Errorf("write the passkey: %w", err)
	}
	k.Credential, k.Record = base64.RawURLEncoding.EncodeToString(made.ID), string(record)
	return nil
}

// keepPasskey stores a passkey and ends the ceremony of its making.
func keepPasskey(tx *store.Tx, ceremony string, k *domain.Passkey) error {
	if err := tx.InsertPasskey(k); err != nil {
		return err
	}
	return end(tx, ceremony)
}

func registration(state string, answer []byte) (session webauthn.SessionData, parsed *protocol.ParsedCredentialCreationData, err error) {
	if len(answer) > maxPasskeyAnswer {
		return session, nil, passkeyRefused(errors.New("the answer is too long"))
	}
	if err = json.Unmarshal([]byte(state), &session); err != nil {
		return session, nil, fmt.Errorf("read the ceremony: %w", err)
	}
	if parsed, err = protocol.ParseCredentialCreationResponseBytes(answer); err != nil {
		return session, nil, passkeyRefused(err)
	}
	return session, parsed, nil
}

func passkeyName(name string) string {
	name = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), ""))
	if len(name) > maxPasskeyName {
		name = strings.ToValidUTF8(name[:maxPasskeyName], "")
	}
	return name
}

// passkeyRefused is what people read where a passkey did not do; why is for
// the log.
func passkeyRefused(why error) error {
	return &domain.Error{Kind: domain.Unauthenticated, Op: "check a passkey", Msg: "The passkey was not accepted.", Err: why}
}

// RenamePasskey names a passkey of the account.
func (s *Service) RenamePasskey(ctx context.Context, account, id domain.ID, name string) error {
	if name = passkeyName(name); name == "" {
		return invalid([]domain.FieldError{{Field: "name", Code: "ERR_BLANK", Description: "can't be blank"}})
	}
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.RenamePasskey(account, id, name) })
}

// DropPasskey removes a passkey of the account and ends every other session
// and token.
func (s *Service) DropPasskey(ctx context.Context, account, keep, id domain.ID) error {
	return s.changeFactors(ctx, account, keep, nil, func(tx *store.Tx) error {
		if err := tx.DeletePasskey(account, id); err != nil {
			return err
		}
		return enough(ctx, tx, account)
	})
}

// AskPasskey begins a sign-in by passkey alone: whose it is, the passkey says.
func (s *Service) AskPasskey(ctx context.Context) (PasskeyCeremony, error) {
	options, session, err := s.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return PasskeyCeremony{}, fmt.Errorf("begin a sign-in: %w", err)
	}
	return s.ceremony(ctx, domain.Ceremony{Kind: domain.CeremonyPasskey}, session, options)
}

// SignInByPasskey opens a session for whom the passkey belongs to. secret is
// that of AskPasskey.
func (s *Service) SignInByPasskey(ctx context.Context, in SignIn, secret string, answer []byte) (session string, err error) {
	c, err := s.try(ctx, secret, domain.CeremonyPasskey)
	if err != nil {
		return "", err
	}
	state, parsed, err := assertion(c.State, answer)
	if err != nil {
		return "", err
	}
	var who *holder
	cred, err := s.passkeys.ValidateDiscoverableLogin(func(credential, user []byte) (webauthn.User, error) {
		k, err := s.st.Reader().PasskeyByCredential(ctx, base64.RawURLEncoding.EncodeToString(credential))
		if err != nil {
			return nil, fmt.Errorf("look up the passkey: %w", err)
		}
		who, err = s.holder(ctx, s.st.Reader(), k.Account)
		return who, err
	}, state, parsed)
	if err != nil {
		return "", passkeyRefused(err)
	}
	in.Method = domain.ByPasskey
	return s.letIn(ctx, in, who.account.ID, func(tx *store.Tx) error { return usedPasskey(tx, secret, who, cred) })
}

func assertion(state string, answer []byte) (session webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData, err error) {
	if len(answer) > maxPasskeyAnswer || state == "" {
		return session, nil, passkeyRefused(errors.New("the answer is too long, or nothing was asked"))
	}
	if err = json.Unmarshal([]byte(state), &session); err != nil {
		return session, nil, fmt.Errorf("read the ceremony: %w", err)
	}
	if parsed, err = protocol.ParseCredentialRequestResponseBytes(answer); err != nil {
		return session, nil, passkeyRefused(err)
	}
	return session, parsed, nil
}

// usedPasskey ends the ceremony that a passkey was asked in and keeps its
// counter. One that went backwards belongs
// to a copy of it, which is refused (WebAuthn section 6.1.1).
func usedPasskey(tx *store.Tx, ceremony string, h *holder, cred *webauthn.Credential) error {
	if err := end(tx, ceremony); err != nil {
		return err
	}
	k, ok := h.key(cred.ID)
	if !ok || cred.Authenticator.CloneWarning {
		return passkeyRefused(errors.New("unknown, or a copy"))
	}
	record, err := json.Marshal(cred)
	if err != nil {
		return fmt.Errorf("write the passkey: %w", err)
	}
	return tx.UsedPasskey(k.ID, string(record))
}
