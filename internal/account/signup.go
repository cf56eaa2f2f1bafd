package account

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// SignUp is what a new local account begins with.
type SignUp struct {
	Username  string
	Email     string
	Password  string
	Role      domain.Role // "" is user
	Confirmed bool        // the address is taken as confirmed
	Locale    string
	From      netip.Addr // where the wish comes from; invalid: the community's own

	// unproven has the address confirmed by a link: until then it is nobody's,
	// so that nobody learns whose it is (SEC-48).
	unproven bool
	// waits has the account wait for its turn, with the ticket; decided says
	// that nobody has to let it in, too.
	waits, decided bool
	ticket         string
	// passkey is what somebody joins with instead of a password, with the
	// ceremony that it was made in and recovery codes, whose hashes are kept.
	passkey  *domain.Passkey
	ceremony string
	recovery []string
	// terms is the day of the terms of service that they accept, "" for none.
	terms string
}

const (
	minPassword = 8
	maxPassword = 128 // hashing time must not grow with what a stranger sends
)

// Create makes a local account with its login, as the people who run the
// community ask for it. Failed validations come as one Invalid error with
// Fields.
func (s *Service) Create(ctx context.Context, n SignUp) (domain.Account, error) {
	bad := n.check()
	if len(bad) > 0 {
		return domain.Account{}, invalid(bad)
	}
	return s.create(ctx, &n, func(*store.Tx, *domain.User) error { return nil })
}

// CreateOwner makes the first account, which owns the community, as long as
// nobody does: afterwards it is Conflict. The address may be empty. also runs
// in the same transaction, to save what else the first run decides.
func (s *Service) CreateOwner(ctx context.Context, n SignUp, also func(tx *store.Tx) error) (domain.Account, error) {
	n.Role, n.Confirmed = domain.RoleOwner, true
	if bad := n.checkOwner(); len(bad) > 0 {
		return domain.Account{}, invalid(bad)
	}
	return s.create(ctx, &n, func(tx *store.Tx, _ *domain.User) error {
		if err := tx.LockSetUp(); err != nil {
			return err
		}
		owned, err := tx.HasOwner(ctx)
		if err != nil {
			return err
		}
		if owned {
			return errOwned
		}
		return also(tx)
	})
}

var errOwned = domain.Errorf(domain.Conflict, "This community has an owner already; sign in instead.")

// checkOwner is check for the owner, who may leave the address out.
func (n *SignUp) checkOwner() []domain.FieldError {
	return withoutAddress(n, n.check())
}

// withoutAddress forgives that there is no address.
func withoutAddress(n *SignUp, bad []domain.FieldError) []domain.FieldError {
	return slices.DeleteFunc(bad, func(f domain.FieldError) bool { return f.Field == "email" && n.Email == "" })
}

// create writes the account. first runs at the beginning of the transaction,
// and may change how the login begins.
func (s *Service) create(ctx context.Context, n *SignUp, first func(*store.Tx, *domain.User) error) (domain.Account, error) {
	var hash string
	if n.passkey == nil {
		var err error
		if hash, err = s.hash.hash(ctx, n.Password); err != nil {
			return domain.Account{}, err
		}
	}
	if n.Role == "" {
		n.Role = domain.RoleUser
	}
	var made domain.Account
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		u := domain.User{Email: n.Email, PasswordHash: hash, Role: n.Role, Approved: true, Locale: n.Locale}
		if err := first(tx, &u); err != nil {
			return err
		}
		if err := taken(ctx, tx.Reader, *n); err != nil {
			return err
		}
		made = domain.Account{Username: n.Username, Discoverable: true}
		if n.passkey != nil {
			made.ID = n.passkey.Account
		}
		return insert(tx, &made, &u, *n)
	})
	if domain.Is(err, domain.Conflict) && !errors.Is(err, errOwned) {
		// Somebody else was faster by a moment: say what is taken.
		if now := taken(ctx, s.st.Reader(), *n); now != nil {
			return domain.Account{}, now
		}
	}
	return made, err
}

func insert(tx *store.Tx, a *domain.Account, u *domain.User, n SignUp) error {
	if err := tx.InsertAccount(a); err != nil {
		return fmt.Errorf("insert the account: %w", err)
	}
	u.Account = a.ID
	if n.Confirmed {
		u.ConfirmedAt = tx.Now()
	}
	key := text.EmailKey(n.Email)
	if n.unproven {
		key = ""
	}
	if err := tx.InsertUser(u, key); err != nil {
		return fmt.Errorf("insert the login: %w", err)
	}
	if n.passkey != nil {
		if err := keepPasskey(tx, n.ceremony, n.passkey); err != nil {
			return err
		}
		if err := tx.SetRecoveryCodes(a.ID, n.recovery); err != nil {
			return fmt.Errorf("keep recovery codes: %w", err)
		}
	}
	if n.terms != "" {
		if err := tx.AcceptTerms(a.ID, n.terms); err != nil {
			return fmt.Errorf("keep which terms were accepted: %w", err)
		}
	}
	if n.waits {
		return wait(tx, a.ID, n.decided, n.ticket)
	}
	return joined(tx, a.ID, n.unproven)
}

// check cleans the fields and says what is wrong with them.
func (n *SignUp) check() []domain.FieldError {
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
	switch {
	case n.Email == "":
		bad = append(bad, domain.FieldError{Field: "email", Code: "ERR_BLANK", Description: "can't be blank"})
	case !validEmail(n.Email):
		bad = append(bad, domain.FieldError{Field: "email", Code: "ERR_INVALID", Description: "is invalid"})
	}
	return append(bad, checkPassword(n.Password)...)
}

func checkPassword(password string) []domain.FieldError {
	switch {
	case password == "":
		return []domain.FieldError{{Field: "password", Code: "ERR_BLANK", Description: "can't be blank"}}
	case len([]rune(password)) < minPassword:
		return []domain.FieldError{{Field: "password", Code: "ERR_TOO_SHORT", Description: "is too short (minimum is 8 characters)"}}
	case len(password) > maxPassword:
		return []domain.FieldError{{Field: "password", Code: "ERR_TOO_LONG", Description: "is too long (maximum is 128 characters)"}}
	}
	return nil
}

// taken says which of name and address cannot be had any more.
func taken(ctx context.Context, r store.Reader, n SignUp) error {
	var bad []domain.FieldError
	nameTaken, err := isTaken(ctx, r, n.Username)
	if err != nil {
		return err
	}
	if nameTaken {
		bad = append(bad, domain.FieldError{Field: "username", Code: "ERR_TAKEN", Description: "has already been taken"})
	}
	if n.unproven {
		return asInvalid(bad)
	}
	if _, err := r.UserByEmail(ctx, text.EmailKey(n.Email)); err == nil {
		bad = append(bad, domain.FieldError{Field: "email", Code: "ERR_TAKEN", Description: "has already been taken"})
	} else if !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("look for the address: %w", err)
	}
	return asInvalid(bad)
}

// asInvalid is invalid, nil for nothing that failed.
func asInvalid(bad []domain.FieldError) error {
	if len(bad) == 0 {
		return nil
	}
	return invalid(bad)
}

func isTaken(ctx context.Context, r store.Reader, username string) (bool, error) {
	_, err := r.AccountByName(ctx, username, "")
	if err == nil {
		return true, nil
	}
	if !domain.Is(err, domain.NotFound) {
		return false, fmt.Errorf("look for the name: %w", err)
	}
	retired, err := r.NameRetired(ctx, username)
	if err != nil {
		return false, fmt.Errorf("look for the name among retired ones: %w", err)
	}
	return retired, nil
}

// invalid lists failed validations in one sentence (behaviours 2.8).
func invalid(bad []domain.FieldError) error {
	var all []string
	for _, f := range bad {
		name := strings.ReplaceAll(f.Field, "_", " ")
		all = append(all, strings.ToUpper(name[:1])+name[1:]+" "+f.Description)
	}
	return &domain.Error{Kind: domain.Invalid, Msg: "Validation failed: " + strings.Join(all, ", "), Fields: bad}
}
