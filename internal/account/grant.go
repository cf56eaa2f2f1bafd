package account

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// GrantError is a refusal of the OAuth endpoints: a code for machines and a
// sentence (RFC 6749 section 5.2).
type GrantError struct{ Code, Description string }

func (e *GrantError) Error() string { return e.Code + ": " + e.Description }

var (
	errGrant        = &GrantError{"invalid_grant", "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."}
	errScope        = &GrantError{"invalid_scope", "The requested scope is invalid, unknown, or malformed."}
	errUnauthorized = &GrantError{"unauthorized_client", "You are not authorized to revoke this token"}
)

// What is wrong about the app itself is for the person to read, since nothing
// may be sent to an address that is not the app's own.
var (
	ErrClient   = domain.Errorf(domain.BadRequest, "The app is not known here.")
	ErrRedirect = domain.Errorf(domain.BadRequest, "The app has not registered the address to which it wants the answer.")
)

// Ask is what an app asks a person for.
type Ask struct {
	App         domain.App
	RedirectURI string
	Scopes      domain.Scopes
	Challenge   string // S256; "" if the client sent none
}

// FindClient is the app that an authorisation names, if the redirect address
// is one of its own, to the letter: else ErrClient or ErrRedirect.
func (s *Service) FindClient(ctx context.Context, clientID, redirectURI string) (domain.App, error) {
	a, err := s.st.Reader().AppByClient(ctx, clientID)
	if domain.Is(err, domain.NotFound) || clientID == "" {
		return domain.App{}, ErrClient
	}
	if err != nil {
		return domain.App{}, fmt.Errorf("look up the app: %w", err)
	}
	if !slices.Contains(a.RedirectURIs, redirectURI) {
		return domain.App{}, ErrRedirect
	}
	return a, nil
}

// AskedScopes are the scopes an authorisation is for: none named is read;
// they must be within those the app registered.
func AskedScopes(a domain.App, list string) (domain.Scopes, error) {
	want, err := ParseScopeList(list)
	if err != nil {
		return 0, errScope
	}
	have, err := domain.ParseScopes(a.Scopes)
	if err != nil {
		return 0, fmt.Errorf("read the scopes of app %s: %w", a.ID, err)
	}
	if want == 0 || !have.Covers(want) {
		return 0, errScope
	}
	return want, nil
}

// Granted reports whether the account has let the app in before with the same
// scopes, so that it need not be asked again.
func (s *Service) Granted(ctx context.Context, account domain.ID, a Ask) (bool, error) {
	return s.st.Reader().HasGrant(ctx, account, a.App.ID, a.Scopes.String())
}

// Consent lets the app in: the code it is to exchange for a token.
func (s *Service) Consent(ctx context.Context, account domain.ID, a Ask) (string, error) {
	secret := newSecret()
	c := domain.Code{
		App: a.App.ID, Account: account, RedirectURI: a.RedirectURI,
		Scopes: a.Scopes.String(), Challenge: a.Challenge,
	}
	err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertCode(&c, domain.HashSecret(secret)) })
	if err != nil {
		return "", fmt.Errorf("write the code: %w", err)
	}
	return secret, nil
}

// Client is how an app proves who it is.
type Client struct{ ID, Secret string }

// Exchange turns a code into a token (behaviours 6.4). A code that was used
// before is refused, and what it gave is revoked (SEC-42); one of somebody who
// may not act any more gives nothing (SEC-37).
func (s *Service) Exchange(ctx context.Context, c Client, code, redirectURI, verifier string) (string, domain.Token, error) {
	app, err := s.client(ctx, c.ID, c.Secret)
	if err != nil {
		return "", domain.Token{}, err
	}
	secret := newSecret()
	var t domain.Token
	var refused error
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		t, refused = domain.Token{}, nil
		row, err := tx.CodeByHash(ctx, domain.HashSecret(code))
		switch {
		case domain.Is(err, domain.NotFound):
			refused = errGrant
			return nil
		case err != nil:
			return err
		case row.App != app.ID || row.RedirectURI != redirectURI || !verified(row.Challenge, verifier),
			tx.Now().Sub(row.CreatedAt) > domain.CodeLife && row.UsedAt.IsZero():
			refused = errGrant
			return nil
		}
		first, err := tx.UseCode(row.ID)
		if err != nil {
			return err
		}
		if !first {
			refused = errGrant
			return revokeGiven(ctx, tx, domain.HashSecret(code))
		}
		no, err := refusedNow(ctx, tx.Reader, row.Account)
		if err != nil || no != nil {
			refused = errGrant
			return err
		}
		t = domain.Token{App: app.ID, Account: row.Account, Scopes: row.Scopes}
		if err := tx.InsertToken(&t, domain.HashSecret(secret)); err != nil {
			return err
		}
		return tx.CodeGave(row.ID, t.ID)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", domain.Token{}, err
	}
	return secret, t, nil
}

// revokeGiven ends the token that a code gave.
func revokeGiven(ctx context.Context, tx *store.Tx, hash string) error {
	row, err := tx.CodeByHash(ctx, hash)
	if err != nil || row.Token == 0 {
		return err
	}
	return tx.Revoke(row.Account, store.Revocation{Token: row.Token})
}

// verified reports whether the verifier is the one the challenge was made of
// (RFC 7636, S256 only). Without a challenge there must be no verifier.
func verified(challenge, verifier string) bool {
	if challenge == "" || verifier == "" {
		return challenge == verifier
	}
	sum := sha256.Sum256([]byte(verifier))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	return subtle.ConstantTimeCompare([]byte(want), []byte(challenge)) == 1
}

// AppToken gives an app a token of its own, without a person (behaviours 6.5).
func (s *Service) AppToken(ctx context.Context, c Client, scopes string) (string, domain.Token, error) {
	app, err := s.client(ctx, c.ID, c.Secret)
	if err != nil {
		return "", domain.Token{}, err
	}
	want, err := AskedScopes(app, scopes)
	if err != nil {
		return "", domain.Token{}, err
	}
	return s.IssueToken(ctx, 0, app.ID, want)
}

// RevokeToken ends a token for the app it was given to; one that does not
// exist or has ended is no error (behaviours 6.6).
func (s *Service) RevokeToken(ctx context.Context, c Client, secret string) error {
	app, err := s.client(ctx, c.ID, c.Secret)
	if err != nil {
		return errUnauthorized
	}
	t, err := s.st.Reader().TokenByHash(ctx, domain.HashSecret(secret))
	switch {
	case domain.Is(err, domain.NotFound):
		return nil
	case err != nil:
		return fmt.Errorf("look up the token: %w", err)
	case t.App != app.ID:
		return errUnauthorized
	case !t.RevokedAt.IsZero():
		return nil
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		return tx.Revoke(t.Account, store.Revocation{Token: t.ID})
	})
}

// Introspect is a token that an app has, and the app, which proves who it is.
// One that is unknown, revoked, another app's or of somebody who may not act is
// ErrNotFound.
func (s *Service) Introspect(ctx context.Context, c Client, secret string) (domain.App, domain.Token, error) {
	app, err := s.client(ctx, c.ID, c.Secret)
	if err != nil {
		return app, domain.Token{}, err
	}
	r := s.st.Reader()
	t, err := r.TokenByHash(ctx, domain.HashSecret(secret))
	if err == nil && (t.App != app.ID || !t.RevokedAt.IsZero()) {
		err = domain.ErrNotFound
	}
	if err != nil || t.Account == 0 {
		return app, t, err
	}
	no, err := refusedNow(ctx, r, t.Account)
	if no != nil {
		err = domain.ErrNotFound
	}
	return app, t, err
}

// AuthorizedApps are the apps an account has let in, newest first.
func (s *Service) AuthorizedApps(ctx context.Context, account domain.ID) ([]store.AuthorizedApp, error) {
	return s.st.Reader().AuthorizedApps(ctx, account)
}

// RevokeApp ends all tokens that an account gave an app.
func (s *Service) RevokeApp(ctx context.Context, account, app domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		return tx.Revoke(account, store.Revocation{App: app})
	})
}
