package moderation

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// AddRelay follows a relay: by its inbox or, with actor, as an actor
// (LitePub). Doing it again asks anew, for relays that lost their state.
func (s *Service) AddRelay(ctx context.Context, by domain.ID, inbox, actor string) (domain.Relay, error) {
	r := domain.Relay{Inbox: strings.TrimSpace(inbox), Actor: strings.TrimSpace(actor)}
	for _, address := range []string{r.Inbox, r.Actor} {
		if u, err := url.Parse(address); err != nil || address != "" && (u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil) {
			return r, domain.Errorf(domain.Invalid, "%q is not the address of a relay.", address)
		}
	}
	if r.Inbox == "" {
		return r, domain.Errorf(domain.Invalid, "A relay needs the address of its inbox.")
	}
	err := s.change(ctx, by, domain.MayManageFederation, "create", "relay", func(tx *store.Tx) (domain.ID, string, error) {
		old, err := tx.RelayAt(ctx, r.Inbox)
		if err != nil && !domain.Is(err, domain.NotFound) {
			return 0, "", err
		}
		r.ID, r.CreatedAt = old.ID, old.CreatedAt
		return turnRelay(tx, &r, domain.RelayPending)
	})
	return r, err
}

// RemoveRelay ends following a relay, named by its inbox or its actor.
func (s *Service) RemoveRelay(ctx context.Context, address string) error {
	list, err := s.Relays(ctx)
	if err != nil {
		return err
	}
	address = strings.TrimSpace(address)
	i := slices.IndexFunc(list, func(r domain.Relay) bool { return r.Inbox == address || r.Actor == address })
	if i < 0 || address == "" {
		return domain.Errorf(domain.NotFound, "There is no relay %q.", address)
	}
	return s.TurnRelay(ctx, 0, list[i].ID, domain.RelayRemoved)
}

// TurnRelay follows a relay anew (RelayPending), stops following it until then
// (RelayDisabled), or for good (RelayRemoved).
func (s *Service) TurnRelay(ctx context.Context, by, id domain.ID, to domain.RelayState) error {
	verb := map[domain.RelayState]string{domain.RelayPending: "resume", domain.RelayDisabled: "pause", domain.RelayRemoved: "destroy"}[to]
	return s.change(ctx, by, domain.MayManageFederation, verb, "relay", func(tx *store.Tx) (domain.ID, string, error) {
		r, err := tx.Relay(ctx, id)
		if err == nil && r.State == domain.RelayRemoved {
			err = domain.ErrNotFound
		}
		if err != nil {
			return 0, "", err
		}
		return turnRelay(tx, &r, to)
	})
}

// turnRelay stores how a relay stands and has it told.
func turnRelay(tx *store.Tx, r *domain.Relay, to domain.RelayState) (domain.ID, string, error) {
	tell := domain.EventRelayRemoved
	if to == domain.RelayPending {
		tell = domain.EventRelayAdded
	}
	r.State = to
	if err := tx.SaveRelay(r); err != nil {
		return 0, "", fmt.Errorf("save the relay: %w", err)
	}
	return r.ID, r.Inbox, tx.Emit(domain.Event{Kind: tell, Object: r.ID})
}

// RelayAnswered keeps what a relay said to our follow. Only the relay's actor
// may say it or, where we know an inbox alone, one of its host; others get
// Forbidden. It may say no at any time, and yes while it is asked (SEC-18).
func (s *Service) RelayAnswered(ctx context.Context, from, relay domain.ID, accepted bool) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		r, err := tx.Relay(ctx, relay)
		if err != nil {
			return err
		}
		a, err := tx.Account(ctx, from)
		if err != nil {
			return fmt.Errorf("look up who answers: %w", err)
		}
		if !strings.EqualFold(hostOf(a.URI), hostOf(r.Inbox)) || r.Actor != "" && r.Actor != a.URI {
			return domain.Errorf(domain.Forbidden, "This is not the relay's own answer")
		}
		if r.State == domain.RelayRemoved || r.State == domain.RelayDisabled || accepted && r.State != domain.RelayPending {
			return nil
		}
		r.State = domain.RelayRejected
		if accepted {
			r.State = domain.RelayAccepted
		}
		return tx.SaveRelay(&r)
	})
}

// Relays are all relays, oldest first. The caller does not change the slice.
func (s *Service) Relays(ctx context.Context) ([]domain.Relay, error) {
	return recall(s, func(m *memory) *[]domain.Relay { return m.relays },
		func(m *memory, v *[]domain.Relay) { m.relays = v },
		func() ([]domain.Relay, error) { return s.st.Reader().Relays(ctx) })
}

// IsRelay reports whether an account is a relay that accepted our follow:
// what it passes on is read though nobody here follows it.
func (s *Service) IsRelay(ctx context.Context, account domain.ID) (bool, error) {
	return s.isRelay(ctx, account, domain.RelayAccepted)
}

// MayFollowBack reports whether an account is a relay that we follow or have
// asked: those that are actors follow back whom they serve (facts 17).
func (s *Service) MayFollowBack(ctx context.Context, account domain.ID) (bool, error) {
	return s.isRelay(ctx, account, domain.RelayAccepted, domain.RelayPending)
}

func (s *Service) isRelay(ctx context.Context, account domain.ID, states ...domain.RelayState) (bool, error) {
	list, err := s.Relays(ctx)
	if err != nil || len(list) == 0 {
		return false, err
	}
	a, err := s.st.Reader().Account(ctx, account)
	if err != nil || a.Local() {
		return false, err
	}
	actor, err := s.st.Reader().Actor(ctx, account)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(list, func(r domain.Relay) bool {
		return slices.Contains(states, r.State) && (r.Inbox == actor.Inbox || r.Actor != "" && r.Actor == a.URI)
	}), nil
}

// hostOf is the host of an address, with its port.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
