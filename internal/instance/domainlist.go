package instance

import (
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
	"coterie/internal/moderation"
)

// The commands about block lists of others, their arguments and results.
type (
	// DomainList is one line of the result of "domain lists".
	DomainList struct {
		ID        domain.ID `json:"id"`
		URL       string    `json:"url"`
		Title     string    `json:"title"`
		Active    bool      `json:"active"`
		Entries   int64     `json:"entries"`
		Error     string    `json:"error,omitempty"`
		FetchedAt time.Time `json:"fetched_at,omitzero"`
	}
	// DomainSubscribe is "domain subscribe".
	DomainSubscribe struct {
		URL    string `json:"url"`
		Title  string `json:"title"`
		Active bool   `json:"active"`
	}
	// DomainListChange is "domain list-change": a list counts, or no longer.
	DomainListChange struct {
		ID     domain.ID `json:"id"`
		Active bool      `json:"active"`
	}
	// DomainUnsubscribe is "domain unsubscribe".
	DomainUnsubscribe struct {
		ID domain.ID `json:"id"`
	}
	// DomainPlan is "domain plan": what these lists, or those that count,
	// would change.
	DomainPlan struct {
		IDs    []domain.ID `json:"ids"`
		Quorum int         `json:"quorum"`
	}
	// DomainPlanned is its result.
	DomainPlanned struct {
		Quorum  int64           `json:"quorum"`
		Lists   int             `json:"lists"`
		Changes []PlannedDomain `json:"changes"`
	}
	// PlannedDomain is what would become of one domain; Severity "" lifts a block.
	PlannedDomain struct {
		Domain   string          `json:"domain"`
		Severity domain.Severity `json:"severity"`
		Now      domain.Severity `json:"now"`
		Lists    []string        `json:"lists"`
		Comment  string          `json:"comment"`
		Follows  int64           `json:"follows"`
	}
	// DomainExcept is "domain except": no list has a say on the domain, or
	// lists have one again. Without a domain it changes nothing. The result
	// are all exceptions.
	DomainExcept struct {
		Domain string `json:"domain"`
		Undo   bool   `json:"undo"`
	}
)

// domainLists runs the commands about block lists of others.
func (in *Instance) domainLists(ctx context.Context, verb string, args json.RawMessage) (any, error) {
	switch verb {
	case "domain lists":
		return in.DomainLists(ctx)
	case "domain subscribe":
		return command(args, func(a DomainSubscribe) (DomainList, error) { return in.SubscribeDomains(ctx, a) })
	case "domain list-change":
		return command(args, func(a DomainListChange) (DomainList, error) {
			d, err := in.moderation.ChangeList(ctx, 0, a.ID, nil, &a.Active)
			return shownList(&d), err
		})
	case "domain unsubscribe":
		return command(args, func(a DomainUnsubscribe) (struct{}, error) {
			return struct{}{}, in.moderation.Unsubscribe(ctx, 0, a.ID)
		})
	case "domain refresh":
		return struct{}{}, in.moderation.RefetchLists(ctx, 0)
	case "domain plan":
		return command(args, func(a DomainPlan) (DomainPlanned, error) { return in.PlanDomains(ctx, a) })
	}
	return command(args, func(a DomainExcept) ([]string, error) {
		if a.Domain != "" {
			if err := in.moderation.ExceptFromLists(ctx, 0, a.Domain, a.Undo); err != nil {
				return nil, err
			}
		}
		return in.moderation.ListExceptions(ctx)
	})
}

// DomainLists are the block lists that the community subscribes to.
func (in *Instance) DomainLists(ctx context.Context) ([]DomainList, error) {
	list, err := in.moderation.DomainLists(ctx)
	out := []DomainList{}
	for i := range list {
		out = append(out, shownList(&list[i]))
	}
	return out, err
}

func shownList(d *domain.DomainList) DomainList {
	return DomainList{d.ID, d.URL, d.Title, d.Active, d.Entries, d.Error, d.FetchedAt}
}

// SubscribeDomains reads a block list of others from now on.
func (in *Instance) SubscribeDomains(ctx context.Context, c DomainSubscribe) (DomainList, error) {
	d, err := in.moderation.Subscribe(ctx, 0, c.URL, c.Title, c.Active)
	return shownList(&d), err
}

// PlanDomains says what block lists of others would change.
func (in *Instance) PlanDomains(ctx context.Context, c DomainPlan) (DomainPlanned, error) {
	plan, err := in.moderation.PlanLists(ctx, c.IDs, c.Quorum, 0)
	out := DomainPlanned{Quorum: plan.Quorum, Lists: plan.Lists, Changes: []PlannedDomain{}}
	for i := range plan.Changes {
		out.Changes = append(out.Changes, planned(&plan.Changes[i]))
	}
	return out, err
}

func planned(c *moderation.ListChange) PlannedDomain {
	return PlannedDomain{c.Domain, c.Severity, c.Now, c.Lists, c.Comment, c.Followers + c.Following}
}
