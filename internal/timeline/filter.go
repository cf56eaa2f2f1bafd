package timeline

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// FilterChange is what a filter should become; nil leaves a property as it is.
type FilterChange struct {
	Title    *string
	Contexts []string
	Action   *domain.FilterAction
	Life     *time.Duration // from now; 0 is without end
	Keywords []KeywordChange
}

// KeywordChange adds a keyword or, with an id, changes or removes one.
type KeywordChange struct {
	ID        domain.ID
	Keyword   *string
	WholeWord *bool
	Remove    bool
}

// Create makes a filter of owner (behaviours 12.1).
func (s *Filters) Create(ctx context.Context, owner domain.ID, c FilterChange) (domain.Filter, error) {
	f := domain.Filter{Account: owner, Action: domain.FilterWarn}
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		if err := c.apply(&f, tx.Now()); err != nil {
			return err
		}
		if err := tx.InsertFilter(&f); err != nil {
			return fmt.Errorf("insert the filter: %w", err)
		}
		return changeKeywords(tx, &f, c.Keywords)
	})
	return f, err
}

// Change changes owner's filter.
func (s *Filters) Change(ctx context.Context, owner, id domain.ID, c FilterChange) (domain.Filter, error) {
	var f domain.Filter
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		var err error
		if f, err = tx.Filter(ctx, owner, id); err != nil {
			return err
		}
		if err := c.apply(&f, tx.Now()); err != nil {
			return err
		}
		if err := tx.UpdateFilter(f); err != nil {
			return fmt.Errorf("update the filter: %w", err)
		}
		return changeKeywords(tx, &f, c.Keywords)
	})
	return f, err
}

// Delete removes owner's filter.
func (s *Filters) Delete(ctx context.Context, owner, id domain.ID) error {
	return s.write(ctx, owner, func(tx *store.Tx) error { return tx.DeleteFilter(owner, id) })
}

// AddKeyword adds a keyword to owner's filter.
func (s *Filters) AddKeyword(ctx context.Context, owner, filter domain.ID, c KeywordChange) (domain.FilterKeyword, error) {
	var k domain.FilterKeyword
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		f, err := tx.Filter(ctx, owner, filter)
		if err != nil {
			return err
		}
		c.ID, c.Remove = 0, false
		if err := changeKeywords(tx, &f, []KeywordChange{c}); err != nil {
			return err
		}
		k = f.Keywords[len(f.Keywords)-1]
		return nil
	})
	return k, err
}

// ChangeKeyword changes a keyword of one of owner's filters.
func (s *Filters) ChangeKeyword(ctx context.Context, owner, id domain.ID, c KeywordChange) (domain.FilterKeyword, error) {
	var k domain.FilterKeyword
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		var err error
		if k, err = tx.FilterKeyword(ctx, owner, id); err != nil {
			return err
		}
		if err := c.apply(&k); err != nil {
			return err
		}
		return tx.UpdateFilterKeyword(k)
	})
	return k, err
}

// DeleteKeyword removes a keyword of one of owner's filters.
func (s *Filters) DeleteKeyword(ctx context.Context, owner, id domain.ID) error {
	return s.write(ctx, owner, func(tx *store.Tx) error {
		if _, err := tx.FilterKeyword(ctx, owner, id); err != nil {
			return err
		}
		return tx.DeleteFilterKeyword(id)
	})
}

// AddStatus adds a status that owner may see to owner's filter; one that is
// there already is Invalid.
func (s *Filters) AddStatus(ctx context.Context, owner, filter, status domain.ID) (domain.FilterStatus, error) {
	entry := domain.FilterStatus{Filter: filter, Status: status}
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		if _, err := tx.Filter(ctx, owner, filter); err != nil {
			return err
		}
		if _, err := tx.Status(ctx, owner, status); err != nil {
			return err
		}
		isNew, err := tx.InsertFilterStatus(&entry)
		if err != nil {
			return fmt.Errorf("insert the status of the filter: %w", err)
		}
		if !isNew {
			return invalid("Status has already been taken")
		}
		return nil
	})
	return entry, err
}

// DeleteStatus removes a status of one of owner's filters, by the id of the
// entry.
func (s *Filters) DeleteStatus(ctx context.Context, owner, id domain.ID) (domain.FilterStatus, error) {
	var entry domain.FilterStatus
	err := s.write(ctx, owner, func(tx *store.Tx) error {
		var err error
		if entry, err = tx.FilterStatus(ctx, owner, id); err != nil {
			return err
		}
		return tx.DeleteFilterStatus(id)
	})
	return entry, err
}

// write runs a change of owner's filters, holds it to the limits and has
// everyone who keeps them forget them after the commit.
func (s *Filters) write(ctx context.Context, owner domain.ID, fn func(tx *store.Tx) error) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		filters, keywords, statuses, err := tx.FilterSizes(ctx, owner)
		switch {
		case err != nil:
			return fmt.Errorf("count the filters: %w", err)
		case filters > domain.MaxFilters:
			return invalid("You have reached the maximum number of filters")
		case keywords > domain.MaxKeywords:
			return invalid("You have reached the maximum number of filtered keywords")
		case statuses > domain.MaxFiltered:
			return invalid("You have reached the maximum number of filtered posts")
		}
		tx.Notify(domain.TopicFilters, owner.String())
		return tx.Emit(domain.Event{Kind: domain.EventFiltersChanged, Actor: owner})
	})
}

func (c FilterChange) apply(f *domain.Filter, now time.Time) error {
	if c.Title != nil {
		f.Title = strings.TrimSpace(*c.Title)
	}
	if c.Contexts != nil {
		f.Contexts = nil
		for _, name := range c.Contexts {
			if !slices.Contains(f.Contexts, name) {
				f.Contexts = append(f.Contexts, name)
			}
		}
	}
	if c.Action != nil {
		f.Action = *c.Action
	}
	if c.Life != nil {
		f.ExpiresAt = time.Time{}
		if *c.Life != 0 {
			f.ExpiresAt = now.Add(*c.Life)
		}
	}
	return check(f)
}

// check is in the words clients know (behaviours 2.8).
func check(f *domain.Filter) error {
	known := func(name string) bool { return slices.Contains(domain.FilterContexts[:], name) }
	unknown := func(name string) bool { return !known(name) }
	switch {
	case f.Title == "":
		return invalid("Title can't be blank")
	case utf8.RuneCountInString(f.Title) > domain.MaxFilterTitle:
		return invalid("Title is too long (maximum is %d characters)", domain.MaxFilterTitle)
	case len(f.Contexts) == 0 || slices.ContainsFunc(f.Contexts, unknown):
		return invalid("Context None or invalid context supplied")
	case !f.Action.Valid():
		return invalid("Filter action is not included in the list")
	}
	return nil
}

// changeKeywords brings f.Keywords and its rows up to date. An id that is not
// of this filter is ErrNotFound.
func changeKeywords(tx *store.Tx, f *domain.Filter, changes []KeywordChange) error {
	for _, c := range changes {
		if c.ID == 0 {
			if c.Remove {
				continue
			}
			k := domain.FilterKeyword{Filter: f.ID}
			if err := c.apply(&k); err != nil {
				return err
			}
			if err := tx.InsertFilterKeyword(&k); err != nil {
				return fmt.Errorf("insert the keyword: %w", err)
			}
			f.Keywords = append(f.Keywords, k)
			continue
		}
		i := slices.IndexFunc(f.Keywords, func(k domain.FilterKeyword) bool { return k.ID == c.ID })
		if i < 0 {
			return domain.ErrNotFound
		}
		if err := changeKeyword(tx, f, i, c); err != nil {
			return fmt.Errorf("change the keyword: %w", err)
		}
	}
	return nil
}

func changeKeyword(tx *store.Tx, f *domain.Filter, i int, c KeywordChange) error {
	if c.Remove {
		f.Keywords = slices.Delete(f.Keywords, i, i+1)
		return tx.DeleteFilterKeyword(c.ID)
	}
	if err := c.apply(&f.Keywords[i]); err != nil {
		return err
	}
	return tx.UpdateFilterKeyword(f.Keywords[i])
}

func (c KeywordChange) apply(k *domain.FilterKeyword) error {
	if c.Keyword != nil {
		k.Keyword = *c.Keyword
	}
	if c.WholeWord != nil {
		k.WholeWord = *c.WholeWord
	}
	switch {
	case strings.TrimSpace(k.Keyword) == "":
		return invalid("Keyword can't be blank")
	case utf8.RuneCountInString(k.Keyword) > domain.MaxFilterKeyword:
		return invalid("Keyword is too long (maximum is %d characters)", domain.MaxFilterKeyword)
	}
	return nil
}

// invalid is a failed validation in the words clients know (behaviours 2.8).
func invalid(format string, args ...any) error {
	return domain.Errorf(domain.Invalid, "Validation failed: %s", fmt.Sprintf(format, args...))
}
