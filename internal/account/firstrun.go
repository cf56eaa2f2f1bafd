package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// FirstRun is what the person who sets the community up decides.
type FirstRun struct {
	Key         string // of the one-time link
	Title       string // name of the community
	Description string // one plain sentence or two, may be empty
	// Registrations is how others join; "" leaves what the configuration began with.
	Registrations domain.Registrations
	Owner         SignUp
}

const (
	maxTitle       = 100
	maxDescription = 500
)

// SetUpKey is the key of the one-time link to the set-up page, "" once the
// community has an owner. It stays the same until then, so that the link
// outlives a restart and holds for every process of the community.
func (s *Service) SetUpKey(ctx context.Context) (string, error) {
	owned, err := s.st.Reader().HasOwner(ctx)
	if err != nil || owned {
		return "", err
	}
	key, err := s.st.Reader().SetUpKey(ctx)
	if !domain.Is(err, domain.NotFound) {
		return key, err
	}
	err = s.st.Write(ctx, func(tx *store.Tx) (err error) {
		key, err = tx.KeepSetUpKey(rand.Text())
		return err
	})
	return key, err
}

// CheckSetUpKey is nil for the key of the one-time link, else Forbidden.
func (s *Service) CheckSetUpKey(ctx context.Context, key string) error {
	return checkSetUpKey(ctx, s.st.Reader(), key)
}

func checkSetUpKey(ctx context.Context, r store.Reader, key string) error {
	want, err := r.SetUpKey(ctx)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return fmt.Errorf("read the set-up key: %w", err)
	}
	if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(key)) != 1 {
		return domain.Errorf(domain.Forbidden, "This is not the set-up link of this server.")
	}
	return nil
}

// SetUp makes the owner and names the community: once, for whoever holds the
// key. A wrong key is Forbidden; a community that has an owner is Conflict;
// what is wrong with the fields is one Invalid error.
func (s *Service) SetUp(ctx context.Context, f FirstRun) (domain.Account, error) {
	r := s.st.Reader()
	if owned, err := r.HasOwner(ctx); err != nil || owned {
		if err == nil {
			err = errOwned
		}
		return domain.Account{}, err
	}
	if err := checkSetUpKey(ctx, r, f.Key); err != nil {
		return domain.Account{}, err
	}
	if bad := f.check(); len(bad) > 0 {
		return domain.Account{}, invalid(bad)
	}
	return s.CreateOwner(ctx, f.Owner, func(tx *store.Tx) error {
		if err := checkSetUpKey(ctx, tx.Reader, f.Key); err != nil {
			return err
		}
		set, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		set.Title, set.ShortDescription = f.Title, f.Description
		if f.Registrations != "" {
			set.Registrations = f.Registrations
		}
		if err := tx.SaveSettings(set); err != nil {
			return err
		}
		return tx.DropSetUpKey()
	})
}

// CheckPlace is nil when what f says of the place would do, whoever is to own
// it; else it is one Invalid error.
func (f FirstRun) CheckPlace() error {
	if bad := f.checkPlace(); len(bad) > 0 {
		return invalid(bad)
	}
	return nil
}

// check cleans the fields and says what is wrong with them.
func (f *FirstRun) check() []domain.FieldError {
	return append(f.checkPlace(), f.Owner.checkOwner()...)
}

func (f *FirstRun) checkPlace() []domain.FieldError {
	var bad []domain.FieldError
	f.Title, f.Description = strings.TrimSpace(f.Title), strings.TrimSpace(f.Description)
	switch {
	case f.Title == "":
		bad = append(bad, domain.FieldError{Field: "server_name", Code: "ERR_BLANK", Description: "can't be blank"})
	case utf8.RuneCountInString(f.Title) > maxTitle:
		bad = append(bad, domain.FieldError{Field: "server_name", Code: "ERR_TOO_LONG", Description: "is too long (maximum is 100 characters)"})
	}
	if utf8.RuneCountInString(f.Description) > maxDescription {
		bad = append(bad, domain.FieldError{Field: "description", Code: "ERR_TOO_LONG", Description: "is too long (maximum is 500 characters)"})
	}
	if f.Registrations != "" && !f.Registrations.Valid() {
		bad = append(bad, domain.FieldError{Field: "registrations", Code: "ERR_INCLUSION", Description: "is not included in the list"})
	}
	return bad
}
