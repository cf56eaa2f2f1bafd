package render

import (
	"context"

	"coterie/internal/domain"
)

// severanceJSON is the entity RelationshipSeveranceEvent, as it concerns one
// account here.
type severanceJSON struct {
	ID         domain.ID            `json:"id"`
	Type       domain.SeveranceType `json:"type"`
	Purged     bool                 `json:"purged"` // which follows they were is no longer known
	TargetName string               `json:"target_name"`
	Followers  int                  `json:"followers_count"`
	Following  int                  `json:"following_count"`
	CreatedAt  string               `json:"created_at"`
}

// severed are the severances that the viewer's notifications tell of, by id.
func (r *Renderer) severed(ctx context.Context, viewer domain.ID, list []domain.Notification) (map[domain.ID]domain.SeveredTies, error) {
	var ids []domain.ID
	for _, n := range list {
		if n.Severance != 0 {
			ids = append(ids, n.Severance)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := r.st.SeveredTies(ctx, viewer, ids)
	byID := make(map[domain.ID]domain.SeveredTies, len(found))
	for _, t := range found {
		byID[t.ID] = t
	}
	return byID, err
}

// severance is that of the notification; nil without one.
func (t *told) severance(n domain.Notification) *severanceJSON {
	e, ok := t.severed[n.Severance]
	if !ok {
		return nil
	}
	return &severanceJSON{
		ID: e.ID, Type: e.Type, Purged: e.Followers+e.Following == 0, TargetName: e.Target,
		Followers: e.Followers, Following: e.Following, CreatedAt: timestamp(e.CreatedAt),
	}
}
