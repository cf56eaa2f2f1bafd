// Package account is the verbs on one's own account: signing up, signing in,
// sessions, apps and tokens, profile and preferences. Level 5: surfaces and
// instance may import it. A Service is safe for concurrent use.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/mail"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Service holds the verbs.
type Service struct {
	st   *store.Store
	hash *hasher
	log  *slog.Logger
}

// New makes the service; cost is what a password hash takes, zero the default.
func New(st *store.Store, cost Hashing, log *slog.Logger) *Service {
	if cost == (Hashing{}) {
		cost = DefaultHashing()
	}
	return &Service{st: st, hash: newHasher(cost), log: log}
}

// SignUp is what a new local account begins with.
type SignUp struct {
	Username  string
	Email     string
	Password  string
	Role      domain.Role // "" is user
	Confirmed bool        // the address is taken as confirmed
	Locale    string
}

const (
	minPassword = 8
	maxPassword = 128 // hashing time must not grow with what a stranger sends
	maxEmail    = 254
)

// Create makes a local account with its login. Failed validations come as
// one Invalid error with Fields.
func (s *Service) Create(ctx context.Context, n SignUp) (domain.Account, error) {
	if err := n.check(); err != nil {
		return domain.Account{}, err
	}
	hash, err := s.hash.hash(ctx, n.Password)
	if err != nil {
		return domain.Account{}, err
	}
	if n.Role == "" {
		n.Role = domain.RoleUser
	}
	var made domain.Account
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		if err := taken(ctx, tx, n); err != nil {
			return err
		}
		made = domain.Account{Username: n.Username, Discoverable: true}
		if err := tx.InsertAccount(&made); err != nil {
			return fmt.Errorf("insert the account: %w", err)
		}
		u := domain.User{Account: made.ID, Email: n.Email, PasswordHash: hash, Role: n.Role, Approved: true, Locale: n.Locale}
		if n.Confirmed {
			u.ConfirmedAt = tx.Now()
		}
		if err := tx.InsertUser(&u); err != nil {
			return fmt.Errorf("insert the login: %w", err)
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountCreated, Actor: made.ID, Target: made.ID})
	})
	return made, err
}

func (n *SignUp) check() error {
	var bad []domain.FieldError
	n.Username = strings.TrimPrefix(strings.TrimSpace(n.Username), "@")
	n.Email = strings.TrimSpace(n.Email)
	switch {
	case n.Username == "":
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_BLANK", Description: "can't be blank"})
	case len(n.Username) > domain.MaxUsername:
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_TOO_LONG", Description: "is too long (maximum is 30 characters)"})
	case !text.ValidUsername(n.Username):
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_INVALID", Description: "must contain only letters, numbers and underscores"})
	}
	if a, err := mail.ParseAddress(n.Email); err != nil || a.Address != n.Email || len(n.Email) > maxEmail {
		bad = append(bad, domain.FieldError{Field: "email", Code: "ERR_INVALID", Description: "is invalid"})
	}
	switch {
	case len(n.Password) < minPassword:
		bad = append(bad, domain.FieldError{Field: "password", Code: "ERR_TOO_SHORT", Description: "is too short (minimum is 8 characters)"})
	case len(n.Password) > maxPassword:
		bad = append(bad, domain.FieldError{Field: "password", Code: "ERR_TOO_LONG", Description: "is too long (maximum is 128 characters)"})
	}
	return invalid(bad)
}

func taken(ctx context.Context, tx *store.Tx, n SignUp) error {
	var bad []domain.FieldError
	if _, err := tx.AccountByName(ctx, n.Username, ""); err == nil {
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_TAKEN", Description: "has already been taken"})
	} else if !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look for the name: %w", err)
	}
	if _, err := tx.UserByEmail(ctx, n.Email); err == nil {
		bad = append(bad, domain.FieldError{Field: "email", Code: "ERR_TAKEN", Description: "has already been taken"})
	} else if !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look for the address: %w", err)
	}
	return invalid(bad)
}

func invalid(bad []domain.FieldError) error {
	if len(bad) == 0 {
		return nil
	}
	var all []string
	for _, f := range bad {
		all = append(all, strings.ToUpper(f.Field[:1])+f.Field[1:]+" "+f.Description)
	}
	return &domain.Error{Kind: domain.Invalid, Msg: "Validation failed: " + strings.Join(all, ", "), Fields: bad}
}

// ByName finds a local account.
func (s *Service) ByName(ctx context.Context, username string) (domain.Account, error) {
	return s.st.Reader().AccountByName(ctx, strings.TrimPrefix(username, "@"), "")
}

// IssueToken makes an access token for an account and returns its text, which
// is not stored and cannot be shown again. app 0 is the command line.
func (s *Service) IssueToken(ctx context.Context, account, app domain.ID, scopes domain.Scopes) (string, domain.Token, error) {
	secret := rand.Text() + rand.Text()
	t := domain.Token{App: app, Account: account, Scopes: scopes.String()}
	err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertToken(&t, hashToken(secret)) })
	return secret, t, err
}

// hashToken is how the text of a token, code or session is stored.
func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
