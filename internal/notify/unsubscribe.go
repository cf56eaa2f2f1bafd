package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// mailTicket lets its bearer refuse notices by mail for an account, and
// nothing else.
func (k *pushKey) mailTicket(account domain.ID) string {
	mac := hmac.New(sha256.New, k.tickets)
	mac.Write([]byte("mail " + account.String()))
	return account.String() + "." + raw64(mac.Sum(nil))
}

// RefuseMail ends notices by mail for whose ticket it is; a bad ticket is
// ErrNotFound.
func (s *Service) RefuseMail(ctx context.Context, ticket string) error {
	k, err := s.key(ctx)
	if err != nil {
		return err
	}
	text, _, _ := strings.Cut(ticket, ".")
	id, ok := domain.ParseID(text)
	if !ok || !hmac.Equal([]byte(ticket), []byte(k.mailTicket(id))) {
		return domain.ErrNotFound
	}
	return s.SetMailWishes(ctx, id, func(w *domain.MailWishes) { w.None = true })
}

// SetMailWishes changes what an account wants to read of by mail.
func (s *Service) SetMailWishes(ctx context.Context, account domain.ID, change func(*domain.MailWishes)) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, account)
		if err != nil {
			return err
		}
		change(&u.Prefs.Mail)
		return tx.SetPrefs(account, u.Prefs)
	})
}

// MailWishes are what an account wants to read of by mail.
func (s *Service) MailWishes(ctx context.Context, account domain.ID) (domain.MailWishes, error) {
	u, err := s.st.Reader().User(ctx, account)
	return u.Prefs.Mail, err
}
