package moderation

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// maxRule is the longest rule and the longest hint, in characters.
const maxRule = 2000

// maxTranslations is how many languages a rule may be translated to.
const maxTranslations = 40

// Rules are the rules, in their order. The caller does not change the slice.
func (s *Service) Rules(ctx context.Context) ([]domain.Rule, error) {
	return recall(s, func(m *memory) *[]domain.Rule { return m.rules },
		func(m *memory, v *[]domain.Rule) { m.rules = v },
		func() ([]domain.Rule, error) { return s.st.Reader().Rules(ctx) })
}

// AddRule adds a rule after the others. Its hint explains it and may be empty.
func (s *Service) AddRule(ctx context.Context, by domain.ID, r domain.Rule) (domain.Rule, error) {
	if err := checkRule(&r); err != nil {
		return r, err
	}
	err := s.change(ctx, by, domain.MayManageRules, "create", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		err := tx.InsertRule(&r)
		return r.ID, r.Text, err
	})
	return r, err
}

// OrderRules puts the rules into another order, of all of which the ids are
// named.
func (s *Service) OrderRules(ctx context.Context, by domain.ID, ids []domain.ID) error {
	return s.change(ctx, by, domain.MayManageRules, "update", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		list, err := tx.Rules(ctx)
		if err != nil {
			return 0, "", err
		}
		named := map[domain.ID]bool{}
		for _, id := range ids {
			named[id] = true
		}
		if len(ids) != len(list) || len(named) != len(list) {
			return 0, "", domain.Errorf(domain.Invalid, "Name each rule once, in the order that they are to have.")
		}
		return 0, "order", tx.OrderRules(ids)
	})
}

// ChangeRule says a rule otherwise. Of its translations those that are named
// change, and one without a text goes.
func (s *Service) ChangeRule(ctx context.Context, by domain.ID, r domain.Rule) error {
	return s.change(ctx, by, domain.MayManageRules, "update", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		list, err := tx.Rules(ctx)
		if err != nil {
			return 0, "", err
		}
		i := slices.IndexFunc(list, func(old domain.Rule) bool { return old.ID == r.ID })
		if i < 0 {
			return 0, "", domain.ErrNotFound
		}
		translations := list[i].Translations
		maps.Copy(translations, r.Translations)
		r.Translations = translations
		if err := checkRule(&r); err != nil {
			return 0, "", err
		}
		return r.ID, r.Text, tx.UpdateRule(r)
	})
}

// RemoveRule takes a rule back; reports that name it lose it.
func (s *Service) RemoveRule(ctx context.Context, by, id domain.ID) error {
	return s.change(ctx, by, domain.MayManageRules, "destroy", "rule", func(tx *store.Tx) (domain.ID, string, error) {
		return id, "", tx.DeleteRule(id)
	})
}

// languageTag is a language as people name them, such as de or pt-BR.
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func checkRule(r *domain.Rule) error {
	if err := checkRuleWords(&r.Text, &r.Hint); err != nil {
		return err
	}
	maps.DeleteFunc(r.Translations, func(_ string, words domain.RuleWords) bool { return strings.TrimSpace(words.Text) == "" })
	if len(r.Translations) > maxTranslations {
		return domain.Errorf(domain.Invalid, "A rule may have at most %d translations.", maxTranslations)
	}
	for tag, words := range r.Translations {
		if !languageTag.MatchString(tag) {
			return domain.Errorf(domain.Invalid, "A language is named as in de or pt-BR, not %q.", tag)
		}
		if err := checkRuleWords(&words.Text, &words.Hint); err != nil {
			return err
		}
		r.Translations[tag] = words
	}
	return nil
}

func checkRuleWords(text, hint *string) error {
	*text, *hint = strings.TrimSpace(*text), strings.TrimSpace(*hint)
	if *text == "" {
		return domain.Errorf(domain.Invalid, "A rule needs a text.")
	}
	if utf8.RuneCountInString(*text) > maxRule || utf8.RuneCountInString(*hint) > maxRule {
		return domain.Errorf(domain.Invalid, "A rule and its hint may have at most %d characters each.", maxRule)
	}
	return nil
}
