package moderation

import (
	"context"
	"fmt"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// Policy is what holds for a host, with or without port: the policy of the
// longest of its parent domains that has one, else the zero value.
func (s *Service) Policy(ctx context.Context, host string) (domain.DomainPolicy, error) {
	all, err := s.policies(ctx)
	if err != nil || len(all) == 0 {
		return domain.DomainPolicy{}, err
	}
	for name := strings.ToLower(host); name != ""; {
		if p, ok := all[name]; ok {
			return p, nil
		}
		if bare, _, found := strings.Cut(name, ":"); found {
			name = bare
			continue
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return domain.DomainPolicy{}, nil
}

// policies are all of them by domain, remembered until they change.
func (s *Service) policies(ctx context.Context) (map[string]domain.DomainPolicy, error) {
	return recall(s,
		func(m *memory) *map[string]domain.DomainPolicy { return m.policies },
		func(m *memory, p *map[string]domain.DomainPolicy) { m.policies = p },
		func() (map[string]domain.DomainPolicy, error) {
			list, err := s.st.Reader().DomainPolicies(ctx)
			if err != nil {
				return nil, fmt.Errorf("read the domain policies: %w", err)
			}
			all := make(map[string]domain.DomainPolicy, len(list))
			for _, p := range list {
				all[p.Domain] = p
			}
			return all, nil
		})
}

// SetPolicy decides about a domain, in its ASCII form, and its sub-domains.
// SeverityNone takes the decision back; ErrNotFound if there was none.
func (s *Service) SetPolicy(ctx context.Context, p domain.DomainPolicy) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		tx.Notify(store.TopicSettings, "")
		if p.Severity == domain.SeverityNone {
			return tx.DeleteDomainPolicy(p.Domain)
		}
		return tx.SaveDomainPolicy(p)
	})
}
