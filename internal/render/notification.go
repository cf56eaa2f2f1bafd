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
	accounts, err := r.byID(ctx, viewer, people, r.Accounts)
	if err != nil {
		return nil, err
	}
	posts, err := r.byID(ctx, viewer, statuses, r.Statuses)
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for _, n := range list {
		e := notificationJSON{
			ID: n.ID, Type: n.Type, CreatedAt: timestamp(n.CreatedAt), GroupKey: n.GroupKey,
			Account: accounts[n.From], Status: posts[n.Status], Filtered: n.Filtered,
		}
		if e.Account == nil || n.Status != 0 && e.Status == nil {
			continue
		}
		b, err := encode(e)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// byID renders entities once each and finds them by their id.
func (r *Renderer) byID(ctx context.Context, viewer domain.ID, ids []domain.ID, render func(context.Context, domain.ID, []domain.ID) ([]json.RawMessage, error)) (map[domain.ID]json.RawMessage, error) {
	out := map[domain.ID]json.RawMessage{}
	var once []domain.ID
	for _, id := range ids {
		if _, seen := out[id]; !seen {
			out[id] = nil
			once = append(once, id)
		}
	}
	if len(once) == 0 {
		return out, nil
	}
	list, err := render(ctx, viewer, once)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		var e struct{ ID domain.ID }
		if err := json.Unmarshal(b, &e); err != nil {
			return nil, err
		}
		out[e.ID] = b
	}
	return out, nil
}
