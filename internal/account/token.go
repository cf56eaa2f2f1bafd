package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Grant is what a valid access token stands for.
type Grant struct {
	Token  domain.Token
	Scopes domain.Scopes
	Locale string
	// Permissions are what the role of the user may do.
	Permissions domain.Permissions
	// Refused is why the account may not act, nil if it may.
	Refused error
}

// IssueToken makes an access token for an account and returns its text, which
// is not stored and cannot be shown again. app 0 is the command line.
func (s *Service) IssueToken(ctx context.Context, account, app domain.ID, scopes domain.Scopes) (string, domain.Token, error) {
	secret := newSecret()
	t := domain.Token{App: app, Account: account, Scopes: scopes.String()}
	err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertToken(&t, domain.HashSecret(secret)) })
	return secret, t, err
}

// Bearer looks up an access token. One that is unknown or revoked is
// Unauthenticated with the sentence of behaviours 2.7. A token used a moment
// ago costs no statement; what ends access ends the memory of it, at the
// latest after grantLife.
func (s *Service) Bearer(ctx context.Context, secret string) (Grant, error) {
	hash := domain.HashSecret(secret)
	now := s.st.Now()
	g, age, ok := s.grants.get(hash, now)
	if ok {
		return g, nil
	}
	g, err := s.lookUp(ctx, hash)
	if err != nil {
		return Grant{}, err
	}
	s.grants.put(hash, g, age, now)
	s.seen.token(g.Token, now)
	return g, nil
}

// Renew is what a token stands for now, whatever was remembered of it, or why
// it may not be used any more: for what lasts longer than a request.
func (s *Service) Renew(ctx context.Context, token domain.ID) (Grant, error) {
	t, err := s.st.Reader().Token(ctx, token)
	if domain.Is(err, domain.NotFound) {
		return Grant{}, domain.Errorf(domain.Unauthenticated, "The access token was revoked")
	}
	if err != nil {
		return Grant{}, fmt.Errorf("look up token %s: %w", token, err)
	}
	g, err := s.grant(ctx, t)
	if err == nil {
		err = g.Refused
	}
	return g, err
}

// sessionKey keeps the hashes of sessions apart from those of tokens.
const sessionKey = "session "

// SessionGrant is Bearer for the secret of a browser session: what the web
// client may do for who is signed in.
func (s *Service) SessionGrant(ctx context.Context, secret string) (Grant, error) {
	hash := domain.HashSecret(secret)
	now := s.st.Now()
	g, age, ok := s.grants.get(sessionKey+hash, now)
	if ok {
		return g, nil
	}
	row, err := s.liveSession(ctx, hash)
	if err != nil {
		return Grant{}, err
	}
	t, err := s.st.Reader().Token(ctx, row.Token)
	if err != nil {
		return Grant{}, fmt.Errorf("look up the token of session %s: %w", row.ID, err)
	}
	if g, err = s.grant(ctx, t); err != nil {
		return Grant{}, err
	}
	s.grants.put(sessionKey+hash, g, age, now)
	s.seen.session(row, now)
	s.seen.token(t, now)
	return g, nil
}

func (s *Service) lookUp(ctx context.Context, hash string) (Grant, error) {
	t, err := s.st.Reader().TokenByHash(ctx, hash)
	if domain.Is(err, domain.NotFound) {
		return Grant{}, domain.Errorf(domain.Unauthenticated, "The access token is invalid")
	}
	if err != nil {
		return Grant{}, fmt.Errorf("look up the token: %w", err)
	}
	return s.grant(ctx, t)
}

// grant is what a token stands for now.
func (s *Service) grant(ctx context.Context, t domain.Token) (Grant, error) {
	r := s.st.Reader()
	if !t.RevokedAt.IsZero() {
		return Grant{}, domain.Errorf(domain.Unauthenticated, "The access token was revoked")
	}
	g := Grant{Token: t}
	var err error
	if g.Scopes, err = domain.ParseScopes(t.Scopes); err != nil {
		return Grant{}, fmt.Errorf("read the scopes of token %s: %w", t.ID, err)
	}
	if t.Account == 0 {
		return g, nil
	}
	u, err := r.User(ctx, t.Account)
	if domain.Is(err, domain.NotFound) {
		return Grant{}, domain.Errorf(domain.Unauthenticated, "The access token was revoked")
	}
	if err != nil {
		return Grant{}, fmt.Errorf("look up the login of token %s: %w", t.ID, err)
	}
	a, err := r.Account(ctx, t.Account)
	if err != nil {
		return Grant{}, fmt.Errorf("look up the account of token %s: %w", t.ID, err)
	}
	g.Locale, g.Permissions, g.Refused = u.Locale, u.Held.Permissions, refusal(&u, &a)
	return g, nil
}

// refusal is why a login may not act (behaviours 2.7, 18.1).
func refusal(u *domain.User, a *domain.Account) error {
	switch {
	case a.Suspended():
		return domain.Errorf(domain.Forbidden, "Your login is currently suspended")
	case !u.DisabledAt.IsZero():
		return domain.Errorf(domain.Forbidden, "Your login is currently disabled")
	case u.ConfirmedAt.IsZero():
		return domain.Errorf(domain.Forbidden, "Your login is missing a confirmed e-mail address")
	case !u.Approved:
		return domain.Errorf(domain.Forbidden, "Your login is currently pending approval")
	case u.LacksFactor:
		return ErrNoFactor
	}
	return nil
}

// refusedNow looks up why a login may not act.
func refusedNow(ctx context.Context, r store.Reader, account domain.ID) (no, err error) {
	u, err := r.User(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("look up the login: %w", err)
	}
	a, err := r.Account(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("look up the account: %w", err)
	}
	return refusal(&u, &a), nil
}

// ErrNoFactor is why somebody may not act whose role asks for a second factor
// and who has none. Signing in with the password leads to setting one up.
var ErrNoFactor = domain.Errorf(domain.Forbidden, "Your role asks for a second factor. Sign in on the website to set one up.")
