package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"coterie/internal/domain"
	"coterie/internal/store"
)

const (
	moveEvery  = 30 * 24 * time.Hour // between two moves of an account (facts 19)
	maxAliases = 10
)

// AddAlias lets the other account of that id or handle, here or elsewhere,
// move to a local one, and returns its id. Doing it again is no error.
func (s *Service) AddAlias(ctx context.Context, account domain.ID, of string) (string, error) {
	old, err := s.other(ctx, account, of)
	if err != nil {
		return "", err
	}
	uri := s.remote.URLs.ActorURI(&old)
	return uri, s.changeAliases(ctx, account, func(list []string) ([]string, error) {
		switch {
		case slices.Contains(list, uri):
			return list, nil
		case len(list) >= maxAliases:
			return nil, domain.Errorf(domain.Invalid, "An account can have at most %d aliases; remove one first.", maxAliases)
		}
		return append(list, uri), nil
	})
}

// Aliases are the ids of the accounts that may move to a local one.
func (s *Service) Aliases(ctx context.Context, account domain.ID) ([]string, error) {
	return s.st.Reader().Aliases(ctx, account)
}

// RemoveAlias takes an alias, by its id, back.
func (s *Service) RemoveAlias(ctx context.Context, account domain.ID, uri string) error {
	return s.changeAliases(ctx, account, func(list []string) ([]string, error) {
		i := slices.Index(list, uri)
		if i < 0 {
			return nil, domain.Errorf(domain.NotFound, "%s is no alias of this account.", uri)
		}
		return slices.Delete(list, i, i+1), nil
	})
}

func (s *Service) changeAliases(ctx context.Context, account domain.ID, change func([]string) ([]string, error)) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		list, err := tx.Aliases(ctx, account)
		if err != nil {
			return fmt.Errorf("read the aliases: %w", err)
		}
		if list, err = change(list); err != nil {
			return err
		}
		if err := tx.SetAliases(account, list); err != nil {
			return fmt.Errorf("store the aliases: %w", err)
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountUpdated, Actor: account, Target: account})
	})
}

// Move sends the followers of a local account to its new account, a handle or
// an id, which must name the old one as its alias: what another server says of
// that is asked anew. Once in 30 days (facts 19).
func (s *Service) Move(ctx context.Context, account domain.ID, to string) error {
	target, err := s.other(ctx, account, to)
	if err != nil {
		return err
	}
	if !target.Local() {
		if target, err = s.remote.Refresh(ctx, target.URI); err != nil {
			return fmt.Errorf("ask %s about itself: %w", to, err)
		}
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		a, err := tx.Account(ctx, account)
		if err != nil {
			return err
		}
		if err := s.mayMove(ctx, tx, &a, &target); err != nil {
			return err
		}
		if err := tx.MoveAway(account, target.ID); err != nil {
			return fmt.Errorf("store the move: %w", err)
		}
		if err := tx.Emit(domain.Event{Kind: domain.EventMoved, Actor: account, Target: target.ID}); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountUpdated, Actor: account, Target: account})
	})
}

// Moved is the new account of a local one, with ID 0 if it has none, when it
// moved last, and when it may move again; zero: at once.
func (s *Service) Moved(ctx context.Context, account domain.ID) (to domain.Account, at, next time.Time, err error) {
	r := s.st.Reader()
	if at, err = r.LastMove(ctx, account); err != nil || at.IsZero() {
		return to, at, next, err
	}
	if next = at.Add(moveEvery); !s.st.Now().Before(next) {
		next = time.Time{}
	}
	a, err := r.Account(ctx, account)
	if err != nil || a.MovedTo == 0 {
		return to, at, next, err
	}
	to, err = r.Account(ctx, a.MovedTo)
	return to, at, next, err
}

// Stay takes back that a local account has a new one: its profile no longer
// leads there, and people may follow it again. Followers who left do not come
// back, and it moves again no sooner.
func (s *Service) Stay(ctx context.Context, account domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if err := tx.StayHere(account); err != nil {
			return err
		}
		return tx.Emit(domain.Event{Kind: domain.EventAccountUpdated, Actor: account, Target: account})
	})
}

func (s *Service) mayMove(ctx context.Context, tx *store.Tx, a, target *domain.Account) error {
	last, err := tx.LastMove(ctx, a.ID)
	if err != nil {
		return err
	}
	if !last.IsZero() && tx.Now().Sub(last) < moveEvery {
		return domain.Errorf(domain.Invalid, "This account moved less than 30 days ago; it can move again on %s.", last.Add(moveEvery).Format(time.DateOnly))
	}
	if target.Suspended() || target.MovedTo != 0 {
		return domain.Errorf(domain.Invalid, "%s cannot take followers: it is suspended or has moved itself.", target.Acct())
	}
	aliases, err := aliasesOf(ctx, tx.Reader, target)
	if err != nil {
		return fmt.Errorf("look up the aliases of the new account: %w", err)
	}
	if !slices.Contains(aliases, s.remote.URLs.ActorURI(a)) {
		return domain.Errorf(domain.Invalid, "%s does not name this account as an alias of its own yet; add %s there first.",
			target.Acct(), s.remote.URLs.ActorURI(a))
	}
	return nil
}

// aliasesOf are the other names of an account, ours or another's.
func aliasesOf(ctx context.Context, r store.Reader, a *domain.Account) ([]string, error) {
	if a.Local() {
		return r.Aliases(ctx, a.ID)
	}
	actor, err := r.Actor(ctx, a.ID)
	return actor.AlsoKnownAs, err
}

// other finds an account other than that one by its handle or id.
func (s *Service) other(ctx context.Context, than domain.ID, named string) (domain.Account, error) {
	if named = strings.TrimSpace(named); !strings.ContainsAny(named, "@/:") {
		named = "@" + named // somebody here
	}
	found, err := s.remote.Resolve(ctx, named)
	if err != nil && !domain.Is(err, domain.NotFound) {
		return domain.Account{}, fmt.Errorf("find %q: %w", named, err)
	}
	switch {
	case err != nil || found.Account == 0:
		return domain.Account{}, domain.Errorf(domain.NotFound, "There is no account %q.", named)
	case found.Account == than:
		return domain.Account{}, domain.Errorf(domain.Invalid, "%q is this account itself; name another.", named)
	}
	return s.st.Reader().Account(ctx, found.Account)
}
