package timeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Conversations are everybody's views of direct statuses: one for each thread
// and set of people (behaviours 11.8).
type Conversations struct{ st *store.Store }

// NewConversations makes the service.
func NewConversations(st *store.Store) *Conversations { return &Conversations{st} }

// Add puts a direct status into the conversations of its author and of those
// here who have been told that it mentions them; call it after they were. Who
// had the notification put aside sees it only in a conversation that is on
// the list already. An account that has the status anywhere is passed over,
// so that an edit adds it for those newly mentioned alone.
func (s *Conversations) Add(ctx context.Context, tx *store.Tx, st domain.Status) error {
	if st.Visibility != domain.Direct {
		return nil
	}
	people, err := participants(ctx, tx, st)
	if err != nil {
		return err
	}
	told, err := tx.Addressed(ctx, st.ID)
	if err != nil {
		return fmt.Errorf("find who was told: %w", err)
	}
	if st.Local {
		told = append(told, store.Addressed{Account: st.Account})
	}
	slices.SortFunc(told, func(a, b store.Addressed) int { return cmp.Compare(a.Account, b.Account) })
	for _, t := range told {
		if err := add(ctx, tx, st, t, others(people, t.Account)); err != nil {
			return fmt.Errorf("add to the conversation of %s: %w", t.Account, err)
		}
	}
	return nil
}

// participants are the author and those mentioned.
func participants(ctx context.Context, tx *store.Tx, st domain.Status) ([]domain.ID, error) {
	mentions, err := tx.Mentions(ctx, []domain.ID{st.ID})
	if err != nil {
		return nil, fmt.Errorf("find the mentions: %w", err)
	}
	people := []domain.ID{st.Account}
	for _, m := range mentions {
		if !m.Silent && m.Account != st.Account {
			people = append(people, m.Account)
		}
	}
	return people, nil
}

func others(people []domain.ID, self domain.ID) []domain.ID {
	return slices.DeleteFunc(slices.Clone(people), func(id domain.ID) bool { return id == self })
}

func add(ctx context.Context, tx *store.Tx, st domain.Status, to store.Addressed, people []domain.ID) error {
	has, err := tx.InConversation(ctx, to.Account, st.ID)
	if err != nil || has {
		return err
	}
	if to.Filtered {
		shown, err := tx.ShowsConversation(ctx, to.Account, st.Conversation, people)
		if err != nil || !shown {
			return err
		}
	}
	return tx.AddToConversation(domain.Conversation{
		Account: to.Account, Thread: st.Conversation, Participants: people, LastStatus: st.ID, Unread: st.Account != to.Account,
	})
}

// Remove makes the conversations of accounts forget a status that was deleted.
func (s *Conversations) Remove(tx *store.Tx, status domain.ID, accounts []domain.ID) error {
	return tx.LeaveConversations(status, slices.Sorted(slices.Values(accounts)))
}

// Mark makes owner's conversation read or unread.
func (s *Conversations) Mark(ctx context.Context, owner, id domain.ID, unread bool) (domain.Conversation, error) {
	var c domain.Conversation
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.MarkConversation(owner, id, unread); err != nil {
			return err
		}
		var err error
		c, err = tx.Conversation(ctx, owner, id)
		return err
	})
	return c, err
}

// Hide takes owner's conversation off the list until somebody writes in it.
// Its statuses stay.
func (s *Conversations) Hide(ctx context.Context, owner, id domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error { return tx.HideConversation(owner, id) })
}
