package mastoapi

import (
	"coterie/internal/domain"
	"coterie/internal/httpkit"
	"coterie/internal/moderation"
)

// report tells the staff of an account, and its own server's where that is
// wished (behaviours 18.5).
func (a *API) report(r *httpkit.Request) (any, error) {
	p := r.Params
	target, ok := domain.ParseID(p.StringOr("account_id", ""))
	if !ok {
		return nil, domain.ErrNotFound
	}
	n := moderation.NewReport{
		By: r.Viewer.Account, Target: target, Category: domain.ReportCategory(p.StringOr("category", "")),
		Comment: p.StringOr("comment", ""), Statuses: p.IDs("status_ids"), Rules: p.IDs("rule_ids"), Forward: p.BoolOr("forward", false),
		Collections: p.IDs("collection_ids"), ForwardTo: p.Strings("forward_to_domains"),
	}
	made, err := a.Moderation.Report(r.Context(), n)
	if err != nil {
		return nil, err
	}
	return a.Render.Report(r.Context(), r.Viewer.Account, &made)
}
