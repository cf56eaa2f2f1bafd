package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// waveJSON is a wave of spam as the staff sees it.
type waveJSON struct {
	ID        domain.ID        `json:"id"`
	Host      string           `json:"host"`
	State     domain.WaveState `json:"state"`
	Pattern   *domain.ID       `json:"pattern"`
	Held      int64            `json:"held"`  // so far
	Posts     int64            `json:"posts"` // that wait now
	Accounts  int64            `json:"accounts"`
	Strangers int64            `json:"strangers"`
	Sample    string           `json:"sample"`
	CreatedAt string           `json:"created_at"`
	LastAt    string           `json:"last_at"`
	DecidedAt *string          `json:"decided_at"`
}

// Waves are the entities of waves and of what waits of them.
func (r *Renderer) Waves(list []domain.Wave, sums []store.WaveSum) ([]json.RawMessage, error) {
	byID := make(map[domain.ID]store.WaveSum, len(sums))
	for _, s := range sums {
		byID[s.Wave] = s
	}
	out := make([]json.RawMessage, 0, len(list))
	for i := range list {
		w := &list[i]
		s := byID[w.ID]
		e := waveJSON{
			ID: w.ID, Host: w.Host, State: w.State, Held: w.Posts, Posts: s.Posts, Accounts: s.Accounts, Strangers: s.Strangers, Sample: s.Sample,
			CreatedAt: timestamp(w.CreatedAt), LastAt: timestamp(w.LastAt), DecidedAt: orNull(w.DecidedAt),
		}
		if w.Pattern != 0 {
			e.Pattern = &w.Pattern
		}
		b, err := encode(e)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

type heldPostJSON struct {
	ID        domain.ID       `json:"id"`
	URI       string          `json:"uri"`
	Why       domain.HeldFor  `json:"why"`
	Text      string          `json:"text"`
	Strangers int             `json:"strangers"`
	Account   json.RawMessage `json:"account"`
	CreatedAt string          `json:"created_at"`
}

// HeldPosts are the entities of posts that wait for the staff.
func (r *Renderer) HeldPosts(ctx context.Context, list []domain.HeldPost) ([]json.RawMessage, error) {
	var ids []domain.ID
	for i := range list {
		ids = append(ids, list[i].Account)
	}
	people, err := r.accountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]json.RawMessage, 0, len(list))
	for i := range list {
		h := &list[i]
		author, there := people.append(nil, h.Account)
		if !there {
			continue
		}
		b, err := encode(heldPostJSON{
			ID: h.ID, URI: h.URI, Why: h.Why, Text: h.Text, Strangers: h.Strangers, Account: author, CreatedAt: timestamp(h.CreatedAt),
		})
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
