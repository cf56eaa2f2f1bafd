package render

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"coterie/internal/domain"
)

// Relationship is the entity of that name (behaviours 7.4).
type Relationship struct {
	ID                  domain.ID `json:"id"`
	Following           bool      `json:"following"`
	ShowingReblogs      bool      `json:"showing_reblogs"`
	Notifying           bool      `json:"notifying"`
	Languages           []string  `json:"languages"`
	FollowedBy          bool      `json:"followed_by"`
	Blocking            bool      `json:"blocking"`
	BlockedBy           bool      `json:"blocked_by"`
	Muting              bool      `json:"muting"`
	MutingNotifications bool      `json:"muting_notifications"`
	MutingExpiresAt     *string   `json:"muting_expires_at"`
	Requested           bool      `json:"requested"`
	RequestedBy         bool      `json:"requested_by"`
	DomainBlocking      bool      `json:"domain_blocking"`
	Endorsed            bool      `json:"endorsed"`
	Note                string    `json:"note"`

	Suspended bool `json:"-"` // whom it is about
}

// Relationships are how viewer stands to each of ids, in their order, unknown
// ones left out.
func (r *Renderer) Relationships(ctx context.Context, viewer domain.ID, ids []domain.ID) ([]Relationship, error) {
	rows, err := r.st.Relationships(ctx, viewer, ids, r.now())
	if err != nil {
		return nil, err
	}
	found := make(map[domain.ID]domain.Relationship, len(rows))
	for _, k := range rows {
		found[k.Target] = k
	}
	out := []Relationship{}
	for _, id := range ids {
		if k, ok := found[id]; ok {
			out = append(out, relationship(k))
			delete(found, id)
		}
	}
	return out, nil
}

// Relationship is how viewer stands to id, or ErrNotFound.
func (r *Renderer) Relationship(ctx context.Context, viewer, id domain.ID) (Relationship, error) {
	list, err := r.Relationships(ctx, viewer, []domain.ID{id})
	if err != nil {
		return Relationship{}, err
	}
	if len(list) == 0 {
		return Relationship{}, domain.ErrNotFound
	}
	return list[0], nil
}

func relationship(k domain.Relationship) Relationship {
	return Relationship{
		ID: k.Target, Following: k.Following, ShowingReblogs: k.ShowingReblogs, Notifying: k.Notifying, Languages: k.Languages,
		FollowedBy: k.FollowedBy, Blocking: k.Blocking, BlockedBy: k.BlockedBy,
		Muting: k.Muting, MutingNotifications: k.MutingNotifications, MutingExpiresAt: orNull(k.MutingExpiresAt),
		Suspended: k.Suspended, Requested: k.Requested, RequestedBy: k.RequestedBy, DomainBlocking: k.DomainBlocking, Endorsed: k.Endorsed, Note: k.Note,
	}
}

// MutedAccounts are the accounts with these ids in their order, with the end
// of each one's mute; the zero time is never.
func (r *Renderer) MutedAccounts(ctx context.Context, ids []domain.ID, ends map[domain.ID]time.Time) ([]json.RawMessage, error) {
	set, err := r.accountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for _, id := range ids {
		b, ok := set.append(nil, id)
		if !ok {
			continue
		}
		end, err := encode(orNull(ends[id]))
		if err != nil {
			return nil, err
		}
		b = append(bytes.TrimSuffix(b, []byte("}")), `,"mute_expires_at":`...)
		out = append(out, append(append(b, end...), '}'))
	}
	return out, nil
}
