package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
)

// Grant is what a valid access token stands for.
type Grant struct {
	Token  domain.Token
	Scopes domain.Scopes
	Locale string
	// Refused is why the account may not act, nil if it may.
	Refused error
}

// Bearer looks up an access token. One that is unknown or revoked is
// Unauthenticated with the sentence of behaviours 2.7.
func (s *Service) Bearer(ctx context.Context, secret string) (Grant, error) {
	r := s.st.Reader()
	t, err := r.TokenByHash(ctx, hashToken(secret))
	if domain.Is(err, domain.NotFound) {
		return Grant{}, domain.Errorf(domain.Unauthenticated, "The access token is invalid")
	}
	if err != nil {
		return Grant{}, fmt.Errorf("look up the token: %w", err)
	}
	if !t.RevokedAt.IsZero() {
		return Grant{}, domain.Errorf(domain.Unauthenticated, "The access token was revoked")
	}
	g := Grant{Token: t}
	if g.Scopes, err = domain.ParseScopes(t.Scopes); err != nil {
		return Grant{}, fmt.Errorf("read the scopes of token %s: %w", t.ID, err)
	}
	if t.Account == 0 {
		return g, nil
	}
	u, err := r.User(ctx, t.Account)
	if err != nil {
		return Grant{}, fmt.Errorf("look up the login of token %s: %w", t.ID, err)
	}
	a, err := r.Account(ctx, t.Account)
	if err != nil {
		return Grant{}, fmt.Errorf("look up the account of token %s: %w", t.ID, err)
	}
	g.Locale, g.Refused = u.Locale, refusal(&u, &a)
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
	}
	return nil
}
