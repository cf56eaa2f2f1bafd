package account

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Mails reports whether this server sends mail.
func (s *Service) Mails() bool { return s.mail }

// Confirmed reports whether a login's address is confirmed.
func (s *Service) Confirmed(ctx context.Context, account domain.ID) (bool, error) {
	u, err := s.st.Reader().User(ctx, account)
	return !u.ConfirmedAt.IsZero(), err
}

// ConfirmAgain is what somebody asks for whose mail with a link did not come,
// perhaps with another address: Forbidden where the address is confirmed,
// Unavailable where this server sends no mail.
func (s *Service) ConfirmAgain(ctx context.Context, account domain.ID, email string) error {
	u, err := s.st.Reader().User(ctx, account)
	switch {
	case err != nil:
		return err
	case !u.ConfirmedAt.IsZero():
		return domain.Errorf(domain.Forbidden, "This method is only available while the e-mail is awaiting confirmation")
	case !s.mail:
		return domain.Errorf(domain.Unavailable, "This server sends no mail; ask those who run it to confirm your address")
	}
	if email = strings.TrimSpace(email); email == "" {
		email = u.Email
	}
	return s.proposeEmail(ctx, account, email)
}

// proposeEmail has an address confirmed by a link.
func (s *Service) proposeEmail(ctx context.Context, account domain.ID, email string) error {
	if !validEmail(email) {
		return invalid([]domain.FieldError{{Field: "email", Code: "ERR_INVALID", Description: "is invalid"}})
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := addressAllowed(ctx, tx.Reader, email); err != nil {
			return err
		}
		if err := tx.ProposeEmail(account, email); err != nil {
			return fmt.Errorf("keep the address: %w", err)
		}
		return tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailConfirm, Account: account}))
	})
}

// remindEvery is how often somebody who signs in without having confirmed the
// address gets another link.
const remindEvery = 15 * time.Minute

// remind sends the link again to somebody who knows the password, and says so.
func (s *Service) remind(ctx context.Context, account domain.ID) error {
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		last, err := tx.LastMailSecret(ctx, account, domain.MailConfirm)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return fmt.Errorf("look for the last link: %w", err)
		}
		if tx.Now().Sub(last.CreatedAt) < remindEvery {
			return nil
		}
		return tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailConfirm, Account: account}))
	})
	if err != nil {
		return err
	}
	return domain.Errorf(domain.Forbidden, "Your address waits for its confirmation. Look for the link in your mail.")
}

// ChangeEmail gives a login another address. Where this server sends mail, it
// counts once the link that goes there was opened, and the old one is told;
// elsewhere at once. Every other session and token ends (SEC-40); keep is the
// token that asked.
func (s *Service) ChangeEmail(ctx context.Context, account, keep domain.ID, email string) error {
	email = strings.TrimSpace(email)
	if s.mail {
		return s.proposeEmail(ctx, account, email)
	}
	if !validEmail(email) {
		return invalid([]domain.FieldError{{Field: "email", Code: "ERR_INVALID", Description: "is invalid"}})
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := addressAllowed(ctx, tx.Reader, email); err != nil {
			return err
		}
		if ok, err := free(ctx, tx.Reader, account, email); err != nil || !ok {
			if err == nil {
				err = invalid([]domain.FieldError{{Field: "email", Code: "ERR_TAKEN", Description: "has already been taken"}})
			}
			return err
		}
		if err := tx.ConfirmEmail(account, email, text.EmailKey(email)); err != nil {
			return fmt.Errorf("set the address: %w", err)
		}
		return endOthers(ctx, tx, account, keep)
	})
}

// free reports whether nobody but account has an address.
func free(ctx context.Context, r store.Reader, account domain.ID, email string) (bool, error) {
	owner, err := r.UserByEmail(ctx, text.EmailKey(email))
	if domain.Is(err, domain.NotFound) {
		return true, nil
	}
	return err == nil && owner.Account == account, err
}

func errLink() error {
	return domain.Errorf(domain.Forbidden, "This link does not work any more. Ask for a new one.")
}

// mailedLink is the link with that text, if it still works.
func mailedLink(ctx context.Context, r store.Reader, kind domain.MailKind, secret string, now time.Time) (domain.MailSecret, error) {
	if len(secret) > maxSecret {
		return domain.MailSecret{}, errLink()
	}
	m, err := r.MailSecretByHash(ctx, kind, domain.HashSecret(secret))
	if domain.Is(err, domain.NotFound) || err == nil && !m.Live(now) {
		return m, errLink()
	}
	return m, err
}

// maxSecret is longer than any text of ours.
const maxSecret = 512

// CheckConfirm is nil for the text of a link that confirms an address.
func (s *Service) CheckConfirm(ctx context.Context, secret string) error {
	_, err := mailedLink(ctx, s.st.Reader(), domain.MailConfirm, secret, s.st.Now())
	return err
}

// ConfirmEmail makes the address to which a link was mailed the one of its
// login: once, and only as long as it is the one that was asked for last. Of a
// login that had another before, every session and token ends (SEC-40).
func (s *Service) ConfirmEmail(ctx context.Context, secret string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		m, err := mailedLink(ctx, tx.Reader, domain.MailConfirm, secret, tx.Now())
		if err != nil {
			return err
		}
		u, err := tx.User(ctx, m.Account)
		if err != nil {
			return fmt.Errorf("look up the login: %w", err)
		}
		first := u.ConfirmedAt.IsZero()
		if first && m.Email != u.Email || !first && m.Email != u.NewEmail {
			return errLink()
		}
		if ok, err := free(ctx, tx.Reader, m.Account, m.Email); err != nil || !ok {
			if err == nil {
				err = errLink()
			}
			return err
		}
		if ok, err := tx.SpendMailSecrets(m.Account, domain.MailConfirm); err != nil || !ok {
			if err == nil {
				err = errLink()
			}
			return err
		}
		if err := tx.ConfirmEmail(m.Account, m.Email, text.EmailKey(m.Email)); err != nil {
			return fmt.Errorf("set the address: %w", err)
		}
		if first {
			if err := welcome(tx, &u); err != nil {
				return err
			}
			return tx.AccessChanged(m.Account, 0)
		}
		return addressChanged(tx, &u)
	})
}

// welcome has a newcomer greeted by mail whom nobody has to let in; who waits
// for that hears then.
func welcome(tx *store.Tx, u *domain.User) error {
	if !u.Approved {
		return nil
	}
	return tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailWelcome, Account: u.Account}))
}

// addressChanged ends all access by way of an old address, which is told.
func addressChanged(tx *store.Tx, old *domain.User) error {
	if old.Email != "" {
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailAddress, Account: old.Account, To: old.Email})); err != nil {
			return err
		}
	}
	return tx.Revoke(old.Account, store.Revocation{})
}
