package account

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// TermsStanding is what somebody has to do with the terms of service.
type TermsStanding struct {
	// Asked is the version to accept next, of which Holds tells whether it holds
	// already; nil where there is none.
	Asked *domain.Terms
	Holds bool
	// Accepted is the latest version that was accepted, nil for none.
	Accepted *domain.TermsAcceptance
}

// Terms says which version of the terms somebody accepted and is asked about.
func (s *Service) Terms(ctx context.Context, account domain.ID) (t TermsStanding, err error) {
	r := s.st.Reader()
	set, err := r.Settings(ctx)
	if err != nil {
		return t, fmt.Errorf("read the terms: %w", err)
	}
	accepted, err := r.TermsAccepted(ctx, account)
	if err != nil {
		return t, fmt.Errorf("read what was accepted: %w", err)
	}
	if len(accepted) > 0 {
		t.Accepted = &accepted[0]
	}
	now := s.st.Now()
	if asked, ok := domain.TermsAsked(set.Terms, accepted, now); ok {
		i := domain.TermsAt(set.Terms, now)
		t.Asked, t.Holds = &asked, i >= 0 && set.Terms[i] == asked
	}
	return t, nil
}

// AcceptTerms keeps that somebody accepts the version of a day: the one that
// holds, or one to come.
func (s *Service) AcceptTerms(ctx context.Context, account domain.ID, day string) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		set, err := tx.Settings(ctx)
		if err != nil {
			return fmt.Errorf("read the terms: %w", err)
		}
		i := slices.IndexFunc(set.Terms, func(t domain.Terms) bool { return t.Effective == day })
		if i < 0 || i < domain.TermsAt(set.Terms, tx.Now()) {
			return domain.Errorf(domain.NotFound, "There are no terms of that day to accept.")
		}
		return tx.AcceptTerms(account, day)
	})
}

// termsNow is the day of the terms that hold, "" where none do.
func termsNow(ctx context.Context, tx *store.Tx) (string, error) {
	set, err := tx.Settings(ctx)
	if err != nil {
		return "", err
	}
	if i := domain.TermsAt(set.Terms, tx.Now()); i >= 0 {
		return set.Terms[i].Effective, nil
	}
	return "", nil
}
