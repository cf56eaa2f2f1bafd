package render

import (
	"context"
	"encoding/json"
	"slices"

	"coterie/internal/domain"
)

// adminReportJSON is the entity Admin::Report.
type adminReportJSON struct {
	ID            domain.ID             `json:"id"`
	ActionTaken   bool                  `json:"action_taken"`
	ActionTakenAt *string               `json:"action_taken_at"`
	Category      domain.ReportCategory `json:"category"`
	Comment       string                `json:"comment"`
	Forwarded     bool                  `json:"forwarded"`
	CreatedAt     string                `json:"created_at"`
	UpdatedAt     string                `json:"updated_at"`
	Account       json.RawMessage       `json:"account"`
	Target        json.RawMessage       `json:"target_account"`
	Assigned      json.RawMessage       `json:"assigned_account"`
	ResolvedBy    json.RawMessage       `json:"action_taken_by_account"`
	Statuses      []json.RawMessage     `json:"statuses"`
	Rules         []Rule                `json:"rules"`
	Collections   []CollectionJSON      `json:"collections"`
}

// AdminReports are reports as the staff sees them, with the reported posts
// whoever may see them.
func (r *Renderer) AdminReports(ctx context.Context, by Staff, list []domain.Report) ([]json.RawMessage, error) {
	var people, statuses, sets []domain.ID
	for i := range list {
		p := &list[i]
		people = append(people, p.Account, p.Target, p.Assigned, p.ResolvedBy)
		statuses = append(statuses, p.Statuses...)
		sets = append(sets, p.Collections...)
	}
	known, err := r.adminAccounts(ctx, by, people)
	if err != nil {
		return nil, err
	}
	posts, err := r.reportedPosts(ctx, statuses)
	if err != nil {
		return nil, err
	}
	collections, err := r.reportedCollections(ctx, by.ID, sets)
	if err != nil {
		return nil, err
	}
	rules, err := r.st.Rules(ctx)
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for i := range list {
		p := &list[i]
		if known[p.Account] == nil || known[p.Target] == nil {
			continue
		}
		e := adminReportJSON{
			ID: p.ID, ActionTaken: !p.ResolvedAt.IsZero(), ActionTakenAt: orNull(p.ResolvedAt), Category: p.Category, Comment: p.Comment,
			Forwarded: p.Forwarded, CreatedAt: timestamp(p.CreatedAt), UpdatedAt: timestamp(p.UpdatedAt),
			Account: known[p.Account], Target: known[p.Target], Assigned: orNil(known[p.Assigned]), ResolvedBy: orNil(known[p.ResolvedBy]),
			Statuses: []json.RawMessage{}, Rules: Rules(named(rules, p.Rules)),
			Collections: []CollectionJSON{},
		}
		for _, id := range p.Collections {
			if c, known := collections[id]; known {
				e.Collections = append(e.Collections, c)
			}
		}
		for _, id := range p.Statuses {
			if b := posts[id]; b != nil {
				e.Statuses = append(e.Statuses, b)
			}
		}
		b, err := encode(e)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// reportedCollections are those of the reported collections that are still there.
func (r *Renderer) reportedCollections(ctx context.Context, viewer domain.ID, ids []domain.ID) (map[domain.ID]CollectionJSON, error) {
	byID := map[domain.ID]CollectionJSON{}
	if len(ids) == 0 {
		return byID, nil
	}
	list, err := r.st.CollectionsByID(ctx, viewer, ids)
	if err != nil {
		return nil, err
	}
	shown, err := r.Collections(ctx, viewer, list...)
	for _, c := range shown {
		byID[c.ID] = c
	}
	return byID, err
}

func orNil(b json.RawMessage) json.RawMessage {
	if b == nil {
		return json.RawMessage("null")
	}
	return b
}

// StaffNotes are remarks of the staff, with the names of who wrote them.
func (r *Renderer) StaffNotes(ctx context.Context, list []domain.StaffNote) (json.RawMessage, error) {
	type note struct {
		ID        domain.ID `json:"id"`
		AccountID domain.ID `json:"account_id"`
		Account   string    `json:"account"`
		Content   string    `json:"content"`
		CreatedAt string    `json:"created_at"`
	}
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].Account
	}
	people, err := r.st.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := map[domain.ID]string{}
	for i := range people {
		names[people[i].ID] = people[i].Username
	}
	out := []note{}
	for _, n := range list {
		out = append(out, note{n.ID, n.Account, names[n.Account], n.Content, timestamp(n.CreatedAt)})
	}
	return encode(out)
}

// named are those of the rules.
func named(rules []domain.Rule, ids []domain.ID) []domain.Rule {
	var out []domain.Rule
	for _, r := range rules {
		if slices.Contains(ids, r.ID) {
			out = append(out, r)
		}
	}
	return out
}
