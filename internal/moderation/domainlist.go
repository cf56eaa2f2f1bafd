package moderation

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"coterie/internal/domain"
	"coterie/internal/job"
	"coterie/internal/store"
)

// DomainLists are the block lists that the community subscribes to, oldest first.
func (s *Service) DomainLists(ctx context.Context) ([]domain.DomainList, error) {
	return s.st.Reader().DomainLists(ctx)
}

// Subscribe reads the block list at an address from now on. It counts if it
// is active; others are only there to be looked at.
func (s *Service) Subscribe(ctx context.Context, by domain.ID, address, title string, active bool) (domain.DomainList, error) {
	d := domain.DomainList{URL: strings.TrimSpace(address), Title: title, Active: active}
	if u, err := url.Parse(d.URL); err != nil || u.User != nil || u.Host == "" || s.client.CheckAddress(d.URL) != nil {
		return d, domain.Errorf(domain.Invalid, "Validation failed: Url must be a public https address")
	}
	if err := checkList(&d); err != nil {
		return d, err
	}
	return d, s.onLists(ctx, by, "subscribe", func(tx *store.Tx) (*domain.DomainList, error) {
		list, err := tx.DomainLists(ctx)
		if err != nil {
			return nil, err
		}
		if len(list) >= domain.MaxDomainLists {
			return nil, domain.Errorf(domain.Invalid, "Validation failed: At most %d lists are subscribed to", domain.MaxDomainLists)
		}
		if err := tx.InsertDomainList(&d); err != nil {
			return nil, err
		}
		return &d, fetchLater(tx, d.ID)
	})
}

func checkList(d *domain.DomainList) error {
	if d.Title = strings.TrimSpace(d.Title); utf8.RuneCountInString(d.Title) > domain.MaxDomainListTitle {
		return domain.Errorf(domain.Invalid, "Validation failed: Title is too long (maximum is %d characters)", domain.MaxDomainListTitle)
	}
	return nil
}

// ChangeList changes what a subscription is called, and whether it counts; nil
// leaves that.
func (s *Service) ChangeList(ctx context.Context, by, id domain.ID, title *string, active *bool) (domain.DomainList, error) {
	var d domain.DomainList
	return d, s.onLists(ctx, by, "update", func(tx *store.Tx) (*domain.DomainList, error) {
		var err error
		if d, err = tx.DomainList(ctx, id); err != nil {
			return nil, err
		}
		if title != nil {
			d.Title = *title
		}
		if active != nil {
			d.Active = *active
		}
		if err := checkList(&d); err != nil {
			return nil, err
		}
		return &d, tx.SaveDomainList(&d)
	})
}

// Unsubscribe ends a subscription: what only it had blocked is lifted.
func (s *Service) Unsubscribe(ctx context.Context, by, id domain.ID) error {
	return s.onLists(ctx, by, "unsubscribe", func(tx *store.Tx) (*domain.DomainList, error) {
		d, err := tx.DomainList(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := tx.RemoveDomainList(id); err != nil {
			return nil, err
		}
		return &d, fetchLater(tx, id)
	})
}

// onLists runs a verb about a subscription, writes it down, and has what the
// lists agree on then put into force.
func (s *Service) onLists(ctx context.Context, by domain.ID, verb string, do func(*store.Tx) (*domain.DomainList, error)) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageFederation)
		if err != nil {
			return err
		}
		d, err := do(tx)
		if err != nil {
			return err
		}
		if err := who.log(tx, verb, "domain_list", d.ID, d.Name(), d.URL); err != nil {
			return err
		}
		return agreeLater(tx)
	})
}

// RefetchLists has all subscriptions read anew, now.
func (s *Service) RefetchLists(ctx context.Context, by domain.ID) error {
	return s.st.Write(ctx, func(tx *store.Tx) error {
		if _, err := staffOf(ctx, tx.Reader, by, domain.MayManageFederation); err != nil {
			return err
		}
		return fetchAll(ctx, tx)
	})
}

func fetchAll(ctx context.Context, tx *store.Tx) error {
	list, err := tx.DomainLists(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		if err := fetchLater(tx, list[i].ID); err != nil {
			return err
		}
	}
	return agreeLater(tx)
}

func fetchLater(tx *store.Tx, id domain.ID) error {
	if _, err := job.Enqueue(tx, domain.JobFetchList, id, job.Unique(id.String()), job.Priority(domain.PriorityLow)); err != nil {
		return fmt.Errorf("plan to read a list: %w", err)
	}
	return nil
}

func agreeLater(tx *store.Tx) error {
	if _, err := job.Enqueue(tx, domain.JobApplyLists, nil, job.Unique("all"), job.Priority(domain.PriorityLow)); err != nil {
		return fmt.Errorf("plan to apply the lists: %w", err)
	}
	return nil
}

// ListExceptions are the domains that no list has a say on.
func (s *Service) ListExceptions(ctx context.Context) ([]string, error) {
	return s.st.Reader().ListExceptions(ctx)
}

// ExceptFromLists keeps lists from having a say on a domain and what is above
// and below it, or, with again, gives them one again.
func (s *Service) ExceptFromLists(ctx context.Context, by domain.ID, host string, again bool) error {
	host, err := s.DomainName(host)
	if err != nil {
		return err
	}
	return s.st.Write(ctx, func(tx *store.Tx) error {
		who, err := staffOf(ctx, tx.Reader, by, domain.MayManageFederation)
		if err != nil {
			return err
		}
		keep, verb := tx.AddListException, "except"
		if again {
			keep, verb = tx.RemoveListException, "include"
		}
		if err := keep(host); err != nil {
			return err
		}
		if err := who.log(tx, verb, "domain", 0, host, "block lists"); err != nil {
			return err
		}
		return agreeLater(tx)
	})
}

// ListChange is what of a domain the lists change, or would change.
type ListChange struct {
	domain.DomainPolicy
	Now       domain.Severity // before
	Lists     []string        // that name it
	Followers int64           // how many follows it ends: of people here,
	Following int64           // and by them
}

// ListPlan is what lists would change.
type ListPlan struct {
	Quorum  int64
	Lists   int // that count
	Changes []ListChange
	Cut     []store.CutFollow // at most as many as were asked for
}

// PlanLists says what would change if these lists counted, none for those
// that do, and a quorum, 0 for the one that is set, and at most limit of the
// follows that this would end.
func (s *Service) PlanLists(ctx context.Context, lists []domain.ID, quorum, limit int) (ListPlan, error) {
	r := s.st.Reader()
	v, err := s.view(ctx, r, lists, quorum)
	if err != nil {
		return ListPlan{}, err
	}
	changes, err := v.changes(ctx, r)
	if err != nil {
		return ListPlan{}, err
	}
	plan := ListPlan{Quorum: v.quorum, Lists: len(v.lists), Changes: make([]ListChange, 0, len(changes))}
	for part := range slices.Chunk(changes, listBatch) {
		reasons, err := v.reasons(ctx, r, part)
		if err != nil {
			return plan, err
		}
		for _, p := range part {
			p.Comment = reasons[p.Domain].comment
			plan.Changes = append(plan.Changes, ListChange{DomainPolicy: p, Now: v.policies[p.Domain].Severity, Lists: reasons[p.Domain].lists})
		}
	}
	hosts, err := v.toll(ctx, r, plan.Changes)
	if err != nil || len(hosts) == 0 || limit == 0 {
		return plan, err
	}
	plan.Cut, err = r.FollowsAcross(ctx, hosts, limit)
	return plan, err
}

// toll counts the follows that each change ends, and returns the hosts that
// have any.
func (v *listView) toll(ctx context.Context, r store.Reader, changes []ListChange) (hosts []string, err error) {
	at := map[string]int{}
	policies := make([]domain.DomainPolicy, len(changes))
	for i := range changes {
		at[changes[i].Domain] = i
		policies[i] = changes[i].DomainPolicy
	}
	return tollOf(ctx, r, v.policies, policies, func(by string, t store.FollowTally) {
		if i, ok := at[by]; ok {
			changes[i].Followers += t.Followers
			changes[i].Following += t.Following
		}
	})
}
