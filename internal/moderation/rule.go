package moderation

import (
	"context"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// maxRule is the longest rule and the longest hint, in characters.
const maxRule = 2000

// Rules are the rules, oldest first. The caller does not change the slice.
func (s *Service) Rules(ctx context.Context) ([]domain.Rule, error) {
	return recall(s, func(m *memory) *[]domain.Rule { return m.rules },
		func(m *memory, v *[]domain.Rule) { m.rules = v },
		func() ([]domain.Rule, error) { return s.st.Reader().Rules(ctx) })
}

// AddRule adds a rule after the others. hint explains it and may be empty.
func (s *Service) AddRule(ctx context.Context, text, hint string) (domain.Rule, error) {
	r := domain.Rule{Text: strings.TrimSpace(text), Hint: strings.TrimSpace(hint)}
	if r.Text == "" {
		return r, domain.Errorf(domain.Invalid, "A rule needs a text.")
	}
	if utf8.RuneCountInString(r.Text) > maxRule || utf8.RuneCountInString(r.Hint) > maxRule {
		return r, domain.Errorf(domain.Invalid, "A rule and its hint may have at most %d characters each.", maxRule)
	}
	err := s.st.Write(ctx, func(tx *store.Tx) error { return tx.InsertRule(&r) })
	return r, err
}
