package render

import (
	"context"

	"coterie/internal/domain"
)

// ScheduledStatus is a post that waits for its time.
type ScheduledStatus struct {
	ID               domain.ID       `json:"id"`
	ScheduledAt      string          `json:"scheduled_at"`
	Params           scheduledParams `json:"params"`
	MediaAttachments []mediaJSON     `json:"media_attachments"`
}

// scheduledParams mirrors the request. Ids are strings, as everywhere
// (behaviours 2.2), where upstream has two numbers.
type scheduledParams struct {
	Text          string             `json:"text"`
	Poll          *scheduledPoll     `json:"poll"`
	MediaIDs      []string           `json:"media_ids"`
	Sensitive     *bool              `json:"sensitive"`
	SpoilerText   *string            `json:"spoiler_text"`
	Visibility    *domain.Visibility `json:"visibility"`
	InReplyToID   *domain.ID         `json:"in_reply_to_id"`
	QuotedID      *domain.ID         `json:"quoted_status_id"`
	Language      *string            `json:"language"`
	ContentType   string             `json:"content_type,omitempty"`
	LocalOnly     bool               `json:"local_only,omitempty"`
	ApplicationID domain.ID          `json:"application_id"`
	ScheduledAt   *string            `json:"scheduled_at"`
	Idempotency   *string            `json:"idempotency"`
	WithRateLimit bool               `json:"with_rate_limit"`
}

type scheduledPoll struct {
	Options    []string `json:"options"`
	ExpiresIn  int64    `json:"expires_in"`
	Multiple   bool     `json:"multiple"`
	HideTotals bool     `json:"hide_totals"`
}

// Scheduled are the entities of scheduled posts.
func (r *Renderer) Scheduled(ctx context.Context, list []domain.Scheduled) ([]ScheduledStatus, error) {
	out := make([]ScheduledStatus, len(list))
	if len(list) == 0 {
		return out, nil
	}
	ids := make([]domain.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	media, err := r.st.ScheduledAttachments(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		out[i] = scheduled(&list[i])
		for k := range media {
			if media[k].Scheduled == list[i].ID {
				out[i].MediaAttachments = append(out[i].MediaAttachments, r.media(&media[k]))
			}
		}
	}
	return out, nil
}

func scheduled(p *domain.Scheduled) ScheduledStatus {
	c := &p.Params
	j := ScheduledStatus{ID: p.ID, ScheduledAt: timestamp(p.At), MediaAttachments: []mediaJSON{}, Params: scheduledParams{
		Text: c.Text, Sensitive: c.Sensitive, SpoilerText: textOrNull(c.Spoiler), Visibility: c.Visibility,
		Language: textOrNull(c.Language), LocalOnly: c.LocalOnly, ApplicationID: c.App, Idempotency: textOrNull(c.Idempotency), MediaIDs: c.MediaIDs,
		InReplyToID: idOrNull(c.InReplyTo), QuotedID: idOrNull(c.Quote),
	}}
	if c.ContentType != nil {
		j.Params.ContentType = domain.ContentTypeName(*c.ContentType)
	}
	if c.Poll != nil {
		j.Params.Poll = &scheduledPoll{c.Poll.Options, c.Poll.ExpiresIn, c.Poll.Multiple, c.Poll.HideTotals}
	}
	return j
}
