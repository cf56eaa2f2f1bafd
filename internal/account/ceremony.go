package account

import (
	"context"
	"fmt"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// begin stores a ceremony and returns its text, which only who began it has.
func (s *Service) begin(ctx context.Context, c domain.Ceremony) (string, error) {
	secret := newSecret()
	err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertCeremony(&c, domain.HashSecret(secret)) })
	if err != nil {
		return "", fmt.Errorf("begin a ceremony: %w", err)
	}
	return secret, nil
}

func errCeremonyOver() error {
	return domain.Errorf(domain.Unauthenticated, "This took too long or failed too often. Sign in again.")
}

// waiting is the ceremony with that text, as long as it takes answers.
func (s *Service) waiting(ctx context.Context, secret string, kind domain.CeremonyKind) (domain.Ceremony, error) {
	if secret == "" || len(secret) > 512 {
		return domain.Ceremony{}, errCeremonyOver()
	}
	c, err := s.st.Reader().CeremonyByHash(ctx, domain.HashSecret(secret))
	switch {
	case domain.Is(err, domain.NotFound):
		return c, errCeremonyOver()
	case err != nil:
		return c, fmt.Errorf("look up the ceremony: %w", err)
	case c.Kind != kind || c.Attempts >= domain.CeremonyAttempts || s.st.Now().Sub(c.CreatedAt) > domain.CeremonyLife:
		return c, errCeremonyOver()
	}
	return c, nil
}

// try is waiting for one answer, which is counted before it is looked at, so
// that many at once are not more than allowed (SEC-43).
func (s *Service) try(ctx context.Context, secret string, kind domain.CeremonyKind) (domain.Ceremony, error) {
	c, err := s.waiting(ctx, secret, kind)
	if err != nil {
		return c, err
	}
	err = s.st.Write(ctx, func(tx *store.Tx) error {
		ok, err := tx.TryCeremony(domain.HashSecret(secret), domain.CeremonyAttempts)
		if err == nil && !ok {
			return errCeremonyOver()
		}
		return err
	})
	return c, err
}

// end takes the ceremony in the transaction of what it was for.
func end(tx *store.Tx, secret string) error {
	ok, err := tx.EndCeremony(domain.HashSecret(secret))
	if err == nil && !ok {
		return errCeremonyOver()
	}
	return err
}
