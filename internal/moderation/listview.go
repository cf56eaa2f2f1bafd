package moderation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// listBatch is how many domains one transaction, or statement, is about.
const listBatch = 100

// votesPerPage is how many domains are looked at in one statement.
const votesPerPage = 1000

// listView is what the lists say beside what was decided.
type listView struct {
	lists    []domain.ID // that count
	names    map[domain.ID]string
	quorum   int64
	policies map[string]domain.DomainPolicy
	exempt   map[string]bool // with everything below
	above    map[string]bool // names at or above what must not be blocked
}

// view reads it: of these lists, none for those that are active, with that
// quorum, 0 for the one that is set.
func (s *Service) view(ctx context.Context, r store.Reader, lists []domain.ID, quorum int) (*listView, error) {
	known, err := r.DomainLists(ctx)
	if err != nil {
		return nil, err
	}
	v := &listView{names: map[domain.ID]string{}, exempt: map[string]bool{}}
	for i := range known {
		d := &known[i]
		if slices.Contains(lists, d.ID) || len(lists) == 0 && d.Active {
			v.lists = append(v.lists, d.ID)
			v.names[d.ID] = d.Name()
		}
	}
	set, err := r.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if quorum == 0 {
		quorum = set.ListQuorum
	}
	v.quorum = domain.ListQuorum(quorum, len(v.lists))
	if v.policies, err = policiesOf(ctx, r); err != nil {
		return nil, err
	}
	exceptions, err := r.ListExceptions(ctx)
	if err != nil {
		return nil, err
	}
	kept := append(exceptions, s.own...)
	v.above = ancestors(kept)
	for _, host := range kept {
		v.exempt[host] = true
	}
	for host, p := range v.policies {
		if p.Severity == domain.SeverityAllow {
			v.exempt[host] = true
		}
	}
	return v, nil
}

// spared reports whether no list has a say on a domain.
func (v *listView) spared(host string) bool {
	if v.above[host] {
		return true
	}
	for name := host; name != ""; _, name, _ = strings.Cut(name, ".") {
		if v.exempt[name] {
			return true
		}
	}
	return false
}

// changes are what differs between what the lists agree on and what was
// decided, by domain. What a person decided stays; what lists had decided and
// do not any more comes with SeverityNone.
func (v *listView) changes(ctx context.Context, r store.Reader) ([]domain.DomainPolicy, error) {
	var out []domain.DomainPolicy
	agreed := map[string]bool{}
	for after, more := "", len(v.lists) > 0; more; {
		votes, err := r.ListVotes(ctx, v.lists, after, v.quorum, votesPerPage)
		if err != nil {
			return nil, fmt.Errorf("count what the lists say: %w", err)
		}
		for i := range votes {
			p, old := votes[i].Agreed(v.quorum), v.policies[votes[i].Domain]
			after = p.Domain
			if p.Severity == domain.SeverityNone || v.spared(p.Domain) || old.Severity != domain.SeverityNone && !old.ByLists {
				continue
			}
			agreed[p.Domain] = true
			if p.Severity != old.Severity || p.RejectMedia != old.RejectMedia || p.RejectReports != old.RejectReports {
				out = append(out, p)
			}
		}
		more = len(votes) == votesPerPage
	}
	for host, old := range v.policies {
		if old.ByLists && !agreed[host] {
			out = append(out, domain.DomainPolicy{Domain: host, ByLists: true})
		}
	}
	slices.SortFunc(out, func(a, b domain.DomainPolicy) int { return strings.Compare(a.Domain, b.Domain) })
	return out, nil
}

// reason is which lists name a domain, and what they say of it.
type reason struct {
	lists   []string
	comment string
}

// reasons are those for changes, by domain.
func (v *listView) reasons(ctx context.Context, r store.Reader, part []domain.DomainPolicy) (map[string]reason, error) {
	hosts := make([]string, len(part))
	for i := range part {
		hosts[i] = part[i].Domain
	}
	entries, err := r.ListEntriesOf(ctx, v.lists, hosts)
	if err != nil {
		return nil, fmt.Errorf("find why the lists name them: %w", err)
	}
	out := map[string]reason{}
	for i := range entries {
		p := &entries[i].Policy
		why := out[p.Domain]
		why.lists = append(why.lists, v.names[entries[i].List])
		if why.comment == "" {
			why.comment = p.Comment
		}
		out[p.Domain] = why
	}
	return out, nil
}

// tollOf finds the follows that changes end: for each host that has any it
// calls found with the domain by whose policy they end, of a change or of one
// that comes to hold by it, and returns these hosts.
func tollOf(ctx context.Context, r store.Reader, before map[string]domain.DomainPolicy, changes []domain.DomainPolicy, found func(by string, t store.FollowTally)) ([]string, error) {
	after := maps.Clone(before)
	for _, p := range changes {
		if after[p.Domain] = p; p.Severity == domain.SeverityNone {
			delete(after, p.Domain)
		}
	}
	tallies, err := r.FollowTallies(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the follows: %w", err)
	}
	var hosts []string
	for _, t := range tallies {
		p := holding(after, t.Domain)
		if p.Severity != domain.SeveritySuspend || holding(before, t.Domain).Severity == domain.SeveritySuspend {
			continue
		}
		hosts = append(hosts, t.Domain)
		found(p.Domain, t)
	}
	return hosts, nil
}
