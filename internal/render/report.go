package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// reportJSON is the entity Report.
type reportJSON struct {
	ID            domain.ID             `json:"id"`
	ActionTaken   bool                  `json:"action_taken"`
	ActionTakenAt *string               `json:"action_taken_at"`
	Category      domain.ReportCategory `json:"category"`
	Comment       string                `json:"comment"`
	Forwarded     bool                  `json:"forwarded"`
	CreatedAt     string                `json:"created_at"`
	StatusIDs     []domain.ID           `json:"status_ids"`
	RuleIDs       []domain.ID           `json:"rule_ids"`
	CollectionIDs []domain.ID           `json:"collection_ids"`
	TargetAccount json.RawMessage       `json:"target_account"`
}

// Report is the entity of a report for viewer, who made it or is of the staff.
func (r *Renderer) Report(ctx context.Context, viewer domain.ID, p *domain.Report) (json.RawMessage, error) {
	target, err := r.Account(ctx, viewer, p.Target)
	if err != nil {
		return nil, err
	}
	return report(p, target)
}

func report(p *domain.Report, target json.RawMessage) (json.RawMessage, error) {
	return encode(reportJSON{
		ID: p.ID, ActionTaken: !p.ResolvedAt.IsZero(), ActionTakenAt: orNull(p.ResolvedAt), Category: p.Category, Comment: p.Comment,
		Forwarded: p.Forwarded, CreatedAt: timestamp(p.CreatedAt), TargetAccount: target,
		StatusIDs: append([]domain.ID{}, p.Statuses...), RuleIDs: append([]domain.ID{}, p.Rules...), CollectionIDs: append([]domain.ID{}, p.Collections...),
	})
}
