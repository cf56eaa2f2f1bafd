package adminapi

import (
	"context"
	"encoding/json"
	"strings"

	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/render"
	"coterie/internal/store"
)

// reports is GET /api/v1/admin/reports: those that wait, unless resolved or
// both kinds are asked for. Beside Mastodon's filters it takes category and
// assigned_to_self.
func (a *API) reports(r *httpkit.Request) (any, error) {
	p := r.Params
	f := store.ReportFilter{Resolved: p.BoolOr("resolved", false)}
	f.All = f.Resolved && p.BoolOr("unresolved", false)
	f.Account, _ = p.ID("account_id")
	f.Target, _ = p.ID("target_account_id")
	f.Host, f.Category = strings.ToLower(p.StringOr("by_target_domain", "")), domain.ReportCategory(p.StringOr("category", ""))
	if p.BoolOr("assigned_to_self", false) {
		f.Assigned = r.Viewer.Account
	}
	list, err := a.Store.FindReports(r.Context(), f, r.PageMax(perPage, mostPerPage))
	if err != nil {
		return nil, err
	}
	items, err := a.Render.AdminReports(r.Context(), by(r), list)
	return pageOf(list, func(p *domain.Report) domain.ID { return p.ID }, items), err
}

// report is GET /api/v1/admin/reports/{id}.
func (a *API) report(r *httpkit.Request) (any, error) {
	return a.onReport(r, func(context.Context, domain.ID, domain.ID) error { return nil })
}

// onReport runs a verb on the report in the path and answers with it.
func (a *API) onReport(r *httpkit.Request, verb func(ctx context.Context, by, report domain.ID) error) (any, error) {
	id, err := r.PathID("id")
	if err != nil {
		return nil, err
	}
	if err := verb(r.Context(), r.Viewer.Account, id); err != nil {
		return nil, err
	}
	p, err := a.Store.Report(r.Context(), id)
	if err != nil {
		return nil, err
	}
	return a.showReport(r.Context(), by(r), p)
}

func (a *API) showReport(ctx context.Context, by render.Staff, p domain.Report) (json.RawMessage, error) {
	list, err := a.Render.AdminReports(ctx, by, []domain.Report{p})
	if err == nil && len(list) == 0 {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// changeReport is PUT /api/v1/admin/reports/{id}.
func (a *API) changeReport(r *httpkit.Request) (any, error) {
	return a.onReport(r, func(ctx context.Context, by, report domain.ID) error {
		var category *domain.ReportCategory
		if c, ok := r.Params.String("category"); ok {
			category = (*domain.ReportCategory)(&c)
		}
		var rules *[]domain.ID
		if r.Params.Has("rule_ids") {
			ids := r.Params.IDs("rule_ids")
			rules = &ids
		}
		return a.Moderation.Sort(ctx, by, report, category, rules)
	})
}

// assign is POST /api/v1/admin/reports/{id}/assign_to_self.
func (a *API) assign(r *httpkit.Request) (any, error) {
	return a.onReport(r, func(ctx context.Context, by, report domain.ID) error { return a.Moderation.Assign(ctx, by, report, by) })
}

// unassign is POST /api/v1/admin/reports/{id}/unassign.
func (a *API) unassign(r *httpkit.Request) (any, error) {
	return a.onReport(r, func(ctx context.Context, by, report domain.ID) error { return a.Moderation.Assign(ctx, by, report, 0) })
}

// resolve is POST /api/v1/admin/reports/{id}/resolve.
func (a *API) resolve(r *httpkit.Request) (any, error) { return a.onReport(r, a.Moderation.Resolve) }

// reopen is POST /api/v1/admin/reports/{id}/reopen.
func (a *API) reopen(r *httpkit.Request) (any, error) { return a.onReport(r, a.Moderation.Reopen) }

// notes answers with the remarks on what the path names.
func (a *API) notes(on func(id domain.ID) domain.StaffNote) httpkit.Handler {
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		n := on(id)
		list, err := a.Store.StaffNotes(r.Context(), n.Report, n.Target)
		if err != nil {
			return nil, err
		}
		return a.Render.StaffNotes(r.Context(), list)
	}
}

// addNote keeps one more remark and answers with all.
func (a *API) addNote(on func(id domain.ID) domain.StaffNote) httpkit.Handler {
	all := a.notes(on)
	return func(r *httpkit.Request) (any, error) {
		id, err := r.PathID("id")
		if err != nil {
			return nil, err
		}
		n := on(id)
		n.Content = r.Params.StringOr("content", "")
		if _, err := a.Moderation.Note(r.Context(), r.Viewer.Account, n); err != nil {
			return nil, err
		}
		return all(r)
	}
}

func ofReport(id domain.ID) domain.StaffNote  { return domain.StaffNote{Report: id} }
func ofAccount(id domain.ID) domain.StaffNote { return domain.StaffNote{Target: id} }
