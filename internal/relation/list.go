package relation

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// ListChange is what a list should become; nil leaves a property as it is.
type ListChange struct {
	Title     *string
	Replies   *domain.RepliesPolicy
	Exclusive *bool
}

// CreateList makes a list for owner. Fifty are the most.
func (s *Service) CreateList(ctx context.Context, owner domain.ID, c ListChange) (domain.List, error) {
	l := domain.List{Account: owner, Replies: domain.RepliesList}
	if c.Title == nil {
		c.Title = new(string)
	}
	if err := c.apply(&l); err != nil {
		return l, err
	}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		have, err := tx.Lists(ctx, owner)
		if err != nil {
			return fmt.Errorf("count the lists: %w", err)
		}
		if len(have) >= domain.MaxLists {
			return domain.Errorf(domain.Invalid, "Validation failed: You have reached the maximum number of lists")
		}
		return tx.InsertList(&l)
	})
	return l, err
}

// ChangeList changes owner's list.
func (s *Service) ChangeList(ctx context.Context, owner, id domain.ID, c ListChange) (domain.List, error) {
	var l domain.List
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		var err error
		if l, err = tx.List(ctx, owner, id); err != nil {
			return err
		}
		if err := c.apply(&l); err != nil {
			return err
		}
		tx.HomeChanged(owner)
		return tx.UpdateList(l)
	})
	return l, err
}

func (c ListChange) apply(l *domain.List) error {
	if c.Title != nil {
		title := strings.TrimSpace(*c.Title)
		switch {
		case title == "":
			return domain.Errorf(domain.Invalid, "Validation failed: Title can't be blank")
		case utf8.RuneCountInString(title) > domain.MaxListTitle:
			return domain.Errorf(domain.Invalid, "Validation failed: Title is too long (maximum is %d characters)", domain.MaxListTitle)
		}
		l.Title = title
	}
	if c.Replies != nil {
		if !c.Replies.Valid() {
			return domain.Errorf(domain.Invalid, "Validation failed: Replies policy is not included in the list")
		}
		l.Replies = *c.Replies
	}
	if c.Exclusive != nil {
		l.Exclusive = *c.Exclusive
	}
	return nil
}

// DeleteList removes owner's list.
func (s *Service) DeleteList(ctx context.Context, owner, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		tx.HomeChanged(owner)
		return tx.DeleteList(owner, id)
	})
}

// AddToList puts accounts on owner's list: oneself, and whom one follows or
// has asked to; others are ErrNotFound, members already there are Invalid.
func (s *Service) AddToList(ctx context.Context, owner, id domain.ID, accounts []domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.List(ctx, owner, id); err != nil {
			return err
		}
		followed, err := tx.Followed(ctx, owner, accounts)
		if err != nil {
			return fmt.Errorf("look for the follows: %w", err)
		}
		allowed := map[domain.ID]bool{owner: true}
		for _, a := range followed {
			allowed[a] = true
		}
		for _, a := range accounts {
			if !allowed[a] {
				return domain.ErrNotFound
			}
			isNew, err := tx.AddListMember(id, a)
			if err != nil {
				return fmt.Errorf("add to the list: %w", err)
			}
			if !isNew {
				return domain.Errorf(domain.Invalid, "Validation failed: Account has already been taken")
			}
		}
		tx.HomeChanged(owner)
		return nil
	})
}

// RemoveFromList takes accounts off owner's list.
func (s *Service) RemoveFromList(ctx context.Context, owner, id domain.ID, accounts []domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.List(ctx, owner, id); err != nil {
			return err
		}
		tx.HomeChanged(owner)
		return tx.RemoveListMembers(id, accounts)
	})
}
