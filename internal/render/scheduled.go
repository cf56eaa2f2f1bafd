package render

import "coterie/internal/domain"

// ScheduledStatus is a post that waits for its time.
type ScheduledStatus struct {
	ID               domain.ID       `json:"id"`
	ScheduledAt      string          `json:"scheduled_at"`
	Params           scheduledParams `json:"params"`
	MediaAttachments []any           `json:"media_attachments"`
}

// scheduledParams mirrors the request. Two ids are numbers here, as upstream
// sends them.
type scheduledParams struct {
	Text          string             `json:"text"`
	Poll          *scheduledPoll     `json:"poll"`
	MediaIDs      []string           `json:"media_ids"`
	Sensitive     *bool              `json:"sensitive"`
	SpoilerText   *string            `json:"spoiler_text"`
	Visibility    *domain.Visibility `json:"visibility"`
	InReplyToID   *int64             `json:"in_reply_to_id"`
	Language      *string            `json:"language"`
	ApplicationID int64              `json:"application_id"`
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

// Scheduled is the entity of a scheduled post.
func Scheduled(p *domain.Scheduled) ScheduledStatus {
	c := &p.Params
	j := ScheduledStatus{ID: p.ID, ScheduledAt: timestamp(p.At), MediaAttachments: []any{}, Params: scheduledParams{
		Text: c.Text, Sensitive: c.Sensitive, SpoilerText: textOrNull(c.Spoiler), Visibility: c.Visibility,
		Language: textOrNull(c.Language), ApplicationID: int64(c.App), Idempotency: textOrNull(c.Idempotency),
	}}
	if c.InReplyTo != 0 {
		parent := int64(c.InReplyTo)
		j.Params.InReplyToID = &parent
	}
	if c.Poll != nil {
		j.Params.Poll = &scheduledPoll{c.Poll.Options, c.Poll.ExpiresIn, c.Poll.Multiple, c.Poll.HideTotals}
	}
	return j
}
