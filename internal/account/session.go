package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// A session's secret is in two cookies, which a sign-out removes together.
// SessionCookie opens pages, also where a link of another site or an app leads
// to one. ClientCookie opens the APIs, and browsers send it with requests of
// our own pages only (SEC-64).
const (
	SessionCookie = "session"
	ClientCookie  = "client"
)

// sessionScopes are what the web client may do for who is signed in; what is
// for the staff wants the permission of a role, too.
const sessionScopes = "profile read write push follow admin:read admin:write"

// SignIn is somebody at the door.
type SignIn struct {
	Login    string // user name or e-mail address
	Password string
	// Method is how the person was recognised.
	Method domain.SignInMethod
	// IP and UserAgent are kept so that people recognise their sessions.
	IP, UserAgent string
	// Replaces is the secret of the session this browser had, "" if none: it
	// ends, so that nobody can plant one (session rotation).
	Replaces string
}

const maxUserAgent = 300

// LoginKey is the form in which attempts to sign in are counted.
func LoginKey(login string) string {
	login = strings.TrimSpace(login)
	if len(login) > maxEmail {
		login = login[:maxEmail]
	}
	if name, ok := loginName(login); ok {
		return domain.NameKey(name)
	}
	return text.EmailKey(login)
}

// loginName is the user name in a login, if it is not an e-mail address.
func loginName(login string) (string, bool) {
	name := strings.TrimPrefix(strings.TrimSpace(login), "@")
	return name, !strings.Contains(name, "@")
}

// SignIn checks a password and opens a session, or asks for the second factor.
// An unknown login costs the same work and gives the same answer as a wrong
// password (SEC-48).
func (s *Service) SignIn(ctx context.Context, in SignIn) (Opened, error) {
	u, err := s.knows(ctx, in)
	if err != nil {
		return Opened{}, err
	}
	in.Method = domain.ByPassword
	return s.enter(ctx, in, &u)
}

// enter opens the session of somebody who is known, or asks for the second
// factor, or for one to be set up.
func (s *Service) enter(ctx context.Context, in SignIn, u *domain.User) (Opened, error) {
	account := u.Account
	if u.LacksFactor {
		pending, err := s.beginFirstFactor(ctx, account)
		return Opened{Pending: pending, FirstFactor: true}, err
	}
	f, err := s.Factors(ctx, account)
	if err != nil {
		return Opened{}, err
	}
	if f.Any() {
		pending, err := s.begin(ctx, domain.Ceremony{Account: account, Kind: domain.CeremonySecondFactor})
		return Opened{Pending: pending}, err
	}
	secret, err := s.OpenSession(ctx, account, in)
	return Opened{Session: secret}, err
}

// knows is whose login and password these are.
func (s *Service) knows(ctx context.Context, in SignIn) (domain.User, error) {
	u, err := s.userByLogin(ctx, in.Login)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return u, fmt.Errorf("look up the login: %w", err)
	}
	password := in.Password
	if len(password) > maxPassword {
		password = ""
	}
	ok, err := s.hash.verify(ctx, u.PasswordHash, password)
	if err != nil {
		return u, err
	}
	if !ok {
		return u, domain.Errorf(domain.Unauthenticated, "The user name, address or password is wrong.")
	}
	return u, s.mayEnter(ctx, &u)
}

// mayEnter is why somebody who is known is not let in, nil if they are; who
// has yet to confirm an address gets the link again.
func (s *Service) mayEnter(ctx context.Context, u *domain.User) error {
	a, err := s.st.Reader().Account(ctx, u.Account)
	if err != nil {
		return fmt.Errorf("look up the account: %w", err)
	}
	err = refusal(u, &a)
	switch {
	case err == nil, errors.Is(err, ErrNoFactor):
		return nil
	case u.ConfirmedAt.IsZero() && s.mail:
		return s.remind(ctx, u.Account)
	}
	return err
}

func (s *Service) userByLogin(ctx context.Context, login string) (domain.User, error) {
	if name, ok := loginName(login); ok {
		return s.st.Reader().UserByName(ctx, name)
	}
	return s.st.Reader().UserByEmail(ctx, text.EmailKey(login))
}

// OpenSession signs in somebody known without a password: who has just signed
// up. secret is for the cookie.
func (s *Service) OpenSession(ctx context.Context, account domain.ID, in SignIn) (string, error) {
	secret := newSecret()
	err := s.st.Write(ctx, func(tx *store.Tx) error { return openSession(ctx, tx, account, in, secret) })
	if err != nil {
		return "", fmt.Errorf("open the session: %w", err)
	}
	return secret, nil
}

func openSession(ctx context.Context, tx *store.Tx, account domain.ID, in SignIn, secret string) error {
	agent := strings.ReplaceAll(strings.ToValidUTF8(in.UserAgent, ""), "\x00", "")
	if len(agent) > maxUserAgent {
		agent = strings.ToValidUTF8(agent[:maxUserAgent], "")
	}
	if err := endSession(ctx, tx, in.Replaces); err != nil {
		return err
	}
	t := domain.Token{Account: account, Scopes: sessionScopes}
	if err := tx.InsertToken(&t, domain.HashSecret(newSecret())); err != nil {
		return err
	}
	n := domain.Session{Account: account, Token: t.ID, IP: in.IP, UserAgent: agent}
	if err := tx.InsertSession(&n, domain.HashSecret(secret)); err != nil {
		return err
	}
	return noteSignIn(ctx, tx, domain.SignIn{Account: account, Method: in.Method, IP: in.IP, UserAgent: agent})
}

// noteSignIn remembers a sign-in, and has its owner told of one from
// somewhere new.
func noteSignIn(ctx context.Context, tx *store.Tx, n domain.SignIn) error {
	if err := tx.InsertSignIn(ctx, &n); err != nil || n.Known {
		return err
	}
	return tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailSignIn, Account: n.Account, Object: n.ID}))
}

// signInsShown is how many sign-ins are listed.
const signInsShown = 50

// SignIns are the latest of an account, newest first.
func (s *Service) SignIns(ctx context.Context, account domain.ID) ([]domain.SignIn, error) {
	return s.st.Reader().SignIns(ctx, account, signInsShown)
}

// endSession ends the session with that secret, if there is one.
func endSession(ctx context.Context, tx *store.Tx, secret string) error {
	if secret == "" {
		return nil
	}
	old, err := tx.SessionByHash(ctx, domain.HashSecret(secret))
	if domain.Is(err, domain.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Revoke(old.Account, store.Revocation{Session: old.ID})
}

// SignOut ends the session with that secret.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return endSession(ctx, tx, secret) })
}

// SignedIn is who a session belongs to.
type SignedIn struct {
	Session domain.Session
	Account domain.Account
	Locale  string
	// Refused is why the account may not act any more, nil if it may.
	Refused error
}

func errNobody() error { return domain.Errorf(domain.Unauthenticated, "Sign in to go on.") }

// liveSession is the session with that hash, or Unauthenticated.
func (s *Service) liveSession(ctx context.Context, hash string) (domain.Session, error) {
	row, err := s.st.Reader().SessionByHash(ctx, hash)
	if domain.Is(err, domain.NotFound) || err == nil && s.st.Now().Sub(row.SeenAt) > domain.SessionLife {
		return domain.Session{}, errNobody()
	}
	if err != nil {
		return domain.Session{}, fmt.Errorf("look up the session: %w", err)
	}
	return row, nil
}

// Session is who is signed in with that secret, or Unauthenticated.
func (s *Service) Session(ctx context.Context, secret string) (SignedIn, error) {
	if secret == "" || len(secret) > 512 {
		return SignedIn{}, errNobody()
	}
	row, err := s.liveSession(ctx, domain.HashSecret(secret))
	if err != nil {
		return SignedIn{}, err
	}
	r := s.st.Reader()
	u, err := r.User(ctx, row.Account)
	if err != nil {
		return SignedIn{}, fmt.Errorf("look up the login: %w", err)
	}
	a, err := r.Account(ctx, row.Account)
	if err != nil {
		return SignedIn{}, fmt.Errorf("look up the account: %w", err)
	}
	s.seen.session(row, s.st.Now())
	return SignedIn{Session: row, Account: a, Locale: u.Locale, Refused: refusal(&u, &a)}, nil
}

// Sessions are the browsers an account is signed in with, newest first.
func (s *Service) Sessions(ctx context.Context, account domain.ID) ([]domain.Session, error) {
	return s.st.Reader().Sessions(ctx, account)
}

// EndSession signs one browser out.
func (s *Service) EndSession(ctx context.Context, account, session domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		return tx.Revoke(account, store.Revocation{Session: session})
	})
}

// SetPassword sets a new password and ends every other session and token
// (SEC-40). keep is the token that asked, 0 for none.
func (s *Service) SetPassword(ctx context.Context, account, keep domain.ID, password string) error {
	if bad := checkPassword(password); len(bad) > 0 {
		return invalid(bad)
	}
	hash, err := s.hash.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetPassword(account, hash); err != nil {
			return err
		}
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailPassword, Account: account})); err != nil {
			return err
		}
		return endOthers(ctx, tx, account, keep)
	})
}

// DropPassword has the account signed in by passkey alone, once it has a
// passkey that knows its owner, and recovery codes should that get lost. Every
// other session and token ends.
func (s *Service) DropPassword(ctx context.Context, account, keep domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetPassword(account, ""); err != nil {
			return err
		}
		if err := enough(ctx, tx, account); err != nil {
			return err
		}
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailPassword, Account: account})); err != nil {
			return err
		}
		return endOthers(ctx, tx, account, keep)
	})
}
