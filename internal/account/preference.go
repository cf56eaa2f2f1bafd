package account

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// Wishes are what somebody changes about what they see and what others see of
// them; nil leaves a thing as it is.
type Wishes struct {
	Languages       *[]string // of public timelines; none: all
	ShowApplication *bool     // others see which app a post was made with
	ExpandMedia     *string   // default, show_all or hide_all
	ExpandSpoilers  *bool
	AutoplayGIFs    *bool
}

// Prefs are the defaults and wishes of somebody here.
func (s *Service) Prefs(ctx context.Context, account domain.ID) (domain.Prefs, error) {
	u, err := s.st.Reader().User(ctx, account)
	return u.Prefs, err
}

// Wish keeps the wishes of somebody here. Failed validations come as one
// Invalid error with Fields.
func (s *Service) Wish(ctx context.Context, account domain.ID, w Wishes) error {
	if bad := w.check(); len(bad) > 0 {
		return invalid(bad)
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, account)
		if err != nil {
			return fmt.Errorf("look up the login: %w", err)
		}
		p := &u.Prefs
		before := p.ChosenLanguages
		set(&p.ChosenLanguages, w.Languages)
		if w.ShowApplication != nil {
			p.ShowApplication = w.ShowApplication
		}
		set(&p.ExpandMedia, w.ExpandMedia)
		set(&p.ExpandSpoilers, w.ExpandSpoilers)
		set(&p.AutoplayGIFs, w.AutoplayGIFs)
		if err := tx.SetPrefs(account, *p); err != nil {
			return fmt.Errorf("store the wishes: %w", err)
		}
		if slices.Equal(before, p.ChosenLanguages) {
			return nil
		}
		// Streams keep to the languages that they began with.
		return tx.AccessChanged(account, 0)
	})
}

// check brings the languages into the form that posts have them in, and says
// what is wrong.
func (w *Wishes) check() (bad []domain.FieldError) {
	fail := func(field string) {
		bad = append(bad, domain.FieldError{Field: field, Code: "ERR_INCLUSION", Description: "is not included in the list"})
	}
	if w.Languages != nil {
		tags := []string{}
		for _, name := range *w.Languages {
			tag, ok := text.LanguageTag(name)
			if !ok {
				fail("languages")
				break
			}
			tags = append(tags, tag)
		}
		slices.Sort(tags)
		tags = slices.Compact(tags)
		w.Languages = &tags
	}
	if w.ExpandMedia != nil && !slices.Contains([]string{"default", "show_all", "hide_all"}, *w.ExpandMedia) {
		fail("expand_media")
	}
	return bad
}
