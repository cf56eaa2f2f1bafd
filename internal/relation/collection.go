package relation

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// CollectionChange is what a collection should become; nil leaves a property
// as it is. An empty language or tag is none.
type CollectionChange struct {
	Name, Description, Language, Tag *string
	Sensitive, Discoverable          *bool
}

// CreateCollection makes a collection of owner with these accounts in it. Ten
// are the most. An account that may not be put there is Forbidden, one that is
// not known NotFound; nothing is made then.
func (s *Service) CreateCollection(ctx context.Context, owner domain.ID, change CollectionChange, accounts []domain.ID) (domain.Collection, error) {
	c := domain.Collection{Account: owner, Discoverable: true}
	if change.Name == nil {
		change.Name = new(string)
	}
	if err := change.apply(&c); err != nil {
		return c, err
	}
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LockAccount(owner); err != nil {
			return err
		}
		n, err := tx.CountCollections(ctx, owner)
		if err != nil {
			return fmt.Errorf("count the collections: %w", err)
		}
		if n >= domain.MaxCollections {
			return domain.Errorf(domain.Invalid, "Validation failed: You have reached the maximum number of collections")
		}
		if err := ensureTopic(tx, &c); err != nil {
			return err
		}
		if err := tx.InsertCollection(&c); err != nil {
			return fmt.Errorf("insert the collection: %w", err)
		}
		if c.Discoverable {
			if err := tx.Emit(domain.Event{Kind: domain.EventCollectionShown, Actor: owner, Object: c.ID}); err != nil {
				return err
			}
		}
		for _, id := range distinct(accounts) {
			if _, err := feature(ctx, tx, &c, id); err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

func distinct(ids []domain.ID) []domain.ID {
	seen := map[domain.ID]bool{}
	var out []domain.ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// ChangeCollection changes actor's collection; another's is Forbidden. Those
// in it hear of it.
func (s *Service) ChangeCollection(ctx context.Context, actor, id domain.ID, change CollectionChange) (domain.Collection, error) {
	var c domain.Collection
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		var err error
		if c, err = own(ctx, tx, actor, id); err != nil {
			return err
		}
		was := c
		if err := change.apply(&c); err != nil {
			return err
		}
		if err := ensureTopic(tx, &c); err != nil {
			return err
		}
		if c == was {
			return nil
		}
		if err := tx.UpdateCollection(&c); err != nil {
			return fmt.Errorf("change the collection: %w", err)
		}
		if c.Discoverable != was.Discoverable {
			e := domain.Event{Kind: domain.EventCollectionHidden, Actor: actor, Object: id}
			if c.Discoverable {
				e.Kind = domain.EventCollectionShown
			}
			if err := tx.Emit(e); err != nil {
				return err
			}
		}
		return tx.Emit(domain.Event{Kind: domain.EventCollectionChanged, Actor: actor, Object: id})
	})
	return c, err
}

// own is actor's collection, to be changed by one after the other.
func own(ctx context.Context, tx *store.Tx, actor, id domain.ID) (domain.Collection, error) {
	if err := tx.LockAccount(actor); err != nil {
		return domain.Collection{}, err
	}
	c, err := tx.Collection(ctx, actor, id)
	if err == nil && c.Account != actor {
		err = errNotAllowed
	}
	return c, err
}

// DeleteCollection removes actor's collection; another's is Forbidden.
func (s *Service) DeleteCollection(ctx context.Context, actor, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		c, err := own(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		gone := &domain.GoneStatus{Visibility: c.Audience()}
		items, err := tx.ItemsIn(ctx, id)
		if err != nil {
			return fmt.Errorf("find who is in the collection: %w", err)
		}
		for _, i := range items {
			gone.Reached = append(gone.Reached, i.Account)
		}
		if err := tx.DeleteCollection(id); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventCollectionGone, Actor: actor, Object: id, Gone: gone})
	})
}

func (change CollectionChange) apply(c *domain.Collection) error {
	for _, t := range []struct{ from, into *string }{{change.Name, &c.Name}, {change.Description, &c.Description}, {change.Language, &c.Language}} {
		if t.from != nil {
			*t.into = strings.TrimSpace(*t.from)
		}
	}
	for _, b := range []struct{ from, into *bool }{{change.Sensitive, &c.Sensitive}, {change.Discoverable, &c.Discoverable}} {
		if b.from != nil {
			*b.into = *b.from
		}
	}
	var wrong []domain.FieldError
	refuse := func(field, code, why string) {
		wrong = append(wrong, domain.FieldError{Field: field, Code: code, Description: why})
	}
	tooLong := func(most int) string { return fmt.Sprintf("is too long (maximum is %d characters)", most) }
	switch {
	case c.Name == "":
		refuse("name", "ERR_BLANK", "can't be blank")
	case utf8.RuneCountInString(c.Name) > domain.MaxCollectionName:
		refuse("name", "ERR_TOO_LONG", tooLong(domain.MaxCollectionName))
	}
	if utf8.RuneCountInString(c.Description) > domain.MaxCollectionDescription {
		refuse("description", "ERR_TOO_LONG", tooLong(domain.MaxCollectionDescription))
	}
	if c.Language != "" {
		code, ok := text.LanguageTag(c.Language)
		if !ok {
			refuse("language", "ERR_INVALID", "is invalid")
		}
		c.Language = code
	}
	if !change.applyTag(c) {
		refuse("tag", "ERR_INVALID", "is invalid")
	}
	if len(wrong) > 0 {
		return &domain.Error{Kind: domain.Invalid, Fields: wrong}
	}
	return nil
}

// applyTag sets the hashtag; false means that it is none.
func (change CollectionChange) applyTag(c *domain.Collection) bool {
	if change.Tag == nil {
		return true
	}
	display := strings.TrimPrefix(strings.TrimSpace(*change.Tag), "#")
	name := text.NormalizeHashtag(display)
	if name != c.Tag.Name {
		c.Tag = domain.Tag{Name: name, Display: display}
	}
	return display == "" || text.ValidHashtag(display)
}

// ensureTopic gives the collection's hashtag its id.
func ensureTopic(tx *store.Tx, c *domain.Collection) error {
	if c.Tag.Name == "" || c.Tag.ID != 0 {
		return nil
	}
	t, err := tx.EnsureTag(c.Tag)
	if err != nil {
		return fmt.Errorf("make the hashtag: %w", err)
	}
	c.Tag = t
	return nil
}
