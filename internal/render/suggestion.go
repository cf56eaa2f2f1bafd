package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// suggestionJSON is the entity Suggestion; Source is for older clients.
type suggestionJSON struct {
	Source  string                    `json:"source"`
	Sources []domain.SuggestionSource `json:"sources"`
	Account json.RawMessage           `json:"account"`
}

// Suggestions makes the entities in their order; accounts that are gone are
// left out.
func (r *Renderer) Suggestions(ctx context.Context, list []domain.Suggestion) ([]json.RawMessage, error) {
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].Account
	}
	set, err := r.accountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]json.RawMessage, 0, len(list))
	for _, s := range list {
		account, ok := set.append(nil, s.Account)
		if !ok {
			continue
		}
		b, err := encode(suggestionJSON{Source: s.Sources[0].Legacy(), Sources: s.Sources, Account: account})
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}
