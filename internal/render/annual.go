package render

import (
	"context"
	"encoding/json"
	"slices"

	"coterie/internal/domain"
)

// AnnualReports are reports with the accounts and statuses they speak of.
type AnnualReports struct {
	Reports  []annualReport    `json:"annual_reports"`
	Accounts []json.RawMessage `json:"accounts"`
	Statuses []json.RawMessage `json:"statuses"`
}

type annualReport struct {
	Year          int                `json:"year"`
	Data          *domain.AnnualData `json:"data"`
	SchemaVersion int                `json:"schema_version"`
	ShareURL      *string            `json:"share_url"` // there is no page of it
	AccountID     domain.ID          `json:"account_id"`
}

// AnnualReports are the viewer's own reports.
func (r *Renderer) AnnualReports(ctx context.Context, viewer domain.ID, list []domain.AnnualReport) (AnnualReports, error) {
	out := AnnualReports{Reports: []annualReport{}, Accounts: []json.RawMessage{}, Statuses: []json.RawMessage{}}
	var ids []domain.ID
	for _, a := range list {
		out.Reports = append(out.Reports, annualReport{Year: a.Year, Data: a.Data, SchemaVersion: domain.AnnualSchema, AccountID: a.Account})
		top := &a.Data.TopStatuses
		for _, id := range []*domain.ID{top.ByReblogs, top.ByFavourites, top.ByReplies} {
			if id != nil && !slices.Contains(ids, *id) {
				ids = append(ids, *id)
			}
		}
	}
	if len(list) == 0 {
		return out, nil
	}
	account, err := r.Account(ctx, viewer, viewer)
	if err != nil {
		return out, err
	}
	out.Accounts = append(out.Accounts, account)
	out.Statuses, err = r.Statuses(ctx, viewer, ids)
	return out, err
}
