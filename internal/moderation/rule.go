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
func (s *Service) AddRule(ctx context.Context, by domain.ID, text, hint string) (domain.Rule, error) {
	r := domain.Rule{Text: text, Hint: hint}
	if err := checkRule(&r); err != nil {
		return r, err
	}
	err := s.change(ctx, by, domain.MayManageRules, "create", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		err := tx.InsertRule(&r)
		return r.ID, r.Text, err
	})
	return r, err
}

// ChangeRule says a rule otherwise.
func (s *Service) ChangeRule(ctx context.Context, by domain.ID, r domain.Rule) error {
	if err := checkRule(&r); err != nil {
		return err
	}
	return s.change(ctx, by, domain.MayManageRules, "update", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		return r.ID, r.Text, tx.UpdateRule(r)
	})
}

// RemoveRule takes a rule back; reports that name it lose it.
func (s *Service) RemoveRule(ctx context.Context, by, id domain.ID) error {
	return s.change(ctx, by, domain.MayManageRules, "destroy", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		return id, "", tx.DeleteRule(id)
	})
}

func checkRule(r *domain.Rule) error {
	r.Text, r.Hint = strings.TrimSpace(r.Text), strings.TrimSpace(r.Hint)
	if r.Text == "" {
		return domain.Errorf(domain.Invalid, "A rule needs a text.")
	}
	if utf8.RuneCountInString(r.Text) > maxRule || utf8.RuneCountInString(r.Hint) > maxRule {
		return domain.Errorf(domain.Invalid, "A rule and its hint may have at most %d characters each.", maxRule)
	}
	return nil
}
