package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
)

// Source is StatusSource: what was typed, for editing.
type Source struct {
	ID          domain.ID `json:"id"`
	Text        string    `json:"text"`
	SpoilerText string    `json:"spoiler_text"`
	ContentType string    `json:"content_type"`
}

// Source is what was typed for the status, or for what the boost with that id
// boosts, as far as the viewer may see it.
func (r *Renderer) Source(ctx context.Context, viewer, id domain.ID) (Source, error) {
	s, err := r.original(ctx, viewer, id)
	return Source{ID: s.ID, Text: s.Text, SpoilerText: s.Spoiler, ContentType: domain.ContentTypeName(s.ContentType)}, err
}

// original is the status with that id, or what the boost with that id boosts.
func (r *Renderer) original(ctx context.Context, viewer, id domain.ID) (domain.Status, error) {
	s, err := r.st.Status(ctx, viewer, id)
	if err != nil || s.ReblogOf == 0 {
		return s, err
	}
	return r.st.Status(ctx, viewer, s.ReblogOf)
}

// Redraft is the viewer's own status with its source in place of its HTML,
// as the answer to its deletion (behaviours 8.11). Ask before it is deleted;
// others' statuses are domain.ErrNotFound.
func (r *Renderer) Redraft(ctx context.Context, viewer, id domain.ID) (json.RawMessage, error) {
	s, err := r.st.Status(ctx, viewer, id)
	if err == nil && s.Account != viewer {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	shown, err := r.Status(ctx, viewer, id)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(shown, &members); err != nil {
		return nil, err
	}
	delete(members, "content")
	if members["text"], err = encode(s.Text); err != nil {
		return nil, err
	}
	if members["content_type"], err = encode(domain.ContentTypeName(s.ContentType)); err != nil {
		return nil, err
	}
	return encode(members)
}
