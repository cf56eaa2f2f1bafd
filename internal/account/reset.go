package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// ForgotPassword has a link to set a new password mailed to an address, if it
// is somebody's. Whether it is, is found out when the mail is written: who asks
// learns nothing, by the answer or by the time it takes (SEC-48).
func (s *Service) ForgotPassword(ctx context.Context, email string) error {
	if !s.mail {
		return domain.Errorf(domain.Unavailable, "This server sends no mail; ask those who run it for a new password")
	}
	key := text.EmailKey(email)
	if !validEmail(key) {
		return invalid([]domain.FieldError{{Field: "email", Code: "ERR_INVALID", Description: "is invalid"}})
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		return tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailReset, To: key}))
	})
}

// CheckReset is nil for the text of a link that sets a new password.
func (s *Service) CheckReset(ctx context.Context, secret string) error {
	_, err := mailedLink(ctx, s.st.Reader(), domain.MailReset, secret, s.st.Now())
	return err
}

// ResetPassword sets a new password for whose link it is: once. Every session
// and token ends (SEC-40); a second factor stays, and is asked for as before.
func (s *Service) ResetPassword(ctx context.Context, secret, password string) error {
	if err := s.CheckReset(ctx, secret); err != nil {
		return err
	}
	if bad := checkPassword(password); len(bad) > 0 {
		return invalid(bad)
	}
	hash, err := s.hash.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		m, err := mailedLink(ctx, tx.Reader, domain.MailReset, secret, tx.Now())
		if err != nil {
			return err
		}
		if ok, err := tx.SpendMailSecrets(m.Account, domain.MailReset); err != nil || !ok {
			if err == nil {
				err = errLink()
			}
			return err
		}
		if err := tx.SetPassword(m.Account, hash); err != nil {
			return fmt.Errorf("set the password: %w", err)
		}
		if err := tx.Emit(domain.MailWanted(domain.MailTask{Kind: domain.MailPassword, Account: m.Account})); err != nil {
			return err
		}
		return tx.Revoke(m.Account, store.Revocation{})
	})
}
