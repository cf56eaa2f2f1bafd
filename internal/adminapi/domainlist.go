package adminapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
)

// domainLists is GET /api/coterie/v1/admin/domain_lists.
func (a *API) domainLists(r *httpkit.Request) (any, error) {
	list, err := a.Moderation.DomainLists(r.Context())
	items := make([]any, 0, len(list))
	for i := range list {
		items = append(items, render.DomainList(&list[i]))
	}
	return items, err
}

// subscribe is POST /api/coterie/v1/admin/domain_lists.
func (a *API) subscribe(r *httpkit.Request) (any, error) {
	p := r.Params
	d, err := a.Moderation.Subscribe(r.Context(), r.Viewer.Account, p.StringOr("url", ""), p.StringOr("title", ""), p.BoolOr("active", false))
	return render.DomainList(&d), err
}

// changeList is PUT /api/coterie/v1/admin/domain_lists/{id}.
func (a *API) changeList(r *httpkit.Request) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	var title *string
	if s, ok := r.Params.String("title"); ok {
		title = &s
	}
	d, err := a.Moderation.ChangeList(r.Context(), r.Viewer.Account, id, title, r.Params.Bool("active"))
	return render.DomainList(&d), err
}

// refreshLists is POST /api/coterie/v1/admin/domain_lists/refresh.
func (a *API) refreshLists(r *httpkit.Request) (any, error) {
	return nil, a.Moderation.RefetchLists(r.Context(), r.Viewer.Account)
}

// planLists is GET /api/coterie/v1/admin/domain_lists/preview.
func (a *API) planLists(r *httpkit.Request) (any, error) {
	quorum, _ := r.Params.Int("quorum")
	plan, err := a.Moderation.PlanLists(r.Context(), r.Params.IDs("ids"), int(min(max(quorum, 0), domain.MaxDomainLists)), mostCut)
	if err != nil {
		return nil, err
	}
	out := listPlan{Quorum: plan.Quorum, Lists: plan.Lists, Changes: []listChange{}}
	for i := range plan.Changes {
		c := &plan.Changes[i]
		out.Changes = append(out.Changes, listChange{
			Domain: c.Domain, Severity: render.SeverityWord(c.Severity), Now: render.SeverityWord(c.Now), RejectMedia: c.RejectMedia,
			RejectReports: c.RejectReports, Lists: append([]string{}, c.Lists...), Comment: c.Comment, Followers: c.Followers, Following: c.Following,
		})
		out.Followers += c.Followers
		out.Following += c.Following
	}
	out.Follows, err = a.Render.Cuts(r.Context(), plan.Cut)
	return out, err
}

// listPlan is what lists would change.
type listPlan struct {
	Quorum    int64        `json:"quorum"` // lists that must agree,
	Lists     int          `json:"lists"`  // of those that count
	Followers int64        `json:"followers_count"`
	Following int64        `json:"following_count"`
	Changes   []listChange `json:"changes"`
	Follows   []render.Cut `json:"follows"` // at most 200
}

type listChange struct {
	Domain        string   `json:"domain"`
	Severity      string   `json:"severity"` // none: it is lifted
	Now           string   `json:"now"`
	RejectMedia   bool     `json:"reject_media"`
	RejectReports bool     `json:"reject_reports"`
	Lists         []string `json:"lists"`
	Comment       string   `json:"comment"`
	Followers     int64    `json:"followers_count"`
	Following     int64    `json:"following_count"`
}

// listExceptions is GET /api/coterie/v1/admin/domain_lists/exceptions.
func (a *API) listExceptions(r *httpkit.Request) (any, error) {
	return a.Moderation.ListExceptions(r.Context())
}

// exceptFromLists adds an exception or, with again, takes it away, and answers
// with those that there are.
func (a *API) exceptFromLists(again bool) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		if err := a.Moderation.ExceptFromLists(r.Context(), r.Viewer.Account, r.Params.StringOr("domain", ""), again); err != nil {
			return nil, err
		}
		return a.listExceptions(r)
	}
}
