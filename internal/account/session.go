package account

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// SessionCookie is the name of the cookie that holds a session's secret.
const SessionCookie = "session"

// SignIn is somebody at the door.
type SignIn struct {
	Login    string // user name or e-mail address
	Password string
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
	return emailKey(login)
}

// loginName is the user name in a login, if it is not an e-mail address.
func loginName(login string) (string, bool) {
	name := strings.TrimPrefix(strings.TrimSpace(login), "@")
	return name, !strings.Contains(name, "@")
}

// SignIn checks a password and opens a session; secret is for its cookie. An
// unknown login costs the same work and gives the same answer as a wrong
// password (SEC-48).
func (s *Service) SignIn(ctx context.Context, in SignIn) (secret string, err error) {
	u, err := s.userByLogin(ctx, in.Login)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return "", fmt.Errorf("look up the login: %w", err)
	}
	password := in.Password
	if len(password) > maxPassword {
		password = ""
	}
	ok, err := s.hash.verify(ctx, u.PasswordHash, password)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", domain.Errorf(domain.Unauthenticated, "The user name, address or password is wrong.")
	}
	a, err := s.st.Reader().Account(ctx, u.Account)
	if err != nil {
		return "", fmt.Errorf("look up the account: %w", err)
	}
	if err := refusal(&u, &a); err != nil {
		return "", err
	}
	return s.OpenSession(ctx, u.Account, in)
}

func (s *Service) userByLogin(ctx context.Context, login string) (domain.User, error) {
	if name, ok := loginName(login); ok {
		return s.st.Reader().UserByName(ctx, name)
	}
	return s.st.Reader().UserByEmail(ctx, emailKey(login))
}

// OpenSession signs in somebody known without a password: who has just signed
// up. secret is for the cookie.
func (s *Service) OpenSession(ctx context.Context, account domain.ID, in SignIn) (string, error) {
	secret := newSecret()
	agent := strings.ToValidUTF8(in.UserAgent, "")
	if len(agent) > maxUserAgent {
		agent = strings.ToValidUTF8(agent[:maxUserAgent], "")
	}
	n := domain.Session{Account: account, IP: in.IP, UserAgent: strings.ReplaceAll(agent, "\x00", "")}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		if err := endSession(ctx, tx, in.Replaces); err != nil {
			return err
		}
		return tx.InsertSession(&n, hashSecret(secret))
	})
	if err != nil {
		return "", fmt.Errorf("open the session: %w", err)
	}
	return secret, nil
}

// endSession ends the session with that secret, if there is one.
func endSession(ctx context.Context, tx *store.Tx, secret string) error {
	if secret == "" {
		return nil
	}
	old, err := tx.SessionByHash(ctx, hashSecret(secret))
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

// Session is who is signed in with that secret, or Unauthenticated.
func (s *Service) Session(ctx context.Context, secret string) (SignedIn, error) {
	nobody := domain.Errorf(domain.Unauthenticated, "Sign in to go on.")
	if secret == "" || len(secret) > 512 {
		return SignedIn{}, nobody
	}
	r, now := s.st.Reader(), s.st.Now()
	row, err := r.SessionByHash(ctx, hashSecret(secret))
	if domain.Is(err, domain.NotFound) || err == nil && now.Sub(row.SeenAt) > domain.SessionLife {
		return SignedIn{}, nobody
	}
	if err != nil {
		return SignedIn{}, fmt.Errorf("look up the session: %w", err)
	}
	u, err := r.User(ctx, row.Account)
	if err != nil {
		return SignedIn{}, fmt.Errorf("look up the login: %w", err)
	}
	a, err := r.Account(ctx, row.Account)
	if err != nil {
		return SignedIn{}, fmt.Errorf("look up the account: %w", err)
	}
	s.seen.session(row, now)
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

// ChangePassword sets a new password after the old one was given, and ends
// every other session and token (SEC-40). keep is the session that asked, 0
// for none.
func (s *Service) ChangePassword(ctx context.Context, account, keep domain.ID, old, password string) error {
	u, err := s.st.Reader().User(ctx, account)
	if err != nil {
		return fmt.Errorf("look up the login: %w", err)
	}
	if len(old) > maxPassword {
		old = ""
	}
	ok, err := s.hash.verify(ctx, u.PasswordHash, old)
	if err != nil {
		return err
	}
	if !ok {
		return invalid([]domain.FieldError{{Field: "current_password", Code: "ERR_INVALID", Description: "is wrong"}})
	}
	return s.SetPassword(ctx, account, keep, password)
}

// SetPassword is ChangePassword for the people who run the server, who need
// not know the old one.
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
		return tx.Revoke(account, store.Revocation{KeepSession: keep})
	})
}
