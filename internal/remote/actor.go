package remote

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coterie/internal/apub"
	"coterie/internal/domain"
	"coterie/internal/store"
)

// How old what is known of an actor may be (facts 1).
const (
	freshByHandle = 24 * time.Hour
	freshFollowed = 7 * 24 * time.Hour
)

// Known is the account with that actor id, ours or a stranger's, without the
// network, suspended ones too. Newcomers here who still wait are unknown.
func (s *Service) Known(ctx context.Context, r store.Reader, uri string) (domain.Account, error) {
	l, ours := s.URLs.Parse(uri)
	if !ours || l.Status != 0 || l.Part != "" {
		return r.AccountByURI(ctx, uri)
	}
	if l.Username == "" {
		return domain.Account{}, domain.ErrNotFound
	}
	return s.resident(ctx, r, l.Username)
}

// resident is an account of ours by its name.
func (s *Service) resident(ctx context.Context, r store.Reader, name string) (domain.Account, error) {
	a, err := r.AccountByName(ctx, name, "")
	if err != nil {
		return a, err
	}
	there, err := r.PresentAccounts(ctx, []domain.ID{a.ID})
	if err == nil && len(there) == 0 {
		err = domain.ErrNotFound
	}
	return a, err
}

// Actor is Known or, for a stranger, fetched, checked and stored. Who asks
// for the same one at the same time waits for the same answer.
func (s *Service) Actor(ctx context.Context, uri string) (domain.Account, error) {
	a, err := s.Known(ctx, s.Store.Reader(), uri)
	if err == nil || !domain.Is(err, domain.NotFound) {
		return a, err
	}
	if err := s.mayAsk(uri); err != nil {
		if domain.Is(err, domain.Invalid) {
			err = domain.ErrNotFound
		}
		return a, fmt.Errorf("look up %s: %w", uri, err)
	}
	return fly(ctx, s, "actor "+uri, func(ctx context.Context) (domain.Account, error) { return s.discover(ctx, uri) })
}

// fly runs f once for all who ask under the same name at the same time. The
// one who leaves early does not take the answer from the others.
func fly[T any](ctx context.Context, s *Service, name string, f func(ctx context.Context) (T, error)) (T, error) {
	done := s.flights.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTime)
		defer cancel()
		return f(ctx)
	})
	select {
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	case r := <-done:
		v, _ := r.Val.(T)
		return v, r.Err
	}
}

// discover fetches an actor that is not known under that address.
func (s *Service) discover(ctx context.Context, uri string) (domain.Account, error) {
	if err := s.limits.paused("actor " + uri); err != nil {
		return domain.Account{}, err
	}
	if err := s.admit(ctx, apub.Host(uri)); err != nil {
		return domain.Account{}, err
	}
	a, err := s.fetchActor(ctx, uri)
	if err == nil {
		return s.save(ctx, a)
	}
	if mayRemember(err) {
		s.limits.rest("actor "+uri, failurePause, err)
	}
	return domain.Account{}, err
}

// mayRemember reports whether a failure will be the same if tried again soon.
func mayRemember(err error) bool {
	switch domain.KindOf(err) {
	case domain.NotFound, domain.Gone, domain.Forbidden, domain.Invalid:
		return true
	}
	return false
}

func (s *Service) fetchActor(ctx context.Context, uri string) (*apub.Actor, error) {
	doc, err := s.Object(ctx, uri)
	if err != nil {
		return nil, err
	}
	if doc.Actor == nil {
		return nil, domain.Errorf(domain.Invalid, "%s is no account", uri)
	}
	return doc.Actor, nil
}

// Refresh fetches a known actor anew, whatever its age. One that is gone is
// handled by Gone, and the error says so.
func (s *Service) Refresh(ctx context.Context, uri string) (domain.Account, error) {
	known, err := s.Store.Reader().AccountByURI(ctx, uri)
	if err != nil {
		return known, err
	}
	return fly(ctx, s, "refresh "+uri, func(ctx context.Context) (domain.Account, error) {
		a, err := s.fetchActor(ctx, uri)
		switch {
		case domain.Is(err, domain.Gone):
			if err := s.Gone(ctx, known); err != nil {
				return known, err
			}
			return known, err
		case err != nil:
			return known, err
		case a.ID != uri:
			return known, fmt.Errorf("refresh %s, which calls itself %s: %w", uri, a.ID, errAnotherID)
		}
		return s.save(ctx, a)
	})
}

// ByHandle finds user@host: known and fresh, or by WebFinger. What is known
// already is better than nothing when its host does not answer.
func (s *Service) ByHandle(ctx context.Context, user, host string) (domain.Account, error) {
	host, err := s.canonical(host)
	if err != nil {
		return domain.Account{}, err
	}
	r := s.Store.Reader()
	if s.ours(host) {
		return s.resident(ctx, r, user)
	}
	if s.refused(host) {
		return domain.Account{}, errRefusedHost
	}
	known, err := r.AccountByName(ctx, user, host)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return known, err
	}
	if err == nil {
		state, err := r.Actor(ctx, known.ID)
		if err != nil || s.Now().Sub(state.FetchedAt) < freshByHandle {
			return known, err
		}
	}
	a, err := s.byFinger(ctx, user, host)
	if err != nil && known.ID != 0 && !domain.Is(err, domain.Gone) {
		s.Log.DebugContext(ctx, "an account could not be refreshed", "handle", user+"@"+host, "err", err)
		return known, nil
	}
	return a, err
}

func (s *Service) byFinger(ctx context.Context, user, host string) (domain.Account, error) {
	return fly(ctx, s, "handle "+strings.ToLower(user)+"@"+host, func(ctx context.Context) (domain.Account, error) {
		if err := spend(ctx); err != nil {
			return domain.Account{}, err
		}
		f, err := s.finger(ctx, user, host)
		if err != nil {
			return domain.Account{}, err
		}
		if a, err := s.Refresh(ctx, f.Self); !domain.Is(err, domain.NotFound) {
			return a, err
		}
		return s.Actor(ctx, f.Self)
	})
}
