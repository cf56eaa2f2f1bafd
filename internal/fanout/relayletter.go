package fanout

import (
	"context"
	"fmt"
	"slices"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// relayFollow is our follow of a relay: of Public at its inbox, or of its
// actor (facts 17).
func (s *Service) relayFollow(l domain.Relay) apub.ActivityDoc {
	whom := apub.Public
	if l.Actor != "" {
		whom = l.Actor
	}
	return apub.NewFollow(s.URLs.RelayFollow(l.ID), s.URLs.InstanceActor(), whom)
}

func (s *Service) sayRelayAdded(ctx context.Context, m matter) ([]letter, error) {
	l, err := s.Store.Reader().Relay(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	return []letter{{doc: s.relayFollow(l), to: []store.Address{atRelay(l)}}}, nil
}

func (s *Service) sayRelayRemoved(ctx context.Context, m matter) ([]letter, error) {
	l, err := s.Store.Reader().Relay(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	done := s.relayFollow(l)
	return []letter{{doc: apub.NewUndo(done.ID+"/undo", done), to: []store.Address{atRelay(l)}}}, nil
}

// relayRemoved ends the life of a row that was kept for the last letter.
func (s *Service) relayRemoved(_ context.Context, tx *store.Tx, e domain.Event) error {
	return tx.ForgetRelay(e.Object)
}

// forward passes what came about a reply on to the followers of who is
// replied to, or the end of a leave to quote to the readers of what quotes, as
// it came, but not back to where it came from (facts 6, 13).
func (s *Service) forward(ctx context.Context, m matter) ([]letter, error) {
	us, err := s.ours(ctx, m.Target)
	if err != nil {
		return nil, err
	}
	came, err := s.Store.Reader().Letter(ctx, m.Object)
	if err != nil {
		return nil, err
	}
	to, err := s.forwardTo(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("find whom it concerns: %w", err)
	}
	to = slices.DeleteFunc(to, func(a store.Address) bool { return a.Host == came.Host || apub.Host(a.Inbox) == came.Host })
	return []letter{{sender: us.ID, raw: came.Body, to: to}}, nil
}

func (s *Service) forwardTo(ctx context.Context, m matter) ([]store.Address, error) {
	if m.URI == "" {
		return s.Store.Reader().Inboxes(ctx, m.Target)
	}
	st, err := s.Store.Reader().AnyStatus(ctx, m.Status)
	if err != nil {
		return nil, err
	}
	return s.readers(ctx, &st)
}

// letterForwarded ends the life of a letter that was kept to be forwarded.
func (s *Service) letterForwarded(_ context.Context, tx *store.Tx, e domain.Event) error {
	return tx.DeleteLetter(e.Object)
}
