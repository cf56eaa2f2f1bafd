package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// conversationJSON is the entity Conversation (behaviours 11.8).
type conversationJSON struct {
	ID         domain.ID         `json:"id"`
	Unread     bool              `json:"unread"`
	Accounts   []json.RawMessage `json:"accounts"`
	LastStatus json.RawMessage   `json:"last_status"` // null when gone
}

// Conversations makes the entities of the viewer's conversations, in order.
func (r *Renderer) Conversations(ctx context.Context, viewer domain.ID, list ...domain.Conversation) ([]json.RawMessage, error) {
	var people, statuses []domain.ID
	for _, c := range list {
		people = append(people, shownIn(c)...)
		statuses = append(statuses, c.LastStatus)
	}
	out := []json.RawMessage{}
	if len(list) == 0 {
		return out, nil
	}
	accounts, err := r.accountsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	posts, err := r.page(ctx, viewer, statuses)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		e := conversationJSON{ID: c.ID, Unread: c.Unread, Accounts: []json.RawMessage{}}
		for _, id := range shownIn(c) {
			if b, ok := accounts.append(nil, id); ok {
				e.Accounts = append(e.Accounts, b)
			}
		}
		if b, ok := posts.append(nil, c.LastStatus); ok {
			e.LastStatus = b
		}
		b, err := encode(e)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// shownIn are the others, or oneself when alone.
func shownIn(c domain.Conversation) []domain.ID {
	if len(c.Participants) == 0 {
		return []domain.ID{c.Account}
	}
	return c.Participants
}
