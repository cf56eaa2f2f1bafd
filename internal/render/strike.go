package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// strikeJSON is the entity AccountWarning. Who decided is not in it (SEC-39).
type strikeJSON struct {
	ID        domain.ID         `json:"id"`
	Action    domain.ActionType `json:"action"`
	Text      string            `json:"text"`
	StatusIDs []domain.ID       `json:"status_ids"`
	Target    json.RawMessage   `json:"target_account"`
	Appeal    *appealJSON       `json:"appeal"`
	CreatedAt string            `json:"created_at"`
}

type appealJSON struct {
	Text  string `json:"text"`
	State string `json:"state"`
}

func strike(k *domain.Strike, target json.RawMessage) (json.RawMessage, error) {
	e := strikeJSON{
		ID: k.ID, Action: k.Action, Text: k.Text, StatusIDs: append([]domain.ID{}, k.Statuses...), Target: target, CreatedAt: timestamp(k.CreatedAt),
	}
	if k.Appeal.ID != 0 {
		e.Appeal = &appealJSON{k.Appeal.Text, k.Appeal.State()}
	}
	return encode(e)
}

// Strikes are the entities of strikes for viewer, against whom they are or who
// is of the staff.
func (r *Renderer) Strikes(ctx context.Context, viewer domain.ID, list ...domain.Strike) ([]json.RawMessage, error) {
	var ids []domain.ID
	for i := range list {
		ids = append(ids, list[i].Target)
	}
	people, err := r.accountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]json.RawMessage, 0, len(list))
	for i := range list {
		target, there := people.append(nil, list[i].Target)
		if !there {
			continue
		}
		b, err := strike(&list[i], target)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// strikesIn are those that the notifications tell of, by id.
func (r *Renderer) strikesIn(ctx context.Context, list []domain.Notification) (map[domain.ID]domain.Strike, error) {
	var ids []domain.ID
	for _, n := range list {
		if n.Strike != 0 {
			ids = append(ids, n.Strike)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := r.st.StrikesByID(ctx, ids)
	byID := make(map[domain.ID]domain.Strike, len(found))
	for _, k := range found {
		byID[k.ID] = k
	}
	return byID, err
}

// strike is that of the notification, nil without one.
func (t *told) strike(n domain.Notification) (json.RawMessage, error) {
	k, ok := t.strikes[n.Strike]
	if !ok {
		return nil, nil
	}
	target, there := t.accounts.append(nil, k.Target)
	if !there {
		return nil, nil
	}
	return strike(&k, target)
}
