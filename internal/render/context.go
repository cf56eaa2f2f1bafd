package render

import (
	"context"
	"encoding/json"

	"coterie/internal/domain"
	"coterie/internal/timeline"
)

// Context is the thread around a status, whose statuses are read as one page.
func (r *Renderer) Context(ctx context.Context, viewer domain.ID, t timeline.Thread) (json.RawMessage, error) {
	ids := make([]domain.ID, 0, len(t.Ancestors)+len(t.Descendants))
	p, err := r.page(ctx, viewer, append(append(ids, t.Ancestors...), t.Descendants...))
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, p.size+cap(ids)+40)
	b = append(b, `{"ancestors":`...)
	b = p.appendList(b, t.Ancestors)
	b = append(b, `,"descendants":`...)
	b = p.appendList(b, t.Descendants)
	return append(b, '}'), nil
}
