package fanout

import (
	"context"
	"fmt"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// readers are where a post goes: to its author's followers unless it is
// direct, to whom it names, and to more. A listed one goes to whom it answers
// or quotes, too, and a public one to relays (facts 7, 8). No other post goes
// to anybody whom it does not name, whatever they had to do with it.
func (s *Service) readers(ctx context.Context, st *domain.Status, more ...domain.ID) ([]store.Address, error) {
	r := s.Store.Reader()
	mentions, err := r.Mentions(ctx, []domain.ID{st.ID})
	if err != nil {
		return nil, fmt.Errorf("find the mentions: %w", err)
	}
	for _, m := range mentions {
		more = append(more, m.Account)
	}
	if !st.Visibility.Listed() {
		return s.gather(ctx, st.Account, st.Visibility, more)
	}
	more = append(more, st.InReplyToAccount)
	q, err := r.Quote(ctx, st.ID)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return nil, fmt.Errorf("find the quote: %w", err)
	}
	return s.gather(ctx, st.Account, st.Visibility, append(more, q.QuotedAccount))
}

// gather are the inboxes of people, and those that a visibility adds.
func (s *Service) gather(ctx context.Context, author domain.ID, v domain.Visibility, people []domain.ID) ([]store.Address, error) {
	to, err := s.Store.Reader().InboxesOf(ctx, append([]domain.ID{}, people...))
	if err != nil {
		return nil, fmt.Errorf("find the inboxes: %w", err)
	}
	if v != domain.Direct {
		followers, err := s.Store.Reader().Inboxes(ctx, author)
		if err != nil {
			return nil, fmt.Errorf("find the followers: %w", err)
		}
		to = append(to, followers...)
	}
	if v == domain.Public {
		relays, err := s.relays(ctx)
		if err != nil {
			return nil, err
		}
		to = append(to, relays...)
	}
	return to, nil
}

// relays are the inboxes of those that take our posts.
func (s *Service) relays(ctx context.Context) ([]store.Address, error) {
	list, err := s.Store.Reader().Relays(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the relays: %w", err)
	}
	var to []store.Address
	for _, l := range list {
		if l.State == domain.RelayAccepted {
			to = append(to, atRelay(l))
		}
	}
	return to, nil
}

func atRelay(l domain.Relay) store.Address {
	return store.Address{Host: apub.Host(l.Inbox), Inbox: l.Inbox}
}
