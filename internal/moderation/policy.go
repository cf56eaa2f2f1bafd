package moderation

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Policy is what holds for a host, with or without port: the policy of the
// longest of its parent domains that has one, else the zero value. Where only
// allowed servers are talked to, all others count as suspended.
func (s *Service) Policy(ctx context.Context, host string) (domain.DomainPolicy, error) {
	all, err := s.policies(ctx)
	if err != nil {
		return domain.DomainPolicy{}, err
	}
	p := holding(all, host)
	set, err := s.Settings(ctx)
	if err == nil && set.LimitedFederation && p.Severity != domain.SeverityAllow {
		p.Severity = domain.SeveritySuspend
	}
	return p, err
}

// holding finds the policy of the longest parent domain.
func holding(all map[string]domain.DomainPolicy, host string) domain.DomainPolicy {
	for name := strings.ToLower(host); name != ""; {
		if p, ok := all[name]; ok {
			return p
		}
		if bare, _, found := strings.Cut(name, ":"); found {
			name = bare
			continue
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return domain.DomainPolicy{}
}

// policies are all of them by domain, remembered until they change.
func (s *Service) policies(ctx context.Context) (map[string]domain.DomainPolicy, error) {
	return recall(s,
		func(m *memory) *map[string]domain.DomainPolicy { return m.policies },
		func(m *memory, p *map[string]domain.DomainPolicy) { m.policies = p },
		func() (map[string]domain.DomainPolicy, error) {
			return policiesOf(ctx, s.st.Reader())
		})
}

func policiesOf(ctx context.Context, r store.Reader) (map[string]domain.DomainPolicy, error) {
	list, err := r.DomainPolicies(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the domain policies: %w", err)
	}
	all := make(map[string]domain.DomainPolicy, len(list))
	for _, p := range list {
		all[p.Domain] = p
	}
	return all, nil
}

// Policies are all of them, by domain.
func (s *Service) Policies(ctx context.Context) ([]domain.DomainPolicy, error) {
	return s.st.Reader().DomainPolicies(ctx)
}

// SetPolicy decides about a domain, in its ASCII form, and its sub-domains,
// and has that applied to the accounts there. SeverityNone takes the decision
// back; ErrNotFound if there was none.
func (s *Service) SetPolicy(ctx context.Context, p domain.DomainPolicy) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, 0, domain.MayManageFederation)
		if err != nil {
			return err
		}
		if p.Severity != domain.SeverityNone {
			return who.setPolicy(tx, p)
		}
		old, err := tx.DomainPolicyOf(ctx, p.Domain)
		if err != nil {
			return err
		}
		return who.clear(tx, old)
	})
}

// setPolicy decides, writes that down, and has it applied.
func (s staff) setPolicy(tx *store.Tx, p domain.DomainPolicy) error {
	if err := s.keepPolicy(tx, p, p.Comment); err != nil {
		return err
	}
	return applyLater(tx, policyRef{Domain: p.Domain})
}

// keepPolicy decides and writes that down, with what there is to say of it.
func (s staff) keepPolicy(tx *store.Tx, p domain.DomainPolicy, detail string) error {
	tx.Notify(store.TopicSettings, "")
	if err := storePolicy(tx, p); err != nil {
		return err
	}
	verb := string(p.Severity)
	if p.Severity == domain.SeverityNone {
		verb = "clear"
	}
	return s.log(tx, verb, "domain", p.ID, p.Domain, detail)
}

// keepPolicies is setPolicy of several, for which nothing has to be done where
// nobody from there is known.
func (s staff) keepPolicies(ctx context.Context, tx *store.Tx, list []domain.DomainPolicy, detail func(*domain.DomainPolicy) string) error {
	known, err := tx.KnownHosts(ctx)
	if err != nil {
		return fmt.Errorf("find who is known: %w", err)
	}
	above := ancestors(known)
	for i := range list {
		p := &list[i]
		if err := s.keepPolicy(tx, *p, detail(p)); err != nil {
			return err
		}
		if !above[p.Domain] {
			continue
		}
		if err := applyLater(tx, policyRef{Domain: p.Domain}); err != nil {
			return err
		}
	}
	return nil
}

// ancestors are all names at or above those of the hosts, without ports.
func ancestors(hosts []string) map[string]bool {
	above := map[string]bool{}
	for _, host := range hosts {
		name, _, _ := strings.Cut(strings.ToLower(host), ":")
		for name != "" && !above[name] {
			above[name] = true
			_, name, _ = strings.Cut(name, ".")
		}
	}
	return above
}

func storePolicy(tx *store.Tx, p domain.DomainPolicy) error {
	switch {
	case p.Severity == domain.SeverityNone:
		return tx.DeleteDomainPolicy(p.Domain)
	case !p.Severity.Valid():
		return domain.Errorf(domain.Invalid, "The severity must be allow, noop, limit or suspend, not %q.", p.Severity)
	}
	return tx.SaveDomainPolicy(p)
}
