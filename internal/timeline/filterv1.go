package timeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// KeywordFilter is one keyword with the filter it belongs to: what the first
// version of the API calls a filter (behaviours 12.6).
type KeywordFilter struct {
	domain.FilterKeyword
	Parent domain.Filter
}

// KeywordFilterChange is what a KeywordFilter should become; nil leaves a
// property as it is.
type KeywordFilterChange struct {
	Phrase    *string
	WholeWord *bool
	Contexts  []string
	Hide      *bool
	Life      *time.Duration // from now; 0 is without end
}

// shared are the properties that the keywords of one filter have in common.
func (c KeywordFilterChange) shared(f *domain.Filter) FilterChange {
	change := FilterChange{Contexts: c.Contexts, Life: c.Life}
	if c.Hide != nil && *c.Hide != (f.Action == domain.FilterHide) {
		action := domain.FilterWarn
		if *c.Hide {
			action = domain.FilterHide
		}
		change.Action = &action
	}
	return change
}

// CreateOne makes a filter of one keyword, which is its title too.
func (s *Filters) CreateOne(ctx context.Context, owner domain.ID, c KeywordFilterChange) (KeywordFilter, error) {
	change := c.shared(&domain.Filter{})
	change.Title = c.Phrase
	change.Keywords = []KeywordChange{{Keyword: c.Phrase, WholeWord: c.WholeWord}}
	f, err := s.Create(ctx, owner, change)
	if err != nil {
		return KeywordFilter{}, err
	}
	return KeywordFilter{f.Keywords[0], f}, nil
}

// ChangeOne changes a keyword and the filter it belongs to, which is refused
// where that filter has other keywords, too.
func (s *Filters) ChangeOne(ctx context.Context, owner, id domain.ID, c KeywordFilterChange) (KeywordFilter, error) {
	var k KeywordFilter
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		var err error
		if k, err = keywordFilter(ctx, tx.Reader, owner, id); err != nil {
			return err
		}
		was, change := k.Parent, c.shared(&k.Parent)
		if len(k.Parent.Keywords) == 1 && was.Title == k.Keyword {
			change.Title = c.Phrase
		}
		if err := (KeywordChange{Keyword: c.Phrase, WholeWord: c.WholeWord}).apply(&k.FilterKeyword); err != nil {
			return err
		}
		if err := tx.UpdateFilterKeyword(k.FilterKeyword); err != nil {
			return fmt.Errorf("update the keyword: %w", err)
		}
		if err := change.apply(&k.Parent, tx.Now()); err != nil {
			return err
		}
		if len(k.Parent.Keywords) > 1 && !same(&was, &k.Parent) {
			return invalid("This filter has several keywords, so it can only be changed in the app it was made with")
		}
		return tx.UpdateFilter(k.Parent)
	})
	return k, err
}

func same(a, b *domain.Filter) bool {
	return a.Title == b.Title && a.Action == b.Action && a.ExpiresAt.Equal(b.ExpiresAt) && slices.Equal(a.Contexts, b.Contexts)
}

// DeleteOne removes a keyword, and the filter with it when nothing is left of
// that.
func (s *Filters) DeleteOne(ctx context.Context, owner, id domain.ID) error {
	return s.write(ctx, owner, func(tx *store.Tx) error {
		k, err := keywordFilter(ctx, tx.Reader, owner, id)
		if err != nil {
			return err
		}
		if len(k.Parent.Keywords) == 1 && len(k.Parent.Statuses) == 0 {
			return tx.DeleteFilter(owner, k.Filter)
		}
		return tx.DeleteFilterKeyword(id)
	})
}

// One is the keyword of owner with that id.
func (s *Filters) One(ctx context.Context, owner, id domain.ID) (KeywordFilter, error) {
	return keywordFilter(ctx, s.st.Reader(), owner, id)
}

// All are all keywords of owner.
func (s *Filters) All(ctx context.Context, owner domain.ID) ([]KeywordFilter, error) {
	list, err := s.st.Reader().Filters(ctx, owner)
	if err != nil {
		return nil, err
	}
	out := []KeywordFilter{}
	for _, f := range list {
		for _, k := range f.Keywords {
			out = append(out, KeywordFilter{k, f})
		}
	}
	return out, nil
}

func keywordFilter(ctx context.Context, r store.Reader, owner, id domain.ID) (KeywordFilter, error) {
	k, err := r.FilterKeyword(ctx, owner, id)
	if err != nil {
		return KeywordFilter{}, err
	}
	f, err := r.Filter(ctx, owner, k.Filter)
	return KeywordFilter{k, f}, err
}
