package moderation

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
	"coterie/internal/text"
)

// DomainName is a domain in the form in which it is kept (text.HostName), or
// Invalid; ours is none to decide about.
func (s *Service) DomainName(name string) (string, error) {
	host, err := text.HostName(name)
	if err == nil && slices.Contains(s.own, host) {
		err = domain.Errorf(domain.Invalid, "Validation failed: Domain is this community's own")
	}
	return host, err
}

// ErrBlocked is Conflict's cause in BlockDomain: something holds already.
type ErrBlocked struct{ Existing domain.DomainPolicy }

func (e *ErrBlocked) Error() string { return "a block of " + e.Existing.Domain + " holds already" }

// BlockDomain decides about a domain of which nobody decided anything harder,
// or by its very name, yet; else Invalid, caused by an *ErrBlocked. What only
// lists had decided becomes one's own word.
func (s *Service) BlockDomain(ctx context.Context, by domain.ID, p domain.DomainPolicy) (domain.DomainPolicy, error) {
	if err := s.checkBlock(&p); err != nil {
		return p, err
	}
	return s.decide(ctx, by, p.Domain, func(tx *store.Tx, all map[string]domain.DomainPolicy) (domain.DomainPolicy, error) {
		old := holding(all, p.Domain)
		held := old.Severity != domain.SeverityNone && old.Severity != domain.SeverityAllow && !old.ByLists
		if held && (old.Domain == p.Domain || !p.Severity.Harder(old.Severity)) {
			err := domain.Errorf(domain.Invalid, "You have already imposed stricter limits on %s.", old.Domain)
			return p, &domain.Error{Kind: domain.Invalid, Msg: err.Error(), Err: &ErrBlocked{old}}
		}
		return p, nil
	})
}

func (s *Service) checkBlock(p *domain.DomainPolicy) (err error) {
	if p.Severity == domain.SeverityAllow || !p.Severity.Valid() {
		return domain.Errorf(domain.Invalid, "Validation failed: Severity is not included in the list")
	}
	p.Domain, err = s.DomainName(p.Domain)
	return err
}

// ChangeBlock replaces what was decided in the block with p's id.
func (s *Service) ChangeBlock(ctx context.Context, by, id domain.ID, change func(*domain.DomainPolicy)) (domain.DomainPolicy, error) {
	old, err := s.st.Reader().DomainPolicy(ctx, id)
	if err != nil {
		return old, err
	}
	if old.Severity == domain.SeverityAllow {
		return old, domain.ErrNotFound
	}
	return s.decide(ctx, by, old.Domain, func(tx *store.Tx, _ map[string]domain.DomainPolicy) (domain.DomainPolicy, error) {
		p, err := tx.DomainPolicy(ctx, id)
		if err != nil {
			return p, err
		}
		change(&p)
		return p, s.checkBlock(&p)
	})
}

// AllowDomain lets a domain through; again changes nothing.
func (s *Service) AllowDomain(ctx context.Context, by domain.ID, host string) (domain.DomainPolicy, error) {
	host, err := s.DomainName(host)
	if err != nil {
		return domain.DomainPolicy{}, err
	}
	return s.decide(ctx, by, host, func(*store.Tx, map[string]domain.DomainPolicy) (domain.DomainPolicy, error) {
		return domain.DomainPolicy{Domain: host, Severity: domain.SeverityAllow}, nil
	})
}

// decide keeps what choose comes to, and returns it with its id.
func (s *Service) decide(ctx context.Context, by domain.ID, host string, choose func(*store.Tx, map[string]domain.DomainPolicy) (domain.DomainPolicy, error)) (domain.DomainPolicy, error) {
	var p domain.DomainPolicy
	err := s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageFederation)
		if err != nil {
			return err
		}
		all, err := policiesOf(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if p, err = choose(tx, all); err != nil {
			return err
		}
		p.ByLists = false
		if err := who.setPolicy(tx, p); err != nil {
			return err
		}
		p, err = tx.DomainPolicyOf(ctx, host)
		return err
	})
	return p, err
}

// ClearDomain takes the decision with that id back: a block, or what allows.
// Follows that it ended come back, and where lists had decided, they have no
// say on that domain any more.
func (s *Service) ClearDomain(ctx context.Context, by, id domain.ID, allow bool) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageFederation)
		if err != nil {
			return err
		}
		p, err := tx.DomainPolicy(ctx, id)
		if err != nil {
			return err
		}
		if (p.Severity == domain.SeverityAllow) != allow {
			return domain.ErrNotFound
		}
		return who.clear(tx, p)
	})
}

// clear takes back what was decided about a domain.
func (s staff) clear(tx *store.Tx, p domain.DomainPolicy) error {
	if p.ByLists {
		if err := tx.AddListException(p.Domain); err != nil {
			return err
		}
	}
	p.Severity = domain.SeverityNone
	return s.setPolicy(tx, p)
}

// Impact is what a block of a domain would end, and at most limit of the
// follows that are cut.
func (s *Service) Impact(ctx context.Context, host string, limit int) (store.DomainImpact, []store.CutFollow, error) {
	host, err := s.DomainName(host)
	if err != nil {
		return store.DomainImpact{}, nil, err
	}
	r := s.st.Reader()
	sum, err := r.DomainImpact(ctx, host)
	if err != nil {
		return sum, nil, err
	}
	list, err := r.CutFollows(ctx, host, limit)
	return sum, list, err
}
