package render

import (
	"context"
	"encoding/json"
	"strconv"

	"coterie/internal/domain"
	"coterie/internal/store"
)

// adminTagJSON is the entity Admin::Tag.
type adminTagJSON struct {
	TagJSON
	Trendable      bool `json:"trendable"`
	Usable         bool `json:"usable"`
	Listable       bool `json:"listable"`
	RequiresReview bool `json:"requires_review"`
}

// AdminTags are hashtags as the staff sees them. open says that what nobody
// decided about may trend.
func (r *Renderer) AdminTags(ctx context.Context, viewer domain.ID, list []domain.Tag, open bool) (json.RawMessage, error) {
	var ids []domain.ID
	for _, t := range list {
		ids = append(ids, t.ID)
	}
	tags, err := r.Tags(ctx, viewer, list...)
	if err != nil {
		return nil, err
	}
	rules, err := r.st.TagRules(ctx, ids)
	if err != nil {
		return nil, err
	}
	reviews, err := r.st.TrendReviews(ctx, domain.TrendTag, ids)
	if err != nil {
		return nil, err
	}
	decided := map[domain.ID]bool{}
	for _, v := range reviews {
		decided[v.Item] = *v.Allowed
	}
	out := make([]adminTagJSON, len(tags))
	for i := range tags {
		allowed, known := decided[tags[i].ID]
		out[i] = adminTagJSON{TagJSON: tags[i], Trendable: allowed || !known && open, RequiresReview: !known}
		for _, k := range rules {
			if k.Tag == tags[i].ID {
				out[i].Usable, out[i].Listable = k.Usable, k.Listable
			}
		}
	}
	return encode(out)
}

// AdminTrendStatuses are posts that trend, for the staff; those that cannot be
// shown are left out.
func (r *Renderer) AdminTrendStatuses(ctx context.Context, viewer domain.ID, list []store.Reviewed) ([]json.RawMessage, error) {
	p, err := r.page(ctx, viewer, items(list))
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for _, v := range list {
		if b, ok := p.append(nil, v.Item); ok {
			out = append(out, reviewed(b, v))
		}
	}
	return out, nil
}

// AdminTrendLinks are links that trend, for the staff, each with an id.
func (r *Renderer) AdminTrendLinks(ctx context.Context, viewer domain.ID, list []store.Reviewed) ([]json.RawMessage, error) {
	shown, err := r.trendLinks(ctx, viewer, items(list))
	if err != nil {
		return nil, err
	}
	out := []json.RawMessage{}
	for _, v := range list {
		if b := shown[v.Item]; b != nil {
			b = append(b[:len(b)-1], `,"id":"`+v.Item.String()+`"}`...)
			out = append(out, reviewed(b, v))
		}
	}
	return out, nil
}

func items(list []store.Reviewed) []domain.ID {
	var ids []domain.ID
	for _, v := range list {
		ids = append(ids, v.Item)
	}
	return ids
}

// reviewed adds to an object whether it waits for a decision.
func reviewed(b []byte, v store.Reviewed) []byte {
	b = append(b[:len(b)-1], `,"requires_review":`...)
	return append(strconv.AppendBool(b, v.Allowed == nil), '}')
}

// Publisher is the entity of a domain whose links trend, for the staff.
func Publisher(p *domain.Publisher) any {
	return struct {
		ID             domain.ID `json:"id"`
		Domain         string    `json:"domain"`
		Trendable      *bool     `json:"trendable"`
		ReviewedAt     *string   `json:"reviewed_at"`
		RequestedAt    string    `json:"requested_review_at"`
		RequiresReview bool      `json:"requires_review"`
	}{p.ID, p.Domain, p.Allowed, orNull(p.DecidedAt), timestamp(p.CreatedAt), p.Allowed == nil}
}
