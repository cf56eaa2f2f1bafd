package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// notificationJSON is the entity Notification (behaviours 13.1).
type notificationJSON struct {
	ID        domain.ID               `json:"id"`
	Type      domain.NotificationType `json:"type"`
	CreatedAt string                  `json:"created_at"`
	GroupKey  string                  `json:"group_key"`
	Account   json.RawMessage         `json:"account"`
	Status    json.RawMessage         `json:"status,omitempty"`
	Report    json.RawMessage         `json:"report,omitempty"`
	Filtered  bool                    `json:"filtered,omitempty"`
}

// Notifications makes the entities of viewer's notifications. One whose
// sender or status has gone meanwhile is left out.
func (r *Renderer) Notifications(ctx context.Context, viewer domain.ID, list []domain.Notification) ([]json.RawMessage, error) {
	var people, statuses []domain.ID
	for _, n := range list {
		people = append(people, n.From)
		if n.Status != 0 {
			statuses = append(statuses, n.Status)
		}
	}
	reports, err := r.reports(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, p := range reports {
		people = append(people, p.Target)
	}
	rows, err := r.st.PageAccounts(ctx, people)
	if err != nil {
		return nil, err
	}
	accounts, err := r.accountSet(ctx, rows)
	if err != nil {
		return nil, err
	}
	posts, err := r.page(ctx, viewer, statuses)
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for _, n := range list {
		e := notificationJSON{
			ID: n.ID, Type: n.Type, CreatedAt: timestamp(n.CreatedAt), GroupKey: n.GroupKey, Filtered: n.Filtered,
		}
		var there bool
		if e.Account, there = accounts.append(nil, n.From); !there {
			continue
		}
		if n.Status != 0 {
			if e.Status, there = posts.append(nil, n.Status); !there {
				continue
			}
		}
		if p, ok := reports[n.Report]; ok {
			target, known := accounts.append(nil, p.Target)
			if !known {
				continue
			}
			if e.Report, err = report(&p, target); err != nil {
				return nil, err
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

// reports are those that the notifications tell of, by id.
func (r *Renderer) reports(ctx context.Context, list []domain.Notification) (map[domain.ID]domain.Report, error) {
	var ids []domain.ID
	for _, n := range list {
		if n.Report != 0 {
			ids = append(ids, n.Report)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := r.st.Reports(ctx, ids)
	byID := make(map[domain.ID]domain.Report, len(found))
	for _, p := range found {
		byID[p.ID] = p
	}
	return byID, err
}
