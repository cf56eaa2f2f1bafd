package render

import (
	"context"
	"slices"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// maxViewers is how many viewers one statement asks for.
const maxViewers = 1000

// StatusForEach is Status, as JSON, for several viewers of this community, by
// viewer; who may not see it is left out. It takes one statement for every
// thousand viewers, two more where it boosts or quotes something not seen
// before, and one for those who have filters or a part in it. Those to whom it
// looks the same share the text.
func (r *Renderer) StatusForEach(ctx context.Context, viewers []domain.ID, id domain.ID) (map[domain.ID]string, error) {
	out := make(map[domain.ID]string, len(viewers))
	for some := range slices.Chunk(viewers, maxViewers) {
		if err := r.statusForSome(ctx, some, id, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *Renderer) statusForSome(ctx context.Context, viewers []domain.ID, id domain.ID, out map[domain.ID]string) error {
	views := make(map[domain.ID][]store.PageStatus, len(viewers))
	rows, err := r.pageRows([]domain.ID{id}, func(ids []domain.ID) ([]store.PageStatus, error) {
		list, err := r.st.PageViews(ctx, viewers, ids)
		var each []store.PageStatus // one of each status
		for i := range list {
			v := &list[i]
			views[v.Viewer] = append(views[v.Viewer], v.PageStatus)
			if !slices.ContainsFunc(each, func(s store.PageStatus) bool { return s.ID == v.ID }) {
				each = append(each, v.PageStatus)
			}
		}
		return each, err
	})
	if err != nil {
		return err
	}
	fragments, accounts, err := r.shared(ctx, rows)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for viewer, rows := range views {
		p := &statusPage{viewer: viewer, fragments: fragments, accounts: accounts}
		if p.filters, err = r.filters.Set(ctx, viewer); err != nil {
			return err
		}
		polls := p.take(rows)
		look, common := p.look(id)
		if text, done := texts[look]; common && done {
			out[viewer] = text
			continue
		}
		if p.polls, err = r.polls(ctx, viewer, polls); err != nil {
			return err
		}
		p.measure()
		b, ok := p.append(make([]byte, 0, p.size), id)
		if !ok {
			continue
		}
		out[viewer] = string(b)
		if common {
			texts[look] = out[viewer]
		}
	}
	return nil
}

// look says what makes a status look different to viewers; common is false of
// a viewer to whom it looks like to no other: its author or that of something
// it shows, who voted in its poll, or who has filters.
func (p *statusPage) look(id domain.ID) (look string, common bool) {
	if !p.filters.Empty() {
		return "", false
	}
	var b [3 * (maxShown + 1)]byte
	n := 0
	for range maxShown + 1 {
		s := p.rows[id]
		if s == nil {
			break
		}
		if s.Author.ID == p.viewer || s.Flags&store.Voted != 0 {
			return "", false
		}
		b[n], b[n+1], b[n+2] = 1, byte(s.Flags), byte(s.Quote.Avoided)
		n += 3
		if id = shown(s); id == 0 {
			break
		}
	}
	return string(b[:n]), true
}
